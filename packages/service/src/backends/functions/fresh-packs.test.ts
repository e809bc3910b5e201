// A host looks before it calls, always before it changes, and asks nobody about names that are no guids.
import type { Host } from '@pypes/host';
import { describe, expect, it } from 'vitest';
import { withFreshPacks } from './fresh-packs.ts';

const GUID = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';

function setUp() {
  const did: unknown[] = [];
  const done = (what: string) => async () => void did.push(what);
  let inFlight = 0;
  const host = {
    get inFlight() {
      return inFlight++;
    },
    get: done('get'),
    deploy: done('deploy'),
    remove: done('remove'),
    list: done('list'),
  } as unknown as Host;
  const packs = {
    async refresh(guid: string, mostAgeMs?: number) {
      did.push(mostAgeMs === undefined ? guid : [guid, mostAgeMs]);
    },
  };
  return { did, host: withFreshPacks(host, packs) };
}

describe('a host of shared packs', () => {
  it('looks first', async () => {
    const { did, host } = setUp();
    await host.get(GUID.toUpperCase());
    await host.deploy({ pack_guid: ` ${GUID} ` });
    await host.remove(GUID);
    expect(did).toEqual([GUID, 'get', [GUID, 0], 'deploy', [GUID, 0], 'remove']);
  });

  it('does not ask about what is no guid, and leaves the rest as it is', async () => {
    const { did, host } = setUp();
    await host.get('agents');
    await host.deploy({});
    await host.deploy([]);
    await host.list();
    expect(did).toEqual(['get', 'deploy', 'deploy', 'list']);
    expect([host.inFlight, host.inFlight]).toEqual([0, 1]);
  });
});
