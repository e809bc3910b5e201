// The cache on the disk: what was changed behind its back is made anew, and what others could have put there is refused.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DEFAULT_LIMITS } from '@pypes/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestContext } from '../testing/context.ts';
import { sourceFile } from '../testing/source-file.ts';
import { cacheKey, readCached, writeCached } from './cache.ts';
import { createComponentRuntime } from './index.ts';
import { outcomeOf } from './testing/harness.ts';
import { plain } from './testing/skills.ts';

const folders: string[] = [];
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pypes-cache-test-'));
  folders.push(folder);
  return folder;
};
let bytes: Uint8Array;
beforeAll(async () => {
  bytes = await plain();
});
afterAll(async () => {
  for (const folder of folders) {
    await chmod(folder, 0o700).catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }
});

/** Calls `direct` of a component in a runtime of its own over this cache. */
async function call(cacheFolder: string) {
  const runtime = createComponentRuntime({ cacheFolder });
  try {
    const agents = await runtime.load(sourceFile('plain.wasm', bytes), DEFAULT_LIMITS);
    const direct = agents.find(({ metadata }) => metadata.name === 'direct');
    return await outcomeOf(direct!.run(createTestContext({ agent: 'direct' }), {}));
  } finally {
    await runtime.close();
  }
}

const WORKS = { value: 7 };
const home = async (folder: string) => join(folder, (await readdir(folder))[0] as string);
const KEY = cacheKey('a', 'b');
const RESULT = {
  glue: 'export const x = 1;',
  modules: { 'a.wasm': new Uint8Array(1_000).fill(7), 'b.wasm': new Uint8Array(10) },
};

describe('what was changed on the disk is made anew', () => {
  it.each<[string, (file: string) => Promise<unknown>]>([
    ['truncated', (file) => truncate(file, 5)],
    ['emptied', (file) => truncate(file, 0)],
    ['removed', (file) => rm(file)],
    ['replaced', (file) => writeFile(file, 'export function instantiate() { throw new Error("never"); }')],
    ['changed in one byte', (file) => readFile(file).then((text) => writeFile(file, text.fill(88, 4, 5)))],
  ])('each file, %s', async (_name, damage) => {
    const folder = await newFolder();
    await writeCached(folder, KEY, RESULT);
    const names = await readdir(await home(folder));
    expect(names).toHaveLength(4);
    for (const name of names) {
      expect(await readCached(folder, KEY), name).toMatchObject({ glue: RESULT.glue });
      const file = join(await home(folder), name);
      await chmod(file, 0o600);
      await damage(file);
      expect(await readCached(folder, KEY), name).toBeUndefined();
      await writeCached(folder, KEY, RESULT);
    }
    expect(await readCached(folder, KEY)).toMatchObject({ glue: RESULT.glue });
  });

  it('also by the runtime, which runs nothing of it', async () => {
    const folder = await newFolder();
    expect(await call(folder)).toEqual(WORKS);
    const before = await readFile(join(await home(folder), 'skill.mjs'), 'utf8');
    await chmod(join(await home(folder), 'skill.mjs'), 0o600);
    await writeFile(
      join(await home(folder), 'skill.mjs'),
      'export function instantiate() { throw new Error("never"); }',
    );
    expect(await call(folder)).toEqual(WORKS);
    expect(await readFile(join(await home(folder), 'skill.mjs'), 'utf8')).toBe(before);
  });

  it('a file where the folder of the component should be', async () => {
    const folder = await newFolder();
    await call(folder);
    const place = await home(folder);
    await rm(place, { recursive: true });
    await writeFile(place, 'in the way');
    expect(await call(folder)).toEqual(WORKS);
    expect(await readdir(place)).not.toEqual([]);
  });

  it('also between two threads of one runtime: what runs is what was checked', async () => {
    const folder = await newFolder();
    const runtime = createComponentRuntime({ cacheFolder: folder, idleMs: 50 });
    try {
      const agents = await runtime.load(sourceFile('plain.wasm', bytes), DEFAULT_LIMITS);
      const direct = agents.find(({ metadata }) => metadata.name === 'direct');
      const spin = agents.find(({ metadata }) => metadata.name === 'spin');
      expect(await direct!.run(createTestContext({ agent: 'direct' }), {})).toBe(7);
      for (const name of await readdir(await home(folder))) {
        const file = join(await home(folder), name);
        await chmod(file, 0o600);
        await writeFile(file, 'export const instantiate = () => { throw new Error("The file was read again"); };');
      }
      // The thread that is held here makes the next call go to a new one.
      const held = createTestContext({ agent: 'spin' });
      const spinning = outcomeOf(spin!.run(held, {}));
      expect(await direct!.run(createTestContext({ agent: 'direct' }), {})).toBe(7);
      held.abort();
      expect(await spinning).toMatchObject({ code: 'canceled' });
    } finally {
      await runtime.close();
    }
  });
});

describe('two writers at once', () => {
  it('leave one whole result, and nothing beside it', async () => {
    const folder = await newFolder();
    expect(await Promise.all([call(folder), call(folder), call(folder)])).toEqual([WORKS, WORKS, WORKS]);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('replace what is damaged without hurting each other', async () => {
    const folder = await newFolder();
    for (let round = 0; round < 3; round++) {
      await rm(join(folder, KEY), { recursive: true, force: true });
      await writeFile(join(folder, KEY), 'damaged');
      await Promise.all(Array.from({ length: 3 }, () => inProcess(folder)));
      const found = await readCached(folder, KEY);
      expect(found?.glue).toBe(RESULT.glue);
      expect(await readdir(folder)).toEqual([KEY]);
    }
  }, 60_000);
});

/** Writes the result from another process. */
async function inProcess(folder: string): Promise<void> {
  const code = `import { writeCached } from ${JSON.stringify(new URL('./cache.ts', import.meta.url).href)};
    await writeCached(${JSON.stringify(folder)}, ${JSON.stringify(KEY)}, { glue: ${JSON.stringify(RESULT.glue)}, modules: {} });`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code]);
}

describe('a folder that cannot be trusted or written', () => {
  it('is refused when others may write to it', async () => {
    const folder = await newFolder();
    await writeCached(folder, KEY, RESULT);
    for (const mode of [0o777, 0o775, 0o757, 0o1777]) {
      await chmod(folder, mode);
      await expect(readCached(folder, KEY)).rejects.toMatchObject({ code: 'internal' });
    }
    expect(await call(folder)).toMatchObject({ code: 'internal' });
    await chmod(folder, 0o700);
    expect(await readCached(folder, KEY)).toMatchObject({ glue: RESULT.glue });
  });

  it('serves what is there where nothing can be written, and says so for what is not', async () => {
    const folder = await newFolder();
    expect(await call(folder)).toEqual(WORKS);
    await chmod(folder, 0o500);
    expect(await call(folder)).toEqual(WORKS);
    // Not even root writes below a file.
    const file = join(await newFolder(), 'file');
    await writeFile(file, '');
    await expect(writeCached(join(file, 'cache'), cacheKey('x'), { glue: '', modules: {} })).rejects.toMatchObject({
      code: 'internal',
    });
    expect(await call(join(file, 'cache'))).toMatchObject({ code: 'internal' });
  });
});

describe('keys', () => {
  it('differ wherever the parts do, also in where one ends and the next begins', () => {
    const keys = [
      cacheKey('a', 'bc'),
      cacheKey('ab', 'c'),
      cacheKey('abc'),
      cacheKey('a', 'b', 'c'),
      cacheKey('a', '', 'bc'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
