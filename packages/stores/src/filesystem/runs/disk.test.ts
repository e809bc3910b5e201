// A disk that is full, and one that may not be written: said in words, nothing half done, and on again when there is room.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunStore } from '@pypes/contract/runs';
import { afterAll, describe, expect, it } from 'vitest';
import { newRoot } from '../../testing/roots.ts';
import { finished, linesOf, NOW, newRun, readAll, startRun } from '../../testing/runs-made.ts';
import { createFilesystemRunStore, listRunJournals, openRunReader } from './index.ts';

const perform = (command: string, ...args: readonly string[]) => execFileSync(command, args, { stdio: 'ignore' });
const mounted: string[] = [];
/** Undefined where this account may not mount anything. */
function mountSmallDisk(kibibytes: number): string | undefined {
  const folder = newRoot();
  try {
    perform('mount', '-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', folder);
    mounted.push(folder);
    return folder;
  } catch {
    return undefined;
  }
}
afterAll(() => {
  for (const folder of mounted) perform('umount', '-l', folder);
});

const small = mountSmallDisk(1_024);
const other = mountSmallDisk(4_096);
const open = (folder: string): RunStore =>
  createFilesystemRunStore({ folder, segmentBytes: 50_000, onError: () => undefined });

describe.skipIf(small === undefined || other === undefined)('a small disk (needs leave to mount one)', () => {
  it('refuses runs while it is full, keeps what it has, and goes on when there is room', async () => {
    const disk = small as string;
    const folder = join(disk, 'runs');
    let store = open(folder);
    const run = await startRun(store, 1);
    await store.append({ ...run, attempt: 1 }, 'events', linesOf(1, 5));
    const ballast = join(disk, 'ballast');
    fill(ballast);
    const large = { metadata: { text: 'x'.repeat(20_000) }, agent: 'a', input: {} };
    const accepted: number[] = [];
    let refused = 0;
    for (let number = 2; refused < 3; number++) {
      const made = await store
        .create(newRun(number, { request: large }))
        .catch((error: { code: string }) => error.code);
      if (typeof made === 'object') accepted.push(number);
      else {
        expect(made).toBe('unavailable');
        refused += 1;
        expect(await store.get(newRun(number))).toBeUndefined();
      }
    }
    const lines = linesOf(6, 400, 'x'.repeat(100));
    const append = () => store.append({ ...run, attempt: 1 }, 'events', lines);
    await expect(append()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(Promise.all([append(), append()])).rejects.toMatchObject({ code: 'unavailable' });
    expect(await readAll(store, run)).toEqual(linesOf(1, 5).lines);
    await expect(store.update(run, finished(run, { result: 'x'.repeat(20_000) }))).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect((await store.get(run))?.status).toBe('running');
    rmSync(ballast);
    expect(await append()).toBe(true);
    expect((await store.create(newRun(900))).isNew).toBe(true);
    expect(await store.update(run, finished(run), linesOf(406, 1))).toBe(true);
    await store.close();
    store = open(folder);
    expect(await readAll(store, run)).toEqual([...linesOf(1, 5).lines, ...lines.lines, ...linesOf(406, 1).lines]);
    const ids = (await store.list('', { limit: 999 })).map(({ run_id }) => Number(run_id.slice(4)));
    expect(ids).toEqual([900, ...accepted.toReversed(), 1]);
    expect((await store.claim('w', { limit: 999, now: NOW, leaseMs: 1 })).length).toBe(accepted.length + 1);
    await store.close();
  }, 60_000);

  it('that becomes read-only is said, and can still be read', async () => {
    const disk = other as string;
    const folder = join(disk, 'runs');
    const store = open(folder);
    const run = await startRun(store, 1);
    await store.append({ ...run, attempt: 1 }, 'events', linesOf(1, 5));
    await store.close();
    perform('mount', '-o', 'remount,ro', disk);
    try {
      expect(() => open(folder)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
      const reader = openRunReader({ folder });
      expect(await reader.get(run)).toEqual(run);
      expect(await reader.read(run, 'events', 2, 9)).toEqual(linesOf(3, 3).lines);
      expect(await reader.list('', { limit: 5 })).toEqual([run]);
      await reader.close();
    } finally {
      perform('mount', '-o', 'remount,rw', disk);
    }
    const again = open(folder);
    expect((await again.create(newRun(2))).isNew).toBe(true);
    await again.close();
  });
});

describe('a folder', () => {
  it('where a file stands in the way is refused in words', () => {
    const root = newRoot();
    writeFileSync(join(root, 'file'), '');
    for (const folder of [join(root, 'file'), join(root, 'file', 'runs')]) {
      expect(() => open(folder)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    }
  });

  it('is for its owner alone', async () => {
    const folder = join(newRoot(), 'runs');
    const store = open(folder);
    await store.create(newRun(1));
    await store.close();
    const journal = join(folder, 'journals', 'main');
    expect([statSync(folder).mode & 0o777, statSync(journal).mode & 0o777]).toEqual([0o700, 0o700]);
    mkdirSync(join(folder, 'journals', 'something-else'));
    expect(listRunJournals(folder)).toEqual([{ name: 'main', folder: journal }]);
  });

  it('that is missing or empty has no runs for who only reads', async () => {
    const reader = openRunReader({ folder: join(newRoot(), 'none') });
    expect([await reader.list('', { limit: 9 }), await reader.get(newRun(1))]).toEqual([[], undefined]);
    await reader.close();
  });
});

/** Until nothing more goes onto the disk. */
function fill(path: string): void {
  for (let size = 64 * 1024; size >= 1024; size /= 2) {
    for (let full = false; !full; ) {
      try {
        writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
      } catch {
        full = true;
      }
    }
  }
}
