// Several services and workers share the work: whoever accepts a run, a worker executes it, and every service shows it.
import type { Json, JsonObject } from '@pypes/contract';
import type { RunEvent } from '@pypes/contract/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, type ClusterWorker, noCluster, startCluster } from './cluster.fixtures.ts';
import { clusterFiles } from './cluster-agents.fixtures.ts';
import { type Effects, startEffects } from './cluster-effects.fixtures.ts';
import { streamRun } from './runs.fixtures.ts';

const WITHIN = { timeout: 60_000, interval: 20 };
const TITLE = `two services and three workers${noCluster === undefined ? '' : `: ${noCluster}`}`;

describe.skipIf(noCluster !== undefined)(TITLE, { timeout: 90_000 }, () => {
  let cluster: Cluster;
  let effects: Effects;
  const urls = () => cluster.services.map(({ url }) => url) as [string, string];

  beforeAll(async () => {
    effects = await startEffects(0);
    const files = clusterFiles(effects.host);
    cluster = await startCluster({ services: 2, workers: 3, nodes: 3, leaseMs: 3000, files });
  }, 120_000);
  afterAll(async () => {
    await cluster?.stop();
    await effects?.close();
  }, 60_000);

  const send = async (url: string, path: string, body?: Json): Promise<JsonObject> => {
    const response = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as JsonObject;
  };
  const start = async (url: string, request: JsonObject): Promise<string> =>
    String((await send(url, '/v1/runs', request)).run_id);
  const ends = (url: string, id: string, status: string) =>
    expect.poll(async () => (await send(url, `/v1/runs/${id}`)).status, WITHIN).toBe(status);
  const eventsOf = async (url: string, id: string) =>
    (await send(url, `/v1/runs/${id}/events`)).events as unknown as readonly RunEvent[];
  const marked = (events: readonly RunEvent[], mark: string) => events.filter(({ attrs }) => attrs[mark] === true);
  /** Starts a run that counts, and finds the worker that has it. */
  const count = async (to: number) => {
    const id = await start(urls()[0], { agent: 'counts', input: { to } });
    const said = async () => (await eventsOf(urls()[0], id)).map(({ attrs }) => String(attrs.message));
    const found = async () => {
      const [, pid] = /at (\d+)/.exec((await said()).join('\n')) ?? [];
      return cluster.workers.find(({ process }) => process.pid === Number(pid));
    };
    await expect.poll(found, WITHIN).toBeDefined();
    return { id, worker: (await found()) as ClusterWorker };
  };

  it('an agent runs, and both services show the same', async () => {
    const [first, second] = urls();
    const id = await start(first, { agent: 'says', input: {} });
    await ends(second, id, 'finished');
    const [here, there] = [await eventsOf(first, id), await eventsOf(second, id)];
    expect(here).toEqual(there);
    expect(here.length).toBeGreaterThan(8);
    expect(await send(second, `/v1/runs/${id}`)).toMatchObject({ result: 'said', attempt: 1 });
  });

  it('a blueprint runs, each step once', async () => {
    const [first, second] = urls();
    const id = await start(first, { blueprint: 'three', input: { id: 'path' } });
    await ends(second, id, 'finished');
    const done = effects.done.filter((effect) => effect.id === 'path');
    expect(done.map(({ step }) => step)).toEqual(['one', 'two', 'three']);
    expect((await send(second, `/v1/runs/${id}`)).result).toEqual(done.map(({ number }) => number));
  });

  it('a file that a worker wrote is read at every service', async () => {
    const [first] = urls();
    const id = await start(first, { agent: 'keeps', input: { text: 'from afar' } });
    await ends(first, id, 'finished');
    for (const url of urls()) {
      const file = await fetch(`${url}/v1/runs/${id}/artifact/files/note.txt`);
      expect([file.status, await file.text()]).toEqual([200, 'from afar']);
    }
  });

  it('an endless run is canceled at the other service', async () => {
    const [first, second] = urls();
    const id = await start(first, { agent: 'endless', input: {} });
    await expect.poll(() => eventsOf(first, id), WITHIN).toHaveLength(2);
    await send(second, `/v1/runs/${id}/cancel`, {});
    await ends(first, id, 'canceled');
  });

  it('a run is followed at both services while a worker executes it', async () => {
    const id = await start(urls()[0], { agent: 'twenty', input: { ms: 30 } });
    const readers = urls().map((url) => streamRun(url, id));
    const isUnderWay = () => readers.map(({ lines }) => lines.length > 2 && lines.length < 20);
    await expect.poll(isUnderWay, WITHIN).toEqual([true, true]);
    await Promise.all(readers.map(({ done }) => done));
    expect(readers[0]?.lines).toEqual(readers[1]?.lines);
    const numbers = readers[0]?.lines.map((line) => (JSON.parse(line) as RunEvent).seq);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  it('every service measures', async () => {
    for (const url of urls()) {
      const response = await fetch(`${url}/metrics`);
      expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('pypes_runs_active 0')]);
    }
  });

  it('a worker that dies has its run taken over, and who follows it misses nothing', async () => {
    const [first] = urls();
    const { id, worker } = await count(20);
    const reader = streamRun(first, id);
    await expect.poll(() => reader.lines.length, WITHIN).toBeGreaterThan(4);
    await worker.process.stop('SIGKILL');
    await reader.done;
    const events = reader.lines.map((line) => JSON.parse(line) as RunEvent);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    expect(marked(events, 'taken_over')).toHaveLength(1);
    const counted = events.filter(({ event_type: type }) => type === 'progress').map(({ attrs }) => attrs.fraction);
    // Where writing is slow, the last of several reports of progress stands for them.
    expect(counted).toEqual([...new Set(counted)].sort((a, b) => Number(a) - Number(b)));
    expect([counted.length > 4, counted.at(-1)]).toEqual([true, 1]);
    expect(await send(first, `/v1/runs/${id}`)).toMatchObject({ status: 'finished', attempt: 2 });
    await worker.start();
  });

  it('a worker that is told to end gives its run back in order', async () => {
    const [first] = urls();
    const { id, worker } = await count(10_000);
    expect(await worker.process.stop('SIGTERM')).toBe(0);
    await expect.poll(async () => (await send(first, `/v1/runs/${id}`)).attempt, WITHIN).toBe(2);
    expect(marked(await eventsOf(first, id), 'handed_over')).toHaveLength(1);
    await send(first, `/v1/runs/${id}/cancel`, {});
    await ends(first, id, 'canceled');
    await worker.start();
  });

  it('without Restate runs are accepted and canceled, and none is lost with the service that accepted it', async () => {
    const [first, second] = urls();
    const running = await start(second, { agent: 'endless', input: {} });
    await ends(second, running, 'running');
    cluster.reach(false);
    const ids = await Promise.all(Array.from({ length: 4 }, () => start(first, { agent: 'says', input: {} })));
    const [unwanted = '', ...wanted] = ids;
    expect(await send(second, `/v1/runs/${unwanted}/cancel`, {})).toMatchObject({ status: 'canceled' });
    // Its worker hears of it when it renews its lease.
    await send(second, `/v1/runs/${running}/cancel`, {});
    await ends(second, running, 'canceled');
    for (const id of wanted) expect(await send(second, `/v1/runs/${id}`)).toMatchObject({ status: 'queued' });
    const [service] = cluster.services;
    await service?.process.stop('SIGKILL');
    cluster.reach(true);
    for (const id of wanted) await ends(second, id, 'finished');
    await service?.start();
    for (const id of wanted) expect(await send(first, `/v1/runs/${id}`)).toMatchObject({ attempt: 1, result: 'said' });
  });
});
