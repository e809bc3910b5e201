// What an operator sees of runs: traces with the run's own ids, metrics, a description of the doors, and evaluations.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server as Site } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { RUNS_ROUTES, type RunTrace } from '@pypes/contract/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentFolder, COUNTING, pollRun } from './runs.fixtures.ts';
import { newFolder, type Server, startServer, stopServers } from './server.ts';
import { json, pypes } from './skills.fixtures.ts';

const SLOW = { timeout: 120_000 };
const SOON = { timeout: 60_000, interval: 50 };
const JSON_BODY = { 'content-type': 'application/json' };

type Span = { traceId: string; spanId: string; parentSpanId?: string; name: string; attributes: readonly JsonObject[] };

/** What a collector got. */
const spans: Span[] = [];
const secrets: (string | undefined)[] = [];
let collector: Site;
let server: Server;
const folder = newFolder();
const told = join(folder, 'told');

beforeAll(async () => {
  collector = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    secrets.push(String(request.headers['x-key']));
    const body = JSON.parse(text);
    for (const { scopeSpans = [] } of body.resourceSpans ?? []) {
      for (const { spans: some } of scopeSpans) spans.push(...some);
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening));
  const config = join(folder, 'pypes.toml');
  const { port } = collector.address() as AddressInfo;
  mkdirSync(join(folder, 'suites', 'shared'), { recursive: true });
  writeFileSync(
    join(folder, 'suites', 'shared', 'lengths.yaml'),
    [
      'name: lengths',
      'agent: tells',
      'gate: { min_average_score: 1 }',
      'cases:',
      `  - { id: hello, input: { file: "${told}" }, expect: { text: hello, length: 5 } }`,
      `  - { id: wrong, input: { file: "${told}", text: abc }, expect: { text: abc, length: 4 }, tags: [sums] }`,
    ].join('\n'),
  );
  writeFileSync(
    config,
    `[telemetry]\notlp_endpoint = "http://127.0.0.1:${port}"\notlp_headers_env = "TEST_HEADERS"\nservice_name = "pypes-test"\n[evals]\nsuites = "suites"\n`,
  );
  server = await startServer(COUNTING, { args: ['--config', config], env: { TEST_HEADERS: 'x-key=sesame' } });
});
afterAll(async () => {
  await stopServers();
  collector.closeAllConnections();
  collector.close();
});

async function finish(agent: string, input: JsonObject, headers: Record<string, string> = {}): Promise<JsonObject> {
  const { status, body } = await server.post('/v1/runs', { agent, input }, { ...JSON_BODY, ...headers });
  expect(status).toBe(202);
  await pollRun(server.url, String(body.run_id), 500).done;
  return (await server.get(`/v1/runs/${body.run_id}`)).body;
}

describe('traces', () => {
  const attributesOf = ({ attributes }: Span) =>
    Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value as JsonObject)[0]]));

  it('go to the collector with the ids of the run, below the span of whoever asked', SLOW, async () => {
    const [trace, parent] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
    const run = await finish(
      'tells',
      { file: told, text: 'private words' },
      { traceparent: `00-${trace}-${parent}-01` },
    );
    expect(run).toMatchObject({ status: 'finished', trace_id: trace });
    const { events } = (await server.get(`/v1/runs/${run.run_id}/events?limit=500`)).body;
    const ids = (events as JsonObject[]).map(({ trace: of }) => of as unknown as RunTrace);
    expect(new Set(ids.map(({ trace_id: id }) => id))).toEqual(new Set([trace]));
    expect(ids[0]?.parent_span_id).toBe(parent);
    const mine = () => spans.filter(({ traceId }) => traceId === trace);
    await expect.poll(() => mine().map(({ spanId }) => spanId), SOON).toContain(ids[0]?.span_id);
    // One for the run, one for the call that it made, as the events name them.
    expect(new Set(mine().map(({ spanId }) => spanId))).toEqual(new Set(ids.map(({ span_id: id }) => id)));
    const root = mine().find(({ spanId }) => spanId === ids[0]?.span_id);
    expect(root?.parentSpanId).toBe(parent);
    expect(Object.values(attributesOf(root as Span))).toContain(run.run_id);
    const inner = mine().find(({ spanId }) => spanId !== root?.spanId);
    expect(inner?.parentSpanId).toBe(root?.spanId);
    // What was said in the run is nobody's business.
    expect(JSON.stringify(spans)).not.toContain('private words');
    expect(new Set(secrets)).toEqual(new Set(['sesame']));
  });

  it('begin with the run where nobody asked for one, or what was sent is none', SLOW, async () => {
    const plain = await finish('keeps', {});
    expect(plain.trace_id).toMatch(/^[0-9a-f]{32}$/);
    for (const wrong of [
      'nothing',
      `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
      `ff-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
    ]) {
      const run = await finish('keeps', {}, { traceparent: wrong });
      expect(run.trace_id).toMatch(/^(?!0+$|1+$)[0-9a-f]{32}$/);
    }
    await expect.poll(() => spans.some(({ traceId }) => traceId === plain.trace_id), SOON).toBe(true);
  });
});

describe('the operator', () => {
  it('reads metrics', SLOW, async () => {
    await finish('fails', {});
    const response = await fetch(`${server.url}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await response.text();
    expect(text).toMatch(/^# TYPE pypes_\w+ counter$/m);
    expect(text).toMatch(/^pypes_run\w*\{[^}]*"finished"[^}]*\} [1-9]/m);
    expect(text).toMatch(/^pypes_run\w*\{[^}]*"failed"[^}]*\} [1-9]/m);
    expect(text).not.toContain('private words');
  });

  it('gets a description of every door', SLOW, async () => {
    const { status, body } = await server.get('/openapi.json');
    expect(status).toBe(200);
    const paths = body.paths as JsonObject;
    expect(Object.keys(paths).toSorted()).toEqual([...new Set(RUNS_ROUTES.map(({ path }) => path))].toSorted());
  });
});

describe('evaluations', () => {
  it('score a suite by name, and a run that has ended, and leave that in its bundle', SLOW, async () => {
    const suite = await server.post('/v1/eval', { suite_ref: 'lengths' }, JSON_BODY);
    expect(suite.status).toBe(200);
    expect(suite.body).toMatchObject({
      scorecard: { summary: { total: 2, passed: 1, average_score: 0.5 } },
      gate_decision: { decision: 'fail' },
    });
    const run = await finish('tells', { file: told });
    const scored = await server.post('/v1/eval', { suite_ref: 'lengths', run_id: String(run.run_id) }, JSON_BODY);
    expect(scored.body).toMatchObject({ scorecard: { summary: { total: 1 } }, gate_decision: { decision: 'pass' } });
    for (const [name, value] of [
      ['scorecard', scored.body.scorecard],
      ['gate', scored.body.gate_decision],
    ]) {
      expect((await server.get(`/v1/runs/${run.run_id}/artifact/eval/${name}.json`)).body).toEqual(value);
    }
    // An evaluation makes runs like all others.
    const { runs } = (await server.get('/v1/runs?agent=tells&limit=500')).body;
    expect((runs as JsonObject[]).length).toBeGreaterThanOrEqual(3);
  });

  it('say what is wrong with what they are asked', SLOW, async () => {
    const asked = async (body: JsonObject) => {
      const told = await server.post('/v1/eval', body, JSON_BODY);
      return [told.status, (told.body.error as JsonObject).type];
    };
    const under = String(
      (await server.post('/v1/runs', { agent: 'twenty', input: { ms: 2_000 } }, JSON_BODY)).body.run_id,
    );
    expect(await asked({ suite_ref: 'nothing' })).toEqual([404, 'not_found']);
    expect((await asked({ suite_ref: '../../pypes' }))[0]).toBeGreaterThanOrEqual(400);
    expect(await asked({ suite_ref: 'lengths', run_id: 'nothing' })).toEqual([404, 'not_found']);
    expect(await asked({ suite_ref: 'lengths', run_id: under })).toEqual([409, 'conflict']);
    expect((await asked({}))[0]).toBe(422);
    expect((await asked({ suite: 'name: [', run_id: under }))[0]).toBe(400);
    await server.post(`/v1/runs/${under}/cancel`, '');
  });

  it('on the command line end with 4 where the gate fails, and take runs as cases', SLOW, async () => {
    const cwd = newFolder();
    const agents = agentFolder(COUNTING);
    const at = ['--root', join(cwd, 'data'), '--folder', agents];
    const suite = (length: number) =>
      `name: lengths\nagent: tells\ngate: { min_average_score: 1 }\ncases:\n  - { id: hello, input: { file: "${told}" }, expect: { text: hello, length: ${length} } }\n`;
    writeFileSync(join(cwd, 'good.yaml'), suite(5));
    writeFileSync(join(cwd, 'bad.yaml'), suite(6));
    const [good, bad, none] = await Promise.all([
      pypes(['eval', 'good.yaml', ...at, '--json'], { cwd }),
      pypes(['eval', 'bad.yaml', ...at], { cwd }),
      pypes(['eval', 'none.yaml', ...at], { cwd }),
    ]);
    expect([good.status, bad.status, none.status]).toEqual([0, 4, 2]);
    expect(json(good)).toMatchObject({ gate_decision: { decision: 'pass' } });
    const input = JSON.stringify({ file: told, text: 'four' });
    const ran = json(await pypes(['run', 'tells', '--input', input, '--json', ...at], { cwd }));
    const id = String(ran.run);
    const bundled = await pypes(['runs', 'artifact', id, 'run.json', '--root', join(cwd, 'data')], { cwd });
    const added = await pypes(['eval', 'add-case', 'good.yaml', '-'], { cwd, input: bundled.out });
    expect([added.status, added.err]).toEqual([0, '']);
    const again = await pypes(['eval', 'good.yaml', ...at, '--json'], { cwd });
    expect(json(again)).toMatchObject({ scorecard: { summary: { total: 2, passed: 2 } } });
  });
});

it('nothing that a collector does holds up a run', SLOW, async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  const config = join(newFolder(), 'pypes.toml');
  writeFileSync(config, `[telemetry]\notlp_endpoint = "http://127.0.0.1:${(silent.address() as AddressInfo).port}"\n`);
  const beside = await startServer(COUNTING, { args: ['--config', config] });
  const { body } = await beside.post('/v1/runs', { agent: 'keeps', input: {} }, JSON_BODY);
  await pollRun(beside.url, String(body.run_id), 500).done;
  expect((await beside.get(`/v1/runs/${body.run_id}`)).body.status).toBe('finished');
  // It ends in its time, although nobody takes what it has to tell.
  expect(await beside.stop('SIGTERM')).toBe(0);
  silent.closeAllConnections();
  silent.close();
});
