// The context of a call whose host is elsewhere: it can be stopped here, and asks there.
import {
  type AgentContext,
  type AgentMemory,
  isJsonObject,
  type Json,
  type JsonObject,
  PypesError,
} from '@pypes/contract';
import type { RemoteRun } from '@pypes/contract/remote';
import type { Notes } from './notes.ts';

export interface RemoteContext extends AgentContext {
  /** Stops the guest; its failure is the answer. */
  stop(error: PypesError): void;
  /** What the host does not know yet of the log; from then on nothing can be asked. */
  end(): Promise<{ readonly first: number; readonly notes: Json }>;
}

export type RemoteContextParts = {
  readonly notes: Notes;
  /** Absent: the host cannot be asked. */
  readonly ask?: (operation: string, parameters: readonly Json[]) => Promise<Json>;
};

export function createRemoteContext(call: RemoteRun, { notes, ask: askHost }: RemoteContextParts): RemoteContext {
  const { agent, runId, userGuid } = call.context;
  const stopping = new AbortController();
  const { signal } = stopping;
  let isOver = false;

  async function ask(operation: string, ...parameters: readonly Json[]): Promise<Json> {
    if (isOver) throw new PypesError('canceled', 'The call has ended; it cannot ask its host any more');
    if (signal.aborted) throw signal.reason;
    if (askHost === undefined) {
      throw new PypesError(
        'unsupported',
        'The host of this call cannot be asked for anything: it gave no address at which it is reached from here',
      );
    }
    notes.flush();
    return askHost(operation, parameters);
  }

  return {
    agent,
    packGuid: call.file.packGuid,
    ...(userGuid === undefined ? {} : { userGuid }),
    tenant: tenantOf(call),
    runId,
    signal,
    get stopped() {
      return signal.aborted;
    },
    onStop(listener) {
      if (signal.aborted) listener();
      else signal.addEventListener('abort', listener, { once: true });
      return () => signal.removeEventListener('abort', listener);
    },
    log: (level, message, data) =>
      notes.add(data === undefined ? ['log', level, message] : ['log', level, message, data]),
    progress: (fraction, message) =>
      notes.add(message === undefined ? ['progress', fraction] : ['progress', fraction, message]),
    memory: memoryOf(ask),
    call: (other, args) => ask('call', other, args),
    use: (operation, parameters) => ask('use', operation, parameters),
    stop: (error) => stopping.abort(error),
    end() {
      isOver = true;
      return notes.rest();
    },
  };
}

/** Sandboxes are kept by tenant: two hosts whose packs or users have one name are two tenants here. */
function tenantOf({ callback, context }: RemoteRun): string {
  return `${callback === undefined ? '' : new URL(callback).host}/${context.tenant ?? ''}`;
}

function memoryOf(ask: (operation: string, ...parameters: readonly Json[]) => Promise<Json>): AgentMemory {
  return {
    async get(key) {
      const value = await ask('memory.get', key);
      return value === null ? undefined : value;
    },
    async set(key, value) {
      await ask('memory.set', key, value);
    },
    delete: async (key) => (await ask('memory.delete', key)) === true,
    list: async (prefix) => (await ask('memory.list', ...(prefix === undefined ? [] : [prefix]))) as readonly string[],
    async checkout() {
      const document = await ask('memory.checkout');
      if (!isJsonObject(document)) throw new PypesError('unavailable', 'The host gave a memory that is none');
      return {
        document,
        async commit(changed: JsonObject) {
          await ask('memory.commit', changed);
        },
      };
    },
  };
}
