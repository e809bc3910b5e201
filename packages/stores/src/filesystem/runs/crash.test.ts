// kill -9 and torn ends: what was answered is there, once, and half an entry never was.
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '@pypes/contract/runs';
import { describe, expect, it } from 'vitest';
import { newRoot } from '../../testing/roots.ts';
import { finished, linesOf, NOW, newRun, readAll, startRun } from '../../testing/runs-made.ts';
import { createFilesystemRunStore, type RunStoreProblem } from './index.ts';

const FIXTURE = join(import.meta.dirname, 'crash.fixture.ts');
const KILLS = 15;
/** Runs that the process may have begun with behind the last that it said: it begins with so many at once. */
const MOST_UNSAID = 8;
/** Every byte of a torn end is tried in scan.test.ts; the whole store is opened on some of them. */
const STEP = 13;

const open = (folder: string, problems: RunStoreProblem[] = []) =>
  createFilesystemRunStore({ folder, segmentBytes: 100_000, onError: (problem) => problems.push(problem) });
const segmentOf = (folder: string, number = 1) =>
  join(folder, 'journals', 'main', `${String(number).padStart(6, '0')}.jsonl`);

describe('kill -9', () => {
  it(`loses and doubles nothing that was answered, ${KILLS} times over`, async () => {
    const folder = newRoot();
    const created = new Set<number>();
    const events = new Map<number, number>();
    const ended = new Map<number, number>();
    let next = 0;
    for (let kills = 0; kills < KILLS; kills++) {
      for (const line of await runAndKill(folder, next)) {
        const [what, number = 0, seq = 0] = line.split(' ').map((part, index) => (index === 0 ? part : Number(part)));
        next = Math.max(next, Number(number) + MOST_UNSAID + 1);
        if (what === 'created') created.add(Number(number));
        if (what === 'events') events.set(Number(number), Number(seq));
        if (what === 'finished') ended.set(Number(number), Number(seq));
      }
      const problems: RunStoreProblem[] = [];
      const store = open(folder, problems);
      expect(problems.filter(({ level }) => level === 'error')).toEqual([]);
      for (const number of created) {
        const run = (await store.get(newRun(number))) as RunRecord;
        const lines = await readAll(store, run);
        lines.forEach((line, index) => {
          expect(JSON.parse(line)).toMatchObject({ seq: index + 1, number });
        });
        expect(lines.length).toBeGreaterThanOrEqual(events.get(number) ?? 0);
        // Finished it is exactly when its last event is there, which was written with it.
        expect(lines.at(-1)?.includes('"end"') ?? false).toBe(run.status === 'finished');
        if (ended.has(number)) expect([run.status, lines.length]).toEqual(['finished', ended.get(number)]);
        if (run.status === 'finished') created.delete(number);
      }
      // What its process left is there to be claimed, whatever the leases say; here it ends as what it was.
      const left = await store.claim('next', { limit: 1_000, now: NOW, leaseMs: 10 });
      expect(left.map(({ run_id }) => run_id)).toEqual(
        expect.arrayContaining([...created].map((n) => newRun(n).run_id)),
      );
      for (const run of left) {
        const first = (await store.last(run, 'events')) + 1;
        expect(await store.update(run, finished(run), { first, lines: [`{"seq":${first}}`] })).toBe(true);
      }
      created.clear();
      await store.close();
    }
    expect(ended.size).toBeGreaterThan(50);
  }, 180_000);
});

describe('an end that is torn', () => {
  it('is cut off, and what was before it is there', async () => {
    const folder = newRoot();
    const store = open(folder);
    const run = await startRun(store, 1);
    await store.append({ ...run, attempt: 1 }, 'events', linesOf(1, 2, 'ü'));
    const before = statSync(segmentOf(folder)).size;
    await store.update(run, finished(run), linesOf(3, 2, 'last'));
    await store.close();
    const whole = readFileSync(segmentOf(folder));
    for (let length = whole.length - 1; length >= before; length -= STEP) {
      truncateSync(segmentOf(folder), length);
      const problems: RunStoreProblem[] = [];
      const again = open(folder, problems);
      expect(await again.get(run)).toEqual(run);
      expect(await readAll(again, run)).toEqual(linesOf(1, 2, 'ü').lines);
      // The index was further than the journal, which cannot happen to a process that is killed, and is put right too.
      expect(problems.map(({ level }) => level)).not.toContain('error');
      expect(problems.some(({ message }) => message.includes('cut off'))).toBe(length > before);
      expect(await again.append({ ...run, attempt: 1 }, 'events', linesOf(3, 1))).toBe(true);
      expect(await readAll(again, run)).toEqual([...linesOf(1, 2, 'ü').lines, ...linesOf(3, 1).lines]);
      await again.close();
      writeFileSync(segmentOf(folder), whole);
    }
  }, 120_000);

  it('is cut off where it is bytes that were never written', async () => {
    for (const torn of ['#', '#0000000', '\0\0\0\0', '{"seq":1}\n', '#00000000 r 5 0 0 /run-000009\n1234', '\n\n']) {
      const folder = newRoot();
      const store = open(folder);
      const run = await startRun(store, 1);
      await store.close();
      appendFileSync(segmentOf(folder), torn);
      const problems: RunStoreProblem[] = [];
      const again = open(folder, problems);
      expect(problems.map(({ level }) => level)).toEqual(['warn']);
      expect(await again.append({ ...run, attempt: 1 }, 'events', linesOf(1, 1))).toBe(true);
      await again.close();
      const last = open(folder, problems);
      expect(await readAll(last, run)).toEqual(linesOf(1, 1).lines);
      expect(problems).toHaveLength(1);
      await last.close();
    }
  });

  it('is taken away where a process ended while it began a segment', async () => {
    for (const content of ['', '#12345678 j 120 0 0 /-\n{"format":1,']) {
      const folder = newRoot();
      const store = open(folder);
      const run = await startRun(store, 1);
      await store.close();
      writeFileSync(segmentOf(folder, 2), content);
      const problems: RunStoreProblem[] = [];
      const again = open(folder, problems);
      expect(problems.map(({ level }) => level)).toEqual(['warn']);
      expect(await again.get(run)).toEqual(run);
      expect((await again.create(newRun(2))).isNew).toBe(true);
      await again.close();
    }
  });
});

describe('damage in the middle', () => {
  it('is said with its place, and everything else is there', async () => {
    const folder = newRoot();
    const store = open(folder);
    const [one, two] = [await startRun(store, 1), await startRun(store, 2)];
    await store.append({ ...one, attempt: 1 }, 'events', linesOf(1, 2, 'kept'));
    const from = statSync(segmentOf(folder)).size;
    await store.append({ ...one, attempt: 1 }, 'events', linesOf(3, 2, 'lost'));
    const to = statSync(segmentOf(folder)).size;
    await store.append({ ...one, attempt: 1 }, 'events', linesOf(5, 2, 'kept'));
    await store.append({ ...two, attempt: 1 }, 'events', linesOf(1, 3));
    await store.update(two, finished(two));
    await store.close();
    const bytes = readFileSync(segmentOf(folder));
    const at = bytes.indexOf('lost', from);
    for (const index of [from, from + 5, at, to - 1]) {
      const damaged = Buffer.from(bytes);
      damaged[index] = (damaged[index] as number) ^ 1;
      writeFileSync(segmentOf(folder), damaged);
      writeFileSync(join(folder, 'journals', 'main', 'index.sqlite'), '');
      const problems: RunStoreProblem[] = [];
      const again = open(folder, problems);
      const errors = problems.filter(({ level }) => level === 'error').map(({ message }) => message);
      expect(errors).toEqual([
        expect.stringMatching(new RegExp(`000001\\.jsonl, bytes ${from} to ${to}`)),
        expect.stringMatching(/events 3 to 4 of the run "run-000001" are missing/),
      ]);
      expect([await again.get(one), await again.get(two)]).toEqual([one, finished(two)]);
      expect(await readAll(again, two)).toEqual(linesOf(1, 3).lines);
      const lines = (await readAll(again, one, 3)).map((line) => JSON.parse(line));
      expect(lines.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(lines.map(({ attrs }) => attrs?.lost)).toEqual([undefined, undefined, true, true, undefined, undefined]);
      expect(lines[2]).toMatchObject({ run_id: one.run_id, event_type: 'log', severity: 'error' });
      expect(await again.append({ ...one, attempt: 1 }, 'events', linesOf(7, 1))).toBe(true);
      await again.close();
    }
  });

  it('of the beginning of a segment harms no run', async () => {
    const folder = newRoot();
    const store = open(folder);
    const run = await startRun(store, 1);
    await store.close();
    const bytes = readFileSync(segmentOf(folder));
    bytes[3] = 0x20;
    writeFileSync(segmentOf(folder), bytes);
    for (let round = 0; round < 2; round++) {
      const problems: RunStoreProblem[] = [];
      const again = open(folder, problems);
      expect(await again.get(run)).toEqual(run);
      await again.close();
    }
  });
});

/** What the process said before it was killed, at any moment. */
function runAndKill(folder: string, from: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [FIXTURE, folder, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), Math.random() * 150));
  return new Promise((done) => {
    child.once('close', () => done(said.split('\n').slice(0, -1)));
  });
}
