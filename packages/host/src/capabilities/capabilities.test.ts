// Capabilities through the host: nothing without a grant, everything through the guard, secrets never out.
import {
  type AgentContext,
  CAPABILITY_OPERATIONS,
  type EgressRequest,
  type Grant,
  type Json,
  type JsonObject,
  type Permissions,
} from '@pypes/contract';
import { createMemoryMemoryStore, createMemoryPackStore } from '@pypes/stores/memory';
import { describe, expect, it } from 'vitest';
import { createHost, type HostOptions } from '../index.ts';
import { createFakeRuntime, deferred, fake, requiredOnly } from '../testing/fake.ts';
import { createFakeDrivers, SECRET } from '../testing/fake-drivers.ts';

const GUID = 'b0e0c1d2-0000-4000-8000-000000000009';

type Does = (context: AgentContext, args: JsonObject) => Json | Promise<Json>;

/** A host with one deployed pack, whose agent `a` does what the test says; `b` uses whatever its arguments name. */
async function setup(does: Does = use, options: Partial<HostOptions> = {}) {
  const grants = new Map<string, Grant>();
  const drivers = createFakeDrivers(grants);
  const { runtime } = createFakeRuntime({ a: does, use });
  const audited: string[] = [];
  const events: JsonObject[] = [];
  const host = createHost({
    runtimes: [runtime],
    schemas: requiredOnly,
    packs: createMemoryPackStore(),
    memory: createMemoryMemoryStore(),
    capabilities: drivers.capabilities,
    audit: {
      write: ({ to, decision, code }) => audited.push(`${to} ${decision}${code === undefined ? '' : ` ${code}`}`),
    },
    onEvent: (event) => events.push(event as unknown as JsonObject),
    ...options,
  });
  const deploy = (marker = '') =>
    host.deploy({
      schema: 'pack/1.0',
      pack_guid: GUID,
      name: 'stranger',
      agents: [
        { filename: 'a.fake', source: fake({ name: 'a', does: 'a', marker }) },
        { filename: 'b.fake', source: fake({ name: 'b', does: 'use' }) },
      ],
    });
  await deploy();
  const grant = (permissions: Partial<Permissions>, content_digest?: string) =>
    grants.set(GUID, {
      pack_guid: GUID,
      permissions,
      granted_at: '2026-01-01T00:00:00Z',
      ...(content_digest === undefined ? {} : { content_digest }),
    });
  const call = (args: JsonObject = {}, agent = 'a') => host.call(GUID, { agent, args });
  return { host, call, grant, grants, deploy, audited, events, ...drivers };
}

const use: Does = (context, { operation, parameters }) =>
  context.use(operation as (typeof CAPABILITY_OPERATIONS)[number], (parameters ?? {}) as JsonObject);

const EVERYTHING: Partial<Permissions> = {
  network: ['api.example.com'],
  objects: 'read-write',
  vault: ['KEY'],
  ai: true,
  session: ['files', 'browser'],
};

const SAMPLES: { readonly [operation: string]: JsonObject } = {
  fetch: { url: 'https://api.example.com/a' },
  'objects.put': { name: 'n', text: 't' },
  'objects.get': { name: 'n' },
  'objects.list': {},
  'objects.delete': { name: 'n' },
  'vault.get': { name: 'KEY' },
  'ai.complete': { messages: [] },
  'session.read': { path: 'a' },
  'session.write': { path: 'a', text: 'b' },
  'session.list': {},
  'session.delete': { path: 'a' },
  'session.goto': { url: 'https://api.example.com' },
  'session.click': { selector: 'a' },
  'session.fill': { selector: 'a', value: 'b' },
  'session.text': {},
  'session.screenshot': { name: 'shot' },
};

describe('without a grant', () => {
  const granted = CAPABILITY_OPERATIONS.filter((operation) => !operation.startsWith('memory.'));

  it.each(granted)('%s is denied, names the grant that is missing, and reaches no driver', async (operation) => {
    const { call, reached, audited } = await setup();
    const failure = call({ operation, parameters: SAMPLES[operation] ?? {} });
    await expect(failure).rejects.toMatchObject({ code: 'policy_denied', message: /pypes grant b0e0c1d2\S+ \w+=/ });
    expect(reached).toStrictEqual([]);
    expect(audited[0]).toBe(`context.${operation} deny policy_denied`);
  });

  it.each(granted)('%s works once it is granted', async (operation) => {
    const { call, grant, reached } = await setup();
    grant(EVERYTHING);
    await call({ operation, parameters: SAMPLES[operation] ?? {} });
    expect(reached.length).toBeGreaterThan(0);
  });

  it('lets a pack remember, unless the operator takes that away', async () => {
    const { call, grant } = await setup();
    const set = { operation: 'memory.set', parameters: { key: 'k', value: 1 } };
    await call(set);
    grant({ memory: 'read' });
    expect(await call({ operation: 'memory.get', parameters: { key: 'k' } })).toBe(1);
    await expect(call(set)).rejects.toMatchObject({ code: 'policy_denied' });
    grant({ memory: 'none' });
    await expect(call({ operation: 'memory.list' })).rejects.toMatchObject({ code: 'policy_denied' });
  });

  it('refuses the secret that was not named', async () => {
    const { call, grant } = await setup();
    grant({ vault: ['OTHER'] });
    const failure = call({ operation: 'vault.get', parameters: { name: 'KEY' } });
    await expect(failure).rejects.toMatchObject({ details: { permission: 'vault=KEY' } });
  });

  it('refuses what is no operation at all', async () => {
    const { call, grant } = await setup();
    grant(EVERYTHING);
    for (const operation of ['memory.checkout2', 'constructor', '__proto__', 'toString']) {
      await expect(call({ operation, parameters: {} })).rejects.toMatchObject({ code: 'unsupported' });
    }
  });
});

describe('a grant', () => {
  it('holds for the content that it was given for', async () => {
    const { host, call, grant, deploy, reached } = await setup();
    const pack = await host.get(GUID);
    grant(EVERYTHING, await pack?.contentDigest?.());
    await call({ operation: 'ai.complete', parameters: {} });
    await deploy('other code');
    await expect(call({ operation: 'ai.complete', parameters: {} })).rejects.toMatchObject({ code: 'policy_denied' });
    expect(reached).toHaveLength(1);
    expect(await host.permissions((await host.get(GUID)) as never)).toMatchObject({ suspended: true });
    await deploy();
    await call({ operation: 'ai.complete', parameters: {} });
  });

  it('ends at once when it is taken back', async () => {
    const { call, grant, grants } = await setup();
    grant(EVERYTHING);
    await call({ operation: 'ai.complete', parameters: {} });
    grants.delete(GUID);
    await expect(call({ operation: 'ai.complete', parameters: {} })).rejects.toMatchObject({ code: 'policy_denied' });
  });

  it('passes the guard, which may still say no', async () => {
    const { call, grant, reached } = await setup(use, {
      policies: [
        async (one, next) => {
          if (one.kind === 'capability' && one.to === 'context.fetch') throw new Error('not today');
          return next(one);
        },
      ],
    });
    grant(EVERYTHING);
    await expect(call({ operation: 'fetch', parameters: SAMPLES.fetch ?? {} })).rejects.toThrow(/not today/);
    expect(reached).toStrictEqual([]);
  });
});

describe('fetch', () => {
  it('puts a granted secret in where a header asks for it, and only there', async () => {
    const { call, grant, requests } = await setup();
    grant(EVERYTHING);
    const parameters = {
      url: 'https://api.example.com/{{vault:KEY}}',
      headers: { authorization: 'Bearer {{vault:KEY}}' },
    };
    await call({ operation: 'fetch', parameters });
    expect((requests[0] as EgressRequest).headers).toStrictEqual([['authorization', `Bearer ${SECRET}`]]);
    expect((requests[0] as EgressRequest).url).not.toContain(SECRET);
  });

  it('refuses a secret in a header that was not granted', async () => {
    const { call, grant, requests } = await setup();
    grant({ network: ['*'] });
    const parameters = { url: 'https://api.example.com/', headers: { authorization: '{{vault:KEY}}' } };
    await expect(call({ operation: 'fetch', parameters })).rejects.toMatchObject({ code: 'policy_denied' });
    expect(requests).toStrictEqual([]);
  });

  it.each([
    [{ url: 'https://x/', method: 'G T' }],
    [{ url: 'https://x/', headers: 'a: b' }],
    [{ url: 'https://x/', headers: { a: {} } }],
    [{ url: 'https://x/', text: 'body' }],
    [{ url: 'https://x/', method: 'POST', text: 'a', base64: 'YQ==' }],
    [{ url: 'https://x/', method: 'POST', base64: '%' }],
    [{}],
  ])('refuses %j', async (parameters) => {
    const { call, grant } = await setup();
    grant(EVERYTHING);
    await expect(call({ operation: 'fetch', parameters })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('a secret', () => {
  const spill: Does = async (context, { how }) => {
    const secret = (await context.use('vault.get', { name: 'KEY' })) as string;
    if (how === 'log') context.log('info', `it is ${secret}`, { secret, list: [btoa(secret)] });
    if (how === 'progress') context.progress(0.5, secret);
    if (how === 'throw') throw new Error(`failed with ${secret}`);
    if (how === 'nested') return context.call('b', { operation: 'memory.list', parameters: { prefix: secret } });
    return { [secret]: `x${secret}y`, coded: encodeURIComponent(secret), base64: btoa(`a${secret}`) };
  };

  it.each(['return', 'log', 'progress', 'throw', 'nested'])('never comes out by %s', async (how) => {
    const { call, grant, events, audited, uses } = await setup(spill);
    grant(EVERYTHING);
    const outcome = await call({ how }).catch((error: Error & { details?: Json }) => [error.message, error.details]);
    const seen = JSON.stringify([outcome, events, audited]);
    expect(seen).not.toContain(SECRET);
    expect(seen).not.toContain(btoa(SECRET).slice(0, 12));
    expect(seen).not.toContain(encodeURIComponent(SECRET));
    expect(uses).toMatchObject([{ name: 'KEY', pack_guid: GUID, agent: 'a' }]);
  });
});

describe('limits', () => {
  const names = (error: unknown) => (error as { details?: { limit?: string } }).details?.limit;
  const failing = async (promise: Promise<unknown>) => names(await promise.catch((error: unknown) => error));

  it('fan_out: at most so many at once, and one more stops the call', async () => {
    const many: Does = async (context, { n }) => {
      await Promise.all(Array.from({ length: Number(n) }, () => context.use('memory.list', {})));
      return 'done';
    };
    const { call } = await setup(many, { limits: { fanOut: 5 } });
    expect(await call({ n: 5 })).toBe('done');
    expect(await failing(call({ n: 6 }))).toBe('fan_out');
  });

  it('fan_out also stops an agent that catches the error', async () => {
    const stubborn: Does = async (context) => {
      const uses = Array.from({ length: 9 }, () => context.use('memory.list', {}).catch(() => 'caught'));
      return Promise.all(uses);
    };
    const { call } = await setup(stubborn, { limits: { fanOut: 5 } });
    expect(await failing(call())).toBe('fan_out');
  });

  it('open_sockets', async () => {
    const gate = deferred();
    const many: Does = async (context, { n }) => {
      const all = Array.from({ length: Number(n) }, () => context.use('fetch', SAMPLES.fetch ?? {}));
      gate.resolve();
      await Promise.all(all);
      return 'done';
    };
    const { call, grant, holdEgress } = await setup(many, { limits: { openSockets: 2 } });
    grant(EVERYTHING);
    holdEgress(gate.promise);
    expect(await call({ n: 2 })).toBe('done');
    expect(await failing(call({ n: 3 }))).toBe('open_sockets');
  });

  it('log_lines and log_bytes', async () => {
    const chatty: Does = (context, { n, text }) => {
      for (let line = 0; line < Number(n); line++) context.log('info', String(text));
      return 'done';
    };
    const { call } = await setup(chatty, { limits: { logLines: 10, logBytes: 1_000 } });
    expect(await call({ n: 10, text: 'x' })).toBe('done');
    expect(await failing(call({ n: 11, text: 'x' }))).toBe('log_lines');
    expect(await call({ n: 4, text: 'x'.repeat(240) })).toBe('done');
    expect(await failing(call({ n: 4, text: 'x'.repeat(260) }))).toBe('log_bytes');
  });

  it('object_bytes and objects_bytes', async () => {
    const { call, grant } = await setup(use, { limits: { objectBytes: 10, objectsBytes: 15 } });
    grant(EVERYTHING);
    const put = (name: string, n: number) =>
      call({ operation: 'objects.put', parameters: { name, text: 'x'.repeat(n) } });
    await put('a', 10);
    expect(await failing(put('b', 11))).toBe('object_bytes');
    await put('b', 5);
    expect(await failing(put('c', 1))).toBe('objects_bytes');
    await put('a', 9);
    await put('c', 1);
  });
});
