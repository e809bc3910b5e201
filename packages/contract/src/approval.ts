// A person's yes to one call: what it is bound to, and where it is kept (spec 4, approve).
import type { JsonObject } from './json.ts';

/** `used`: the call went through, and the yes is spent. */
export type ApprovalState = 'pending' | 'granted' | 'denied' | 'used';

/** A request for a person's yes, and what became of it. Times are ISO 8601. */
export type Approval = {
  readonly id: string;
  /** SHA-256 over everything that the yes is bound to: the same request has the same key. */
  readonly key: string;
  readonly state: ApprovalState;
  /** The agent or the operation of `context` that is called. */
  readonly tool: string;
  readonly from: string;
  readonly pack_guid: string;
  readonly user_guid?: string;
  readonly tenant?: string;
  /** The durable run that the call belongs to. */
  readonly run?: string;
  readonly args: JsonObject;
  /** SHA-256 of the canonical text of the arguments. */
  readonly args_hash: string;
  /** The policy that asks, and the version of all policies together. */
  readonly policy: string;
  readonly policy_version: string;
  readonly reason: string;
  /** Who may decide; absent: whoever operates this host. */
  readonly approvers?: readonly string[];
  readonly created_at: string;
  readonly expires_at: string;
  readonly decided_at?: string;
  readonly approver?: string;
  /** Why it was denied. */
  readonly comment?: string;
};

/** Where approvals are kept: they survive a restart. */
export interface ApprovalStore {
  get(id: string): Promise<Approval | undefined>;
  /** The newest request with this key. */
  find(key: string): Promise<Approval | undefined>;
  /** Newest first. */
  list(): Promise<readonly Approval[]>;
  /**
   * Replaces `before` (undefined: nothing) by `after`, which has its key, in one step; false where it is not what is
   * stored any more. Of two that spend one yes, one gets true.
   */
  replace(before: Approval | undefined, after: Approval): Promise<boolean>;
}
