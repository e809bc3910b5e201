// What the disk refuses, said so that a person can act on it.
import { PypesError } from '@pypes/contract';

const ADVICE: { readonly [code: string]: string } = {
  ENOSPC: 'the disk is full; free some space and try again',
  EDQUOT: 'the quota is used up; free some space and try again',
  EROFS: 'the disk is read-only; choose another folder with --root',
  EACCES: 'the folder may not be written; change its permissions or choose another one with --root',
  EPERM: 'the folder may not be written; change its permissions or choose another one with --root',
  EMFILE: 'too many files are open; raise the limit with ulimit -n',
};

/** Tells whether an error means that a file or folder is not there. */
export function isMissing(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Tells whether an error means that a path leads nowhere that this process may go. */
export function isOutOfReach(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return isMissing(error) || code === 'ELOOP' || code === 'ENAMETOOLONG' || code === 'EACCES' || code === 'EPERM';
}

/** An error of the disk as one that may cross boundaries: what was tried, why it failed, what to do. */
export function diskError(action: string, error: unknown): PypesError {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  const reason = ADVICE[code] ?? (error instanceof Error ? error.message : String(error));
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EMFILE';
  return new PypesError(full ? 'resource_exhausted' : 'internal', `Cannot ${action}: ${reason}`, { cause: error });
}
