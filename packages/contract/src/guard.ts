// What passes the guard: a call going down, a reply coming back, and a policy between them (spec 4).
import type { Json, JsonObject } from './json.ts';

/** A mark on a value that says where it has been. */
export type Label = string;

/** One call between components. */
export interface Call {
  /** An agent is called, or a capability of `context` used: `to` is then `context.` and the operation. */
  readonly kind: 'agent' | 'capability';
  /** Who calls: an agent's name, or the door that the call came through. */
  readonly from: string;
  /** The agent that is called. */
  readonly to: string;
  readonly packGuid: string;
  readonly userGuid?: string;
  readonly args: JsonObject;
  readonly labels: ReadonlySet<Label>;
  readonly run: string;
}

/** What a call gives back. */
export interface Reply {
  readonly output: Json;
  readonly labels: ReadonlySet<Label>;
}

/** The rest of the chain. */
export type Next = (call: Call) => Promise<Reply>;

/**
 * One rule of the guard: looks at the call, and either throws (deny), or hands it on, changed or not, and may look at
 * the reply. It hands on at most once.
 */
export type Policy = (call: Call, next: Next) => Promise<Reply>;
