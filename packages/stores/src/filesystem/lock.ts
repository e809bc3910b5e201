// One writer at a time, also among processes: a lock that names its holder, and is taken from a dead one.
import { randomUUID } from 'node:crypto';
import { lstat, readlink, rename, rm, symlink } from 'node:fs/promises';
import { PypesError } from '@pypes/contract';
import { isMissing } from './errors.ts';

const LONGEST_WAIT_MS = 10_000;
const PAUSE_MS = 5;
/** No work under a lock takes that long: who holds one for longer is no more, even if its number lives on. */
const STALE_MS = 60_000;
/** Another process with our number, before a restart, began at another time. */
const STARTED = Math.round(Date.now() - process.uptime() * 1000);
const TOLERANCE_MS = 1_000;

/**
 * Does `work` while no other process holds the lock; its folder has to be there. The lock is a symbolic link to a text,
 * since that appears with its whole content or not at all, and never over another one.
 *
 * @throws PypesError `unavailable` where a living process holds the lock for too long
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const mine = `${process.pid} ${STARTED} ${randomUUID()}`;
  await take(path, mine);
  try {
    return await work();
  } finally {
    if ((await holderOf(path)) === mine) await rm(path, { force: true });
  }
}

async function take(path: string, mine: string): Promise<void> {
  const end = performance.now() + LONGEST_WAIT_MS;
  while (!(await tryLink(mine, path))) {
    const holder = await holderOf(path);
    if (holder !== undefined && (await isStale(path, holder))) await breakLock(path, holder);
    else if (performance.now() > end) {
      throw new PypesError(
        'unavailable',
        `The process ${holder?.split(' ')[0] ?? '?'} has held the lock ${path} for ${LONGEST_WAIT_MS} ms; try again, or remove it if that process is not at work here`,
      );
    } else await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
}

async function tryLink(content: string, path: string): Promise<boolean> {
  try {
    await symlink(content, path);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false;
    throw error;
  }
}

async function holderOf(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function isStale(path: string, holder: string): Promise<boolean> {
  const [pid, started] = holder.split(' ').map(Number);
  if (pid === undefined || !isAlive(pid)) return true;
  if (pid === process.pid && Math.abs((started ?? 0) - STARTED) > TOLERANCE_MS) return true;
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > STALE_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM';
  }
}

/** Of many that find the holder dead, one moves the lock away; one that was taken in between is put back. */
async function breakLock(path: string, dead: string): Promise<void> {
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const moved = await holderOf(aside);
  if (moved !== undefined && moved !== dead) await tryLink(moved, path);
  await rm(aside, { force: true });
}
