// How a sandboxed worker ended, in words for the call that was in it: bubblewrap reports signals as exit codes.
import { constants } from 'node:os';
import { type Limits, PypesError } from '@pypes/contract';

const FIRST_SIGNAL = 128;

/** Memory that ran out, or a signal, where the error says no more than an exit code. */
export function explainEnd(error: PypesError, { guestBytes }: Limits): PypesError {
  const { exitCode, stderr } = error.details ?? {};
  if (typeof exitCode !== 'number') return error;
  if (typeof stderr === 'string' && /MemoryError|Cannot allocate memory/.test(stderr)) {
    const message = `The agent used more than the ${guestBytes} bytes of memory that a sandbox may`;
    const details = { limit: 'guest_bytes', maximum: guestBytes };
    return new PypesError('resource_exhausted', message, { details, cause: error });
  }
  const signal = nameOf(exitCode - FIRST_SIGNAL);
  if (signal === undefined) return error;
  const message = error.message.replace(`with the exit code ${exitCode}`, `by the signal ${signal}`);
  return new PypesError(error.code, message, { details: { ...error.details, signal }, cause: error });
}

function nameOf(signal: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
}
