// Writes that are whole or not there, and locks that a kill releases.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { newFolder } from '../testing/folders.ts';
import { clearTemporary, writeAtomically, writeOnce } from './atomic-write.ts';
import { withLock } from './lock.ts';

it('replaces a file whole, and leaves nothing behind', async () => {
  const path = join(newFolder(), 'deep', 'file');
  await writeAtomically(path, 'one');
  await writeAtomically(path, 'two');
  expect(readFileSync(path, 'utf8')).toBe('two');
  await expect(writeOnce(path, 'three')).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readdirSync(join(path, '..'))).toEqual(['file']);
});

it('clears away what killed writers left, and nothing else', async () => {
  const folder = newFolder();
  for (const name of ['.0b6f4c1e-0000-4000-8000-000000000000.tmp', '.lock', 'a.tmp'])
    writeFileSync(join(folder, name), '');
  await clearTemporary(folder);
  expect(readdirSync(folder).sort()).toEqual(['.lock', 'a.tmp']);
});

it('lets one in at a time, and tells who waited too long', async () => {
  const path = join(newFolder(), '.lock');
  let inside = 0;
  const enter = async () => {
    inside++;
    await new Promise((done) => setTimeout(done, 5));
    expect(inside--).toBe(1);
  };
  await Promise.all(Array.from({ length: 8 }, () => withLock(path, enter)));
  await withLock(path, async () => {
    await expect(withLock(path, enter, 50)).rejects.toMatchObject({ code: 'conflict' });
  });
  await expect(withLock(path, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  await withLock(path, enter);
});

it('is free again when its holder is killed', async () => {
  const path = join(newFolder(), '.lock');
  const lock = fileURLToPath(new URL('./lock.ts', import.meta.url));
  const text = `import { withLock } from ${JSON.stringify(lock)}; await withLock(${JSON.stringify(path)}, async () => { console.log('in'); await new Promise((done) => setTimeout(done, 60_000)); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await expect(withLock(path, async () => 'mine', 50)).rejects.toMatchObject({ code: 'conflict' });
  child.kill('SIGKILL');
  expect(await withLock(path, async () => 'mine', 5_000)).toBe('mine');
});
