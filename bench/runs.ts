// Durable runs on one machine: how long one takes, how many a second, reading events, many readers, memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRuns, type Runs } from '@pypes/host/runs';
import { createNodeHost } from '@pypes/service/node';
import { createFilesystemArtifactStore, createFilesystemRunStore } from '@pypes/stores/filesystem';
import { median, type Row } from './rows.ts';
import { measureRunsLog } from './runs/log.ts';
import { measureRunReaders } from './runs/readers.ts';
import { measureRunSteps } from './runs/steps.ts';

const SINGLE = 300;
const MANY = 6_000;
const CLIENTS = 64;
const EVENTS = 10_000;
const PAGE = 500;
const REPEATED = 30_000;
/** A round takes some 30 ms, in which a collection of garbage may double it. */
const READINGS = 41;

export async function measureRuns(): Promise<readonly Row[]> {
  return [
    ...(await measureLibrary()),
    ...(await measureRunsLog()),
    ...(await measureRunReaders()),
    ...(await measureRunSteps()),
  ];
}

async function measureLibrary(): Promise<readonly Row[]> {
  const root = mkdtempSync(join(tmpdir(), 'pypes-bench-runs-'));
  const host = createNodeHost({
    folders: [join(import.meta.dirname, 'runs', 'agents')],
    root,
    log: () => undefined,
    onEvent: () => undefined,
    limits: { logLines: EVENTS + 1, logBytes: 1024 * 1024 * 1024 },
  });
  const store = createFilesystemRunStore({ folder: join(root, 'runs') });
  const runs = createRuns({ host, store, artifacts: createFilesystemArtifactStore(root) });
  try {
    await toEnd(runs, 'noop');
    return [await one(runs), await many(runs), await reading(runs), await growing(runs)];
  } finally {
    await runs.close(0);
    await store.close();
    await host.close(0);
    rmSync(root, { recursive: true, force: true });
  }
}

async function one(runs: Runs): Promise<Row> {
  const times: number[] = [];
  for (let n = 0; n < SINGLE; n++) {
    const began = performance.now();
    await toEnd(runs, 'noop');
    times.push(performance.now() - began);
  }
  const value = median(times);
  return { name: 'Runs: a no-op agent, from create to finished, median (ms)', value, goal: '≤ 5', ok: value <= 5 };
}

async function many(runs: Runs): Promise<Row> {
  const value = await throughput(runs, MANY);
  return { name: `Runs: durable runs a second, ${CLIENTS} clients`, value, goal: '≥ 2000', ok: value >= 2_000 };
}

async function throughput(runs: Runs, count: number): Promise<number> {
  const began = performance.now();
  let started = 0;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (started < count) {
        started += 1;
        await toEnd(runs, 'noop');
      }
    }),
  );
  return (count / (performance.now() - began)) * 1_000;
}

/** Pages as they are handed to a client: texts, put together without being read. */
async function reading(runs: Runs): Promise<Row> {
  const ref = await toEnd(runs, 'chatty', { count: EVENTS });
  const rates: number[] = [];
  for (let round = 0; round < READINGS; round++) {
    const began = performance.now();
    let [count, bytes, cursor] = [0, 0, undefined as string | undefined];
    for (;;) {
      const page = await runs.events(ref, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
      bytes += `{"events":[${page.lines.join(',')}]}`.length;
      count += page.lines.length;
      cursor = page.nextCursor;
      if (page.complete) break;
    }
    if (count < EVENTS || bytes === 0) throw new Error(`Only ${count} events were read`);
    rates.push((count / (performance.now() - began)) * 1_000);
  }
  const value = median(rates);
  return { name: `Runs: events a second, ${EVENTS} by cursor`, value, goal: '≥ 200000', ok: value >= 200_000 };
}

async function growing(runs: Runs): Promise<Row> {
  await throughput(runs, REPEATED / 3);
  const before = heapMegabytes();
  await throughput(runs, REPEATED);
  const value = heapMegabytes() - before;
  return { name: `Runs: heap after ${REPEATED} more finished runs (MB)`, value, goal: '≤ 10', ok: value <= 10 };
}

async function toEnd(runs: Runs, agent: string, input: { readonly count?: number } = {}) {
  const { tenant, run_id } = await runs.create({ agent, input });
  const ref = { tenant, run_id };
  for await (const _ of runs.follow(ref));
  return ref;
}

/** What is left after a collection; run with --expose-gc for a figure that means something. */
function heapMegabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
