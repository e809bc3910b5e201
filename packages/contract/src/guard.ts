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
  /** For whom the call is made, where a host serves several: limits, approvals and records are kept for each alone. */
  readonly tenant?: string;
  readonly args: JsonObject;
  /** What the caller had read when it decided on this call: holds for every argument, and for the decision to call. */
  readonly labels: ReadonlySet<Label>;
  /** What single arguments carry besides, by JSON pointer into `args`, where it is known. */
  readonly fields?: ReadonlyMap<string, ReadonlySet<Label>>;
  readonly run: string;
  /** Who decides on the call: a running agent or a model's conversation. Calls of one context share what was read. */
  readonly context?: string;
  /** The run of the outermost call that this one is part of. Absent: the call is its own. */
  readonly root?: string;
  /** The id of a durable run that the call belongs to: approvals are for one of them. */
  readonly scope?: string;
  /** It was performed before: its durable run has the answer in its record, and nothing is done again. */
  readonly recorded?: true;
  /** Where policies write down what they decided. */
  readonly trail?: DecisionTrail;
}

/** What a policy may decide. `approve`: a person said yes. `defer`: a person has to, first. */
export type Decision = 'allow' | 'deny' | 'modify' | 'approve' | 'defer';

/** One decision of one policy. */
export type DecisionNote = { readonly policy: string; readonly decision: Decision; readonly reason?: string };

/** What policies decided about one call, in order. */
export interface DecisionTrail {
  readonly notes: readonly DecisionNote[];
  note(decision: DecisionNote): void;
}

/** What a call gives back. */
export interface Reply {
  readonly output: Json;
  /** What the whole output was made from. */
  readonly labels: ReadonlySet<Label>;
  /** What single fields carry besides, by JSON pointer into `output`, where it is known. */
  readonly fields?: ReadonlyMap<string, ReadonlySet<Label>>;
}

/** The rest of the chain. */
export type Next = (call: Call) => Promise<Reply>;

/**
 * One rule of the guard: looks at the call, and either throws (deny), or hands it on, changed or not, and may look at
 * the reply. It hands on at most once.
 */
export type Policy = (call: Call, next: Next) => Promise<Reply>;
