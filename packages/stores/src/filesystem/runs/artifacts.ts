// Files of runs on a disk: artifacts/<tenant>/<run>/<file>, each with a first line that says what it is.
import { createHash } from 'node:crypto';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactEntry, ArtifactStore, RunRef } from '@pypes/contract/runs';
import { checkArtifactPath, checkMediaType } from '../../artifact-rules.ts';
import { toRange } from '../../object-rules.ts';
import { makeFolder, replaceFile } from '../atomic.ts';
import { isMissing } from '../errors.ts';
import { cannotWrite } from './disk-errors.ts';
import { LINE_FEED } from './frame.ts';

const END = '.artifact';
/** Longer than the first line can be: a path of 1,024 characters, all of them escaped. */
const HEAD_BYTES = 16 * 1024;
/** A file on its way that is older was left by a process that ended. */
const STALE_MS = 60 * 60 * 1000;

/** The files below `<root>/artifacts`. A file appears whole or not at all, and is on the disk when `put` is done. */
export function createFilesystemArtifactStore(root: string): ArtifactStore {
  const folderOf = ({ tenant, run_id }: RunRef) => join(root, 'artifacts', safeName(tenant), safeName(run_id));
  const pathOf = (ref: RunRef, path: string) => join(folderOf(ref), safeName(path) + END);

  return {
    async put(ref, path, { bytes, mediaType }) {
      checkArtifactPath(path);
      checkMediaType(mediaType);
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      const entry: ArtifactEntry = { path, bytes: bytes.length, digest, media_type: mediaType };
      try {
        await makeFolder(folderOf(ref));
        await replaceFile(pathOf(ref, path), Buffer.concat([Buffer.from(`${JSON.stringify(entry)}\n`), bytes]));
      } catch (error) {
        throw cannotWrite(root, error);
      }
    },

    async get(ref, path, range) {
      const file = await openFile(pathOf(ref, path));
      if (file === undefined) return undefined;
      try {
        const { entry, length } = await readHead(file);
        const { start, end } = toRange(entry.bytes, range);
        const bytes = Buffer.alloc(end - start);
        for (let read = 0; read < bytes.length; ) {
          const { bytesRead } = await file.read(bytes, read, bytes.length - read, length + start + read);
          if (bytesRead === 0) throw new Error(`The file "${path}" of the run "${ref.run_id}" is cut off on the disk`);
          read += bytesRead;
        }
        return { entry, bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
      } finally {
        await file.close();
      }
    },

    async list(ref) {
      const folder = folderOf(ref);
      const entries: ArtifactEntry[] = [];
      for (const name of await namesIn(folder)) {
        if (!name.endsWith(END)) await removeStale(join(folder, name));
        const file = name.endsWith(END) ? await openFile(join(folder, name)) : undefined;
        if (file === undefined) continue;
        entries.push((await readHead(file).finally(() => file.close())).entry);
      }
      return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
    },

    async close() {},
  };
}

/** One name for each text, the same on every file system: no capitals, no dots, nothing reserved, never too long. */
function safeName(text: string): string {
  const readable = text.toLowerCase().replace(/[^a-z0-9_-]+/g, '_');
  return `${readable.slice(-40)}-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

type File = Awaited<ReturnType<typeof open>>;

async function openFile(path: string): Promise<File | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function readHead(file: File): Promise<{ readonly entry: ArtifactEntry; readonly length: number }> {
  const head = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
  const end = head.subarray(0, bytesRead).indexOf(LINE_FEED);
  return { entry: JSON.parse(head.toString('utf8', 0, end)) as ArtifactEntry, length: end + 1 };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function removeStale(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS) await rm(path, { force: true });
}
