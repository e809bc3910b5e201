// What an agent's file imports: looked at before every call, and refused by name with what would help.
import type { ImportNeed, LoadedAgent, Permissions, Runtime } from '@pypes/contract';
import { createMemoryGrantStore, createMemoryMemoryStore, createMemoryPackStore } from '@pypes/stores/memory';
import { describe, expect, it } from 'vitest';
import { createHost } from '../host.ts';
import { requiredOnly } from '../testing/fake.ts';
import { createFakeDrivers } from '../testing/fake-drivers.ts';

const GUID = 'b0e0c1d2-0000-4000-8000-000000000042';

/** Each agent of the pack: its whole name in WIT, where it has one, and what it imports. */
type Agents = { readonly [name: string]: { readonly wit?: string; readonly imports?: readonly ImportNeed[] } };

async function setup(agents: Agents) {
  const ran: string[] = [];
  const runtime: Runtime = {
    name: 'wired',
    extensions: ['.wired'],
    capabilities: { sandboxed: true, interruptible: true, context: true },
    load: async (file) => {
      const name = file.filename.replace('.wired', '');
      const { wit, imports } = agents[name] ?? {};
      const metadata = {
        name,
        description: name,
        parameters: { type: 'object' },
        ...(wit === undefined ? {} : { wit }),
      };
      const loaded: LoadedAgent = {
        metadata,
        ...(imports === undefined ? {} : { imports }),
        run: async () => {
          ran.push(name);
          return name;
        },
        close: async () => undefined,
      };
      return [loaded];
    },
    close: async () => undefined,
  };
  const grants = createMemoryGrantStore();
  const host = createHost({
    runtimes: [runtime],
    schemas: requiredOnly,
    packs: createMemoryPackStore(),
    memory: createMemoryMemoryStore(),
    capabilities: { ...createFakeDrivers(new Map()).capabilities, grants },
  });
  const deploy = (names: readonly string[]) =>
    host.deploy({
      schema: 'pack/1.0',
      pack_guid: GUID,
      name: 'wired',
      agents: names.map((name) => ({ filename: `${name}.wired`, source: name })),
    });
  await deploy(Object.keys(agents));
  return {
    ran,
    deploy,
    call: (agent: string) => host.call(GUID, { agent, args: {} }),
    grant: (permissions: Partial<Permissions>) =>
      grants.put({ pack_guid: GUID, permissions, granted_at: '2026-01-01T00:00:00Z' }),
  };
}

const API: ImportNeed = { name: 'a:b/api@1.0.0', agents: ['a:b/api@1.0.0#one', 'a:b/api@1.0.0#two'] };
const OTHER: ImportNeed = { name: 'a:b/api@2.0.0', agents: ['a:b/api@2.0.0#one'] };
const FETCH: ImportNeed = { name: 'wasi:http/outgoing-handler@0.2.12', operation: 'fetch' };
const refused = (...imports: readonly string[]) => ({ code: 'policy_denied', details: { imports } });

describe('what no agent of the pack provides', () => {
  it('is named, all of it, and nothing runs', async () => {
    const { call, ran } = await setup({ user: { imports: [API, OTHER] } });
    await expect(call('user')).rejects.toMatchObject(refused(API.name, OTHER.name));
    expect(ran).toEqual([]);
  });

  it('is missing as long as one of its functions is', async () => {
    const { call } = await setup({ user: { imports: [API] }, one: { wit: 'a:b/api@1.0.0#one' } });
    await expect(call('user')).rejects.toMatchObject(refused(API.name));
  });

  it('is not provided by another version, another interface, or an agent with the short name alone', async () => {
    const { call } = await setup({
      user: { imports: [OTHER] },
      one: { wit: 'a:b/api@1.0.0#one' },
      two: { wit: 'c:d/api@2.0.0#one' },
      three: {},
    });
    await expect(call('user')).rejects.toMatchObject(refused(OTHER.name));
  });

  it('may be there at the next call, and gone at the one after', async () => {
    const agents = { user: { imports: [API] }, one: { wit: 'a:b/api@1.0.0#one' }, two: { wit: 'a:b/api@1.0.0#two' } };
    const { call, deploy, ran } = await setup(agents);
    expect(await call('user')).toBe('user');
    await deploy(['user', 'one']);
    await expect(call('user')).rejects.toMatchObject(refused(API.name));
    await deploy(['user', 'one', 'two']);
    expect(await call('user')).toBe('user');
    expect(ran).toEqual(['user', 'user']);
  });
});

describe('what needs a grant', () => {
  it('is refused with the grant that would do, and works with it', async () => {
    const { call, grant, ran } = await setup({ user: { imports: [FETCH] } });
    await expect(call('user')).rejects.toMatchObject({
      ...refused(FETCH.name),
      message: expect.stringContaining(`pypes grant ${GUID} network=`),
    });
    expect(ran).toEqual([]);
    await grant({ network: ['api.example.com:443'] });
    expect(await call('user')).toBe('user');
    await grant({ network: [] });
    await expect(call('user')).rejects.toMatchObject(refused(FETCH.name));
  });

  it('is named together with what no one provides', async () => {
    const { call } = await setup({ user: { imports: [API, FETCH] } });
    await expect(call('user')).rejects.toMatchObject(refused(API.name, FETCH.name));
  });
});

it('no import, no question', async () => {
  const { call } = await setup({ user: { imports: [] }, other: {} });
  expect([await call('user'), await call('other')]).toEqual(['user', 'other']);
});
