// Names of files in a working folder: always below it, whatever a program writes.
import { lstat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { PypesError } from '@pypes/contract';

const LONGEST_PATH = 1_024;
const LONGEST_NAME = 255;
const DEEPEST = 32;

/**
 * Where a path lies on the disk.
 *
 * @throws PypesError `invalid_input` for a path that is none, or would leave the folder
 */
export async function locate(folder: string, path: string): Promise<string> {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const isOdd = parts.some((part) => part === '..' || part.includes('\\') || Buffer.byteLength(part) > LONGEST_NAME);
  if (path.startsWith('/') || isOdd || path.length > LONGEST_PATH || parts.length > DEEPEST || hasControls(path)) {
    throw new PypesError('invalid_input', `"${path.slice(0, 120)}" is no path in a session; write it as notes/day.txt`);
  }
  const full = resolve(folder, ...parts);
  if (full !== folder && !full.startsWith(folder + sep))
    throw new PypesError('invalid_input', 'The path leaves the session');
  await refuseLinks(folder, parts);
  return full;
}

/** Nothing in the folder makes links; one that is there anyway is not followed. */
async function refuseLinks(folder: string, parts: readonly string[]): Promise<void> {
  for (let depth = 1; depth <= parts.length; depth++) {
    const found = await lstat(join(folder, ...parts.slice(0, depth))).catch(() => undefined);
    if (found === undefined) return;
    if (!found.isFile() && !found.isDirectory()) {
      throw new PypesError('invalid_input', `"${parts.slice(0, depth).join('/')}" is neither a file nor a folder`);
    }
  }
}

function hasControls(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}
