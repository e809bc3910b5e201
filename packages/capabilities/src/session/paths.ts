// Names of files in a working folder: always below it, whatever a program writes.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { PypesError } from '@pypes/contract';

const LONGEST_PATH = 1_024;
const LONGEST_NAME = 255;
const DEEPEST = 32;

/**
 * The names along a path; none for the folder itself.
 *
 * @throws PypesError `invalid_input` for a path that is none, or would leave the folder
 */
export function parsePath(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (
    path.startsWith('/') ||
    Buffer.byteLength(path) > LONGEST_PATH ||
    parts.length > DEEPEST ||
    parts.some(isOdd) ||
    !path.isWellFormed()
  ) {
    throw new PypesError(
      'invalid_input',
      `${JSON.stringify(path.slice(0, 120))} is no path in a session; write it as notes/day.txt`,
    );
  }
  return parts;
}

/**
 * Where the names lie on the disk. Nothing in the folder makes links; one that is there anyway is not followed.
 *
 * @throws PypesError `invalid_input` where anything on the way is neither a file nor a folder
 */
export async function locate(folder: string, parts: readonly string[]): Promise<string> {
  let place = folder;
  for (const part of parts) {
    place = join(place, part);
    const found = await lstat(place).catch(() => undefined);
    if (found !== undefined && !found.isFile() && !found.isDirectory()) {
      throw new PypesError('invalid_input', `"${parts.join('/')}" leads over what is neither a file nor a folder`);
    }
  }
  return place;
}

function isOdd(part: string): boolean {
  if (part === '..' || part.includes('\\') || Buffer.byteLength(part) > LONGEST_NAME) return true;
  return [...part].some((character) => character < ' ' || character === '\u007f');
}
