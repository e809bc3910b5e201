// The MCP door past the adapter: what a client gets is what it gets through it, also bit by bit, also where it is wrong.
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { AgentContext, JsonObject, Runtime } from '@pypes/contract';
import { createHost } from '@pypes/host';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import { createMemoryMemoryStore, createMemoryPackStore } from '@pypes/stores/memory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createService } from '../../http/index.ts';
import { createMcpDoor } from '../../mcp/index.ts';
import { createHttpServer } from './server.ts';
import { exchange, listen, portOf, readAnswer, shut } from './testing/exchange.ts';

const VERSION = '2026-07-28';
const ECHO = `(def AGENT {:name "echo" :description "Gives back"
  :parameters {:type "object" :properties {:text {:type "string"}} :required ["text"]}})
(defn run [context text] {:text text})`;

const running: AgentContext[] = [];
const talker: Runtime = {
  name: 'talker',
  extensions: ['.talk'],
  capabilities: { sandboxed: true, interruptible: true, context: true },
  load: async () => [
    {
      metadata: { name: 'talk', description: '', parameters: { type: 'object' } },
      run: async (context, args) => {
        running.push(context);
        context.progress(0.5, 'half');
        if (args.wait === true) {
          await new Promise((_, reject) =>
            context.signal.addEventListener('abort', () => reject(context.signal.reason)),
          );
        }
        return 'done';
      },
      close: async () => undefined,
    },
  ],
  close: async () => undefined,
};

const host = createHost({
  runtimes: [createLispyRuntime(), talker],
  schemas: createAjvCompiler(),
  packs: createMemoryPackStore(),
  memory: createMemoryMemoryStore(),
});
const auth = { required: true, operatorToken: 'secret' };
const counted = { past: 0 };
const open = (more: object = {}) => {
  const door = createMcpDoor(host, { version: '1', ...more });
  const service = createService(host, {
    version: '1',
    hostName: 'test',
    hosts: ['127.0.0.1'],
    mcp: door.fetch,
    mcpAnswer: async (request) => {
      const answered = await door.answer(request);
      if (answered !== undefined) counted.past += 1;
      return answered;
    },
  });
  return {
    direct: createHttpServer(service, '127.0.0.1'),
    adapted: createAdaptorServer({ fetch: service.fetch, hostname: '127.0.0.1' }) as Server,
    close: () => door.close(),
  };
};
const plain = open();
const closed = open({ auth });
const servers = [plain.direct, plain.adapted, closed.direct, closed.adapted];

type Sent = { readonly headers?: JsonObject; readonly body: string; readonly path?: string };

function bytesOf({ headers = {}, body, path = '/mcp' }: Sent): string {
  const all: JsonObject = {
    host: '127.0.0.1',
    connection: 'close',
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'content-length': Buffer.byteLength(body),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

const META = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

function request(method: string, params: JsonObject = {}, meta: JsonObject = {}): Sent {
  const name = typeof params.name === 'string' ? { 'mcp-name': params.name } : {};
  return {
    headers: { 'mcp-protocol-version': VERSION, 'mcp-method': method, ...name },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: { ...META, ...meta } } }),
  };
}
const call = (name: string, args: JsonObject, meta: JsonObject = {}) =>
  request('tools/call', { name, arguments: args }, meta);

beforeAll(async () => {
  await host.deploy({
    schema: 'pack/1.0',
    name: 'test',
    agents: [
      { filename: 'echo.lispy', source: ECHO },
      { filename: 'talk.talk', source: 'talk' },
    ],
  });
  await listen(servers);
  // Tools are known from the first look on.
  for (const server of [plain.direct, plain.adapted]) await exchange(server, bytesOf(request('tools/list')));
});
afterAll(async () => {
  shut(servers);
  await plain.close();
  await closed.close();
  await host.close(0);
});

describe('what a client gets', () => {
  it.each<[string, boolean, Sent]>([
    ['a result', true, call('echo', { text: 'Zoë 你好' })],
    ['a list', true, request('tools/list')],
    ['a list of all', true, { ...request('tools/list'), path: '/mcp?tools=all' }],
    ['a refusal of arguments', true, call('echo', { text: 1 })],
    ['progress before the result', true, call('talk', {}, { progressToken: 7 })],
    ['a tool that is not there', false, call('nobody', {})],
    ['a method that is not there', false, request('tools/nothing')],
    ['what the SDK answers', false, request('server/discover')],
    ['a body that is no JSON', false, { body: '{"jsonrpc":' }],
    ['no body', false, { body: '' }],
    ['a type that is none', false, { headers: { 'content-type': 'text/plain' }, body: '{}' }],
    ['a header that is not what the body says', false, { ...call('echo', { text: 'a' }), headers: {} }],
    ['a session that is not there', false, { headers: { 'mcp-session-id': 'x' }, body: call('echo', {}).body }],
    ['a host that is not ours', false, { ...call('echo', { text: 'a' }), headers: { host: 'example.com' } }],
  ])('is the same: %s', async (_what, isPast, sent) => {
    const theirs = readAnswer(await exchange(plain.adapted, bytesOf(sent)));
    const before = counted.past;
    const ours = readAnswer(await exchange(plain.direct, bytesOf(sent)));
    expect(counted.past - before).toBe(isPast ? 1 : 0);
    expect(ours).toEqual(theirs);
  });

  it.each([
    ['no token', {}],
    ['a token that opens nothing', { authorization: 'Bearer wrong' }],
  ])('is the same refusal for %s', async (_what, more) => {
    const { headers, body } = call('echo', { text: 'a' });
    const sent = bytesOf({ headers: { ...headers, ...more }, body });
    const [ours, theirs] = await Promise.all([exchange(closed.direct, sent), exchange(closed.adapted, sent)]);
    expect(readAnswer(ours)).toEqual(readAnswer(theirs));
    expect(ours).toContain(' 401 ');
    expect(ours).not.toContain('"text"');
  });

  it('is a session of the older protocol too', async () => {
    const first = await exchange(
      plain.direct,
      bytesOf({
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 0,
          method: 'initialize',
          params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
        }),
      }),
    );
    const session = /mcp-session-id: (\S+)/i.exec(first)?.[1] as string;
    const headers = { 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' };
    const params = { name: 'echo', arguments: { text: 'hi' } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    const before = counted.past;
    const answer = readAnswer(await exchange(plain.direct, bytesOf({ headers, body })));
    expect(counted.past - before).toBe(1);
    expect(answer.headers).toContain(`mcp-session-id: ${session.toLowerCase()}`);
    expect(JSON.parse(answer.body)).toMatchObject({ id: 1, result: { content: [{ text: '{"text":"hi"}' }] } });
  });
});

it.each([
  ['hears of its progress', { progressToken: 7 }],
  ['hears of nothing', {}],
])('an agent stops when the client goes that %s', async (_what, meta) => {
  running.length = 0;
  const socket = connect(portOf(plain.direct), '127.0.0.1', () =>
    socket.write(bytesOf(call('talk', { wait: true }, meta))),
  );
  socket.on('error', () => undefined);
  await expect.poll(() => running.length).toBe(1);
  await new Promise((done) => setTimeout(done, 50));
  expect(running[0]?.stopped).toBe(false);
  socket.destroy();
  await expect.poll(() => running[0]?.stopped).toBe(true);
});
