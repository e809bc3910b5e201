// What a person's yes is bound to, as one key: the same request has the same key, another one never has.
import { type Approval, type Call, canonicalJson, type JsonObject } from '@pypes/contract';

/** What the policy adds to a call. */
export type RequestOptions = {
  readonly policy: string;
  readonly policyVersion: string;
  readonly reason: string;
  readonly approvers?: readonly string[];
  readonly ttlMs: number;
  readonly now: () => number;
  readonly newId: () => string;
};

/** The key of a call, and the hash of its arguments. */
export type BoundTo = { readonly key: string; readonly argsHash: string };

/** Binds to tool, arguments, caller, pack, user, tenant, durable run, policy and the version of all policies. */
export async function bind(call: Call, options: Pick<RequestOptions, 'policy' | 'policyVersion'>): Promise<BoundTo> {
  const argsHash = await sha256(canonicalJson(call.args));
  const bound = {
    tool: call.to,
    from: call.from,
    pack: call.packGuid,
    user: call.userGuid ?? null,
    ...(call.tenant === undefined ? {} : { tenant: call.tenant }),
    run: call.scope ?? null,
    args: argsHash,
    policy: options.policy,
    version: options.policyVersion,
  };
  return { key: await sha256(canonicalJson(bound)), argsHash };
}

/** A new request. */
export function toRequest(call: Call, { key, argsHash }: BoundTo, options: RequestOptions): Approval {
  const now = options.now();
  return {
    id: options.newId(),
    key,
    state: 'pending',
    tool: call.to,
    from: call.from,
    pack_guid: call.packGuid,
    ...(call.userGuid === undefined ? {} : { user_guid: call.userGuid }),
    ...(call.tenant === undefined ? {} : { tenant: call.tenant }),
    ...(call.scope === undefined ? {} : { run: call.scope }),
    args: call.args as JsonObject,
    args_hash: argsHash,
    policy: options.policy,
    policy_version: options.policyVersion,
    reason: options.reason,
    ...(options.approvers === undefined ? {} : { approvers: options.approvers }),
    created_at: new Date(now).toISOString(),
    expires_at: new Date(now + options.ttlMs).toISOString(),
  };
}

/** SHA-256 in hex. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
