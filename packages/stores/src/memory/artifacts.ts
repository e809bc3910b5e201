// Files of runs in maps.
import type { ArtifactEntry, ArtifactStore, RunRef } from '@pypes/contract/runs';
import { checkArtifactPath, checkMediaType } from '../artifact-rules.ts';
import { digestOf, toRange } from '../object-rules.ts';

type File = { readonly entry: ArtifactEntry; readonly bytes: Uint8Array };

/** An artifact store without a disk. */
export function createMemoryArtifactStore(): ArtifactStore {
  const runs = new Map<string, Map<string, File>>();
  const filesOf = ({ tenant, run_id }: RunRef) => runs.get(`${tenant}/${run_id}`);
  return {
    async put(ref, path, { bytes, mediaType }) {
      checkArtifactPath(path);
      checkMediaType(mediaType);
      const copy = new Uint8Array(bytes);
      const digest = await digestOf(copy);
      const entry: ArtifactEntry = { path, bytes: copy.length, digest, media_type: mediaType };
      const files = filesOf(ref) ?? new Map<string, File>();
      runs.set(`${ref.tenant}/${ref.run_id}`, files.set(path, { entry, bytes: copy }));
    },
    async get(ref, path, range) {
      const file = filesOf(ref)?.get(path);
      if (file === undefined) return undefined;
      const { start, end } = toRange(file.bytes.length, range);
      return { entry: file.entry, bytes: file.bytes.slice(start, end) };
    },
    async list(ref) {
      const entries = [...(filesOf(ref)?.values() ?? [])].map(({ entry }) => entry);
      return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    async close() {},
  };
}
