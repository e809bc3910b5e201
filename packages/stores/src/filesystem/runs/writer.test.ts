// The end of a journal under a disk that fails: what was refused is nowhere, what was written is seen in its order.
import * as fs from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { newRoot } from '../../testing/roots.ts';
import { encodeFrame } from './frame.ts';
import { beginSegment } from './segment-begin.ts';
import { segmentPath } from './segments.ts';
import { createJournalWriter, type JournalWriter } from './writer.ts';

const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY, isStuck: false, flushes: 0, flushError: false }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return {
    ...real,
    /** Writes what there is room for, then says that the disk is full. */
    writeSync(file: number, bytes: Buffer, offset = 0, length = bytes.length - offset, position?: number) {
      const most = Math.min(length, disk.room, 50);
      if (most === 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      disk.room -= most;
      return real.writeSync(file, bytes, offset, most, position);
    },
    ftruncateSync(file: number, length: number) {
      if (disk.isStuck) throw Object.assign(new Error('stuck'), { code: 'EIO' });
      real.ftruncateSync(file, length);
    },
    fdatasync(file: number, done: (error: Error | null) => void) {
      disk.flushes += 1;
      if (disk.flushError) setTimeout(done, 1, Object.assign(new Error('bad'), { code: 'EIO' }));
      else real.fdatasync(file, done);
    },
  };
});

let folder: string;
let writer: JournalWriter;
let seen: string[];
beforeEach(() => {
  Object.assign(disk, { room: Number.POSITIVE_INFINITY, isStuck: false, flushes: 0, flushError: false });
  folder = newRoot();
  seen = [];
  const options = { folder, journal: 'j', segmentBytes: 3_000, now: Date.now };
  writer = createJournalWriter(options, beginSegment(options, 1));
});

function write(mark: string, isDurable: boolean): Promise<void> {
  return writer.write({
    frame: encodeFrame('e', { tenant: '', run_id: 'run-1' }, [`"${mark}"`], { first: 1, count: 1 }),
    isDurable,
    publish: () => seen.push(mark),
    undo: () => seen.push(`no ${mark}`),
  });
}
const contentOf = (segment = 1): string =>
  fs
    .readFileSync(segmentPath(folder, segment), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('"'))
    .join('');

describe('writing', () => {
  it('shares a flush among all that wait for the disk', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, index) => write(String(index), true)));
    expect(disk.flushes).toBeLessThan(5);
    expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => String(index)));
  });

  it('lets what need not be durable pass what waits for the disk', async () => {
    await Promise.all([write('slow', true), write('quick', false)]);
    expect(seen).toEqual(['quick', 'slow']);
    expect(contentOf()).toBe('"slow""quick"');
  });

  it('begins segments, and says up to where everything can be seen', async () => {
    for (let index = 0; index < 40; index++) await write('x'.repeat(200), index % 3 === 0);
    const { segment, offset } = writer.published;
    expect(segment).toBeGreaterThan(2);
    expect(fs.existsSync(segmentPath(folder, segment + 1))).toBe(false);
    expect(offset).toBe(fs.statSync(segmentPath(folder, segment)).size);
    await writer.close();
  });
});

describe('a full disk', () => {
  it('takes nothing of a write that does not fit, and the next where there is room', async () => {
    await write('one', true);
    disk.room = 120;
    const refused = await Promise.allSettled([
      write('two', false),
      write('x'.repeat(500), true),
      write('three', false),
    ]);
    expect(refused.map((result) => result.status === 'rejected' && result.reason.code)).toEqual(
      Array(3).fill('unavailable'),
    );
    expect(seen).toEqual(['one', 'no three', `no ${'x'.repeat(500)}`, 'no two']);
    expect(contentOf()).toBe('"one"');
    disk.room = Number.POSITIVE_INFINITY;
    await write('four', true);
    expect(contentOf()).toBe('"one""four"');
  });

  it('that does not even give back what was written in part is tried again before the next write', async () => {
    disk.room = 60;
    disk.isStuck = true;
    await expect(write('x'.repeat(500), false)).rejects.toMatchObject({ code: 'unavailable' });
    disk.room = Number.POSITIVE_INFINITY;
    await expect(write('two', false)).rejects.toMatchObject({ code: 'unavailable' });
    disk.isStuck = false;
    await write('three', false);
    expect(contentOf()).toBe('"three"');
  });

  it('that has no room for a new segment keeps the old one', async () => {
    while (fs.statSync(segmentPath(folder, 1)).size < 3_000) await write('x'.repeat(250), false);
    expect(writer.published.segment).toBe(1);
    disk.room = 10;
    await expect(write('next', true)).rejects.toMatchObject({ code: 'unavailable' });
    expect(fs.existsSync(segmentPath(folder, 2))).toBe(false);
    disk.room = Number.POSITIVE_INFINITY;
    await write('next', true);
    expect(contentOf(2)).toBe('"next"');
    await writer.close();
  });
});

describe('a disk that does not confirm', () => {
  it('is said to who waited for it; what is written is seen all the same', async () => {
    disk.flushError = true;
    const [durable, other] = await Promise.allSettled([write('durable', true), write('other', false)]);
    expect([durable, other.status]).toMatchObject([{ reason: { code: 'unavailable' } }, 'fulfilled']);
    expect(seen).toEqual(['other', 'durable']);
    disk.flushError = false;
    await write('again', true);
    expect(contentOf()).toBe('"durable""other""again"');
  });
});
