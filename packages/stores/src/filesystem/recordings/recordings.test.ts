// Recordings on a disk: bounded files, several writers, half lines, disks that refuse, and hands that remove files.
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFilesystemRecordings, listRecordings, type RecordingOptions, readRecordingLines } from './index.ts';

const bases: string[] = [];
const newFolder = (): string => {
  const base = mkdtempSync(join(tmpdir(), 'pypes-recordings-'));
  bases.push(base);
  return join(base, 'recordings');
};
afterAll(() => {
  for (const base of bases) rmSync(base, { recursive: true, force: true });
});

const DAY = 86_400_000;
const open = (folder: string, more: Partial<RecordingOptions> = {}) =>
  createFilesystemRecordings({
    folder,
    onError: (error) => {
      throw error;
    },
    now: () => DAY,
    ...more,
  });
const lines = async (folder: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const line of readRecordingLines(folder, listRecordings(folder))) found.push(line);
  return found;
};

describe('recordings', () => {
  it('are for their owner alone, and go on where the process before ended', async () => {
    const folder = newFolder();
    const unused = open(folder);
    await unused.close();
    expect(listRecordings(folder)).toEqual([]);
    for (const text of ['1', '2']) {
      const files = open(folder);
      files.write(`${text}\n`);
      await files.close();
    }
    expect(listRecordings(folder)).toEqual(['1970-01-02-0001.jsonl']);
    expect(await lines(folder)).toEqual(['1', '2']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, '1970-01-02-0001.jsonl')).mode & 0o777).toBe(0o600);
  });

  it('begin a new file when one is full and when the day ends, and drop the oldest', async () => {
    const folder = newFolder();
    const write = async (time: number) => {
      const files = open(folder, { now: () => time, fileBytes: 100, folderBytes: 400 });
      files.write(`${'x'.repeat(59)}\n`);
      await files.close();
    };
    for (let each = 0; each < 5; each++) await write(DAY);
    await write(2 * DAY);
    expect(listRecordings(folder)).toEqual([
      '1970-01-02-0001.jsonl',
      '1970-01-02-0002.jsonl',
      '1970-01-02-0003.jsonl',
      '1970-01-03-0001.jsonl',
    ]);
    for (let each = 0; each < 2; each++) await write(2 * DAY);
    expect(listRecordings(folder)).toEqual([
      '1970-01-02-0002.jsonl',
      '1970-01-02-0003.jsonl',
      '1970-01-03-0001.jsonl',
      '1970-01-03-0002.jsonl',
    ]);
    const bytes = listRecordings(folder).map((name) => statSync(join(folder, name)).size);
    expect(bytes).toEqual([120, 60, 120, 60]);
  });

  it('are ordered by day and number, and what else lies there is left alone', async () => {
    const folder = newFolder();
    mkdirSync(folder);
    for (const name of ['1970-01-02-10000.jsonl', '1970-01-02-9999.jsonl', '1969-12-31-0002.jsonl', 'x.jsonl', 'notes'])
      writeFileSync(join(folder, name), '');
    expect(listRecordings(folder)).toEqual([
      '1969-12-31-0002.jsonl',
      '1970-01-02-9999.jsonl',
      '1970-01-02-10000.jsonl',
    ]);
  });

  it('begin a new line behind half a one', async () => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, '1970-01-02-0001.jsonl'), 'whole\nhal');
    const files = open(folder);
    files.write('next\n');
    await files.close();
    expect(await lines(folder)).toEqual(['whole', 'hal', 'next']);
  });

  it('of two processes keep their lines whole', async () => {
    const folder = newFolder();
    const writers = ['a', 'b'].map((name) => ({ name, files: open(folder) }));
    for (let each = 0; each < 200; each++) {
      for (const { name, files } of writers) files.write(`${name.repeat(1_000)}\n`);
      if (each % 20 === 0) await new Promise((done) => setImmediate(done));
    }
    await Promise.all(writers.map(({ files }) => files.close()));
    const found = await lines(folder);
    expect(found.filter((line) => line === 'a'.repeat(1_000))).toHaveLength(200);
    expect(found.filter((line) => line === 'b'.repeat(1_000))).toHaveLength(200);
    expect(found).toHaveLength(400);
  });

  it('go on in a new file when somebody removes the one in use', async () => {
    const folder = newFolder();
    const files = open(folder);
    files.write('1\n');
    await expect.poll(async () => await lines(folder)).toEqual(['1']);
    rmSync(join(folder, '1970-01-02-0001.jsonl'));
    files.write('2\n');
    await files.close();
    expect(await lines(folder)).toEqual(['2']);
  });

  it('that cannot be written are reported once a minute, and are written again when they can be', async () => {
    const folder = newFolder();
    writeFileSync(folder, 'no folder');
    const lost: number[] = [];
    let time = DAY;
    const files = open(folder, { now: () => time, onError: (_error, count) => void lost.push(count) });
    const fail = async () => {
      files.write('lost\n');
      await new Promise((done) => setTimeout(done, 250));
    };
    for (let each = 0; each < 3; each++) await fail();
    expect(lost).toEqual([1]);
    time += 60_000;
    await fail();
    expect(lost).toEqual([1, 3]);
    await fail();
    rmSync(folder);
    files.write('kept\n');
    await files.close();
    expect(lost).toEqual([1, 3, 1]);
    expect(await lines(folder)).toEqual(['kept']);
  });

  it('hold no more in memory than they may', async () => {
    const folder = newFolder();
    const lost: number[] = [];
    const files = open(folder, { mostWaiting: 10, onError: (_error, count) => void lost.push(count) });
    for (const text of ['12345\n', '67890\n', '1\n']) files.write(text);
    await expect.poll(async () => await lines(folder)).toEqual(['12345', '1']);
    files.write('67890\n');
    await files.close();
    expect(lost).toEqual([1]);
    expect(await lines(folder)).toEqual(['12345', '1', '67890']);
  });

  it('are read whatever stands in them', async () => {
    const folder = newFolder();
    mkdirSync(folder);
    const path = join(folder, '1970-01-02-0001.jsonl');
    const long = 'ü'.repeat(100_000);
    writeFileSync(path, `a\u2028b\n\n${long}\nc\rd\ne`);
    expect(await lines(folder)).toEqual(['a\u2028b', long, 'c\rd', 'e']);
  });
});
