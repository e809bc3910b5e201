// What the other endpoint answered, as if it had happened here.
import { PypesError } from '@pypes/contract';
import type { RemoteError } from '@pypes/contract/remote';
import type { RemoteClient } from './client.ts';

export function toError({ code, message, details }: RemoteError): PypesError {
  return new PypesError(code, message, details === undefined ? {} : { details });
}

/** @throws PypesError `unavailable` where the answer is none */
export function readAnswer<T>(client: RemoteClient, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw client.refuse(`answers with what is no answer: ${error instanceof Error ? error.message : String(error)}`);
  }
}
