// What a blueprint names by its path: only what lies in its folder, and only ordinary files. A device has no end, a
// pipe waits for whoever writes into it.
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { PypesError } from '@pypes/contract';

/**
 * Where a path leads. A link that leads out is refused as a path is.
 *
 * @throws PypesError `forbidden` where it leads out of the folder, `not_found`
 */
export async function placeOf(folder: string, path: string): Promise<string> {
  const base = await realpath(folder);
  const place = await realpath(resolve(base, path)).catch(() => undefined);
  if (place === undefined) throw new PypesError('not_found', `The file "${path}" does not exist beside the blueprint`);
  const inside = relative(base, place);
  if (!inside.startsWith('..') && !isAbsolute(inside)) return place;
  throw new PypesError(
    'forbidden',
    `The path "${path}" leads out of the folder of the blueprint; copy the file into it`,
  );
}

/**
 * Reads what `placeOf` found. What it is, is asked of the open file: nobody can exchange it in between.
 *
 * @throws PypesError `invalid_request` where it is no ordinary file or cannot be read, `too_large`
 */
export async function readOrdinary(place: string, path: string, most: number): Promise<Buffer> {
  try {
    const file = await open(place, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      if (!(await file.stat()).isFile()) throw new PypesError('invalid_request', `"${path}" is no ordinary file`);
      const bytes = await buffer(file.createReadStream({ start: 0, end: most, autoClose: false }));
      if (bytes.length <= most) return bytes;
      throw new PypesError('too_large', `"${path}" has more than ${most} bytes, which is the most that is read`);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof PypesError) throw error;
    throw new PypesError('invalid_request', `"${path}" cannot be read: ${(error as NodeJS.ErrnoException).code}`, {
      cause: error,
    });
  }
}
