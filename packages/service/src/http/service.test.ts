// The wire contract, row by row, on a real host with real agents, without a socket.
import { createHash } from 'node:crypto';
import {
  type BundleAgent,
  type Json,
  type JsonObject,
  type Limits,
  type PackBundle,
  toBundleText,
} from '@pypes/contract';
import { createHost, type Host } from '@pypes/host';
import { createJavascriptSandbox } from '@pypes/runtimes/javascript';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import { createMemoryMemoryStore, createMemoryPackStore } from '@pypes/stores/memory';
import { afterAll, describe, expect, it } from 'vitest';
import { createService, type LogEntry, type ServiceOptions } from './index.ts';

const hosts: Host[] = [];
afterAll(() => Promise.all(hosts.map((host) => host.close(0))));

const ECHO = `export const AGENT = { name: 'echo', description: 'Gives back', parameters: { type: 'object' } };
export const run = (context, args) => ({ args, user: context.user_guid ?? null });`;
const agent = (name: string, body: string, extra = '') =>
  `export const AGENT = { name: '${name}', description: ''${extra} };\nexport async function run(context, args) { ${body} }`;

function setup(options: Partial<ServiceOptions> = {}, limits: Partial<Limits> = {}) {
  const host = createHost({
    runtimes: [createJavascriptSandbox()],
    schemas: createAjvCompiler(),
    packs: createMemoryPackStore(),
    memory: createMemoryMemoryStore(),
    limits,
  });
  hosts.push(host);
  const service = createService(host, { version: '1.2.3', hostName: 'test', ...options });
  async function send(method: string, path: string, body?: Json | string, headers: Record<string, string> = {}) {
    const response = await service.fetch(
      new Request(`http://127.0.0.1:7080${path}`, {
        method,
        headers: { host: '127.0.0.1:7080', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? {} : JSON.parse(text)) as JsonObject,
    };
  }
  const deploy = async (files: { [filename: string]: string }, rest: JsonObject = {}, headers = {}) => {
    const agents = Object.entries(files).map(([filename, source]) => ({ filename, source }));
    return send('POST', '/api/pack/deploy', { schema: 'pack/1.0', agents, ...rest }, headers);
  };
  const call = async (
    guid: Json | undefined,
    name: string,
    args: JsonObject = {},
    rest: JsonObject = {},
    headers = {},
  ) => send('POST', `/api/pack/${String(guid)}/agent`, { name, args, ...rest }, headers);
  return { host, send, deploy, call };
}

describe('deploy', () => {
  it('and removal are logged with the pack that they are of', async () => {
    const entries: LogEntry[] = [];
    const { deploy, send } = setup({ log: (entry) => entries.push(entry) });
    const { body } = await deploy({ 'echo.js': ECHO });
    await send('DELETE', `/api/pack/${String(body.pack_guid)}`);
    expect(entries.filter(({ event }) => event.startsWith('pack.'))).toMatchObject([
      { event: 'pack.deploy', pack: body.pack_guid },
      { event: 'pack.remove', pack: body.pack_guid },
    ]);
  });

  it('answers what spec 2 says, and what it deployed can be called', async () => {
    const { deploy, call } = setup();
    const { status, body } = await deploy({ 'echo.js': ECHO, 'note.txt': 'x' }, { name: 'mine', purpose: 'p' });
    expect([status, body]).toEqual([
      200,
      {
        status: 'ok',
        pack_guid: expect.any(String),
        name: 'mine',
        pack_url: `http://127.0.0.1:7080/api/pack/${String(body.pack_guid)}/agent`,
        info_url: `http://127.0.0.1:7080/api/pack/${String(body.pack_guid)}/healthz`,
        agent_count: 1,
        skipped: [{ filename: 'note.txt', reason: expect.any(String) }],
      },
    ]);
    const answer = await call(String(body.pack_guid).toUpperCase(), 'echo', { a: 1 });
    expect([answer.status, answer.body]).toEqual([200, { status: 'ok', output: { args: { a: 1 }, user: null } }]);
  });

  it('updates in place, and what the new bundle lacks is gone', async () => {
    const { deploy, call } = setup();
    const { body } = await deploy({ 'a.js': agent('a', 'return 1'), 'b.js': agent('b', 'return 1') });
    const again = await deploy({ 'a.js': agent('a', 'return 2') }, { pack_guid: body.pack_guid as string });
    expect(again.body.pack_guid).toBe(body.pack_guid);
    expect((await call(body.pack_guid, 'a')).body.output).toBe(2);
    expect((await call(body.pack_guid, 'b')).status).toBe(404);
  });

  it.each<[string, Json | string, number, string]>([
    ['no JSON', '{"schema":', 400, 'invalid_json'],
    ['no object', '[]', 400, 'invalid_request'],
    ['an empty body', '', 400, 'unsupported_schema'],
    ['another schema', { schema: 'pack/9', agents: [] }, 400, 'unsupported_schema'],
    ['no agents', { schema: 'pack/1.0' }, 400, 'invalid_request'],
    [
      'a wrong digest',
      { schema: 'pack/1.0', agents: [{ filename: 'a.js', source: 'x', sha256: '00' }] },
      400,
      'digest_mismatch',
    ],
    [
      'too large a file',
      { schema: 'pack/1.0', agents: [{ filename: 'a.js', source: 'x'.repeat(2001) }] },
      413,
      'too_large',
    ],
  ])('refuses %s', async (_name, body, status, code) => {
    const { send, host } = setup({}, { fileBytes: 2000 });
    const answer = await send('POST', '/api/pack/deploy', body);
    expect([answer.status, answer.body.status, answer.body.code]).toEqual([status, 'error', code]);
    expect(await host.list()).toEqual([]);
  });

  it('refuses a body over the limit, with and without a length', async () => {
    const { send } = setup({}, { bundleBytes: 1000 });
    const large = JSON.stringify({ schema: 'pack/1.0', agents: [], pad: 'x'.repeat(1000) });
    expect((await send('POST', '/api/pack/deploy', large)).status).toBe(413);
    expect((await send('POST', '/api/pack/deploy', large, { 'content-length': String(large.length) })).status).toBe(
      413,
    );
  });

  it('keeps a sealed pack as it is', async () => {
    const { deploy, send, call } = setup();
    const { body } = await deploy({ 'echo.js': ECHO }, { sealed: true });
    const guid = body.pack_guid as string;
    expect((await deploy({}, { pack_guid: guid })).status).toBe(423);
    expect((await send('DELETE', `/api/pack/${guid}`)).status).toBe(423);
    expect((await call(guid, 'echo')).status).toBe(200);
    expect((await send('GET', `/api/pack/${guid}/healthz`)).body.sealed).toBe(true);
  });
});

describe('call', () => {
  const files = {
    'echo.js': ECHO,
    'strict.js': agent(
      'strict',
      'return 1',
      ", parameters: { type: 'object', required: ['a', 'b'], properties: { c: { type: 'number' } } }",
    ),
    'throws.js': agent('throws', 'throw new Error("boom")'),
    'loop.js': agent('loop', 'for (;;);'),
    'function.js': agent('function', 'return () => 1'),
    'big.js': agent('big', 'return "x".repeat(args.n)'),
    'liar.js': agent('liar', 'return "text"', ", returns: { type: 'number' }"),
    'broken.js': 'export const AGENT = {',
  };

  it('answers every failure of spec 2 with its status and envelope', async () => {
    const { deploy, call, send } = setup({}, { argumentBytes: 1000, outputBytes: 1000, callMs: 2_000 });
    const guid = (await deploy(files)).body.pack_guid;
    const path = `/api/pack/${String(guid)}/agent`;
    const at = async (answer: ReturnType<typeof send>) => {
      const { status, body } = await answer;
      expect(body.status).toBe('error');
      expect(body.message).toEqual(expect.any(String));
      return [status, body.code];
    };
    expect(await at(send('POST', path, '{'))).toEqual([400, 'invalid_json']);
    expect(await at(send('POST', path, ''))).toEqual([400, 'invalid_request']);
    expect(await at(send('POST', path, { args: {} }))).toEqual([400, 'invalid_request']);
    expect(await at(send('POST', path, { name: 'echo', args: [1] }))).toEqual([400, 'invalid_request']);
    expect(await at(call('11111111-1111-4111-8111-111111111111', 'echo'))).toEqual([404, 'not_found']);
    expect(await at(call('not-a-guid', 'echo'))).toEqual([404, 'not_found']);
    expect(await at(call(guid, 'echo', { text: 'x'.repeat(1001) }))).toEqual([413, 'too_large']);
    expect(await at(call(guid, 'big', { n: 999 }))).toEqual([500, 'output_too_large']);
    expect(await at(call(guid, 'throws'))).toEqual([500, 'handler_failed']);
    expect(await at(call(guid, 'function'))).toEqual([500, 'invalid_output']);
    expect(await at(call(guid, 'liar'))).toEqual([500, 'invalid_output']);
    expect(await at(call(guid, 'loop'))).toEqual([504, 'timeout']);
    expect((await call(guid, 'big', { n: 998 })).status).toBe(200);
    expect((await call(guid, 'echo')).status).toBe(200);
  });

  it('refuses arguments and outputs that are nested without end', async () => {
    const { deploy, call, send } = setup();
    const deep = agent('deep', 'let value = []; for (let n = 0; n < 20000; n++) value = [value]; return value');
    const guid = (await deploy({ ...files, 'deep.js': deep })).body.pack_guid;
    const text = `{"name": "echo", "args": {"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    const refused = await send('POST', `/api/pack/${String(guid)}/agent`, text);
    expect([refused.status, refused.body.limit]).toEqual([413, 'json_depth']);
    expect((await call(guid, 'deep')).status).toBe(500);
    expect((await call(guid, 'echo')).status).toBe(200);
  });

  it('lists every violation of the arguments', async () => {
    const { deploy, call } = setup();
    const guid = (await deploy(files)).body.pack_guid;
    const { status, body } = await call(guid, 'strict', { c: 'x' });
    expect([status, body.code]).toEqual([400, 'invalid_input']);
    expect(body.errors).toEqual([
      { path: '', message: 'must have the property "a"' },
      { path: '', message: 'must have the property "b"' },
      { path: '/c', message: 'must be number' },
    ]);
  });

  it('says which agents there are, and which file is quarantined', async () => {
    const { deploy, call, send } = setup();
    const guid = (await deploy(files)).body.pack_guid;
    const { status, body } = await call(guid, 'nope');
    expect([status, body.message, body.available]).toEqual([
      404,
      'unknown agent: nope',
      ['big', 'echo', 'function', 'liar', 'loop', 'strict', 'throws'],
    ]);
    const health = (await send('GET', `/api/pack/${String(guid)}/healthz`)).body;
    expect(health).toMatchObject({ agent_count: 7, quarantined: [{ filename: 'broken.js', line: 1 }] });
  });

  it('gives a failing agent a short trace', async () => {
    const { deploy, call } = setup();
    const guid = (await deploy(files)).body.pack_guid;
    const { body } = await call(guid, 'throws');
    expect(body.trace).toContain('throws.js:2');
    expect(String(body.trace).split('\n').length).toBeLessThan(25);
  });

  it('knows a user by a UUID alone', async () => {
    const { deploy, call } = setup();
    const guid = (await deploy(files)).body.pack_guid;
    const user = async (user_guid: Json) =>
      ((await call(guid, 'echo', {}, { user_guid })).body.output as JsonObject).user;
    expect(await user('1B4E28BA-2FA1-41D2-883F-0016D3CCA427')).toBe('1b4e28ba-2fa1-41d2-883f-0016d3cca427');
    for (const nobody of ['c0p110t0-aaaa-bbbb-cccc-123456789abc', '../x', '', null, 7])
      expect(await user(nobody)).toBeNull();
  });

  it('answers 429 when too many calls are in flight', async () => {
    const { deploy, call } = setup({}, { concurrentCalls: 1 });
    const guid = (await deploy({ 's.js': agent('s', 'await new Promise((r) => setTimeout(r, 200)); return 1') })).body
      .pack_guid;
    const answers = await Promise.all([call(guid, 's'), call(guid, 's')]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 429]);
    expect(answers.find((answer) => answer.status === 429)?.headers.get('retry-after')).toBe('1');
  });
});

describe('healthz and delete', () => {
  it('show the host and forget a pack', async () => {
    const { deploy, send } = setup();
    const guid = String((await deploy({ 'echo.js': ECHO }, { name: 'n', created_by: 'ann' })).body.pack_guid);
    expect((await send('GET', '/api/pack/healthz')).body).toMatchObject({
      status: 'ok',
      schema: 'pack/1.0',
      version: '1.2.3',
      host: 'test',
      runtimes: ['javascript'],
      pack_count: 1,
      packs: [{ pack_guid: guid, name: 'n', purpose: '', agent_count: 1, created_by: 'ann' }],
    });
    expect((await send('DELETE', `/api/pack/${guid.toUpperCase()}`)).body).toEqual({ status: 'ok', removed: guid });
    expect((await send('DELETE', `/api/pack/${guid}`)).status).toBe(404);
    expect((await send('GET', `/api/pack/${guid}/healthz`)).status).toBe(404);
  });

  it('names the routes that there are for one that there is not', async () => {
    const { send } = setup();
    for (const path of [
      '/nowhere',
      '/',
      '/api/pack',
      '/api/pack/',
      '/api/pack//agent',
      '/api/packs/healthz',
      '/api/pack/x/agent/',
    ]) {
      expect((await send('GET', path)).status).toBe(404);
    }
    expect((await send('GET', '/api/pack/%ff/healthz')).status).toBe(400);
    expect((await send('GET', '/api/pack/healthz?x=/a#b')).status).toBe(200);
    const head = await send('HEAD', '/api/pack/healthz');
    expect([head.status, head.body]).toEqual([200, {}]);
    expect((await send('PUT', '/api/pack/deploy')).body).toMatchObject({
      code: 'method_not_allowed',
      allowed: ['POST'],
    });
  });
});

describe('a bundle back', () => {
  const MANIFEST = { name: 'n', purpose: 'p', created_at: 'yesterday', created_by: 'me', zoo: { b: 1, a: 2 } };

  it('is what was deployed, in its one form, and the same pack when it is deployed again', async () => {
    const { deploy, send } = setup();
    const binary = Buffer.from([0xff, 0x00, 0x80]).toString('base64');
    const agents = [
      { filename: 'z.js', source: `\uFEFF${ECHO}`, display_name: 'Z' },
      { filename: 'a.js', source_base64: binary },
    ];
    const { pack_guid: guid } = (await deploy({}, { ...MANIFEST, agents })).body;
    const back = await send('GET', `/api/pack/${String(guid)}/bundle`);
    expect(back.status).toBe(200);
    const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
    expect(toBundleText(back.body as unknown as PackBundle)).toBe(
      toBundleText({
        schema: 'pack/1.0',
        pack_guid: String(guid),
        ...MANIFEST,
        agents: [
          { ...(agents[0] as BundleAgent), sha256: sha256(`\uFEFF${ECHO}`) },
          { ...(agents[1] as BundleAgent), sha256: sha256(Buffer.from(binary, 'base64')) },
        ],
      }),
    );
    const other = setup();
    expect((await other.send('POST', '/api/pack/deploy', back.body)).status).toBe(200);
    expect((await other.send('GET', `/api/pack/${String(guid)}/bundle`)).body).toEqual(back.body);
  });

  it('leaves out what only the host knows, and what it filled in', async () => {
    const { deploy, send } = setup({ auth: { required: true, openDeploy: true } });
    const deployed = (await deploy({ 'echo.js': ECHO })).body;
    const path = `/api/pack/${String(deployed.pack_guid)}/bundle`;
    expect((await send('GET', path)).status).toBe(401);
    expect((await send('GET', path, undefined, { authorization: 'Bearer pt_wrong' })).status).toBe(403);
    const { body } = await send('GET', path, undefined, { authorization: `Bearer ${String(deployed.pack_token)}` });
    expect(Object.keys(body)).toEqual(['schema', 'pack_guid', 'name', 'created_at', 'agents']);
  });

  it('is not there for packs that are not, and not handed out for a folder of the operator', async () => {
    const { send, host } = setup();
    expect((await send('GET', `/api/pack/${crypto.randomUUID()}/bundle`)).status).toBe(404);
    expect((await send('POST', `/api/pack/${crypto.randomUUID()}/bundle`)).status).toBe(405);
    await expect(host.bundle(crypto.randomUUID())).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the older spelling', () => {
  it('is the same contract with other names', async () => {
    const { send } = setup();
    const agents = [{ filename: 'echo.js', source: ECHO, sha256: createHash('sha256').update(ECHO).digest('hex') }];
    const deployed = await send('POST', '/api/swarm/deploy', { schema: 'rapp-swarm/1.0', name: 'old', agents });
    const guid = String(deployed.body.swarm_guid);
    expect(deployed.body).toMatchObject({
      swarm_url: expect.stringContaining(`/api/swarm/${guid}/agent`),
      agent_count: 1,
    });
    expect(deployed.body).not.toHaveProperty('pack_guid');
    const called = await send('POST', `/api/swarm/${guid}/agent`, { name: 'echo', args: { pack_guid: 'kept' } });
    expect(called.body.output).toMatchObject({ args: { pack_guid: 'kept' } });
    expect((await send('GET', '/api/swarm/healthz')).body).toMatchObject({
      schema: 'rapp-swarm/1.0',
      swarm_count: 1,
      swarms: [{ swarm_guid: guid }],
    });
    const again = await send('POST', '/api/swarm/deploy', { schema: 'rapp-swarm/1.0', swarm_guid: guid, agents });
    expect(again.body.swarm_guid).toBe(guid);
  });
});

describe('tokens', () => {
  const auth = { required: true, operatorToken: 'operator-secret', openDeploy: true };

  it('open a pack to whoever holds its newest one, and to the operator', async () => {
    const { deploy, call, send } = setup({ auth });
    const first = (await deploy({ 'echo.js': ECHO })).body;
    const guid = String(first.pack_guid);
    const bearer = (token: Json | undefined) => ({ authorization: `Bearer ${String(token)}` });
    expect((await call(guid, 'echo')).status).toBe(401);
    expect((await call(guid, 'echo', {}, {}, { authorization: 'Basic eA==' })).status).toBe(401);
    expect((await call(guid, 'echo', {}, {}, bearer('pt_wrong'))).status).toBe(403);
    expect((await call(guid, 'echo', {}, {}, bearer(first.pack_token))).status).toBe(200);
    expect((await call(guid, 'echo', {}, {}, bearer('operator-secret'))).status).toBe(200);
    expect((await deploy({ 'echo.js': ECHO }, { pack_guid: guid })).status).toBe(401);
    const second = (await deploy({ 'echo.js': ECHO }, { pack_guid: guid }, bearer(first.pack_token))).body;
    expect(second.pack_token).not.toBe(first.pack_token);
    expect((await call(guid, 'echo', {}, {}, bearer(first.pack_token))).status).toBe(403);
    expect((await call(guid, 'echo', {}, {}, bearer(second.pack_token))).status).toBe(200);
    expect((await send('GET', `/api/pack/${guid}/healthz`)).status).toBe(401);
    expect((await send('DELETE', `/api/pack/${guid}`)).status).toBe(401);
    expect((await send('DELETE', `/api/pack/${guid}`, undefined, bearer(second.pack_token))).status).toBe(200);
  });

  it('are stored hashed and shown nowhere', async () => {
    const { deploy, host, send } = setup({ auth });
    const { pack_guid, pack_token } = (await deploy({ 'echo.js': ECHO })).body;
    const manifest = JSON.stringify((await host.get(String(pack_guid)))?.manifest);
    expect(manifest).not.toContain(String(pack_token));
    expect(manifest).toContain(createHash('sha256').update(String(pack_token)).digest('hex'));
    expect(JSON.stringify((await send('GET', '/api/pack/healthz')).body)).not.toContain('token');
  });

  it("are the operator's alone for new packs where deploying is not open", async () => {
    const { deploy } = setup({ auth: { required: true, operatorToken: 'operator-secret' } });
    expect((await deploy({ 'echo.js': ECHO })).status).toBe(401);
    expect((await deploy({ 'echo.js': ECHO }, {}, { authorization: 'Bearer x' })).status).toBe(403);
    expect((await deploy({ 'echo.js': ECHO }, {}, { authorization: 'Bearer operator-secret' })).status).toBe(200);
  });
});

describe('web pages', () => {
  const local = { hosts: ['localhost', '127.0.0.1', '[::1]'] };

  it.each([
    'https://evil.example',
    'null',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'file://',
  ])('of %s can neither deploy nor call nor ask', async (origin) => {
    const { deploy, call, send, host } = setup(local);
    const guid = (await deploy({ 'echo.js': ECHO })).body.pack_guid;
    const answers = [
      await deploy({ 'echo.js': ECHO }, {}, { origin, 'content-type': 'text/plain' }),
      await call(guid, 'echo', {}, {}, { origin }),
      await send('OPTIONS', '/api/pack/deploy', undefined, { origin, 'access-control-request-method': 'POST' }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([403, 403, 403]);
    for (const answer of answers) expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(await host.list()).toHaveLength(1);
  });

  it.each(['http://localhost:3000', 'http://127.0.0.1', 'https://[::1]:8443', 'https://chat.example.com'])(
    'of %s may, and the browser is told so',
    async (origin) => {
      const { deploy, send } = setup({ ...local, origins: ['https://chat.example.com'] });
      const answer = await deploy({ 'echo.js': ECHO }, {}, { origin });
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
      const preflight = await send('OPTIONS', '/api/pack/deploy', undefined, {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-private-network': 'true',
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-private-network')).toBe('true');
    },
  );

  it.each(['evil.example', 'evil.example:7080', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1'])(
    'that had %s resolved to this machine are refused',
    async (name) => {
      const { send } = setup(local);
      expect((await send('GET', '/api/pack/healthz', undefined, { host: name })).status).toBe(403);
    },
  );

  it.each(['localhost:7080', 'LOCALHOST', '127.0.0.1', '[::1]:7080'])('reach the service as %s', async (name) => {
    const { send } = setup(local);
    expect((await send('GET', '/api/pack/healthz', undefined, { host: name })).status).toBe(200);
  });
});
