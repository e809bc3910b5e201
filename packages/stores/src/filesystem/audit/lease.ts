// A lock that a process keeps as long as it lives: taken from a dead holder, never waited for.
import { randomUUID } from 'node:crypto';
import { lstatSync, lutimesSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';

/** A lease that is held. */
export type Lease = {
  /** False once another process took it: this one had not been heard of for too long. May be known some ms later. */
  isHeld(): boolean;
  release(): void;
};

const REFRESH_MS = 20_000;
/** Longer than this without a refresh: the holder is no more, even if its number lives on. */
const STALE_MS = 90_000;

/** A lease that was held so short a time ago is held: nobody takes it from one that was heard of. */
const LOOK_MS = 10;

/** Undefined where a living process holds it. The lease is a symbolic link to a text that names its holder. */
export function takeLease(path: string): Lease | undefined {
  const mine = `${process.pid} ${randomUUID()}`;
  if (!tryLink(mine, path)) {
    const holder = holderOf(path);
    if (holder !== undefined && !isGone(path, holder)) return undefined;
    if (holder !== undefined && !breakLease(path, holder)) return undefined;
    if (!tryLink(mine, path)) return undefined;
  }
  let seenAt = Number.NEGATIVE_INFINITY;
  const isHeld = () => {
    // The clock of the wall goes on while the machine sleeps.
    const now = Date.now();
    if (now >= seenAt && now - seenAt < LOOK_MS) return true;
    const isMine = holderOf(path) === mine;
    seenAt = isMine ? now : Number.NEGATIVE_INFINITY;
    return isMine;
  };
  const timer = setInterval(() => {
    if (isHeld()) refresh(path);
  }, REFRESH_MS);
  timer.unref();
  return {
    isHeld,
    release() {
      clearInterval(timer);
      if (isHeld()) rmSync(path, { force: true });
    },
  };
}

function tryLink(content: string, path: string): boolean {
  try {
    symlinkSync(content, path);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function isGone(path: string, holder: string): boolean {
  const pid = Number(holder.split(' ')[0]);
  if (!isAlive(pid)) return true;
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > STALE_MS;
}

/** Whether a process of this machine has this number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM';
  }
}

/** Of many that find the holder dead, one moves the link away. */
function breakLease(path: string, dead: string): boolean {
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    renameSync(path, aside);
  } catch {
    return false;
  }
  const moved = holderOf(aside);
  if (moved !== undefined && moved !== dead) tryLink(moved, path);
  rmSync(aside, { force: true });
  return moved === dead;
}

function refresh(path: string): void {
  try {
    const now = new Date();
    lutimesSync(path, now, now);
  } catch {
    // Somebody removed the folder; the next write says so.
  }
}
