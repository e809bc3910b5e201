// A call inside the host: what the guard sees, and what only the host needs.
import type { Call, Json, JsonObject } from '@pypes/contract';
import type { Labels } from '@pypes/guard';
import type { AgentEntry } from '../agents/agent-entry.ts';
import type { Chain } from '../capabilities/chain.ts';
import type { Labelled } from '../capabilities/operation.ts';
import type { Pack } from '../packs/pack.ts';
import type { CallAround } from './around.ts';
import type { CallEvent } from './events.ts';
import type { Within } from './within.ts';

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
  readonly perform: (args: JsonObject, labels: Labels) => Promise<Json | Labelled>;
  readonly within?: Within;
  readonly around?: CallAround;
  /** Absent where a door, not an agent, uses it. */
  readonly chain?: Chain;
};

/** Where a call stands in its chain of nested calls. */
export type Frame = {
  readonly chain: Chain;
  readonly depth: number;
  /** The run of the outermost call; absent in it. */
  readonly root?: string;
  /** The agent that makes the call, by its run; absent where a door does. */
  readonly context?: string;
  /** For whom all of it is done. */
  readonly tenant?: string;
  /** The durable run that all of it belongs to. */
  readonly scope?: string;
  /** The composition that the call is part of, and its place there. */
  readonly within?: Within;
  /** What watches and records the chain of calls, for a durable run. */
  readonly around?: CallAround;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | (() => AbortSignal);
  readonly onEvent: (event: CallEvent) => void;
};
