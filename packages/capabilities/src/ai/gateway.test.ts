// The gateway against a real server on this machine: shapes, fallbacks, budgets, records, and that no key ever shows.
import type { Json, JsonObject, SchemaCompiler } from '@pypes/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AiRecord, type AiSettings, createAiGateway, forAgents } from './index.ts';
import { breakOff, callTool, fail, hang, say, startOpenAiServer } from './testing/openai-server.ts';

const KEY = 'sk-planted-0123456789';
const CALLER = { packGuid: 'p1', agent: 'a', runId: 'r' };
const NEVER = new AbortController().signal;
const HELLO = { messages: [{ role: 'user', content: 'Hello' }] };

let server: Awaited<ReturnType<typeof startOpenAiServer>>;
const records: AiRecord[] = [];

beforeAll(async () => {
  let asked = 0;
  server = await startOpenAiServer({
    good: say('Hi there'),
    other: say('From the other'),
    tools: callTool('weather', '{"city":"Oslo"}'),
    busy: fail(429, `slow down, ${KEY}`),
    down: fail(500, 'oops'),
    wrong: fail(400, `bad request with ${KEY}`),
    locked: fail(401, 'who are you'),
    hangs: hang,
    breaks: breakOff,
    json: (response, arrived) => say(++asked % 2 === 1 ? '{"n": "one"}' : '{"n": 1}')(response, arrived),
    garbage: (response) => void response.end('{'),
  });
});
afterAll(() => server.stop());
beforeEach(() => void records.splice(0));

function gateway(
  settings: Partial<AiSettings> = {},
  options: { readonly now?: () => number; readonly records?: AiRecord[] } = {},
) {
  const names = ['good', 'other', 'tools', 'wrong', 'locked', 'json', 'garbage'];
  const tired = ['busy', 'down', 'hangs', 'breaks'];
  return createAiGateway({
    settings: {
      providers: [
        {
          name: 'local',
          kind: 'openai-compatible',
          base_url: server.url,
          key: 'AI_KEY',
          models: [
            ...names.map((id) => ({ id })),
            ...tired.map((id) => ({ id, fallbacks: ['local/other'] })),
            { id: 'good', alias: 'capped', max_output_tokens: 10 },
          ],
        },
      ],
      timeout_ms: 400,
      ...settings,
    },
    vault: { open: async () => KEY },
    onRecord: (record) => records.push(record),
    ...options,
  });
}

const textOf = (completion: JsonObject) =>
  ((completion.choices as readonly JsonObject[])[0]?.message as JsonObject | undefined)?.content;

async function collect(request: JsonObject, signal = NEVER): Promise<{ chunks: JsonObject[]; error?: unknown }> {
  const chunks: JsonObject[] = [];
  try {
    for await (const chunk of gateway().stream(request, CALLER, signal)) chunks.push(chunk);
    return { chunks };
  } catch (error) {
    return { chunks, error };
  }
}

const deltas = (chunks: readonly JsonObject[]) =>
  chunks.flatMap(({ choices }) => (choices as readonly JsonObject[]).map(({ delta }) => delta as JsonObject));

describe('a completion', () => {
  it('has the shape of OpenAI, and the key arrives where it belongs', async () => {
    const completion = await gateway().complete({ model: 'local/good', ...HELLO }, CALLER, NEVER);
    expect(completion).toMatchObject({
      object: 'chat.completion',
      model: 'local/good',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hi there' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 },
    });
    expect(server.requests.at(-1)?.authorization).toBe(`Bearer ${KEY}`);
    expect(JSON.stringify([completion, records])).not.toContain(KEY);
    expect(records).toMatchObject([
      {
        pack_guid: 'p1',
        agent: 'a',
        run_id: 'r',
        model: 'local/good',
        prompt_tokens: 7,
        completion_tokens: 5,
        finish_reason: 'stop',
        fallbacks: 0,
      },
    ]);
  });

  it('takes the default model where none is named, and an alias', async () => {
    await gateway({ default: 'local/other' }).complete(HELLO, CALLER, NEVER);
    expect(records.at(-1)?.model).toBe('local/other');
    await gateway().complete({ model: 'capped', max_tokens: 500, ...HELLO }, CALLER, NEVER);
    expect(server.requests.at(-1)?.body.max_tokens).toBe(10);
  });

  it('hands on settings, tools and what tools answered', async () => {
    const tools = [
      {
        type: 'function',
        function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
      },
    ];
    const asked = { model: 'local/tools', tools, temperature: 0.5, stop: ['x'], seed: 3, ...HELLO };
    const completion = await gateway().complete(asked, CALLER, NEVER);
    const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } };
    expect(completion.choices).toMatchObject([
      { message: { content: null, tool_calls: [call] }, finish_reason: 'tool_calls' },
    ]);
    expect(server.requests.at(-1)?.body).toMatchObject({ temperature: 0.5, stop: ['x'], seed: 3 });
    const messages = [
      ...HELLO.messages,
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
    ];
    await gateway().complete({ model: 'local/good', tools, messages }, CALLER, NEVER);
    expect(server.requests.at(-1)?.body.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ id: 'call_1' }] },
      { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
    ]);
  });

  it.each<[string, JsonObject]>([
    ['logit_bias', { logit_bias: {} }],
    ['"n" has to be 1', { n: 2 }],
    ['"messages"', { messages: [] }],
    ['role', { messages: [{ role: 'robot', content: 'x' }] }],
    ['"temperature"', { temperature: 9 }],
    ['"tools', { tools: [{}] }],
    ['"tool_choice"', { tool_choice: 'maybe' }],
    ['"response_format"', { response_format: { type: 'xml' } }],
    [
      'data: URL',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'http://169.254.169.254/' } }] }] },
    ],
  ])('refuses %s by name', async (name, request) => {
    const before = server.requests.length;
    const failure = gateway().complete({ model: 'local/good', ...HELLO, ...request }, CALLER, NEVER);
    await expect(failure).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining(name) });
    expect(server.requests).toHaveLength(before);
  });

  it('says which models there are', async () => {
    await expect(gateway().complete({ model: 'gpt-9', ...HELLO }, CALLER, NEVER)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await gateway().models())[0]).toEqual({ id: 'local/good', owned_by: 'local' });
  });
});

describe('fallbacks', () => {
  it.each(['busy', 'down', 'hangs'])('%s: the next model answers', async (model) => {
    const completion = await gateway().complete({ model: `local/${model}`, ...HELLO }, CALLER, NEVER);
    expect(textOf(completion)).toBe('From the other');
    expect(records).toMatchObject([{ model: 'local/other', requested_model: `local/${model}`, fallbacks: 1 }]);
  });

  it.each([
    ['wrong', 'invalid_input'],
    ['locked', 'unavailable'],
    ['garbage', 'unavailable'],
  ])('%s: no other model is asked', async (model, code) => {
    const error: Error = await gateway()
      .complete({ model: `local/${model}`, ...HELLO }, CALLER, NEVER)
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code });
    expect(JSON.stringify([error.message, records, (error as { details?: Json }).details])).not.toContain(KEY);
    expect(records).toMatchObject([{ error: code, fallbacks: 0 }]);
  });

  it('is not tried once the caller has gone', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const failure = gateway().complete({ model: 'local/hangs', ...HELLO }, CALLER, controller.signal);
    await expect(failure).rejects.toMatchObject({ code: 'canceled' });
    expect(server.requests.at(-1)?.body.model).toBe('hangs');
  });
});

describe('a stream', () => {
  it('comes in chunks, in order, with its usage where asked for', async () => {
    const { chunks } = await collect({ model: 'local/good', stream_options: { include_usage: true }, ...HELLO });
    expect(
      deltas(chunks)
        .map(({ content }) => content ?? '')
        .join(''),
    ).toBe('Hi there');
    expect(deltas(chunks)[0]).toEqual({ role: 'assistant', content: '' });
    expect(chunks.at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 12 } });
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(records).toMatchObject([{ model: 'local/good', completion_tokens: 5, first_token_ms: expect.any(Number) }]);
  });

  it('streams the arguments of a tool call', async () => {
    const { chunks } = await collect({ model: 'local/tools', ...HELLO });
    const calls = deltas(chunks).flatMap(({ tool_calls }) => (tool_calls ?? []) as readonly JsonObject[]);
    expect(calls[0]).toMatchObject({ index: 0, id: 'call_1', function: { name: 'weather' } });
    expect(calls.map((call) => (call.function as JsonObject).arguments).join('')).toBe('{"city":"Oslo"}');
  });

  it('falls back before the first chunk', async () => {
    const { chunks } = await collect({ model: 'local/busy', ...HELLO });
    expect(
      deltas(chunks)
        .map(({ content }) => content ?? '')
        .join(''),
    ).toBe('From the other');
  });

  it('does not after it', async () => {
    const { chunks, error } = await collect({ model: 'local/breaks', ...HELLO });
    expect(
      deltas(chunks)
        .map(({ content }) => content ?? '')
        .join(''),
    ).toBe('half');
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(records).toHaveLength(1);
  });

  it('is closed upstream when its reader goes away', async () => {
    const before = server.closed.length;
    for await (const _chunk of gateway().stream({ model: 'local/breaks', ...HELLO }, CALLER, NEVER)) break;
    await new Promise((done) => setTimeout(done, 100));
    expect(server.closed.length).toBeGreaterThan(before);
    expect(records).toHaveLength(1);
  });
});

describe('budgets', () => {
  it('bound requests and tokens of each pack, and a restart gives no new one', async () => {
    const time = Date.parse('2026-01-01T10:00:00Z');
    const budgets = { p1: { window: 'day', tokens: 24 }, '*': { window: 'hour', requests: 1 } } as const;
    const first = gateway({ budgets }, { now: () => time });
    for (let n = 0; n < 2; n++) await first.complete({ model: 'local/good', ...HELLO }, CALLER, NEVER);
    const over = first.complete({ model: 'local/good', ...HELLO }, CALLER, NEVER);
    await expect(over).rejects.toMatchObject({
      code: 'resource_exhausted',
      details: { limit: 'ai_tokens', maximum: 24 },
    });
    const restarted = gateway({ budgets }, { now: () => time + 1_000, records: [...records] });
    await expect(restarted.complete(HELLO, CALLER, NEVER)).rejects.toMatchObject({ code: 'resource_exhausted' });
    const tomorrow = gateway({ budgets }, { now: () => time + 86_400_000, records: [...records] });
    await tomorrow.complete({ model: 'local/good', ...HELLO }, CALLER, NEVER);
    const others = { ...CALLER, packGuid: 'p2' };
    await first.complete({ model: 'local/good', ...HELLO }, others, NEVER);
    await expect(first.complete(HELLO, others, NEVER)).rejects.toMatchObject({ details: { limit: 'ai_requests' } });
  });
});

describe('for agents', () => {
  const schemas: SchemaCompiler = {
    compile: () => (value) =>
      typeof (value as JsonObject).n === 'number' ? [] : [{ path: '/n', message: 'must be number' }],
  };

  it('gives the answer alone', async () => {
    const answer = await forAgents(gateway(), schemas).complete({ model: 'local/good', ...HELLO }, CALLER, NEVER);
    expect(answer).toMatchObject({ text: 'Hi there', tool_calls: [], model: 'local/good', finish_reason: 'stop' });
  });

  it('gives an object of the schema, mended once where it was not', async () => {
    const schema = { type: 'object', properties: { n: { type: 'number' } } };
    const answer = await forAgents(gateway(), schemas).complete(
      { model: 'local/json', schema, ...HELLO },
      CALLER,
      NEVER,
    );
    expect(answer.object).toEqual({ n: 1 });
    expect(records).toHaveLength(2);
    const never = forAgents(gateway(), schemas).complete({ model: 'local/good', schema, ...HELLO }, CALLER, NEVER);
    await expect(never).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('no JSON') });
  });
});
