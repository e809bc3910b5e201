// How much the folder of a session holds, kept along so that no write has to walk it.
import { PypesError } from '@pypes/contract';

export type Account = {
  /** @throws PypesError `resource_exhausted` where that much more would be too much */
  check(bytes: number, names: number): void;
  add(bytes: number, names: number): void;
};

/** Files and folders together. */
const MOST_NAMES = 10_000;

export function createAccount(maxBytes: number, maxNames = MOST_NAMES): Account {
  let heldBytes = 0;
  let heldNames = 0;
  return {
    check(bytes, names) {
      if (heldBytes + bytes > maxBytes) throw exhausted('session_bytes', maxBytes, 'bytes');
      if (heldNames + names > maxNames) throw exhausted('session_names', maxNames, 'files and folders');
    },
    add(bytes, names) {
      heldBytes += bytes;
      heldNames += names;
    },
  };
}

function exhausted(limit: string, maximum: number, what: string): PypesError {
  return new PypesError('resource_exhausted', `The folder of the session takes ${maximum} ${what} at most`, {
    details: { limit, maximum },
  });
}
