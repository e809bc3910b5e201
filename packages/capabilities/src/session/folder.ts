// The private folder of one session: made when first used, bounded in bytes, gone when the session ends.
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Json, type JsonObject, PypesError } from '@pypes/contract';
import { locate } from './paths.ts';

const MOST_FILES = 10_000;

export type WorkingFolder = {
  perform(operation: 'read' | 'write' | 'list' | 'delete', parameters: JsonObject): Promise<Json>;
  close(): Promise<void>;
};

/** `path` must not exist yet. */
export function createWorkingFolder(path: string, maxBytes: number): WorkingFolder {
  let made: Promise<unknown> | undefined;
  /** One write after another, so that two cannot pass the limit together. */
  let writing: Promise<unknown> = Promise.resolve();

  const where = async (parameters: JsonObject, orRoot = false): Promise<string> => {
    made ??= mkdir(path, { recursive: true, mode: 0o700 });
    await made;
    const given = parameters.path;
    if (orRoot && (given === undefined || given === null)) return path;
    if (typeof given !== 'string' || given === '') throw invalid('takes path, a text');
    return locate(path, given);
  };

  async function write(parameters: JsonObject): Promise<null> {
    const file = await where(parameters);
    if (file === path) throw invalid('takes the path of a file');
    const bytes = bytesOf(parameters);
    const before = await sizeOf(file);
    const { bytes: all, files } = await usage(path);
    if (all - (before ?? 0) + bytes.length > maxBytes) throw exhausted('session_bytes', maxBytes);
    if (before === undefined && files >= MOST_FILES) throw exhausted('session_files', MOST_FILES);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 }).catch(notFolder);
    const temporary = join(path, `.new-${process.pid}`);
    const handle = await open(
      temporary,
      constants.O_CREAT | constants.O_WRONLY | constants.O_TRUNC | constants.O_NOFOLLOW,
      0o600,
    );
    try {
      await handle.writeFile(bytes);
    } finally {
      await handle.close();
    }
    await rename(temporary, file).catch(notFolder);
    return null;
  }

  const operations = {
    read: async (parameters: JsonObject): Promise<Json> => {
      const file = await where(parameters);
      const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => {
        throw new PypesError('not_found', `The session has no file "${String(parameters.path)}"`);
      });
      try {
        return toContent(await handle.readFile().catch(() => Promise.reject(invalid('takes the path of a file'))));
      } finally {
        await handle.close();
      }
    },
    write: (parameters: JsonObject): Promise<Json> => {
      const done = writing.then(() => write(parameters));
      writing = done.catch(() => undefined);
      return done;
    },
    list: async (parameters: JsonObject): Promise<Json> => {
      const folder = await where(parameters, true);
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      const listed = entries.filter(({ name }) => !name.startsWith('.new-'));
      return Promise.all(
        listed
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .map(async (entry) => ({
            path: join(folder, entry.name).slice(path.length + 1),
            size: entry.isFile() ? ((await sizeOf(join(folder, entry.name))) ?? 0) : 0,
            folder: entry.isDirectory(),
          })),
      );
    },
    delete: async (parameters: JsonObject): Promise<Json> => {
      const file = await where(parameters);
      if (file === path || (await stat(file).catch(() => undefined)) === undefined) return false;
      await rm(file, { recursive: true });
      return true;
    },
  };

  return {
    perform: (operation, parameters) => operations[operation](parameters),
    close: async () => {
      await writing;
      if (made !== undefined) await rm(path, { recursive: true, force: true });
    },
  };
}

async function sizeOf(file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.size;
}

async function usage(folder: string): Promise<{ readonly bytes: number; readonly files: number }> {
  let bytes = 0;
  let files = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || entry.name.startsWith('.new-')) continue;
    files += 1;
    bytes += (await sizeOf(join(entry.parentPath, entry.name))) ?? 0;
  }
  return { bytes, files };
}

function bytesOf({ text, base64 }: JsonObject): Uint8Array {
  if (typeof text === 'string') return Buffer.from(text, 'utf8');
  if (typeof base64 === 'string') return Buffer.from(base64, 'base64');
  throw invalid('takes text or base64');
}

function toContent(bytes: Buffer): Json {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { base64: bytes.toString('base64') };
  }
}

function notFolder(error: unknown): never {
  const { code } = error as { readonly code?: string };
  if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR') {
    throw new PypesError('invalid_input', 'A part of the path is a file, or the path is a folder');
  }
  throw error;
}

function invalid(what: string): PypesError {
  return new PypesError('invalid_input', `A file operation of a session ${what}`);
}

function exhausted(limit: string, maximum: number): PypesError {
  return new PypesError('resource_exhausted', `The files of the session would pass the limit of ${maximum}`, {
    details: { limit, maximum },
  });
}
