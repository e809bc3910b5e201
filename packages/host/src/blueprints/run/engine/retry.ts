// Which failures are tried again, and how long after.
import { ERRORS, type ErrorClass, type PypesError } from '@pypes/contract';

const LASTING: ReadonlySet<ErrorClass> = new Set<ErrorClass>(['caller_fixable', 'denied']);
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** What nobody allowed, and what is wrong with the call itself, stays so; everything else may go away. */
export function mayPass({ code }: PypesError): boolean {
  return !LASTING.has(ERRORS[code].class);
}

/** Milliseconds before the attempt that follows `attempt` (from 1): doubled each time, or as the refusal says. */
export function pauseAfter(attempt: number, { details }: PypesError): number {
  const asked = details?.retry_after_ms;
  const doubled = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return typeof asked === 'number' && asked > doubled ? Math.min(asked, LONGEST_MS) : doubled;
}
