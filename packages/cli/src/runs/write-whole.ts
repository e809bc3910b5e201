// A file that is there as a whole or not at all: what breaks off while it arrives replaces nothing.
import { open, rename, rm } from 'node:fs/promises';
import { PypesError } from '@pypes/contract';

/** @throws PypesError `invalid_request` where the file cannot be written */
export async function writeWhole(path: string, parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  const file = await open(part, 'wx').catch((error: unknown) => {
    throw cannotWrite(path, error);
  });
  try {
    for await (const bytes of parts) await file.writeFile(bytes);
    await file.close();
    await rename(part, path).catch((error: unknown) => {
      throw cannotWrite(path, error);
    });
  } catch (error) {
    await file.close();
    await rm(part, { force: true });
    throw error;
  }
}

function cannotWrite(path: string, error: unknown): PypesError {
  const reason = error instanceof Error ? error.message : String(error);
  return new PypesError('invalid_request', `"${path}" cannot be written: ${reason}; choose another place with --out`, {
    cause: error,
  });
}
