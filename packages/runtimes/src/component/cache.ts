// Transpiled components on the disk, by content: written whole or not at all, and checked whenever they are read.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Transpiled } from './transpile/transpile.ts';

/** What is kept of one component. */
export type CachedGlue = {
  /** Where a thread imports the glue from. */
  readonly glue: string;
  readonly modules: { readonly [name: string]: Uint8Array<ArrayBuffer> };
};

const GLUE = 'skill.mjs';
const INDEX = 'files.json';

/** The key of a result: of everything that it was made from. */
export function cacheKey(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const digest = createHash('sha256').update(part).digest();
    hash.update(digest);
  }
  return hash.digest('hex');
}

/** Undefined where there is none, or something has changed since it was written. */
export async function readCached(folder: string, key: string): Promise<CachedGlue | undefined> {
  const home = join(folder, key);
  try {
    const index = JSON.parse(await readFile(join(home, INDEX), 'utf8')) as { readonly [name: string]: string };
    const modules: { [name: string]: Uint8Array<ArrayBuffer> } = {};
    for (const [name, digest] of Object.entries(index)) {
      const bytes = await readFile(join(home, name));
      if (digestOf(bytes) !== digest) return undefined;
      if (name !== GLUE) modules[name] = new Uint8Array(bytes);
    }
    return { glue: pathToFileURL(join(home, GLUE)).href, modules };
  } catch {
    return undefined;
  }
}

/** Keeps a result; of two writers of one key the first one counts. */
export async function writeCached(folder: string, key: string, { glue, modules }: Transpiled): Promise<void> {
  const temporary = join(folder, `${key}.${randomUUID()}.tmp`);
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  try {
    const files: readonly (readonly [string, string | Uint8Array])[] = [[GLUE, glue], ...Object.entries(modules)];
    const index: { [name: string]: string } = {};
    for (const [name, content] of files) {
      await writeFile(join(temporary, name), content, { mode: 0o400 });
      index[name] = digestOf(content);
    }
    await writeFile(join(temporary, INDEX), JSON.stringify(index), { mode: 0o400 });
    const home = join(folder, key);
    await rename(temporary, home).catch(async () => {
      if ((await readCached(folder, key)) !== undefined) return;
      // What lies there is damaged.
      await rm(home, { recursive: true, force: true });
      await rename(temporary, home);
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
