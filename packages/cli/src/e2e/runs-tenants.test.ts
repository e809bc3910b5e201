// Tenants behind tokens: what one has does not exist for another, by whatever door, and every wrong question has its answer.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Json, JsonObject } from '@pypes/contract';
import { toEventCursor } from '@pypes/contract/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COUNTING } from './runs.fixtures.ts';
import { newFolder, type Server, startServer, stopServers } from './server.ts';
import { pypes } from './skills.fixtures.ts';

const SLOW = { timeout: 120_000 };
const SOON = { timeout: 60_000, interval: 20 };
const NEVER = '01a1ff42-fa0f-7000-9363-45c301ebf3ca';
const USER = '0a1b2c3d-0000-4000-8000-00000000000a';
const TOKENS = {
  acme: 'acme-token-0123456789',
  beta: 'beta-token-0123456789',
  reader: 'reader-token-01234567',
  nobody: 'nobody-token-01234567',
  all: 'all-token-0123456789ab',
};
const SECRETS = { acme: 'correct-horse-of-acme', beta: 'battery-staple-of-beta' };

const AGENTS = {
  ...COUNTING,
  // A digest tells whose secret it was without telling the secret.
  'opens.mjs': `import { createHash } from 'node:crypto';
export const AGENT = { name: 'opens' };
export const run = async (context) => createHash('sha256').update(await context.vault.get('KEY')).digest('hex').slice(0, 8);
`,
  'looks.mjs': `export const AGENT = { name: 'looks' };
export async function run(context) {
  const object = await context.objects.get('report.txt');
  return { count: await context.memory.get('count'), keys: await context.memory.list(), text: object === null ? null : await object.text(), objects: (await context.objects.list()).length };
}
`,
  'sleeps.mjs': `export const AGENT = { name: 'sleeps' };
export const run = () => new Promise(() => undefined);
`,
};

let server: Server;

beforeAll(async () => {
  const folder = newFolder();
  const suites = join(folder, 'suites');
  for (const [where, name] of [
    ['tenants/acme', 'own'],
    ['shared', 'shared'],
  ] as const) {
    mkdirSync(join(suites, where), { recursive: true });
    const suite = {
      name,
      agent: 'keeps',
      cases: [{ id: 'one', input: {}, expect: 1 }],
      gate: { min_average_score: 0 },
    };
    writeFileSync(join(suites, where, `${name}.json`), JSON.stringify(suite));
  }
  const token = (name: keyof typeof TOKENS, scopes: readonly string[], tenants?: readonly string[]) =>
    `[[auth.token]]\nname = "${name}"\nsha256 = "${createHash('sha256').update(TOKENS[name]).digest('hex')}"\nscopes = ${JSON.stringify(scopes)}\n${
      tenants === undefined ? '' : `tenants = ${JSON.stringify(tenants)}\n`
    }`;
  const config = join(folder, 'pypes.toml');
  writeFileSync(
    config,
    `[service]\nmax_body_bytes = 100_000\n[evals]\nsuites = "suites"\n[auth]\nmode = "static_token"\n${[
      token('acme', ['runs:read', 'runs:write', 'eval'], ['acme']),
      token('beta', ['runs:read', 'runs:write', 'eval'], ['beta']),
      token('reader', ['runs:read'], ['acme']),
      token('nobody', ['runs:read', 'runs:write']),
      token('all', ['admin'], ['*']),
    ].join('')}`,
  );
  server = await startServer(AGENTS, { args: ['--config', config] });
  const at = ['--root', server.root];
  expect((await pypes(['vault', 'init', ...at])).status).toBe(0);
  for (const [tenant, input] of Object.entries(SECRETS)) {
    expect((await pypes(['vault', 'set', 'KEY', '--tenant', tenant, ...at], { input })).status).toBe(0);
  }
  expect((await pypes(['grant', server.folder, 'vault=KEY', ...at])).status).toBe(0);
});
afterAll(stopServers);

type Told = { readonly status: number; readonly text: string; readonly headers: Headers };
type Who = keyof typeof TOKENS;

async function ask(
  who: Who | undefined,
  method: string,
  path: string,
  { body, headers = {} }: { readonly body?: Json | string; readonly headers?: Record<string, string> } = {},
): Promise<Told> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      ...(who === undefined ? {} : { authorization: `Bearer ${TOKENS[who]}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const read = ({ text }: Told) => JSON.parse(text) as JsonObject;
const typeOf = (told: Told) => [told.status, (read(told).error as JsonObject | undefined)?.type];

async function start(who: Who, agent: string, more: JsonObject = {}): Promise<string> {
  const told = await ask(who, 'POST', '/v1/runs', { body: { agent, input: {}, ...more } });
  expect(told.status).toBe(202);
  return String(read(told).run_id);
}

/** Runs an agent to its end. */
async function resultOf(who: Who, agent: string, more: JsonObject = {}): Promise<JsonObject> {
  const id = await start(who, agent, more);
  await expect
    .poll(async () => read(await ask(who, 'GET', `/v1/runs/${id}`)).status, SOON)
    .not.toMatch(/queued|running/);
  return read(await ask(who, 'GET', `/v1/runs/${id}`));
}

describe("another tenant's", () => {
  it('run is answered for in every way as one that never was', SLOW, async () => {
    const theirs = String((await resultOf('beta', 'keeps')).run_id);
    const sleeping = await start('beta', 'sleeps');
    const routes: readonly (readonly [method: string, path: string, body?: Json])[] = [
      ['GET', ''],
      ['HEAD', ''],
      ['GET', '/events'],
      ['GET', '/events?limit=1&wait=1'],
      ['GET', '/events/stream'],
      ['POST', '/cancel'],
      ['POST', '/replay', { recorded_calls: true }],
      ['GET', '/artifact'],
      ['GET', '/artifact?list=1'],
      ['GET', '/artifact/run.json'],
      ['GET', '/artifact/files/report.txt'],
    ];
    for (const id of [theirs, sleeping]) {
      for (const [method, path, body] of routes) {
        const sent = body === undefined ? {} : { body };
        const [mine, never] = await Promise.all([
          ask('acme', method, `/v1/runs/${id}${path}`, sent),
          ask('acme', method, `/v1/runs/${NEVER}${path}`, sent),
        ]);
        expect([method, path, mine.status]).toEqual([method, path, 404]);
        expect(mine.text.replaceAll(id, NEVER)).toBe(never.text);
        const names = (told: Told) => [...told.headers].filter(([name]) => name !== 'date');
        expect(names(mine)).toEqual(names(never));
      }
      const score = (run_id: string) => ask('acme', 'POST', '/v1/eval', { body: { suite_ref: 'shared', run_id } });
      const [scored, nothing] = [await score(id), await score(NEVER)];
      expect(scored.status).toBe(404);
      expect(scored.text.replaceAll(id, NEVER)).toBe(nothing.text);
    }
    // Nothing happened to it.
    expect(read(await ask('beta', 'GET', `/v1/runs/${sleeping}`))).toMatchObject({ status: 'running' });
    expect((await ask('beta', 'POST', `/v1/runs/${sleeping}/cancel`)).status).toBe(202);
    expect((await ask('beta', 'GET', `/v1/runs/${theirs}/artifact/files/report.txt`)).text).toMatch(/^It is /);
  });

  it('runs are in no list, whatever cursor is guessed', SLOW, async () => {
    const own = await start('acme', 'looks');
    const theirs = await start('beta', 'looks');
    const idsOf = async (who: Who, query = '', headers = {}) =>
      (read(await ask(who, 'GET', `/v1/runs${query}`, { headers })).runs as JsonObject[]).map(({ run_id: id }) => id);
    for (const query of ['', '?limit=500', '?agent=looks', `?cursor=B.${theirs}`, '?cursor=B.ffffffff']) {
      expect(await idsOf('acme', query)).not.toContain(theirs);
    }
    expect(await idsOf('acme')).toContain(own);
    expect(await idsOf('reader')).toContain(own);
    expect(await idsOf('all')).not.toContain(own);
    expect(await idsOf('all', '', { 'x-tenant-id': 'beta' })).toContain(theirs);
    expect(await idsOf('nobody')).toEqual([]);
  });

  it('memory, objects and secret are not there', SLOW, async () => {
    const of = { context: { user_guid: USER } };
    const fresh = { count: null, keys: [], text: null, objects: 0 };
    expect((await resultOf('acme', 'keeps', of)).result).toBe(1);
    expect((await resultOf('acme', 'keeps', of)).result).toBe(2);
    expect((await resultOf('beta', 'looks', of)).result).toEqual(fresh);
    expect((await resultOf('nobody', 'looks', of)).result).toEqual(fresh);
    expect((await resultOf('beta', 'keeps', of)).result).toBe(1);
    expect((await resultOf('acme', 'looks', of)).result).toMatchObject({ count: 2, text: 'It is 2' });
    const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);
    expect((await resultOf('acme', 'opens')).result).toBe(digest(SECRETS.acme));
    expect((await resultOf('beta', 'opens')).result).toBe(digest(SECRETS.beta));
    // Neither has the operator's, nor does whoever has no tenant have theirs.
    expect((await resultOf('nobody', 'opens')).status).toBe('failed');
    expect((await resultOf('all', 'opens')).status).toBe('failed');
    expect(JSON.stringify(server.logs)).not.toMatch(/correct-horse|battery-staple|token-0123/);
  });

  it('suites and idempotency keys are not there', SLOW, async () => {
    const evaluate = (who: Who, suite_ref: string) => ask(who, 'POST', '/v1/eval', { body: { suite_ref } });
    expect((await evaluate('acme', 'own')).status).toBe(200);
    expect(typeOf(await evaluate('beta', 'own'))).toEqual([404, 'not_found']);
    expect(typeOf(await evaluate('beta', 'shared'))).toEqual([404, 'not_found']);
    expect(typeOf(await evaluate('beta', '../acme/own'))[0]).not.toBe(200);
    const once = async (who: Who, text: string) => {
      const body = { agent: 'looks', input: { text } };
      return read(await ask(who, 'POST', '/v1/runs', { body, headers: { 'idempotency-key': 'once' } }));
    };
    const [first, other] = [await once('acme', 'a'), await once('beta', 'b')];
    expect(first.run_id).not.toBe(other.run_id);
    expect(await once('acme', 'a')).toEqual(first);
    expect(JSON.stringify(await once('beta', 'a'))).not.toContain(String(first.run_id));
  });
});

describe('tokens', () => {
  it('open what they are for, and nothing else', SLOW, async () => {
    const run = { body: { agent: 'looks', input: {} } };
    const none = await ask(undefined, 'GET', '/v1/runs');
    const wrong = await ask(undefined, 'GET', '/v1/runs', {
      headers: { authorization: 'Bearer acme-token-0123456780' },
    });
    expect([typeOf(none), typeOf(wrong)]).toEqual([
      [401, 'unauthorized'],
      [401, 'unauthorized'],
    ]);
    expect(none.headers.get('www-authenticate')).toBe('Bearer');
    const forbidden = [403, 'forbidden'];
    expect(typeOf(await ask('reader', 'POST', '/v1/runs', run))).toEqual(forbidden);
    expect(typeOf(await ask('reader', 'POST', '/v1/eval', { body: {} }))).toEqual(forbidden);
    expect(typeOf(await ask('acme', 'GET', '/metrics'))).toEqual(forbidden);
    expect((await ask('all', 'GET', '/metrics')).status).toBe(200);
    // Whether a tenant is there is told by nothing.
    for (const tenant of ['beta', 'gamma']) {
      const headers = { 'x-tenant-id': tenant };
      const told = await ask('acme', 'GET', '/v1/runs', { headers });
      expect([typeOf(told), told.text.replaceAll(tenant, '…')]).toEqual([forbidden, expect.stringContaining('"…')]);
    }
    expect(typeOf(await ask('nobody', 'GET', '/v1/runs', { headers: { 'x-tenant-id': 'acme' } }))).toEqual(forbidden);
    expect(typeOf(await ask('all', 'GET', '/v1/runs', { headers: { 'x-tenant-id': '../acme' } }))[0]).toBe(400);
    expect((await ask(undefined, 'GET', '/openapi.json')).status).toBe(200);
  });

  it('open nothing else of the service', SLOW, async () => {
    const call = { body: { name: 'looks', args: {} } };
    const pack = { schema: 'pack/1.0', agents: [{ filename: 'x.mjs', source: AGENTS['sleeps.mjs'] }] };
    for (const who of ['acme', 'all', undefined] as const) {
      const told = [
        await ask(who, 'POST', '/api/pack/agents/agent', call),
        await ask(who, 'POST', '/api/pack/deploy', { body: pack }),
        await ask(who, 'GET', '/api/approvals'),
      ];
      expect(told.map(({ status }) => status).filter((status) => ![401, 403, 404].includes(status))).toEqual([]);
    }
  });
});

describe('what is asked wrongly', () => {
  it('has its documented answer', SLOW, async () => {
    const id = String((await resultOf('acme', 'looks')).run_id);
    const other = String((await resultOf('acme', 'looks')).run_id);
    const events = (query: string) => ask('acme', 'GET', `/v1/runs/${id}/events?${query}`);
    for (const query of [
      'limit=0',
      'limit=501',
      'limit=-1',
      'limit=abc',
      'limit=1.5',
      'limit=',
      'wait=61',
      'wait=-1',
    ]) {
      expect([query, ...typeOf(await events(query))]).toEqual([query, 400, 'invalid_request']);
    }
    const list = read(await ask('acme', 'GET', '/v1/runs?limit=1')).next_cursor;
    expect(list).toBeDefined();
    for (const cursor of ['x', '', String(list), toEventCursor(other, 1), toEventCursor(NEVER, 0), '%00']) {
      expect([cursor, ...typeOf(await events(`cursor=${cursor}`))]).toEqual([cursor, 400, 'invalid_request']);
    }
    const streamed = await ask('acme', 'GET', `/v1/runs/${id}/events/stream`, {
      headers: { 'last-event-id': toEventCursor(other, 1) },
    });
    expect(typeOf(streamed)).toEqual([400, 'invalid_request']);
    for (const query of [
      'limit=0',
      'limit=501',
      'limit=-1',
      'status=done',
      'cursor=x',
      'nothing=1',
      'limit=1&limit=2',
    ]) {
      expect([query, ...typeOf(await ask('acme', 'GET', `/v1/runs?${query}`))]).toEqual([
        query,
        400,
        'invalid_request',
      ]);
    }
    expect((await events(`cursor=${toEventCursor(id, 2)}&limit=500`)).status).toBe(200);
  });

  it('and too much of it, too', SLOW, async () => {
    const big = (bytes: number) => ({ body: { agent: 'looks', input: { text: 'x'.repeat(bytes) } } });
    expect((await ask('acme', 'POST', '/v1/runs', big(90_000))).status).toBe(202);
    // The operator said 100,000; a suite may have eight times as many.
    expect(typeOf(await ask('acme', 'POST', '/v1/runs', big(110_000)))).toEqual([413, 'too_large']);
    const suite = (bytes: number) => ({
      body: {
        suite: {
          name: 's',
          agent: 'looks',
          cases: [{ id: 'a', input: { text: 'x'.repeat(bytes) }, expect: 1 }],
          gate: { min_average_score: 0 },
        },
      },
    });
    expect((await ask('acme', 'POST', '/v1/eval', suite(300_000))).status).toBe(200);
    expect(typeOf(await ask('acme', 'POST', '/v1/eval', suite(900_000)))).toEqual([413, 'too_large']);
    const deep = `{"agent":"looks","input":{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}}`;
    expect((await ask('acme', 'POST', '/v1/runs', { body: deep })).status).toBe(413);
    expect(await sendWithoutEnd()).toBeLessThan(50_000_000);
    expect((await ask('acme', 'GET', '/v1/runs')).status).toBe(200);
  });
});

/** Sends a body and never says how long it is; the number of bytes that went out before the service hung up. */
function sendWithoutEnd(): Promise<number> {
  const headers = { authorization: `Bearer ${TOKENS.acme}`, 'content-type': 'application/json' };
  const sending = request(`${server.url}/v1/runs`, { method: 'POST', headers });
  const part = Buffer.alloc(65_536, ' ');
  let sent = 0;
  return new Promise((done, failed) => {
    let isOver = false;
    const over = () => {
      isOver = true;
      sending.destroy();
      done(sent);
    };
    const send = (): void => {
      if (sent > 100_000_000) over();
      if (isOver) return;
      sent += part.length;
      if (sending.write(part)) setImmediate(send);
      else sending.once('drain', send);
    };
    sending.once('response', (response) => {
      if (response.statusCode !== 413) failed(new Error(`It was answered with ${response.statusCode}`));
      over();
    });
    sending.on('error', over);
    send();
  });
}
