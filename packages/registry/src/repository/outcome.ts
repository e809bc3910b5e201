// What an operation on a repository answers: whether it is public now, and whose signatures it waits for.
import type { Draft } from './metadata.ts';
import type { State } from './state.ts';

/** A role whose new metadata is not public yet. */
export type Waiting = {
  readonly role: string;
  readonly version: number;
  /** The keys that have signed it so far. */
  readonly signedBy: readonly string[];
  /** How many signatures each delegator asks for, and of which keys. */
  readonly needs: readonly { readonly threshold: number; readonly keyIds: readonly string[] }[];
};

/** The answer of every operation. */
export type Outcome = {
  /** Everything that the operation changed is public. */
  readonly published: boolean;
  /** What waits. A role that has all its own signatures waits for the keys of `snapshot` and `timestamp`. */
  readonly waiting: readonly Waiting[];
};

/** Describes what waits. */
export function toWaiting(state: State, pending: ReadonlyMap<string, Draft>): readonly Waiting[] {
  return [...pending].map(([role, draft]) => ({
    role,
    version: draft.signed.version,
    signedBy: Object.keys(draft.signatures),
    needs: findNeeds(state, pending, role),
  }));
}

function findNeeds(state: State, pending: ReadonlyMap<string, Draft>, role: string): Waiting['needs'] {
  const roots = [state.root, pending.get('root') ?? state.root].map(({ signed }) => signed.toJSON());
  const tops = [pending.get('targets') ?? state.targets.get('targets')!].map(({ signed }) => signed.toJSON());
  const found =
    role === 'root' || role === 'targets'
      ? roots.map((root) => pick(root.roles, role))
      : tops.map((top) => pickDelegated(top.delegations, role));
  const needs = found.filter((need) => need !== undefined);
  return needs.filter(
    (need, index) => needs.findIndex((other) => JSON.stringify(other) === JSON.stringify(need)) === index,
  );
}

type RoleJson = { readonly name?: string; readonly keyids: readonly string[]; readonly threshold: number };

function pick(roles: unknown, role: string) {
  return toNeed((roles as { readonly [role: string]: RoleJson } | undefined)?.[role]);
}

function pickDelegated(delegations: unknown, role: string) {
  const { roles = [] } = (delegations ?? {}) as { readonly roles?: readonly RoleJson[] };
  return toNeed(roles.find(({ name }) => name === role));
}

function toNeed(role: RoleJson | undefined) {
  return role === undefined ? undefined : { threshold: role.threshold, keyIds: role.keyids };
}
