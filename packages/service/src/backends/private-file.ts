// A file with a secret: read where nobody else of this machine can.
import { readFile, stat } from 'node:fs/promises';
import { PypesError } from '@pypes/contract';

const OTHERS = 0o077;

/**
 * Its text without blanks around it; undefined where there is no such file. `what` it is, for errors: "vault's key".
 *
 * @throws PypesError `unavailable` where others can read it too, or this account cannot
 */
export async function readPrivateFile(path: string, what: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    if ((mode & OTHERS) === 0) return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new PypesError('unavailable', `Cannot read the ${what} "${path}": ${String(code)}`, { cause: error });
  }
  throw new PypesError(
    'unavailable',
    `The ${what} "${path}" can be read by others of this machine; close it with: chmod 600 "${path}" (for a mounted secret: mode 0400)`,
  );
}
