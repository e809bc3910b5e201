// Files that came from an endpoint, on their way to the disk: whole or not at all, never outside the folder.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PypesError } from '@pypes/contract';

export type PulledFile = { readonly filename: string; readonly bytes: Uint8Array };

/** A name of one plain file. @throws PypesError `invalid_output` */
export function checkFilename(filename: unknown): asserts filename is string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const isSafe = typeof filename === 'string' && /^[^./\\][^/\\\u0000-\u001f\u007f:]*$/.test(filename);
  if (!isSafe) {
    throw new PypesError(
      'invalid_output',
      `The endpoint sent a file named ${JSON.stringify(filename)}; nothing was written`,
    );
  }
}

/**
 * Writes files into a folder, which is made where it is not there. Files that are there and differ are kept, and
 * nothing is written, unless `force` says otherwise.
 *
 * @throws PypesError `conflict`
 */
export async function writeFolder(folder: string, files: readonly PulledFile[], force: boolean): Promise<void> {
  if (!force) for (const file of files) await checkFree(join(folder, file.filename), file.bytes);
  await mkdir(folder, { recursive: true });
  for (const { filename, bytes } of files) await replace(join(folder, filename), bytes);
}

/** One file, by the same rules. @throws PypesError `conflict` */
export async function writeWhole(path: string, text: string, force: boolean): Promise<void> {
  const bytes = Buffer.from(text);
  if (!force) await checkFree(path, bytes);
  await replace(path, bytes);
}

async function checkFree(path: string, bytes: Uint8Array): Promise<void> {
  const there = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new PypesError('conflict', `"${path}" cannot be written: ${error.message}`);
  });
  if (there === undefined || there.equals(bytes)) return;
  throw new PypesError('conflict', `"${path}" is there and differs; nothing was written; replace it with --force`);
}

/** A pipe or a device takes what comes; where a link leads, it leads afterwards. */
async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isFIFO() === true || there?.isCharacterDevice() === true) return writeFile(path, bytes);
  const place = there === undefined ? path : await realpath(path);
  const temporary = `${place}.${randomUUID()}.part`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, place);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
