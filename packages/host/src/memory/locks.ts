// Exclusive use of a memory document by one chain of calls at a time; the calls of one chain share it.
import { PypesError } from '@pypes/contract';

type Lock = { owner: string; holds: number; readonly waiting: Waiter[] };
type Waiter = { readonly owner: string; readonly grant: () => void };

/** Locks by key. */
export interface Locks {
  /**
   * Resolves with the function that gives the lock back, when it is this owner's turn; first come, first served.
   * Rejects with `canceled` when the signal aborts first.
   */
  acquire(key: string, owner: string, signal: AbortSignal): Promise<() => void>;
}

/** A table of locks; a key that nobody holds takes no room. */
export function createLocks(): Locks {
  const locks = new Map<string, Lock>();

  function release(key: string, lock: Lock): void {
    lock.holds -= 1;
    if (lock.holds > 0) return;
    const next = lock.waiting.shift();
    if (next === undefined) {
      locks.delete(key);
      return;
    }
    lock.owner = next.owner;
    const granted = [next, ...takeSameOwner(lock.waiting, next.owner)];
    lock.holds = granted.length;
    for (const waiter of granted) waiter.grant();
  }

  function releaser(key: string, lock: Lock): () => void {
    let held = true;
    return () => {
      if (held) release(key, lock);
      held = false;
    };
  }

  return {
    acquire(key, owner, signal) {
      if (signal.aborted) return Promise.reject(canceled());
      const lock = locks.get(key);
      if (lock === undefined) {
        const fresh: Lock = { owner, holds: 1, waiting: [] };
        locks.set(key, fresh);
        return Promise.resolve(releaser(key, fresh));
      }
      if (lock.owner === owner) {
        lock.holds += 1;
        return Promise.resolve(releaser(key, lock));
      }
      return new Promise((resolve, reject) => {
        const giveUp = () => {
          const place = lock.waiting.indexOf(waiter);
          if (place >= 0) lock.waiting.splice(place, 1);
          reject(canceled());
        };
        const waiter: Waiter = {
          owner,
          grant: () => {
            signal.removeEventListener('abort', giveUp);
            resolve(releaser(key, lock));
          },
        };
        lock.waiting.push(waiter);
        signal.addEventListener('abort', giveUp, { once: true });
      });
    },
  };
}

function takeSameOwner(waiting: Waiter[], owner: string): Waiter[] {
  const same = waiting.filter((waiter) => waiter.owner === owner);
  for (const waiter of same) waiting.splice(waiting.indexOf(waiter), 1);
  return same;
}

function canceled(): PypesError {
  return new PypesError('canceled', 'The call ended while it waited for its memory');
}
