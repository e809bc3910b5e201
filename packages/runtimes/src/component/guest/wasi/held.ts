// What the host's side of WASI keeps for a component outside of its memory: counted as if it were inside.
import { LimitError } from '../../../threads/guest/failure.ts';

/** The bytes that one instance has the host keep. */
export type Held = {
  /** @throws LimitError `guest_bytes` */
  take(bytes: number): void;
  give(bytes: number): void;
};

/** What one entry of a list costs besides its bytes. */
export const ENTRY_BYTES = 256;

/** `taken` is told of each taking. */
export function createHeld(most: number, taken: () => void): Held {
  let held = 0;
  return {
    take(bytes) {
      taken();
      if (held + bytes > most) {
        throw new LimitError('guest_bytes', most, `The component has the host keep more than ${most} bytes for it`);
      }
      held += bytes;
    },
    give(bytes) {
      held -= bytes;
    },
  };
}
