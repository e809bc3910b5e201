// Writes a file as a whole or not at all.
import { link, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PypesError } from '@pypes/contract';

/**
 * The text is written beside its place and moved there; a file that exists stays unless `force`.
 *
 * @throws PypesError `conflict`, `invalid_request` where the folder does not exist
 */
export async function writeWhole(path: string, text: string, force: boolean): Promise<void> {
  const beside = `${path}.${process.pid}.new`;
  try {
    await writeFile(beside, text, { flag: 'wx' });
    // A link refuses to replace what is there, whoever made it meanwhile.
    if (force) await rename(beside, path);
    else await link(beside, path);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === 'EEXIST')
      throw new PypesError('conflict', `"${path}" exists already; choose another name or use --force`);
    if (code === 'ENOENT') throw new PypesError('invalid_request', `The folder "${dirname(path)}" does not exist`);
    throw error;
  } finally {
    await rm(beside, { force: true });
  }
}
