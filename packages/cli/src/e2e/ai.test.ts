// The AI gateway through the real door: OpenAI's wire, streams, agents that ask, keys that never show.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callTool, fail, say, startOpenAiServer } from '../../../capabilities/src/ai/testing/openai-server.ts';
import { PYPES } from './command.ts';
import { newFolder, type Server, startServer, stopServers } from './server.ts';

const KEY = 'sk-e2e-planted-987654321';
const ASK = `export const AGENT = { name: 'ask' };
export const run = async (context, { prompt }) => (await context.ai.complete(prompt)).text;`;

let upstream: Awaited<ReturnType<typeof startOpenAiServer>>;
let server: Server;
const root = join(newFolder(), 'data');

const pypes = (args: readonly string[], input = '') =>
  spawnSync(process.execPath, [PYPES, ...args, '--root', root], { encoding: 'utf8', input });

beforeAll(async () => {
  upstream = await startOpenAiServer({
    small: say('Hello from small'),
    tools: callTool('look', '{}'),
    broke: fail(500, `no ${KEY}`),
  });
  mkdirSync(root, { recursive: true });
  const models = [{ id: 'small', alias: 'quick' }, { id: 'tools' }, { id: 'broke' }];
  const provider = { name: 'local', kind: 'openai-compatible', base_url: upstream.url, key: 'AI_KEY', models };
  const budgets = { '00000000-0000-4000-8000-000000000077': { window: 'day', requests: 1 } };
  writeFileSync(join(root, 'ai.json'), JSON.stringify({ providers: [provider], budgets }));
  expect(pypes(['vault', 'init']).status).toBe(0);
  expect(pypes(['vault', 'set', 'AI_KEY'], KEY).status).toBe(0);
  server = await startServer({ 'ask.mjs': ASK }, { root });
});

afterAll(async () => {
  await stopServers();
  await upstream.stop();
});

const post = (body: object) =>
  fetch(`${server.url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body) });
const messages = [{ role: 'user', content: 'Hello' }];

describe('the door', () => {
  it('lists its models', async () => {
    const answer = await server.get('/v1/models');
    expect(answer.body).toMatchObject({
      object: 'list',
      data: [{ id: 'local/small', object: 'model', owned_by: 'local' }, {}, {}],
    });
    expect((await server.get('/v1/models/local%2Fsmall')).body).toMatchObject({ id: 'local/small' });
  });

  it('completes', async () => {
    const answer = await post({ model: 'quick', messages });
    expect(await answer.json()).toMatchObject({
      object: 'chat.completion',
      model: 'local/small',
      choices: [{ message: { content: 'Hello from small' }, finish_reason: 'stop' }],
    });
    expect(upstream.requests.at(-1)?.authorization).toBe(`Bearer ${KEY}`);
  });

  it('streams as server-sent events to [DONE]', async () => {
    const answer = await post({ model: 'quick', messages, stream: true });
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = (await answer.text()).trim().split('\n\n');
    expect(events.at(-1)).toBe('data: [DONE]');
    const text = events
      .slice(0, -1)
      .map((event) => JSON.parse(event.slice(6)).choices[0]?.delta.content ?? '')
      .join('');
    expect(text).toBe('Hello from small');
  });

  it.each([
    [{ model: 'nope', messages }, 404, 'invalid_request_error'],
    [{ model: 'quick' }, 400, 'invalid_request_error'],
    [{ model: 'quick', messages, logprobs: true }, 400, 'invalid_request_error'],
    [{ model: 'local/broke', messages }, 503, 'server_error'],
    [{ model: 'local/broke', messages, stream: true }, 503, 'server_error'],
  ])('%j is refused in OpenAI’s way', async (body, status, type) => {
    const answer = await post(body);
    const text = await answer.text();
    expect([answer.status, JSON.parse(text)]).toMatchObject([status, { error: { type, message: expect.any(String) } }]);
    expect(text).not.toContain(KEY);
  });

  it('is closed to web pages of others', async () => {
    const answer = await fetch(`${server.url}/v1/models`, { headers: { origin: 'https://evil.example' } });
    expect(answer.status).toBe(403);
  });
});

describe('an agent', () => {
  it('asks a model, trusted and sandboxed, and is recorded', async () => {
    expect((await server.call('agents', 'ask', { prompt: 'Hi' })).body).toMatchObject({ output: 'Hello from small' });
    const pack_guid = '00000000-0000-4000-8000-000000000077';
    await server.deploy({ 'ask.mjs': ASK }, { pack_guid, permissions: { ai: true } });
    expect((await server.call(pack_guid, 'ask', { prompt: 'Hi' })).body.message).toMatch(
      /not granted context\.ai\.complete/,
    );
    expect(pypes(['grant', pack_guid, 'ai=true']).status).toBe(0);
    expect((await server.call(pack_guid, 'ask', { prompt: 'Hi' })).body).toMatchObject({ output: 'Hello from small' });
    expect((await server.call(pack_guid, 'ask', { prompt: 'Hi' })).body.message).toMatch(
      /has used its 1 requests of this day/,
    );
    await new Promise((done) => setTimeout(done, 300));
    const records = readFileSync(join(root, 'ai', 'requests.jsonl'), 'utf8');
    expect(records).toContain('"agent":"ask"');
    expect(records + JSON.stringify(server.logs)).not.toContain(KEY);
  });
});

it('without a configuration the door says how to have one', async () => {
  const bare = await startServer();
  const answer = await bare.get('/v1/models');
  expect([answer.status, answer.body]).toMatchObject([501, { error: { message: expect.stringContaining('ai.json') } }]);
  await bare.stop();
});

it('a wrong configuration stops the start and names the field', () => {
  const folder = newFolder();
  writeFileSync(
    join(folder, 'ai.json'),
    '{"providers": [{"name": "x", "kind": "openai-compatible", "models": [{"id": "m"}]}]}',
  );
  const { status, stderr } = spawnSync(process.execPath, [PYPES, 'serve', folder, '--port', '0', '--root', folder], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(/ai\.json: providers\[0\]\.base_url is needed/);
});
