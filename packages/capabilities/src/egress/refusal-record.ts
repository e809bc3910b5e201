// Why a proxy did not connect, by host and port: a browser only says that it did not.
import type { PypesError } from '@pypes/contract';

export type Refusals = {
  add(authority: string, error: PypesError): void;
  find(authority: string): PypesError | undefined;
  forget(authority: string): void;
};

/** A page can ask for any number of hosts. */
const MOST = 256;

export function createRefusals(): Refusals {
  const errors = new Map<string, PypesError>();
  return {
    add(authority, error) {
      errors.delete(authority);
      errors.set(authority, error);
      const [oldest] = errors.keys();
      if (errors.size > MOST && oldest !== undefined) errors.delete(oldest);
    },
    find: (authority) => errors.get(authority),
    forget: (authority) => void errors.delete(authority),
  };
}
