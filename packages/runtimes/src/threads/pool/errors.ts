// What becomes of calls when their thread says that they failed, or ends under them.
import { type Json, PypesError } from '@pypes/contract';
import type { FailureText } from '../wire/messages.ts';

/** A failure that the thread reported, as an error of the contract. */
export function toFailureError(text: string, file?: string): PypesError {
  const { code, message, trace, line, column, cause, payload, limit, maximum } = JSON.parse(text) as FailureText;
  const details: { [key: string]: Json } = {};
  if (file !== undefined) details.file = file;
  if (line !== undefined) details.line = line;
  if (column !== undefined && file !== undefined) details.column = column;
  if (trace !== undefined) details.trace = trace.join('\n');
  if (cause !== undefined) details.cause = cause;
  if (payload !== undefined) details.payload = JSON.parse(payload) as Json;
  if (limit !== undefined) details.limit = limit;
  if (maximum !== undefined) details.maximum = maximum;
  return new PypesError(code, message, { details });
}

/** How a thread ended by itself, in words for the calls that were in it. */
export function describeEnd(exitCode: number, error: unknown): string {
  if (error === undefined) return `process.exit(${exitCode}) ended the agent's thread`;
  if (isOutOfMemory(error)) return "The agent's thread ran out of memory and was ended";
  return `An error that nothing caught ended the agent's thread: ${describe(error)}`;
}

/** An agent may throw anything, also what has no text. */
function describe(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return 'a value that cannot be read';
  }
}

/** How a thread ended by itself before the file's module was there. */
export function describeLoadEnd(exitCode: number, error: unknown): string {
  if (error !== undefined || exitCode !== 0) return `${describeEnd(exitCode, error)} while the file was loaded`;
  return 'The top level of the file awaits what never comes, or ends its thread itself';
}

export function toCollateralError(path: string): PypesError {
  return new PypesError(
    'unavailable',
    `The thread of "${path}" was ended because another call in it ran past its limit and did not let go; call again`,
  );
}

export function closingError(): PypesError {
  return new PypesError('unavailable', 'The runtime is closed');
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
