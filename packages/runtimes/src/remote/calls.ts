// Calls under way at the other endpoint, and what their guests ask of the context here.
import {
  type AgentContext,
  CAPABILITY_OPERATIONS,
  type CapabilityOperation,
  isJsonObject,
  type Json,
  type Limits,
  PypesError,
} from '@pypes/contract';
import { mostAskBytes, type RemoteAsk, type RemoteNote } from '@pypes/contract/remote';
import { createBridge } from '../bridge.ts';

/** One call, from when it is sent until it is answered. */
export interface RemoteCall {
  /** Bytes of what its guest may ask with. */
  readonly mostBytes: number;
  /** Whether this one runs it: the first that asks does, and a request that was repeated elsewhere does not. */
  isRunBy(runner: string): boolean;
  /** Logs and progress in their order; what came before is left out. */
  note(first: number, notes: readonly RemoteNote[]): void;
  /** @throws PypesError */
  perform(ask: NonNullable<RemoteAsk['ask']>): Promise<Json>;
}

export interface RemoteCalls {
  open(id: string, context: AgentContext, limits: Limits): RemoteCall & { close(): void };
  find(id: string): RemoteCall | undefined;
}

export function createRemoteCalls(): RemoteCalls {
  const calls = new Map<string, RemoteCall>();
  return {
    find: (id) => calls.get(id),
    open(id, context, limits) {
      const bridge = createBridge(context);
      let next = 0;
      let ran: string | undefined;
      const call: RemoteCall = {
        mostBytes: mostAskBytes(limits),
        isRunBy(runner) {
          ran ??= runner;
          return ran === runner;
        },
        note(first, notes) {
          for (const [index, [operation, ...parameters]] of notes.entries()) {
            if (first + index < next) continue;
            next = first + index + 1;
            // A line that is none is left out: the guest does not wait for it.
            bridge(operation, parameters).catch(() => undefined);
          }
        },
        perform: async ({ operation, parameters }) =>
          operation === 'use' ? use(context, parameters) : bridge(operation, parameters),
      };
      calls.set(id, call);
      return { ...call, close: () => void calls.delete(id) };
    },
  };
}

function use(context: AgentContext, [operation, parameters]: readonly Json[]): Promise<Json> {
  if (!(CAPABILITY_OPERATIONS as readonly unknown[]).includes(operation) || !isJsonObject(parameters)) {
    throw new PypesError('unsupported', `The host has no operation ${JSON.stringify(operation)}`);
  }
  return context.use(operation as CapabilityOperation, parameters);
}
