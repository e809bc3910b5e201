// One use of a capability: what is asked for, by whom, within which bounds.
import type { CapabilityOperation, Json, JsonObject, Limits, MemoryScope, Permissions } from '@pypes/contract';
import type { FieldLabels, Labels } from '@pypes/guard';
import type { CallMemory } from '../memory/call-memory.ts';
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
  readonly memory: CallMemory;
  /** What the use carries: it is stored with what it stores. */
  readonly labels: Labels;
  readonly sockets: Gauge;
  readonly signal: () => AbortSignal;
  /** Told of every secret that the use opened. */
  readonly onSecret: (name: string) => void;
};

/** What an operation gives, with the labels that it was stored with. */
export class Labelled {
  readonly output: Json;
  readonly fields: FieldLabels;

  constructor(output: Json, fields: FieldLabels) {
    this.output = output;
    this.fields = fields;
  }
}

/** Performs one operation. @throws PypesError */
export type Perform = (use: Use) => Promise<Json | Labelled>;
