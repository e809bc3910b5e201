// A worker, a node of Restate and a service are killed under load: every run that was accepted ends, and what a step has
// done is not done again. PYPES_CLUSTER_RUNS says how many runs, and has the figures printed; 200 where it does not.
import { createPostgresRunStore } from '@pypes/stores/postgres';
import { expect, it } from 'vitest';
import { type Cluster, noCluster, startCluster } from './cluster.fixtures.ts';
import { clusterFiles, STEPS } from './cluster-agents.fixtures.ts';
import { startEffects } from './cluster-effects.fixtures.ts';
import { type Accepted, createLoad, persistently } from './cluster-load.fixtures.ts';
import { figuresOf, judge, type Kill, repeatsOf, type Verdict } from './cluster-verdict.fixtures.ts';
import { type Reader, streamRun } from './runs.fixtures.ts';

const RUNS = Number(process.env.PYPES_CLUSTER_RUNS ?? 100);
const ENDLESS = 20;
const IN_FLIGHT = 50;
const WORKERS = 3;
const CONCURRENCY = 16;
const WITHIN_MS = 1_200_000;
const TERMINAL = /^run\.(finished|failed|canceled)$/;

it.skipIf(noCluster !== undefined)(
  `${RUNS} runs: a worker, a node and a service die${noCluster === undefined ? '' : `: ${noCluster}`}`,
  { timeout: WITHIN_MS + 300_000 },
  async () => {
    const effects = await startEffects(100);
    const files = clusterFiles(effects.host);
    let cluster: Cluster | undefined;
    try {
      cluster = await startCluster({ services: 2, workers: WORKERS, nodes: 3, concurrency: CONCURRENCY, files });
      const { accepted, readers, kills, times } = await loadAndKill(cluster);
      const store = await createPostgresRunStore({ connectionString: cluster.database });
      const verdicts = await judge(store, accepted, effects.done).finally(() => store.close());
      if (process.env.PYPES_CLUSTER_RUNS !== undefined) {
        console.log(JSON.stringify({ runs: RUNS, ...times, ...figuresOf(verdicts, kills) }, undefined, 1));
      }
      expect(new Set(accepted.map(({ run_id: id }) => id)).size).toBe(RUNS);
      for (const verdict of verdicts) expectEnd(verdict);
      for (const verdict of verdicts.filter(({ accepted: { kind } }) => kind === 'three')) expectSteps(verdict);
      // One for each place of the worker that died, and one for each place that the node's death took a run from.
      const failures = verdicts.reduce((sum, verdict) => sum + verdict.failures, 0);
      expect(verdicts.flatMap(repeatsOf).length).toBeLessThanOrEqual(CONCURRENCY * (1 + WORKERS) + failures);
      for (const { accepted: run, lines } of verdicts) {
        const reader = readers.get(run.run_id);
        if (reader !== undefined) expect(reader.lines).toEqual(lines);
      }
    } finally {
      await cluster?.stop();
      await effects.close();
    }
  },
);

async function loadAndKill({ services, workers, restate }: Cluster) {
  const urls = services.map(({ url }) => url);
  const [worker, node, service] = [workers[0], restate.nodes[1], services[1]];
  if (worker === undefined || node === undefined || service === undefined) throw new Error('The cluster is too small');
  const began = Date.now();
  const since = () => Date.now() - began;
  const kills: Kill[] = [];
  const kill = (what: string, how: Promise<unknown>) => {
    kills.push({ what, at: Date.now() });
    return how;
  };
  const trouble = new Map<number, () => Promise<unknown>>([
    [Math.floor(RUNS * 0.3), () => kill('worker', worker.process.stop('SIGKILL'))],
    [Math.floor(RUNS * 0.5), () => kill('node', node.kill())],
    [Math.floor(RUNS * 0.7), () => kill('service', service.process.stop('SIGKILL')).then(service.start)],
  ]);
  const underWay: Promise<unknown>[] = [];
  const readers = new Map<string, Reader>();
  const endless: Accepted[] = [];
  /** At one service after the other, whichever accepted it. */
  const cancel = async (of: Accepted | undefined, turn: number) =>
    of === undefined ? undefined : persistently(urls, turn, `/v1/runs/${of.run_id}/cancel`, {});
  const accepted = await createLoad({
    urls,
    runs: RUNS,
    inFlight: IN_FLIGHT,
    endless: ENDLESS,
    onAccepted(run, count) {
      // Followed at the service that is killed.
      if (run.kind === 'endless') readers.set(run.run_id, streamRun(service.url, run.run_id));
      if (run.kind === 'endless') endless.push(run);
      if (count % Math.floor(RUNS / ENDLESS) === 0) underWay.push(cancel(endless.shift(), count));
      const next = trouble.get(count);
      if (next !== undefined) underWay.push(next());
    },
  });
  const accepted_ms = since();
  underWay.push(...endless.map(cancel));
  await Promise.all(underWay);
  const left = async (status: string): Promise<number> => {
    const response = await fetch(`${service.url}/v1/runs?status=${status}&limit=500`);
    return ((await response.json()) as { readonly runs: readonly unknown[] }).runs.length;
  };
  const look = async () => [await left('queued'), await left('running')];
  await expect.poll(look, { timeout: WITHIN_MS, interval: 250 }).toEqual([0, 0]);
  const ended_ms = since();
  await Promise.all([...readers.values()].map(({ done }) => done));
  return { accepted, readers, kills, times: { accepted_ms, ended_ms } };
}

/** One end, the one that was to be expected, and every event before it, numbered without a gap. */
function expectEnd({ accepted: { kind, run_id: id }, record, events }: Verdict): void {
  const status = kind === 'endless' ? 'canceled' : 'finished';
  expect(record.status, `${id} ${JSON.stringify(record.error)}`).toBe(status);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
  const ends = events.filter(({ event_type: type }) => TERMINAL.test(type));
  expect(ends).toHaveLength(1);
  expect(events.at(-1)?.event_type).toBe(`run.${status}`);
}

/** Each step was recorded once, with the number that the next step and the result have. */
function expectSteps(verdict: Verdict): void {
  const { record, recorded, failures, effects } = verdict;
  expect(recorded.map(({ step }) => step)).toEqual(STEPS);
  expect(record.result).toEqual(recorded.map(({ number }) => number));
  expect(new Set(effects.map(({ number }) => number))).toEqual(
    new Set([...repeatsOf(verdict), ...recorded].map(({ number }) => number)),
  );
  // An attempt that was lost had one step under way, and a step that failed had not ended.
  expect(repeatsOf(verdict).length).toBeLessThan(record.attempt + failures);
}
