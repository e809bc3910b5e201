// How the gateway refuses what it cannot honour.
import { PypesError } from '@pypes/contract';

/** `invalid_input`, with the field in the message. */
export function invalid(message: string): PypesError {
  return new PypesError('invalid_input', message);
}
