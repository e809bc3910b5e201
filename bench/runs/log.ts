// The run store on a disk: durable runs a second, events appended and read, opening a long log, memory over many runs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunRecord, RunStore } from '@pypes/contract/runs';
import { createFilesystemRunStore } from '@pypes/stores/filesystem';
import { median, type Row } from '../rows.ts';

const AT_ONCE = 64;
const RUNS = 20_000;
const EVENTS = 1_000_000;
const PAGE = 500;

/** The goals of spec 5's embedded store, on the disk of the temporary folder. */
export async function measureRunsLog(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-bench-runs-'));
  try {
    return [...(await measureRuns(join(folder, 'runs'))), ...(await measureEvents(join(folder, 'events')))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureRuns(folder: string): Promise<readonly Row[]> {
  const store = createFilesystemRunStore({ folder });
  let number = 0;
  const one = async () => {
    const begun = performance.now();
    const run = await start(store, ++number);
    await store.append({ ...run, attempt: 1 }, 'events', { first: 1, lines: [eventText(1)] });
    await finish(store, run, 2);
    return performance.now() - begun;
  };
  const alone: number[] = [];
  for (let count = 0; count < 500; count++) alone.push(await one());
  const rss = process.memoryUsage().rss;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (number < RUNS) await one();
    }),
  );
  const perSecond = ((RUNS - 500) / (performance.now() - begun)) * 1_000;
  const grown = (process.memoryUsage().rss - rss) / 1e6;
  await store.close();
  return [
    {
      name: 'runs store: one run, create to finished (ms)',
      value: median(alone),
      goal: '<= 5',
      ok: median(alone) <= 5,
    },
    {
      name: `runs store: durable runs/s, ${AT_ONCE} at once`,
      value: perSecond,
      goal: '>= 2000',
      ok: perSecond >= 2_000,
    },
    { name: `runs store: MB grown over ${RUNS} runs`, value: grown, goal: '<= 200', ok: grown <= 200 },
  ];
}

async function measureEvents(folder: string): Promise<readonly Row[]> {
  const store = createFilesystemRunStore({ folder });
  const run = await start(store, 1);
  const lines = Array.from({ length: 20 }, (_, index) => eventText(index));
  const begun = performance.now();
  for (let first = 1; first <= EVENTS; first += lines.length) {
    await store.append({ ...run, attempt: 1 }, 'events', { first, lines });
  }
  const appended = (EVENTS / (performance.now() - begun)) * 1_000;
  const reads: number[] = [];
  for (let round = 0; round < 5; round++) {
    const from = performance.now();
    for (let after = 0; after < 10_000; after += PAGE) await store.read(run, 'events', after, PAGE);
    reads.push((10_000 / (performance.now() - from)) * 1_000);
  }
  await store.close();
  const from = performance.now();
  const again = createFilesystemRunStore({ folder });
  const opened = performance.now() - from;
  await again.close();
  return [
    {
      name: 'runs store: events appended/s, 20 at a time',
      value: appended,
      goal: '>= 200000',
      ok: appended >= 200_000,
    },
    {
      name: 'runs store: events read/s by pages of 500',
      value: median(reads),
      goal: '>= 200000',
      ok: median(reads) >= 2e5,
    },
    { name: `runs store: opening ${EVENTS} events (ms)`, value: opened, goal: '<= 1000', ok: opened <= 1_000 },
  ];
}

async function start(store: RunStore, number: number): Promise<RunRecord> {
  const { record } = await store.create({
    run_id: `run-${String(number).padStart(9, '0')}`,
    tenant: '',
    status: 'queued',
    version: 1,
    attempt: 0,
    request: { agent: 'echo', input: { text: 'hello' } },
    request_digest: `sha256:${'0'.repeat(64)}`,
    trace: { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) },
    created_at: new Date().toISOString(),
  });
  const taken = await store.take(record, 'bench', { now: Date.now(), leaseMs: 60_000 });
  if (taken === undefined) throw new Error(`The run ${record.run_id} was not given`);
  return taken;
}

async function finish(store: RunStore, run: RunRecord, first: number): Promise<void> {
  const after = { ...run, version: run.version + 1, status: 'finished', result: { ok: true } } as const;
  if (!(await store.update(run, after, { first, lines: [eventText(first)] }))) throw new Error('The run was lost');
}

function eventText(seq: number): string {
  const trace = { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) };
  const rest = { event_type: 'log', severity: 'info', actor: 'engine', trace, attrs: { message: `message ${seq}` } };
  return JSON.stringify({ seq, time: '2026-03-01T12:00:00.000Z', run_id: 'run-000000001', ...rest });
}
