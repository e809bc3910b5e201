// A small JSON file that several processes read and change: read again only when it changed, replaced atomically.
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PypesError } from '@pypes/contract';
import { makeFolder, replaceFile } from './atomic.ts';
import { diskError, isMissing } from './errors.ts';

/** One file. */
export interface JsonFile<T> {
  /** Undefined where there is no file. @throws PypesError `unavailable`, naming the file, where it is damaged */
  read(): Promise<T | undefined>;
  /** Has reached the disk when the promise resolves; readers see the old content or the new one. */
  write(value: T): Promise<void>;
}

/** Remembers at most one content for each file; `parse` throws where the content is not what it should be. */
export function createJsonFile<T>(path: string, what: string, parse: (value: unknown) => T): JsonFile<T> {
  let cached: { readonly stamp: string; readonly value: T } | undefined;
  return {
    async read() {
      const stamp = stampOf(path);
      if (stamp === undefined) return undefined;
      if (cached?.stamp === stamp) return cached.value;
      const text = await readText(path, what);
      if (text === undefined) return undefined;
      const value = parseText(text, path, what, parse);
      // What was read may be newer than the stamp: then the next look reads it once more.
      cached = { stamp, value };
      return value;
    },
    async write(value) {
      try {
        await makeFolder(dirname(path));
        await replaceFile(path, `${JSON.stringify(value)}\n`);
      } catch (error) {
        throw diskError(`write ${what}`, error);
      }
    },
  };
}

/** Time, size and identity, to the nanosecond: what a replacement cannot leave alone. */
function stampOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? undefined : `${found.mtimeNs}-${found.ctimeNs}-${found.size}-${found.ino}`;
}

async function readText(path: string, what: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw diskError(`read ${what}`, error);
  }
}

function parseText<T>(text: string, path: string, what: string, parse: (value: unknown) => T): T {
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PypesError(
      'unavailable',
      `Cannot use ${what}: the file ${path} is damaged (${reason}); repair it or move it away`,
      { cause: error },
    );
  }
}
