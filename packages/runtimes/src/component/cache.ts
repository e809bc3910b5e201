// Transpiled components on the disk, by content: written whole or not at all, and checked whenever they are read.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPypesError, PypesError } from '@pypes/contract';

/** What is kept of one component. */
export type CachedGlue = {
  /** The text of the glue. Threads are given it: a file could have changed by then. */
  readonly glue: string;
  readonly modules: { readonly [name: string]: Uint8Array };
};

/**
 * Of each file its digest, or where its content begins and ends in the component: most core modules lie in there as
 * they are, and what a component of many megabytes is made from need be neither written nor read nor hashed again.
 */
type Index = { readonly [name: string]: string | readonly [from: number, to: number] };

const GLUE = 'skill.mjs';
const INDEX = 'files';
const NOTHING = new Uint8Array();

/** The key of a result: of everything that it was made from. */
export function cacheKey(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const digest = createHash('sha256').update(part).digest();
    hash.update(digest);
  }
  return hash.digest('hex');
}

/**
 * Undefined where there is none, or something has changed since it was written. `component`: what it was made from.
 *
 * @throws PypesError `internal` for a folder that others may write to: what lies there could be anybody's code
 */
export async function readCached(
  folder: string,
  key: string,
  component: Uint8Array = NOTHING,
): Promise<CachedGlue | undefined> {
  await checkFolder(folder);
  const home = join(folder, key);
  try {
    const [digest, text = ''] = (await readFile(join(home, INDEX), 'utf8')).split('\n');
    if (digestOf(text) !== digest) return undefined;
    const entries = Object.entries(JSON.parse(text) as Index);
    const contents = await Promise.all(entries.map(([name, found]) => readContent(home, name, found, component)));
    const whole = Object.fromEntries(entries.map(([name], index) => [name, contents[index]]));
    const { [GLUE]: glue, ...modules } = whole;
    if (glue === undefined || contents.includes(undefined)) return undefined;
    return { glue: Buffer.from(glue).toString(), modules: modules as CachedGlue['modules'] };
  } catch {
    return undefined;
  }
}

/** Undefined where it is not what was written. */
async function readContent(
  home: string,
  name: string,
  found: Index[string] | undefined,
  component: Uint8Array,
): Promise<Uint8Array | undefined> {
  if (found === undefined) return undefined;
  if (typeof found !== 'string') return component.subarray(...found);
  const bytes = await readFile(join(home, name));
  return digestOf(bytes) === found ? bytes : undefined;
}

/** Everyone who may write into a folder of code may run code. */
async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return;
  const self = process.getuid?.();
  const isOwn = self === undefined || found.uid === self || found.uid === ROOT;
  if (found.isDirectory() && isOwn && (self === undefined || (found.mode & WRITABLE_BY_OTHERS) === 0)) return;
  const message = `The cache "${folder}" can be written by others; make it a folder of this account alone (chmod go-w)`;
  throw new PypesError('internal', message);
}

const ROOT = 0;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Keeps a result; of two writers of one key the first one counts.
 *
 * @throws PypesError `internal` where the folder cannot be written
 */
export async function writeCached(
  folder: string,
  key: string,
  transpiled: CachedGlue,
  component: Uint8Array = NOTHING,
): Promise<void> {
  const temporary = join(folder, `${key}.${randomUUID()}.tmp`);
  try {
    await mkdir(temporary, { recursive: true, mode: 0o700 });
    await writeAll(temporary, transpiled, component);
    await publish(temporary, folder, key, component);
  } catch (error) {
    if (isPypesError(error)) throw error;
    const message = `The cache "${folder}" cannot be written: ${(error as Error).message}`;
    throw new PypesError('internal', message, { cause: error });
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
  }
}

async function writeAll(home: string, { glue, modules }: CachedGlue, component: Uint8Array): Promise<void> {
  const files: readonly (readonly [string, string | Uint8Array])[] = [[GLUE, glue], ...Object.entries(modules)];
  const index: { [name: string]: Index[string] } = {};
  const whole = Buffer.from(component.buffer, component.byteOffset, component.length);
  for (const [name, content] of files) {
    const from = typeof content === 'string' ? -1 : whole.indexOf(content);
    if (from >= 0) {
      index[name] = [from, from + content.length];
      continue;
    }
    await writeFile(join(home, name), content, { mode: 0o400 });
    index[name] = digestOf(content);
  }
  const text = JSON.stringify(index);
  await writeFile(join(home, INDEX), `${digestOf(text)}\n${text}`, { mode: 0o400 });
}

/** What lies there already counts if it is whole; else it is replaced, which others may be doing at the same time. */
async function publish(temporary: string, folder: string, key: string, component: Uint8Array): Promise<void> {
  const home = join(folder, key);
  for (let left = MOST_TRIES; ; left--) {
    try {
      await rename(temporary, home);
      return;
    } catch (error) {
      if ((await readCached(folder, key, component)) !== undefined) return;
      if (left === 1) throw error;
      await rm(home, { recursive: true, force: true });
    }
  }
}

const MOST_TRIES = 5;

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
