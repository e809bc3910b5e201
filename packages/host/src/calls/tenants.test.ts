// Attacks between tenants: the same pack, the same user, and nothing that one of them could learn of the other.
import type { AgentContext, Call, CapabilityOperation, Grant, Json, JsonObject, MemoryScope } from '@pypes/contract';
import {
  createMemoryMemoryStore,
  createMemoryObjectStore,
  createMemoryPackStore,
  createMemorySecretStore,
} from '@pypes/stores/memory';
import { describe, expect, it } from 'vitest';
import { createHost, createVault, type VaultUse } from '../index.ts';
import { createFakeRuntime, deferred, fake, requiredOnly } from '../testing/fake.ts';

const GUID = 'b0e0c1d2-0000-4000-8000-000000000009';
const USER = '11111111-1111-4111-8111-111111111111';
const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64');

type Does = (context: AgentContext, args: JsonObject) => Json | Promise<Json>;

/** A secret is hidden in whatever leaves the host, so that its length has to tell whose it is. */
const use: Does = async (context, { operation, parameters }) => {
  const given = await context.use(operation as CapabilityOperation, (parameters ?? {}) as JsonObject);
  return operation === 'vault.get' ? String(given).length : given;
};

/** A host with one pack: `use` does what its arguments name, `nest` has `use` do it, `hold` keeps its memory out. */
async function setup() {
  const grant: Grant = {
    pack_guid: GUID,
    permissions: { vault: ['KEY'], objects: 'read-write', session: ['files'] },
    granted_at: '2026-01-01T00:00:00Z',
  };
  const opened: MemoryScope[] = [];
  const uses: VaultUse[] = [];
  const seen: Call[] = [];
  const tenantsOfRecords: (string | undefined)[] = [];
  const release = deferred();
  const held = deferred();
  const vault = createVault({ store: createMemorySecretStore(), keys: { find: async () => [KEY] } });
  const { runtime } = createFakeRuntime({
    use,
    nest: (context, args) => context.call('use', args),
    nest2: (context, args) => context.call('nest', args),
    hold: async (context) => {
      const { document, commit } = await context.memory.checkout();
      held.resolve();
      await release.promise;
      await commit({ ...document, held: true });
      return null;
    },
    checkout: async (context) => (await context.memory.checkout()).document,
  });
  const host = createHost({
    runtimes: [runtime],
    schemas: requiredOnly,
    packs: createMemoryPackStore(),
    memory: createMemoryMemoryStore(),
    capabilities: {
      grants: { get: async () => grant, put: async () => undefined, remove: async () => true },
      objects: createMemoryObjectStore(),
      vault,
      sessions: {
        async open({ scope }) {
          opened.push(scope);
          return {
            perform: async () => JSON.stringify(scope.tenant ?? null),
            screenshot: async () => new Uint8Array(),
            close: async () => undefined,
          };
        },
        close: async () => undefined,
      },
      onVaultUse: (event) => uses.push(event),
    },
    policies: [
      (call, next) => {
        seen.push(call);
        return next(call);
      },
    ],
    audit: { write: ({ tenant }) => tenantsOfRecords.push(tenant) },
  });
  const agents = ['use', 'nest', 'nest2', 'hold', 'checkout'].map((name) => fake({ name, does: name }));
  const deploy = () =>
    host.deploy({
      schema: 'pack/1.0',
      pack_guid: GUID,
      name: 'shared',
      agents: agents.map((source, index) => ({ filename: `a${index}.fake`, source })),
    });
  await deploy();
  const call = (tenant: string | undefined, agent: string, args: JsonObject = {}) =>
    host.call(GUID, { agent, args, userGuid: USER, ...(tenant === undefined ? {} : { tenant }) });
  const by =
    (agent: string) =>
    (tenant: string | undefined, operation: CapabilityOperation, parameters: JsonObject = {}): Promise<Json> =>
      call(tenant, agent, { operation, parameters });
  return { host, call, by, vault, opened, uses, seen, tenantsOfRecords, held, release };
}

describe.each(['use', 'nest', 'nest2'])('through %s', (agent) => {
  it('no memory of another tenant is read, listed, changed or deleted', async () => {
    const by = (await setup()).by(agent);
    await by('acme', 'memory.set', { key: 'k', value: 'acme' });
    for (const other of ['globex', 'Acme', undefined, '']) {
      expect(await by(other, 'memory.get', { key: 'k' })).toBeNull();
      expect(await by(other, 'memory.list')).toEqual([]);
      expect(await by(other, 'memory.delete', { key: 'k' })).toBe(false);
      await by(other, 'memory.set', { key: 'k', value: 'other' });
      await by(other, 'memory.delete', { key: 'k' });
    }
    expect(await by('acme', 'memory.get', { key: 'k' })).toBe('acme');
  });

  it('no object of another tenant is read, listed, replaced or deleted', async () => {
    const by = (await setup()).by(agent);
    await by(undefined, 'objects.put', { name: 'n', text: 'operator' });
    await by('acme', 'objects.put', { name: 'n', text: 'acme' });
    expect(await by('globex', 'objects.get', { name: 'n' })).toBeNull();
    expect(await by('globex', 'objects.list')).toEqual([]);
    expect(await by('globex', 'objects.delete', { name: 'n' })).toBe(false);
    await by('globex', 'objects.put', { name: 'n', text: 'globex' });
    expect(await by('acme', 'objects.get', { name: 'n' })).toMatchObject({ text: 'acme' });
    expect(await by(undefined, 'objects.get', { name: 'n' })).toMatchObject({ text: 'operator' });
  });

  it('no secret of another tenant, nor of the operator, is found', async () => {
    const { by, vault, uses } = await setup();
    const get = (tenant: string | undefined) => by(agent)(tenant, 'vault.get', { name: 'KEY' });
    await vault.set('KEY', 'api_key', 'operator-secret');
    await expect(get('acme')).rejects.toMatchObject({ code: 'not_found' });
    await vault.set('KEY', 'api_key', 'acme-secret', 'acme');
    for (const other of ['globex', 'Acme', 'acme.'])
      await expect(get(other)).rejects.toMatchObject({ code: 'not_found' });
    expect(uses).toEqual([]);
    expect([await get('acme'), await get(undefined)]).toEqual(['acme-secret'.length, 'operator-secret'.length]);
    expect(uses.map(({ tenant }) => tenant)).toEqual(['acme', undefined]);
  });

  it('a session is opened for the tenant that the chain began with', async () => {
    const { by, opened } = await setup();
    expect(await by(agent)('acme', 'session.list')).toBe('"acme"');
    expect(await by(agent)(undefined, 'session.list')).toBe('null');
    expect(opened).toEqual([
      { packGuid: GUID, userGuid: USER, tenant: 'acme' },
      { packGuid: GUID, userGuid: USER },
    ]);
  });
});

it('a memory that one tenant keeps taken out holds up no other', async () => {
  const { call, held, release } = await setup();
  const holding = call('acme', 'hold');
  await held.promise;
  expect(await call('globex', 'checkout')).toEqual({});
  expect(await call(undefined, 'checkout')).toEqual({});
  const waiting = call('acme', 'checkout');
  release.resolve();
  await holding;
  expect(await waiting).toEqual({ held: true });
});

it('every call of a chain, and every record, names the tenant', async () => {
  const { by, seen, tenantsOfRecords } = await setup();
  await by('nest2')('acme', 'memory.list');
  expect(seen.map(({ to, tenant }) => [to, tenant])).toEqual([
    ['nest2', 'acme'],
    ['nest', 'acme'],
    ['use', 'acme'],
    ['context.memory.list', 'acme'],
  ]);
  expect(tenantsOfRecords).toEqual(['acme', 'acme', 'acme', 'acme']);
});

it('what is no name of a tenant is refused, and stands for nobody', async () => {
  const { host, call, seen } = await setup();
  for (const tenant of ['a/b', '../acme', ' ', 'acme ', 'x'.repeat(65), 'a\0']) {
    await expect(call(tenant, 'checkout')).rejects.toMatchObject({ code: 'invalid_request' });
    const start = { name: 'blueprint.b', from: 'test', packGuid: GUID, args: {}, run: 'r', tenant };
    await expect(host.admit(start)).rejects.toMatchObject({ code: 'invalid_request' });
  }
  expect([seen, host.inFlight]).toEqual([[], 0]);
});

it('a vault that knows no tenants gives them nothing', async () => {
  const { runtime } = createFakeRuntime({ use });
  let asked = 0;
  const host = createHost({
    runtimes: [runtime],
    schemas: requiredOnly,
    packs: createMemoryPackStore(),
    memory: createMemoryMemoryStore(),
    capabilities: {
      grants: {
        get: async () => ({ pack_guid: GUID, permissions: { vault: ['KEY'] }, granted_at: '' }),
        put: async () => undefined,
        remove: async () => true,
      },
      vault: { open: async () => `secret-of-the-operator-${++asked}` },
    },
  });
  const source = fake({ name: 'use', does: 'use' });
  await host.deploy({ schema: 'pack/1.0', pack_guid: GUID, name: 'p', agents: [{ filename: 'a.fake', source }] });
  const args = { operation: 'vault.get', parameters: { name: 'KEY' } };
  await expect(host.call(GUID, { agent: 'use', args, tenant: 'acme' })).rejects.toMatchObject({ code: 'unsupported' });
  expect(asked).toBe(0);
});

it('removing a pack removes what every tenant had there', async () => {
  const { host, by } = await setup();
  for (const tenant of ['acme', 'globex', undefined]) {
    await by('use')(tenant, 'memory.set', { key: 'k', value: 1 });
    await by('use')(tenant, 'objects.put', { name: 'n', text: 't' });
  }
  await host.remove(GUID);
  const source = fake({ name: 'use', does: 'use' });
  await host.deploy({ schema: 'pack/1.0', pack_guid: GUID, name: 'new', agents: [{ filename: 'a.fake', source }] });
  for (const tenant of ['acme', 'globex', undefined]) {
    expect([await by('use')(tenant, 'memory.list'), await by('use')(tenant, 'objects.list')]).toEqual([[], []]);
  }
});
