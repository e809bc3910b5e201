// The `/v1` doors over the real library and a real agent: the answers of a whole run, and nothing that is not documented.

import { createRunsClient, type RunsClient } from '@pypes/contract/runs';
import { createJavascriptSandbox } from '@pypes/runtimes/javascript';
import { afterAll, describe, expect, test } from 'vitest';
import { startReal } from './testing/real.ts';
import { type Broken, createRandom, createUnreliable } from './testing/unreliable.ts';
import { unzip } from './testing/unzip.ts';

const agent = (name: string, body: string) => ({
  filename: `${name}.js`,
  source: `export const AGENT = { name: '${name}', description: '', parameters: { type: 'object' } };\nexport async function run(context, args) { ${body} }`,
});
const AGENTS = [
  agent('echo', 'return args'),
  agent('logs', 'for (let n = 0; n < args.n; n++) context.log("line " + n); return args.n'),
  agent('waits', 'await new Promise((resolve) => setTimeout(resolve, 60000)); return 1'),
  agent('throws', 'throw new Error("boom")'),
];

const typesOf = async (client: RunsClient, runId: string) => {
  const types: string[] = [];
  for await (const { event } of client.follow(runId)) types.push(event.event_type);
  return types;
};

describe('the real library', async () => {
  const { send, client, fetch, server, close } = await startReal([createJavascriptSandbox()], AGENTS);
  afterAll(close);

  test('runs an agent to its end, and shows the same events by every way', async () => {
    const { run_id } = await client.create({ agent: 'logs', input: { n: 700 } });
    const types = await typesOf(client, run_id);
    expect([types[0], types.at(-1), types.filter((type) => type === 'log').length]).toEqual([
      'run.started',
      'run.finished',
      700,
    ]);
    expect(await client.get(run_id)).toMatchObject({ status: 'finished', result: 700, artifact: { complete: true } });
    const streamed = await (await fetch(new Request(`http://127.0.0.1/v1/runs/${run_id}/events/stream`))).text();
    const lines = [...streamed.matchAll(/^data: (.*)$/gm)].map(([, line]) => line);
    const polled: string[] = [];
    for (let query = ''; ; ) {
      const answer = await send('GET', `/v1/runs/${run_id}/events?limit=300${query}`);
      polled.push(answer.text.slice('{"events":['.length, answer.text.indexOf('],"next_cursor":')));
      if (answer.json.complete) break;
      query = `&cursor=${answer.json.next_cursor}`;
    }
    expect(polled.join(',')).toBe(lines.join(','));
    expect((await send('GET', `/v1/runs/${run_id}`)).status).toBe(200);
  });

  test('loses no event and repeats none where connections break', async () => {
    const { run_id } = await client.create({ agent: 'logs', input: { n: 900 } });
    const broken: Broken = { streams: 0, polls: 0 };
    const random = createRandom(3);
    const readers = Array.from({ length: 4 }, async () => {
      const network = createUnreliable(random, broken, () => false);
      const unlucky = createRunsClient({ baseUrl: server.url, fetch: network, pause: async () => undefined });
      const seqs: number[] = [];
      for await (const { event } of unlucky.follow(run_id)) seqs.push(event.seq);
      return seqs;
    });
    const wanted = Array.from({ length: 902 }, (_, index) => index + 1);
    for (const seqs of await Promise.all(readers)) expect(seqs).toEqual(wanted);
    expect(broken.streams).toBeGreaterThan(20);
  });

  test('gives the bundle whole, listed, in files and in parts of them', async () => {
    const { run_id } = await client.create({ agent: 'echo', input: { text: 'hi' } });
    await typesOf(client, run_id);
    const { files } = (await send('GET', `/v1/runs/${run_id}/artifact?list=1`)).json;
    const zip = unzip(Buffer.from(await new Response(await client.artifact.zip(run_id)).arrayBuffer()));
    expect(Object.keys(zip).sort()).toEqual(files.map(({ path }) => path).sort());
    for (const { path, digest, bytes } of files) {
      const file = await client.artifact.file(run_id, path);
      expect([path, file.digest, file.bytes.length, file.bytes]).toEqual([
        path,
        digest,
        bytes,
        new Uint8Array(zip[path] ?? []),
      ]);
      const part = await client.artifact.file(run_id, path, { range: { start: 1, end: 3 } });
      expect(part.bytes).toEqual(file.bytes.slice(1, 3));
      expect(
        (await send('GET', `/v1/runs/${run_id}/artifact/${path}`, { headers: { range: 'bytes=0-0' } })).status,
      ).toBe(206);
    }
    expect((await send('GET', `/v1/runs/${run_id}/artifact/files/none`)).status).toBe(404);
  });

  test('fails, is canceled, is repeated', async () => {
    const failing = await client.create({ agent: 'throws', input: {} });
    expect((await typesOf(client, failing.run_id)).at(-1)).toBe('run.failed');
    expect((await send('GET', `/v1/runs/${failing.run_id}`)).json.error).toMatchObject({
      type: 'handler_failed',
      retryable: false,
    });
    const waiting = await client.create({ agent: 'waits', input: {} });
    expect((await send('POST', `/v1/runs/${waiting.run_id}/replay`, { body: {} })).status).toBe(409);
    expect((await send('POST', `/v1/runs/${waiting.run_id}/cancel`)).status).toBe(202);
    expect((await typesOf(client, waiting.run_id)).at(-1)).toBe('run.canceled');
    const again = await send('POST', `/v1/runs/${failing.run_id}/replay`, { body: { recorded_calls: true } });
    expect((await client.get(again.json.run_id)).replay_of).toBe(failing.run_id);
  });

  test.each([
    ['no such agent', { agent: 'nobody', input: {} }, 404, 'unknown_agent'],
    ['no such pack', { agent: 'echo', pack: 'nobody', input: {} }, 404, 'not_found'],
    ['no blueprints here', { blueprint: 'b', input: {} }, 501, 'unsupported'],
    ['no agreements here', { agreement: 'a', input: {} }, 501, 'unsupported'],
    ['too much metadata', { agent: 'echo', input: {}, metadata: { pad: 'x'.repeat(70_000) } }, 413, 'too_large'],
  ])('refuses %s', async (_, body, status, type) => {
    const answer = await send('POST', '/v1/runs', { body });
    expect([answer.status, answer.json.error.type]).toEqual([status, type]);
  });

  test.each(['limit=0', 'limit=501', 'limit=-1', 'cursor=x', 'cursor=1.other', 'wait=61'])(
    'refuses ?%s',
    async (query) => {
      const { run_id } = await client.create({ agent: 'echo', input: {} });
      expect((await send('GET', `/v1/runs/${run_id}/events?${query}`)).status).toBe(400);
    },
  );

  test('is one run for one key, and lists by pages', async () => {
    const sent = { body: { agent: 'echo', input: {} }, headers: { 'idempotency-key': 'once', 'x-tenant-id': 'pages' } };
    const ids = await Promise.all([1, 2, 3].map(async () => (await send('POST', '/v1/runs', sent)).json.run_id));
    expect(new Set(ids).size).toBe(1);
    expect((await send('POST', '/v1/runs', { ...sent, body: { agent: 'echo', input: { n: 1 } } })).status).toBe(409);
    for (let n = 0; n < 3; n++) await send('POST', '/v1/runs', { ...sent, headers: { 'x-tenant-id': 'pages' } });
    const tenant = { headers: { 'x-tenant-id': 'pages' } };
    const first = (await send('GET', '/v1/runs?limit=2', tenant)).json;
    const second = (await send('GET', `/v1/runs?limit=2&cursor=${first.next_cursor}`, tenant)).json;
    expect([first.runs.length, second.runs.length, second.next_cursor]).toEqual([2, 2, undefined]);
    expect(second.runs.at(-1)?.run_id).toBe(ids[0]);
  });

  test("says of another tenant's run what it says of one that never was", async () => {
    const { run_id } = await client.create({ agent: 'echo', input: {} });
    const other = { headers: { 'x-tenant-id': 'other' } };
    const never = `${run_id.slice(0, -1)}${run_id.endsWith('0') ? '1' : '0'}`;
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/events'],
      ['GET', '/events/stream'],
      ['POST', '/cancel'],
      ['POST', '/replay'],
      ['GET', '/artifact'],
      ['GET', '/artifact?list=1'],
      ['GET', '/artifact/run.json'],
    ] as const) {
      const hidden = await send(method, `/v1/runs/${run_id}${path}`, other);
      const absent = await send(method, `/v1/runs/${never}${path}`, other);
      expect([path, hidden.status, hidden.text]).toEqual([path, 404, absent.text.replace(never, run_id)]);
    }
  });
});
