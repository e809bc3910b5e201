// The whole bundle as one zip, made while it is read: stored, not compressed, with the same time in each file, so that
// the same files are the same bytes.
import { PypesError } from '@pypes/contract';
import type { RunRecord } from '@pypes/contract/runs';
import { Zip, ZipPassThrough } from 'fflate';
import type { BundleParts } from './bundle-parts.ts';
import { renderFiles } from './render-files.ts';

/** The format's own first moment; it has no time zone, and is written as the local one. */
const MODIFIED = new Date(1980, 0, 1);
/** What fits without the extension that not every program reads. */
const MOST_BYTES = 2 ** 32 - 2 ** 24;

/** @throws PypesError `too_large` while it is read, where it does not fit into the format */
export async function* zipBundle(parts: BundleParts, record: RunRecord): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let failure: unknown;
  let bytes = 0;
  const archive = new Zip((error, chunk) => {
    if (error === null) chunks.push(chunk);
    else failure ??= error;
  });
  for (const { path, body } of await renderFiles(parts, record)) {
    const file = new ZipPassThrough(path);
    file.mtime = MODIFIED;
    archive.add(file);
    for await (const chunk of body()) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) throw tooLarge(record);
      file.push(chunk);
      yield* chunks.splice(0);
    }
    file.push(new Uint8Array(), true);
    yield* chunks.splice(0);
  }
  archive.end();
  if (failure !== undefined) throw failure;
  yield* chunks.splice(0);
}

function tooLarge({ run_id: id }: RunRecord): PypesError {
  return new PypesError('too_large', `The bundle of "${id}" does not fit into a zip; read its files one by one`, {
    details: { limit: 'zip_bytes', maximum: MOST_BYTES },
  });
}
