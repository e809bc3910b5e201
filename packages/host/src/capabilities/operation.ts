// One use of a capability: what is asked for, by whom, within which bounds.
import type {
  AgentMemory,
  CapabilityOperation,
  Json,
  JsonObject,
  Limits,
  MemoryScope,
  Permissions,
} from '@pypes/contract';
import type { Pack } from '../packs/pack.ts';
import type { Chain } from './chain.ts';

/** Operations of `context`, and the two by which storage managers take a memory document out. */
export type Operation = CapabilityOperation | 'memory.checkout' | 'memory.commit';

/** Counts what one call has under way; `enter` stops the call where it is too much. */
export type Gauge = { enter(): () => void };

/** What an operation works with. */
export type Use = {
  readonly operation: Operation;
  readonly parameters: JsonObject;
  readonly permissions: Permissions;
  readonly pack: Pack;
  readonly scope: MemoryScope;
  readonly agent: string;
  readonly runId: string;
  readonly limits: Limits;
  readonly chain: Chain;
  readonly memory: AgentMemory;
  readonly sockets: Gauge;
  readonly signal: () => AbortSignal;
  /** Told of every secret that the use opened. */
  readonly onSecret: (name: string) => void;
};

/** Performs one operation. @throws PypesError */
export type Perform = (use: Use) => Promise<Json>;
