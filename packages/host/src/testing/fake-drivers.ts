// Capability drivers in memory, which remember what reached them.
import type { EgressRequest, Grant, Json, ObjectInfo } from '@pypes/contract';
import type { CapabilityDrivers, VaultUse } from '../capabilities/capabilities.ts';

/** The one secret of the fake vault. */
/** Nothing in it may be taken for anything else: not for a pattern of a replacement, not for a placeholder. */
export const SECRET = "sesame/open+now=42$$w$&rd$'{{vault:KEY}}";

export function createFakeDrivers(grants: Map<string, Grant>) {
  const reached: string[] = [];
  const requests: EgressRequest[] = [];
  const uses: VaultUse[] = [];
  const objects = new Map<string, { info: ObjectInfo; bytes: Uint8Array }>();
  let held: Promise<void> = Promise.resolve();
  const note = <T>(what: string, value: T): T => {
    reached.push(what);
    return value;
  };

  const capabilities: CapabilityDrivers = {
    grants: {
      get: async (guid) => grants.get(guid),
      put: async (grant) => void grants.set(grant.pack_guid, grant),
      remove: async (guid) => grants.delete(guid),
    },
    objects: {
      put: async (_scope, { name, contentType, bytes }) => {
        const info = { name, content_type: contentType, size: bytes.length, digest: 'sha256:0' };
        objects.set(name, { info, bytes });
        return note('put', info);
      },
      get: async (_scope, name) => note('get', objects.get(name)),
      list: async () => {
        const all = [...objects.values()].map(({ info }) => info);
        return note('list', all);
      },
      delete: async (_scope, name) => note('delete', objects.delete(name)),
      removePack: async () => objects.clear(),
    },
    vault: { open: async () => note('vault', SECRET) },
    egress: {
      fetch: async (request) => {
        requests.push(request);
        await held;
        return note('fetch', {
          status: 200,
          statusText: 'OK',
          url: request.url,
          headers: [],
          body: new TextEncoder().encode('pong'),
        });
      },
      close: async () => undefined,
    },
    ai: {
      models: async () => [],
      complete: async () => note('ai', { text: 'hi' }),
      async *stream() {
        yield { text: 'hi' };
      },
      close: async () => undefined,
    },
    sessions: {
      open: async () => ({
        perform: async (operation): Promise<Json> => note(operation, null),
        screenshot: async () => note('screenshot', new Uint8Array([1])),
        close: async () => undefined,
      }),
      close: async () => undefined,
    },
    onVaultUse: (use) => uses.push(use),
  };
  const holdEgress = (until: Promise<void>) => {
    held = until;
  };
  return { capabilities, reached, requests, uses, holdEgress };
}
