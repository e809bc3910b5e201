// The cache of snapshots: used where it is whole and private, made again or passed over where not.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { provideSnapshot } from './snapshot.ts';
import { describePyodide } from './testing.ts';
import { findWorkerd } from './workerd.ts';

describePyodide('snapshot', () => {
  const workerd = findWorkerd() as string;
  const root = mkdtempSync(join(tmpdir(), 'pypes-snapshot-'));
  const cache = join(root, 'cache');
  let path = '';
  let count = 0;
  const provide = (folder = cache) => provideSnapshot(workerd, mkdtempSync(join(root, `home-${++count}-`)), folder);

  beforeAll(async () => {
    path = await provide();
  }, 120_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is kept where only this user can write', async () => {
    expect(dirname(path)).toBe(cache);
    expect(statSync(cache).mode & 0o077).toBe(0);
    expect(statSync(path).mode & 0o077).toBe(0);
    const before = statSync(path).ino;
    expect(await provide()).toBe(path);
    expect(statSync(path).ino).toBe(before);
    expect(readdirSync(cache)).toHaveLength(2);
  });

  it('is made again where its bytes have changed', async () => {
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    writeFileSync(path, bytes);
    const before = statSync(path).ino;
    expect(await provide()).toBe(path);
    expect(statSync(path).ino).not.toBe(before);
  }, 120_000);

  it('is not looked for where others can write', async () => {
    chmodSync(cache, 0o777);
    expect(dirname(await provide())).not.toBe(cache);
    chmodSync(cache, 0o700);
  }, 120_000);
});
