// A check: one sentence of the spec as a function over a subject (spec 2, conformance).
import type { Subject } from './subject/subject.ts';

/** MUST: an endpoint that fails it is not conformant. SHOULD: users will miss it. */
export type Level = 'MUST' | 'SHOULD';

/**
 * One check. `needs` names what the subject has to declare (see {@link Subject.declares}) for the check to mean
 * something; without that it is skipped, and the report says so.
 */
export interface Check {
  /** Stable: `DEPLOY-3`. */
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  readonly needs?: readonly string[];
  /** It takes longer than a few seconds or moves many bytes, and runs only when slow checks are asked for. */
  readonly slow?: true;
  /** Fails by throwing. */
  run(subject: Subject): Promise<void>;
}

/** A MUST. */
export function must(id: string, title: string, run: Check['run'], ...needs: readonly string[]): Check {
  return { id, level: 'MUST', title, run, ...(needs.length === 0 ? {} : { needs }) };
}

/** A SHOULD. */
export function should(id: string, title: string, run: Check['run'], ...needs: readonly string[]): Check {
  return { ...must(id, title, run, ...needs), level: 'SHOULD' };
}

/** The same check, run only when slow ones are asked for. */
export function slow(check: Check): Check {
  return { ...check, slow: true };
}
