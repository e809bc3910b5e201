// One writer at a time: an exclusive SQLite transaction is an operating system's lock, which a kill releases by itself.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { PypesError } from '@pypes/contract';

const LONGEST_PAUSE_MS = 50;
const DEFAULT_WAIT_MS = 30_000;

/**
 * Runs `work` while nobody else holds the lock; waits its turn for at most `waitMs`.
 *
 * @param path the lock file; it is made where it is missing and stays
 * @throws PypesError `conflict` where the wait was too long
 */
export async function withLock<T>(path: string, work: () => Promise<T>, waitMs = DEFAULT_WAIT_MS): Promise<T> {
  const lock = await takeLock(path, waitMs);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function takeLock(path: string, waitMs: number): Promise<DatabaseSync> {
  await mkdir(dirname(path), { recursive: true });
  const end = performance.now() + waitMs;
  for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const lock = new DatabaseSync(path, { timeout: 0 });
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return lock;
    } catch (cause) {
      lock.close();
      if (!isBusy(cause)) throw cause;
      if (performance.now() >= end) {
        throw new PypesError(
          'conflict',
          `Another process has held "${path}" for ${waitMs} ms; try again when it is done`,
          {
            cause,
          },
        );
      }
    }
    await sleep(pause * (0.5 + Math.random()));
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
