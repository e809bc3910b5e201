// The private folder of one session: made when first used, bounded in bytes and names, gone when the session ends.
import { constants, type Stats } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { type Json, type JsonObject, PypesError } from '@pypes/contract';
import { createAccount } from './account.ts';
import { toBytes, toContent } from './content.ts';
import { locate, parsePath } from './paths.ts';

const OPERATIONS = ['read', 'write', 'list', 'delete'] as const;
export type FolderOperation = (typeof OPERATIONS)[number];

export type WorkingFolder = {
  /** @throws PypesError `invalid_input`, `not_found`, `resource_exhausted`, `canceled` */
  perform(operation: FolderOperation, parameters: JsonObject, signal: AbortSignal): Promise<Json>;
  close(): Promise<void>;
};

export function isFolderOperation(operation: string): operation is FolderOperation {
  return OPERATIONS.some((each) => each === operation);
}

/** `path` must not exist yet. */
export function createWorkingFolder(path: string, maxBytes: number, maxNames?: number): WorkingFolder {
  const files = join(path, 'files');
  const unfinished = join(path, 'unfinished');
  const account = createAccount(maxBytes, maxNames);
  let made: Promise<unknown> | undefined;
  let closed = false;
  /** One change after another: two cannot pass the limit together. */
  let changing: Promise<unknown> = Promise.resolve();

  async function write({ path: given, ...content }: JsonObject): Promise<null> {
    const parts = toParts(given);
    const file = await locate(files, parts);
    const before = await sizeOf(file);
    if (file === files || before?.isDirectory()) throw invalid('session.write takes the path of a file, not a folder');
    const bytes = toBytes(content);
    account.check(bytes.length - (before?.size ?? 0), before === undefined ? parts.length : 0);
    const first = await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    if (first !== undefined) account.add(0, depth(first, dirname(file)));
    await writeNew(unfinished, bytes);
    await rename(unfinished, file);
    account.add(bytes.length - (before?.size ?? 0), before === undefined ? 1 : 0);
    return null;
  }

  async function remove({ path: given }: JsonObject): Promise<boolean> {
    const parts = toParts(given);
    const file = await locate(files, parts);
    if (parts.length === 0) throw invalid('session.delete takes the path of a file or of a folder below the first');
    const found = await sizeOf(file);
    if (found === undefined) return false;
    const { bytes, names } = found.isDirectory() ? await usageOf(file) : { bytes: found.size, names: 0 };
    await rm(file, { recursive: true });
    account.add(-bytes, -names - 1);
    return true;
  }

  const operations: { readonly [O in FolderOperation]: (parameters: JsonObject) => Promise<Json> } = {
    read: async ({ path: given }) => toContent(await readRegular(await locate(files, toParts(given)), given)),
    list: async ({ path: given }) => listed(files, await locate(files, given == null ? [] : toParts(given))),
    write: (parameters) => inTurn(() => write(parameters)),
    delete: (parameters) => inTurn(() => remove(parameters)),
  };

  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = changing.then(change);
    changing = done.catch(() => undefined);
    return done;
  }

  return {
    async perform(operation, parameters, signal) {
      signal.throwIfAborted();
      if (closed) throw new PypesError('canceled', 'The session has ended');
      made ??= mkdir(files, { recursive: true, mode: 0o700 });
      await made;
      return operations[operation](parameters).catch((error: unknown) => {
        throw toFailure(error);
      });
    },
    async close() {
      closed = true;
      await made?.catch(() => undefined);
      await changing;
      await rm(path, { recursive: true, force: true });
    },
  };
}

function toParts(path: Json | undefined): readonly string[] {
  if (typeof path !== 'string' || path === '') throw invalid('A file operation of a session takes path, a text');
  return parsePath(path);
}

async function readRegular(file: string, path: Json | undefined): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => {
    throw new PypesError('not_found', `The session has no file "${String(path)}"`);
  });
  try {
    if (!(await handle.stat()).isFile()) throw invalid('session.read takes the path of a file');
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Beside the files, so that no name is reserved. */
async function writeNew(file: string, bytes: Uint8Array): Promise<void> {
  await rm(file, { force: true });
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
  const handle = await open(file, flags, 0o600);
  try {
    await handle.writeFile(bytes);
  } finally {
    await handle.close();
  }
}

async function listed(files: string, folder: string): Promise<Json> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return Promise.all(
    entries
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(async (entry) => {
        const path = join(folder, entry.name);
        const size = entry.isFile() ? ((await sizeOf(path))?.size ?? 0) : 0;
        return { path: relative(files, path), size, folder: entry.isDirectory() };
      }),
  );
}

function sizeOf(file: string): Promise<Stats | undefined> {
  return lstat(file).catch(() => undefined);
}

async function usageOf(folder: string): Promise<{ readonly bytes: number; readonly names: number }> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  let bytes = 0;
  for (const entry of entries)
    bytes += entry.isFile() ? ((await sizeOf(join(entry.parentPath, entry.name)))?.size ?? 0) : 0;
  return { bytes, names: entries.length };
}

/** How many folders there are from the first one that was made to the last. */
function depth(first: string, last: string): number {
  return relative(dirname(first), last).split(sep).length;
}

function toFailure(error: unknown): unknown {
  const { code } = error as { readonly code?: string };
  if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR') {
    return invalid('A part of the path is a file, or the path is a folder');
  }
  if (code === 'ENAMETOOLONG') return invalid('The path is too long');
  return code === 'ENOSPC' ? new PypesError('resource_exhausted', 'The disk is full', { cause: error }) : error;
}

function invalid(message: string): PypesError {
  return new PypesError('invalid_input', message);
}
