// Locks: waited for while their holder lives, taken over from the dead, one at a time.
import { lutimesSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newRoot } from '../testing/roots.ts';
import { sealedSecret } from '../testing/secrets.ts';
import { createFilesystemSecretStore, withLock } from './index.ts';

describe('a lock', () => {
  const locked = async (holder: string, age = 0) => {
    const root = newRoot();
    const store = createFilesystemSecretStore(root);
    await store.replace(() => [sealedSecret('A')]);
    const lock = join(root, 'vault/secrets.json.lock');
    symlinkSync(holder, lock);
    const time = Date.now() / 1000 - age;
    lutimesSync(lock, time, time);
    return { store, lock, root };
  };

  it.each([
    ['a process that is dead', '999999999 0 x', 0],
    ['a process that had our number before', `${process.pid} 0 x`, 0],
    ['nobody', 'nonsense', 0],
    ['a process that lives, from long ago', `${process.ppid} 0 x`, 120],
  ])('of %s is taken over', async (_who, holder, age) => {
    const { store, root } = await locked(holder, age);
    await Promise.all(['B', 'C', 'D'].map((name) => store.replace((all) => [...all, sealedSecret(name)])));
    expect(await store.list()).toHaveLength(4);
    expect(readdirSync(join(root, 'vault'))).toEqual(['secrets.json']);
  });

  it('of a living process is waited for', async () => {
    const { store, lock } = await locked(`${process.ppid} 0 x`);
    const change = store.replace(() => []);
    await new Promise((done) => setTimeout(done, 100));
    expect(await store.list()).toHaveLength(1);
    rmSync(lock);
    await change;
    expect(await store.list()).toEqual([]);
  });

  it('lets one in at a time, also when many find its holder dead', async () => {
    const path = join(newRoot(), 'lock');
    symlinkSync('999999999 0 x', path);
    let inside = 0;
    const work = async () => {
      inside += 1;
      expect(inside).toBe(1);
      await new Promise((done) => setTimeout(done, 2));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 30 }, () => withLock(path, work)));
  });

  it('is given back by work that fails', async () => {
    const path = join(newRoot(), 'lock');
    const failing = withLock(path, async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await withLock(path, async () => 'done')).toBe('done');
  });
});
