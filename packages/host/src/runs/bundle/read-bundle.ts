// The index of a bundle, and single files of it, whole or in part.
import { PypesError } from '@pypes/contract';
import type { ArtifactEntry, ByteRange, RunRecord, RunRef } from '@pypes/contract/runs';
import type { BundleFile } from '../options.ts';
import { Sha256 } from '../sha256.ts';
import type { BundleParts, RenderedFile } from './bundle-parts.ts';
import { renderFiles } from './render-files.ts';

/** Sorted by path. */
export async function listFiles(parts: BundleParts, record: RunRecord): Promise<readonly ArtifactEntry[]> {
  const ref: RunRef = { tenant: record.tenant, run_id: record.run_id };
  const stored = new Map((await parts.artifacts.list(ref)).map((entry) => [entry.path, entry]));
  const entries: ArtifactEntry[] = [];
  for (const file of await renderFiles(parts, record)) entries.push(stored.get(file.path) ?? (await toEntry(file)));
  return entries;
}

/** @throws PypesError `not_found`, with the files that there are */
export async function readBundleFile(
  parts: BundleParts,
  record: RunRecord,
  path: string,
  range?: ByteRange,
): Promise<BundleFile> {
  const files = await renderFiles(parts, record);
  const file = files.find((each) => each.path === path);
  if (file === undefined) {
    const shown = path.slice(0, 200);
    throw new PypesError('not_found', `The bundle of "${record.run_id}" has no file "${shown}"`, {
      details: { available: files.slice(0, 100).map((each) => each.path) },
    });
  }
  const entry = await toEntry(file);
  return { entry, body: range === undefined ? file.body() : partOf(file.body(), range) };
}

async function toEntry({ path, mediaType, body }: RenderedFile): Promise<ArtifactEntry> {
  const sha = new Sha256();
  let bytes = 0;
  for await (const chunk of body()) {
    sha.update(chunk);
    bytes += chunk.length;
  }
  return { path, bytes, digest: `sha256:${sha.end()}`, media_type: mediaType };
}

async function* partOf(body: AsyncIterable<Uint8Array>, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of body) {
    if (at >= end) return;
    const part = chunk.subarray(Math.max(0, start - at), Math.max(0, end - at));
    at += chunk.length;
    if (part.length > 0) yield part;
  }
}
