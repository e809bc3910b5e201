// Measures the engine: from submit to execution, runs a second, takeover; with one node and with three.
// node packages/engines/src/testing/measure.ts [RUNS]
import { join } from 'node:path';
import { createRestateEngine } from '../restate/index.ts';
import { type RestateCluster, startRestate } from './restate-server.ts';
import { until } from './until.ts';
import { type Note, startWorkers } from './workers.ts';

const FIXTURE = join(import.meta.dirname, '../restate/worker.fixture.ts');
const WORKERS = 2;
const IN_FLIGHT = 50;
const runs = Number(process.argv[2] ?? 2000);

for (const nodes of [1, 3] as const) {
  const cluster = await startRestate(nodes);
  const connection = { ingressUrl: cluster.ingressUrls, adminUrl: cluster.adminUrl, timeoutMs: 10_000 };
  const workers = await startWorkers(FIXTURE, WORKERS, connection, { concurrency: 32 });
  try {
    const engine = createRestateEngine(connection);
    const submit = (run_id: string) => engine.submit({ tenant: 't', run_id });
    const ended = (prefix: string, count: number) =>
      until(
        workers.notes,
        (notes) =>
          new Set(
            notes.filter(({ what, run_id }) => what === 'end' && run_id.startsWith(prefix)).map((note) => note.run_id),
          ).size >= count,
        120_000,
        250,
      );
    await many('warm', 500, submit);
    await ended('warm', 500);

    const asked = new Map<string, number>();
    for (let index = 0; index < 300; index += 1) {
      const id = `one-${index}-0`;
      asked.set(id, now());
      await submit(id);
    }
    const begins = (await ended('one', 300)).filter((note) => note.what === 'begin' && asked.has(note.run_id));
    const latency = begins.map((note) => note.at - asked.get(note.run_id)!).sort((a, b) => a - b);

    const began = now();
    await many('load', runs, submit);
    const submitted = now();
    const last = Math.max(...(await ended('load', runs)).map((note) => note.at));

    const id = 'taken-20000';
    await submit(id);
    const first = (await until(workers.notes, (notes) => notes.some((note) => note.run_id === id))).find(
      (note) => note.run_id === id,
    )!;
    workers.processes.find((process) => process.pid === first.pid)!.kill('SIGKILL');
    const died = now();
    const again = await until(
      workers.notes,
      (notes) => notes.filter((note) => note.run_id === id).length === 2,
      60_000,
    );

    console.log(
      JSON.stringify({
        nodes,
        workers: WORKERS,
        submit_to_executed_ms: { p50: round(at(latency, 0.5)), p95: round(at(latency, 0.95)) },
        runs_per_second: Math.round((runs / (last - began)) * 1000),
        submits_per_second: Math.round((runs / (submitted - began)) * 1000),
        takeover_ms: Math.round(again.at(-1)!.at - died),
        ...(nodes === 3 ? await killed(cluster, submit, ended) : {}),
      }),
    );
  } finally {
    await workers.stop();
    await cluster.stop();
  }
}

/** What a node that is killed under load costs. */
async function killed(
  cluster: RestateCluster,
  submit: (id: string) => Promise<void>,
  ended: (prefix: string, count: number) => Promise<readonly Note[]>,
) {
  let worst = 0;
  let sent = 0;
  await many('kill', 400, async (id) => {
    if (sent++ === 100) await cluster.nodes[2]!.kill();
    const began = now();
    await submit(id);
    worst = Math.max(worst, now() - began);
  });
  const begins = (await ended('kill', 400)).filter(({ what, run_id }) => what === 'begin' && run_id.startsWith('kill'));
  return { node_killed: { worst_submit_ms: Math.round(worst), executions_of_400: begins.length } };
}

async function many(prefix: string, count: number, submit: (id: string) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (let index = next++; index < count; index = next++) await submit(`${prefix}-${index}-0`);
    }),
  );
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
