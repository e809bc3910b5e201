// A call inside the host: what the guard sees, and what only the host needs.
import type { Call, Json, JsonObject } from '@pypes/contract';
import type { AgentEntry } from '../agents/agent-entry.ts';
import type { Chain } from '../capabilities/chain.ts';
import type { Pack } from '../packs/pack.ts';
import type { CallEvent } from './events.ts';

/** A call of an agent. */
export type AgentCall = Call & {
  readonly kind: 'agent';
  readonly entry: AgentEntry;
  readonly pack: Pack;
  readonly frame: Frame;
};

/** A use of a capability; `perform` is all that lies behind the guard. */
export type CapabilityCall = Call & {
  readonly kind: 'capability';
  readonly perform: (args: JsonObject) => Promise<Json>;
};

/** Where a call stands in its chain of nested calls. */
export type Frame = {
  readonly chain: Chain;
  readonly depth: number;
  /** The run of the outermost call; absent in it. */
  readonly root?: string;
  /** The durable run that all of it belongs to. */
  readonly scope?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | (() => AbortSignal);
  readonly onEvent: (event: CallEvent) => void;
};
