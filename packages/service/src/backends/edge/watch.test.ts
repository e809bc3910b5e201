// A workerd that is in trouble is killed and started again, whatever the trouble; time and processes are made up here.
import { expect, it } from 'vitest';
import type { LogEntry } from '../../http/log.ts';
import type { Workerd } from './start-workerd.ts';
import type { Senses } from './trouble.ts';
import { watchEdge } from './watch.ts';

const MEBIBYTE = 1024 * 1024;
const BOUNDS = { stallMs: 5_000, memoryBytes: 100 * MEBIBYTE };

function setup(change: { readonly senses?: Partial<Senses>; readonly failures?: number } = {}) {
  const started: { pid: number; killed: boolean; end: () => void }[] = [];
  const entries: LogEntry[] = [];
  const pauses: number[] = [];
  let failures = change.failures ?? 0;
  const start = async (): Promise<Workerd> => {
    if (started.length > 0 && failures-- > 0) {
      const { PypesError } = await import('@pypes/contract');
      throw new PypesError('unavailable', 'the port is taken');
    }
    let end: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => {
      end = resolve;
    });
    const one = { pid: started.length + 1, killed: false, end };
    started.push(one);
    const kill = () => {
      one.killed = true;
      end();
    };
    return { pid: one.pid, port: 8787, gone, kill };
  };
  const senses: Senses = {
    answers: async () => true,
    memoryOf: async () => MEBIBYTE,
    sleep: async (ms, signal) => {
      pauses.push(ms);
      await new Promise((done) => setImmediate(done));
      signal.throwIfAborted();
    },
    ...change.senses,
  };
  const log = Object.assign((entry: LogEntry) => void entries.push(entry), { flush: () => undefined });
  const watching = watchEdge({ start, bounds: BOUNDS, senses, log });
  const until = async (count: number) => {
    while (started.length < count) await new Promise((done) => setImmediate(done));
  };
  return { watching, started, entries, pauses, until };
}

const reasons = (entries: readonly LogEntry[]) =>
  entries.filter(({ event }) => event === 'edge.killed').map(({ reason }) => reason);

it('one that answers nobody', async () => {
  const asked: number[] = [];
  const answers = async (_port: number, withinMs: number) => asked.push(withinMs) !== 3;
  const { watching, started, entries, until } = setup({ senses: { answers } });
  const edge = await watching;
  await until(2);
  expect(asked[0]).toBe(BOUNDS.stallMs);
  expect(started[0]?.killed).toBe(true);
  expect(reasons(entries)).toEqual(['stalled']);
  await edge.close();
});

it('one that is too large, to the byte', async () => {
  let bytes = BOUNDS.memoryBytes;
  const { watching, started, entries, until } = setup({ senses: { memoryOf: async (pid) => (pid === 1 ? bytes : 0) } });
  const edge = await watching;
  for (let turn = 0; turn < 50; turn++) await new Promise((done) => setImmediate(done));
  expect(started).toHaveLength(1);
  bytes += 1;
  await until(2);
  expect(reasons(entries)).toEqual(['too_large']);
  await edge.close();
});

it('one that has ended, and one that cannot be started at once', async () => {
  const { watching, started, entries, until } = setup({ failures: 3 });
  const edge = await watching;
  started[0]?.end();
  await until(2);
  expect(entries.map(({ event }) => event).slice(0, 4)).toEqual([
    'edge.killed',
    ...Array(3).fill('edge.not_restarted'),
  ]);
  expect(reasons(entries)).toEqual(['ended']);
  await edge.close();
});

it('one that ends again and again is started less and less often', async () => {
  const { watching, started, pauses, until } = setup();
  const edge = await watching;
  for (let count = 1; count <= 12; count++) {
    started.at(-1)?.end();
    await until(count + 1);
  }
  const waits = pauses.filter((ms) => ms !== 1_000 && ms !== 250);
  expect(waits.slice(0, 3)).toEqual([100, 200, 400]);
  expect(Math.max(...waits)).toBe(30_000);
  await edge.close();
});

it('one that was closed stays away', async () => {
  const { watching, started, entries } = setup();
  await (await watching).close();
  for (let turn = 0; turn < 50; turn++) await new Promise((done) => setImmediate(done));
  expect(started.map(({ killed }) => killed)).toEqual([true]);
  expect(entries).toEqual([]);
});
