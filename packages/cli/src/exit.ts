// Exit codes and how an error is said on the command line (spec 8).
import { ERRORS, type ErrorClass, isPypesError, PypesError, toPypesError } from '@pypes/contract';
import { style } from './style.ts';

/** 0 done, 2 usage or configuration or policy, 3 runtime, 4 gate failed. */
export const EXIT = { done: 0, usage: 2, runtime: 3, gate: 4 } as const;

/** What is not there, or may not be used, as named; a full disk is another matter. */
const REFUSALS = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'EROFS', 'ELOOP', 'ENAMETOOLONG']);

const USAGE: ReadonlySet<ErrorClass> = new Set<ErrorClass>(['caller_fixable', 'denied']);

/** A mistake in the command itself, which was said to people already, and its exit code. */
export function reportUsage(message: string, json: boolean): number {
  if (json) console.log(JSON.stringify({ status: 'error', code: 'invalid_request', message }));
  return EXIT.usage;
}

/** A file that was named and that the system refuses: whoever named it can do something about it. */
function ofRefusedFile(error: unknown): unknown {
  const { code, path, message } = (error ?? {}) as NodeJS.ErrnoException;
  const isRefused = typeof path === 'string' && REFUSALS.has(String(code));
  return isRefused
    ? new PypesError('invalid_request', `"${path}" cannot be used: ${message}`, { cause: error })
    : error;
}

/** Prints an error (as JSON on standard output where asked for) and returns the exit code. */
export function reportError(error: unknown, json: boolean): number {
  const failure = toPypesError(ofRefusedFile(error));
  if (json) {
    console.log(JSON.stringify({ status: 'error', code: failure.code, message: failure.message, ...failure.details }));
  } else {
    console.error(`${style('red', 'Error')} ${failure.message}`);
    for (const line of explain(failure)) console.error(line);
    if (!isPypesError(error) && error instanceof Error && process.env.PYPES_DEBUG !== undefined)
      console.error(error.stack);
  }
  return USAGE.has(ERRORS[failure.code].class) ? EXIT.usage : EXIT.runtime;
}

/** What the details of an error add for a person. */
function explain(error: PypesError): readonly string[] {
  const { errors, available, trace } = error.details ?? {};
  const lines: string[] = [];
  if (Array.isArray(errors)) {
    for (const { path, message } of errors as unknown as readonly { path: string; message: string }[]) {
      lines.push(`  ${path === '' ? '(arguments)' : path} ${message}`);
    }
  }
  if (Array.isArray(available) && available.length > 0) lines.push(`  There are: ${available.join(', ')}`);
  if (typeof trace === 'string') lines.push(style('dim', trace));
  return lines;
}
