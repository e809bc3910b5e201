// `context.memory`, each of its members one use of a capability, so that all of them pass the guard.
import type { AgentMemory, Json, JsonObject } from '@pypes/contract';
import type { Operation } from '../capabilities/operation.ts';

/** The memory of a call over `use`, which passes the guard. */
export function createMemoryFacade(use: (operation: Operation, parameters: JsonObject) => Promise<Json>): AgentMemory {
  return {
    get: async (key) => (await use('memory.get', { key })) ?? undefined,
    set: async (key, value) => void (await use('memory.set', { key, value })),
    delete: async (key) => (await use('memory.delete', { key })) === true,
    list: async (prefix) =>
      (await use('memory.list', prefix === undefined ? {} : { prefix })) as unknown as readonly string[],
    checkout: async () => ({
      document: (await use('memory.checkout', {})) as JsonObject,
      commit: async (document) => void (await use('memory.commit', { document })),
    }),
  };
}
