// What the disk says, as errors that tell an operator what to do.
import { PypesError } from '@pypes/contract';

/** A folder of runs that cannot be opened for writing: `invalid_request` where another folder would do. */
export function cannotOpen(folder: string, error: unknown): PypesError {
  if (error instanceof PypesError) return error;
  const code = codeOf(error);
  const reason = OPENING[code];
  if (reason === undefined) return cannotWrite(folder, error);
  return new PypesError('invalid_request', `The folder "${folder}" cannot keep runs: ${reason}`, { cause: error });
}

/** A write that failed: `unavailable`, since the same request may succeed when the disk is well again. */
export function cannotWrite(folder: string, error: unknown): PypesError {
  if (error instanceof PypesError) return error;
  const reason = WRITING[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
  return new PypesError('unavailable', `Nothing can be written to the runs in "${folder}" for now: ${reason}`, {
    cause: error,
  });
}

const OTHER_FOLDER = 'change its permissions, or choose another folder with --root';
const OPENING: { readonly [code: string]: string } = {
  EROFS: `it is on a read-only file system; mount it for writing, or choose another folder with --root`,
  EACCES: `it may not be written by this account; ${OTHER_FOLDER}`,
  EPERM: `it may not be written by this account; ${OTHER_FOLDER}`,
  ENOTDIR: 'a part of its path is a file; choose another folder with --root',
  EEXIST: 'a file stands where it should be; choose another folder with --root',
};
const FULL = 'the disk is full; make room, and it goes on by itself';
const WRITING: { readonly [code: string]: string } = {
  ENOSPC: FULL,
  EDQUOT: 'the quota of this account is used up; make room, and it goes on by itself',
  EFBIG: 'the file has reached the size that is allowed; raise the limit with ulimit -f',
  EMFILE: 'too many files are open; raise the limit with ulimit -n',
  EROFS: 'the file system has become read-only; look at the system log, the disk may be failing',
  EIO: 'the disk reports an error; look at the system log, the disk may be failing',
};
/** SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN. */
const OF_SQLITE: { readonly [code: number]: string } = { 8: 'EACCES', 10: 'EIO', 13: 'ENOSPC', 14: 'EACCES' };

function codeOf(error: unknown): string {
  const { code, errcode } = (error ?? {}) as { readonly code?: unknown; readonly errcode?: unknown };
  return (typeof errcode === 'number' && OF_SQLITE[errcode & 0xff]) || String(code);
}
