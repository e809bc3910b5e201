// Components in a real host: wired to each other by WIT, every crossing in the guard's sight, nothing without a grant.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call, Json, JsonObject, Limits, Permissions, Policy } from '@pypes/contract';
import { PypesError } from '@pypes/contract';
import { createHost } from '@pypes/host';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import { createMemoryGrantStore, createMemoryMemoryStore, createMemoryPackStore } from '@pypes/stores/memory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEgress } from '../../../capabilities/src/egress/index.ts';
import { openSite, type Site } from '../../../capabilities/src/egress/testing/site.ts';
import { createComponentRuntime } from './index.ts';
import { ERROR_CODES, fetching, METHODS, SCHEMES } from './testing/fetching.ts';
import { outcomeOf } from './testing/harness.ts';
import { counters, counterUser, home, twoVersions } from './testing/resources.ts';
import { asking } from './testing/skills.ts';
import { library, prices } from './testing/wired.ts';

const GUID = 'b0e0c1d2-0000-4000-8000-00000000c0de';
const closing: (() => Promise<unknown>)[] = [];
let cacheFolder: string;
beforeAll(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'pypes-component-host-'));
  closing.push(() => rm(cacheFolder, { recursive: true, force: true }));
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

type Files = { readonly [filename: string]: Promise<Uint8Array> };
type Setup = {
  readonly policies?: readonly Policy[];
  readonly limits?: Partial<Limits>;
  readonly cacheFolder?: string;
};

/** A host with one pack of a stranger. */
async function deploy(files: Files, { policies = [], limits = {}, ...rest }: Setup = {}) {
  const grants = createMemoryGrantStore();
  const host = createHost({
    runtimes: [createComponentRuntime({ cacheFolder, ...rest })],
    schemas: createAjvCompiler(),
    packs: createMemoryPackStore(),
    memory: createMemoryMemoryStore(),
    capabilities: { grants, egress: createEgress() },
    policies,
    limits,
  });
  closing.push(() => host.close());
  const agents: JsonObject[] = [];
  for (const [filename, bytes] of Object.entries(files)) {
    agents.push({ filename, source_base64: Buffer.from(await bytes).toString('base64') });
  }
  await host.deploy({ schema: 'pack/1.0', pack_guid: GUID, name: 'stranger', agents });
  return {
    call: (agent: string, args: JsonObject = {}) => outcomeOf(host.call(GUID, { agent, args })),
    grant: (permissions: Partial<Permissions>) =>
      grants.put({ pack_guid: GUID, permissions, granted_at: '2026-01-01T00:00:00Z' }),
  };
}

/** Sees every call and reply, and may change them. */
function watching(change: { readonly reply?: (call: Call, output: Json) => Json } = {}) {
  const seen: (readonly [from: string, to: string, args: JsonObject, output: Json])[] = [];
  const policy: Policy = async (call, next) => {
    const reply = await next(call);
    const output = change.reply?.(call, reply.output) ?? reply.output;
    seen.push([call.from, call.to, call.args, output]);
    return { ...reply, output };
  };
  return { seen, policy };
}

const PRICES: Files = { 'asking.wasm': asking(), 'prices.wasm': prices() };
const GET = 'test:asking/prices@1.0.0#get';

describe('two components of one pack', () => {
  it('are wired by the names of their WIT, and every value that crosses passes the guard', async () => {
    const { seen, policy } = watching();
    const { call } = await deploy(PRICES, { policies: [policy] });
    expect(await call('total', { symbol: 'ACME' })).toEqual({ value: 8 });
    expect(
      seen.map(([from, to, args, output]) => [
        from === 'total' ? 'total' : 'door',
        to.replace(GET, 'get'),
        args,
        output,
      ]),
    ).toEqual([
      ['total', 'get', { symbol: 'ACME' }, 8],
      ['door', 'total', { symbol: 'ACME' }, 8],
    ]);
  });

  it('pass errors on that their WIT knows', async () => {
    const { call } = await deploy(PRICES);
    expect(await call('total', { symbol: 'bad' })).toMatchObject({
      code: 'handler_failed',
      details: { payload: 'unknown' },
    });
  });

  it('are stopped between each other by a policy, at once', async () => {
    const deny: Policy = (call, next) => {
      if (call.to === 'get' || call.to === GET) throw new PypesError('policy_denied', 'Not between these two');
      return next(call);
    };
    const { call } = await deploy(PRICES, { policies: [deny] });
    expect(await call('total', { symbol: 'ACME' })).toMatchObject({ code: expect.stringMatching(/denied|failed/) });
    expect(await call('get', { symbol: 'ACME' })).toMatchObject({ code: 'policy_denied' });
  });

  it.each<[string, Json]>([
    ['a text', 'a lot'],
    ['less than nothing', -1],
    ['more than there is', '18446744073709551616'],
    ['an object', { value: 8 }],
    ['nothing', []],
  ])('refuse a reply of the wrong type, whoever wrote it: %s', async (_name, wrong) => {
    const { policy } = watching({ reply: ({ from }, output) => (from === 'total' ? wrong : output) });
    const { call } = await deploy(PRICES, { policies: [policy] });
    const found = (await call('total', { symbol: 'ACME' })) as { code?: string; details?: JsonObject };
    // The guard finds it by the schema, and the component's own border what a schema cannot say.
    expect([found.code, found.details?.cause]).toContain('invalid_output');
    expect(await call('get', { symbol: 'ACME' })).toEqual({ value: 8 });
  });

  it('pass resources as handles, each use a call of its own', async () => {
    const { seen, policy } = watching();
    const { call } = await deploy({ 'a.wasm': counterUser(), 'b.wasm': counters() }, { policies: [policy] });
    expect(await call('twice', { start: 5 })).toEqual({ value: 7 });
    const inner = seen.filter(([from]) => from === 'twice');
    expect(inner.slice(0, 3).map(([, , args, output]) => [Object.keys(args), typeof output])).toEqual([
      [['start'], 'string'],
      [['self'], 'number'],
      [['self'], 'number'],
    ]);
    expect(new Set(inner.slice(1, 3).map(([, , args]) => args.self))).toEqual(new Set([inner[0]?.[3]]));
  });
});

describe('imports', () => {
  it('that nothing provides are refused by name, before anything runs or is made ready', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pypes-component-host-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const { call } = await deploy({ 'asking.wasm': asking() }, { cacheFolder: folder });
    expect(await call('total', { symbol: 'ACME' })).toMatchObject({
      code: 'policy_denied',
      details: { imports: ['test:asking/prices@1.0.0'] },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a resource are all named', async () => {
    const { call } = await deploy({ 'user.wasm': counterUser() });
    expect(await call('twice', { start: 1 })).toMatchObject({ code: 'policy_denied', details: { imports: [home] } });
  });

  it('of two versions of one interface come from two components', async () => {
    const one = library('1.0.0', 4);
    const both = await deploy({ 'two.wasm': twoVersions(), 'one.wasm': one, 'other.wasm': library('2.0.0', 2) });
    expect(await both.call('both')).toEqual({ value: 42 });
    const half = await deploy({ 'two.wasm': twoVersions(), 'one.wasm': one });
    expect(await half.call('both')).toMatchObject({
      code: 'policy_denied',
      details: { imports: ['dep:lib/api@2.0.0'] },
    });
  });
});

describe('wasi:http', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite((request, response) => {
      const size = Number(request.url?.slice(1));
      response.end(Number.isNaN(size) ? `${request.method} ${request.url}` : Buffer.alloc(size, 'x'));
    });
    closing.push(() => site.close());
  });
  const built = fetching();
  const ask = (path: string, rest: JsonObject = {}): JsonObject => ({
    method: METHODS.get,
    scheme: SCHEMES.http,
    authority: `127.0.0.1:${site.port}`,
    path,
    body: '',
    times: 0,
    send: true,
    ...rest,
  });
  const errorOf = (found: object) => {
    const [code] = (found as { value: [number] }).value;
    return code < 0 ? (ERROR_CODES[-1 - code] ?? code) : 'none';
  };

  it('is refused without a grant, with the name of the grant and of the import', async () => {
    const { call } = await deploy({ 'fetching.wasm': built });
    const found = await call('request', ask('/a'));
    expect(found).toMatchObject({
      code: 'policy_denied',
      message: expect.stringContaining(`pypes grant ${GUID} network=`),
      details: { imports: ['wasi:http/outgoing-handler@0.2.12'] },
    });
    expect(site.requests).toEqual([]);
  });

  it('goes where it was granted, and nowhere else', async () => {
    const { seen, policy } = watching();
    const { call, grant } = await deploy({ 'fetching.wasm': built }, { policies: [policy] });
    await grant({ network: [`127.0.0.1:${site.port}`] });
    expect(await call('request', ask('/hello'))).toEqual({ value: [200, 10, 'GET /hello'] });
    expect(seen.map(([, to]) => to)).toEqual(['context.fetch', 'request']);
    const post = ask('/post', { method: METHODS.post, body: 'ab', times: 2 });
    expect(await call('request', post)).toEqual({ value: [200, 10, 'POST /post'] });
    expect(site.bodies.at(-1)).toBe('abab');
    const before = site.connections();
    for (const authority of [
      '127.0.0.1:1',
      `localhost:${site.port}`,
      `127.1:${site.port}x`,
      `a@127.0.0.1:${site.port}`,
      '',
    ]) {
      expect(errorOf(await call('request', ask('/elsewhere', { authority }))), authority).not.toBe('none');
    }
    expect(site.connections()).toBe(before);
  });

  it('reaches no private address under a rule for the public ones', async () => {
    const { call, grant } = await deploy({ 'fetching.wasm': built });
    await grant({ network: ['*'] });
    const before = site.connections();
    for (const name of [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      'localhost',
      '169.254.169.254',
      '10.0.0.1',
    ]) {
      const found = await call('request', ask('/private', { authority: `${name}:${site.port}` }));
      expect(errorOf(found), name).not.toBe('none');
    }
    expect(site.connections()).toBe(before);
  });

  it('brings bodies up to the limit of the host', async () => {
    const { call, grant } = await deploy({ 'fetching.wasm': built }, { limits: { fetchBytes: 100_000 } });
    await grant({ network: [`127.0.0.1:${site.port}`] });
    expect(await call('request', ask('/100000'))).toEqual({ value: [200, 100_000, 'x'.repeat(20)] });
    expect(errorOf(await call('request', ask('/100001')))).toBe('internal-error');
  });
});
