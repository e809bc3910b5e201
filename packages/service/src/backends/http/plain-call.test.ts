// Plain calls go past node:http and the adapter: nobody can tell by the answer.
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { AgentContext, Json, JsonObject, Runtime } from '@pypes/contract';
import { createHost } from '@pypes/host';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import { createMemoryMemoryStore, createMemoryPackStore } from '@pypes/stores/memory';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createService, type LogEntry } from '../../http/index.ts';
import { createListener } from './listener.ts';
import { createHttpServer } from './server.ts';
import { exchange, listen, portOf, readAnswer, shut } from './testing/exchange.ts';

const PATH = '/api/pack/3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e/agent';
const OTHER = '/api/pack/3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8f/agent';
const ECHO = `(def AGENT {:name "echo" :description "Gives back"
  :parameters {:type "object" :properties {:text {:type "string"}} :required ["text"]}})
(defn run [context text] {:text text})`;

const running: AgentContext[] = [];
/** Its agents never end, unless they are told to. */
const patient: Runtime = {
  name: 'patient',
  extensions: ['.wait'],
  capabilities: { sandboxed: true, interruptible: true, context: true },
  load: async () => [
    {
      metadata: { name: 'wait', description: '', parameters: { type: 'object' } },
      run: (context) =>
        new Promise((_, reject) => {
          running.push(context);
          context.signal.addEventListener('abort', () => reject(context.signal.reason));
        }),
      close: async () => undefined,
    },
  ],
  close: async () => undefined,
};

const logged: LogEntry[] = [];
const host = createHost({
  runtimes: [createLispyRuntime(), patient],
  schemas: createAjvCompiler(),
  packs: createMemoryPackStore(),
  memory: createMemoryMemoryStore(),
});
const answered = { plainly: 0 };
const service = createService(host, {
  version: '1',
  hostName: 'test',
  hosts: ['127.0.0.1', 'localhost'],
  log: (entry) => logged.push(entry),
});
const direct = createHttpServer(
  {
    fetch: service.fetch,
    answer(request) {
      answered.plainly += 1;
      return service.answer(request);
    },
  },
  '127.0.0.1',
);
const listener = createListener(service.fetch, '127.0.0.1');
const adapted = createServer((incoming, outgoing) => void listener(incoming, outgoing));
beforeAll(async () => {
  for (const [guid, token] of [
    [PATH.split('/')[3], undefined],
    [OTHER.split('/')[3], 'a'.repeat(64)],
  ]) {
    await host.deploy(
      {
        schema: 'pack/1.0',
        name: 'test',
        pack_guid: guid as string,
        agents: [
          { filename: 'echo.lispy', source: ECHO },
          { filename: 'wait.wait', source: 'wait' },
        ],
      },
      token === undefined ? {} : { tokenSha256: token },
    );
  }
  await listen([direct, adapted]);
});
afterAll(async () => {
  shut([direct, adapted]);
  await host.close(0);
});

type Sent = {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly headers?: readonly string[];
  readonly body?: Uint8Array | string;
};

function bytesOf({ method = 'POST', path = PATH, host: name = '127.0.0.1', headers, body = '' }: Sent): Buffer {
  const bytes = Buffer.from(body);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: ${name}`,
    'connection: close',
    ...(headers ?? [`content-length: ${bytes.length}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
}

const call = (name: Json, args: Json = { text: 'hi' }, more: JsonObject = {}) =>
  JSON.stringify({ name, args, ...more });

describe('a request whose address is none', () => {
  it.each(['127.0.0.1:99999', '127.0.0.1:', 'a b'])('is told so: Host %s', async (name) => {
    const { first, body } = readAnswer(await exchange(direct, bytesOf({ host: name, body: call('echo') })));
    expect([first, JSON.parse(body)]).toEqual([
      'HTTP/1.1 400 Bad Request',
      expect.objectContaining({ status: 'error', code: 'invalid_request' }),
    ]);
  });
});

describe('the answer', () => {
  const same = async (sent: Sent) => {
    const bytes = bytesOf(sent);
    const [ours, theirs] = await Promise.all([exchange(direct, bytes), exchange(adapted, bytes)]);
    expect(readAnswer(ours)).toEqual(readAnswer(theirs));
    return readAnswer(ours);
  };

  it.each<[number, string, Sent]>([
    [200, 'a call', { body: call('echo') }],
    [200, 'with a text of two bytes a character', { body: call('echo', { text: 'Zoë 你好 🎈' }) }],
    [200, 'the older spelling', { path: PATH.replace('pack', 'swarm'), body: call('echo') }],
    [200, 'a byte order mark', { body: `\uFEFF${call('echo')}` }],
    [
      200,
      'bytes that are no text',
      { body: Buffer.from(call('echo', { text: 'x' }).replace('"x"', '"\xff"'), 'latin1') },
    ],
    [400, 'no JSON', { body: '{"name":' }],
    [400, 'no object', { body: '[]' }],
    [400, 'no body', { body: '' }],
    [400, 'no name', { body: '{}' }],
    [400, 'arguments that are none', { body: call('echo', 'x') }],
    [400, 'arguments that do not match', { body: call('echo', { text: 1 }) }],
    [404, 'an agent that is not there', { body: call('nobody') }],
    [404, 'a pack that is not there', { path: '/api/pack/nothing/agent', body: call('echo') }],
    [401, 'a pack that asks for a token', { path: OTHER, body: call('echo') }],
    [
      403,
      'a token that is not its',
      { path: OTHER, headers: ['authorization: Bearer x', 'content-length: 2'], body: '{}' },
    ],
    [403, 'a host that is not ours', { host: 'example.com', body: call('echo') }],
    [403, 'two hosts, of which the first is ours', { headers: ['host: example.com', 'content-length: 2'], body: '{}' }],
  ])('%i for %s is that of the adapter', async (status, _what, sent) => {
    expect((await same(sent)).first).toContain(` ${status} `);
  });

  it('is that of the adapter for any bytes, headers and addresses', async () => {
    const token = fc.stringMatching(/^[a-z-]{1,8}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          path: fc.constantFrom(PATH, PATH.toUpperCase(), `${PATH}/`, '/api/pack/%41/agent', '/api/swarm/x/agent'),
          host: fc.constantFrom('127.0.0.1', 'LOCALHOST:7080', '127.0.0.1:', 'x', '127.0.0.1:99999'),
          names: fc.uniqueArray(
            token.filter((name) => !['te', 'upgrade', 'expect', 'trailer'].includes(name)),
            {
              maxLength: 3,
            },
          ),
          value: fc.stringMatching(/^[!-~]{0,12}$/),
          body: fc.oneof(
            fc.uint8Array({ maxLength: 40 }),
            fc.jsonValue().map((value) => Buffer.from(call('echo', value as Json))),
          ),
        }),
        async ({ path, host: name, names, value, body }) => {
          const headers = [...names.map((header) => `x-${header}: ${value}`), `content-length: ${body.length}`];
          await same({ path, host: name, headers, body });
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it('does not come through the adapter for a plain call, and does for others', async () => {
    const before = answered.plainly;
    await exchange(direct, bytesOf({ body: call('echo') }));
    expect(answered.plainly).toBe(before + 1);
    await exchange(direct, bytesOf({ method: 'GET', path: '/api/pack/healthz' }));
    expect(answered.plainly).toBe(before + 1);
  });
});

it('leaves the connection usable, also where a request was refused before it was read', async () => {
  const kept = (host: string) =>
    bytesOf({ host, body: call('echo') })
      .toString()
      .replace('connection: close\r\n', '');
  const text = await exchange(direct, `${kept('127.0.0.1')}${kept('example.com')}${bytesOf({ body: call('echo') })}`);
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403', 'HTTP/1.1 200']);
});

describe('a client that goes', () => {
  const open = (bytes: Uint8Array | string): Promise<Socket> =>
    new Promise((opened) => {
      const socket = connect(portOf(direct), '127.0.0.1', () => socket.write(bytes, () => opened(socket)));
      socket.on('error', () => undefined);
    });

  it('in the middle of its request is no fault of the service, and nobody else notices', async () => {
    logged.length = 0;
    const whole = bytesOf({ body: call('echo', { text: 'x'.repeat(1_000) }) });
    const socket = await open(whole.subarray(0, whole.length - 10));
    const before = answered.plainly;
    socket.destroy();
    expect(await exchange(direct, whole)).toContain('x'.repeat(1_000));
    expect(answered.plainly).toBe(before + 1);
    expect(logged).toEqual([]);
  });

  it('while its agent runs stops it', async () => {
    const socket = await open(bytesOf({ body: call('wait', {}) }));
    await expect.poll(() => running.length).toBe(1);
    const [context] = running;
    await new Promise((done) => setTimeout(done, 60));
    expect(context?.stopped).toBe(false);
    socket.destroy();
    await expect.poll(() => context?.stopped).toBe(true);
  });

  it('at once stops it all the same', async () => {
    running.length = 0;
    const socket = await open(bytesOf({ body: call('wait', {}) }));
    await expect.poll(() => running.length, { interval: 1 }).toBe(1);
    socket.destroy();
    await expect.poll(() => running[0]?.stopped).toBe(true);
  });
});
