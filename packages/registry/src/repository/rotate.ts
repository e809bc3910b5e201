// Changes who signs a top-level role. The new root counts once the thresholds of the old and of the new root have signed.
import { PypesError } from '@pypes/contract';
import { Root } from '@tufjs/models';
import { type PublicKey, type SigningKey, toTufKey } from '../keys/key.ts';
import { changeRepository } from './change.ts';
import { checkThreshold } from './init.ts';
import { type Repository, toExpiry } from './layout.ts';
import { amend, type TopRole, type TufJson } from './metadata.ts';
import type { Outcome } from './outcome.ts';

/** What changes in a role; without any change the root is merely renewed. */
export type RoleChange = {
  readonly role: TopRole;
  readonly add?: readonly PublicKey[];
  /** Key ids. */
  readonly remove?: readonly string[];
  readonly threshold?: number;
};

const FEWEST_ROOT_KEYS = 2;

/**
 * Changes the keys of a role.
 *
 * Give the old and the new keys of `targets`, `snapshot` and `timestamp` where those change: metadata is signed by both
 * before the root changes, so that there is no moment at which clients refuse it. Without the old one (it was lost)
 * the root goes first.
 *
 * @throws PypesError `invalid_request` where a key is unknown or the threshold cannot be met
 */
export async function rotateKeys(
  repository: Repository,
  change: RoleChange,
  keys: readonly SigningKey[],
): Promise<Outcome> {
  return changeRepository(repository, keys, (state) => {
    const base = state.pendingRoot ?? state.root;
    const json = base.signed.toJSON() as TufJson & RootJson;
    const known = readKeys(json, change.role);
    const unknown = change.remove?.find((keyId) => !known.some((key) => key.keyId === keyId));
    if (unknown !== undefined) throw new PypesError('invalid_request', `"${change.role}" has no key ${unknown}`);
    const kept = known.filter(({ keyId }) => !change.remove?.includes(keyId));
    const added = (change.add ?? []).filter(({ keyId }) => !kept.some((key) => key.keyId === keyId));
    const next = [...kept, ...added];
    const threshold = change.threshold ?? json.roles[change.role]!.threshold;
    checkThreshold(change.role, next, threshold);
    if (change.role === 'root' && threshold < FEWEST_ROOT_KEYS) {
      throw new PypesError(
        'invalid_request',
        `The root takes a threshold of ${FEWEST_ROOT_KEYS} or more, got ${threshold}`,
      );
    }
    const roles = { ...json.roles, [change.role]: { keyids: next.map(({ keyId }) => keyId), threshold } };
    const used = new Set(Object.values(roles).flatMap(({ keyids }) => keyids));
    const all = { ...json.keys, ...Object.fromEntries(added.map((key) => [key.keyId, toTufKey(key)])) };
    return {
      root: amend(Root, base, {
        version: state.root.signed.version + 1,
        expires: toExpiry(repository, 'root'),
        keys: Object.fromEntries(Object.entries(all).filter(([keyId]) => used.has(keyId))),
        roles,
      }),
    };
  });
}

/** Adds one key to a role; see {@link rotateKeys}. */
export function addKey(
  repository: Repository,
  { role, key, threshold }: { readonly role: TopRole; readonly key: PublicKey; readonly threshold?: number },
  keys: readonly SigningKey[],
): Promise<Outcome> {
  return rotateKeys(repository, { role, add: [key], ...(threshold === undefined ? {} : { threshold }) }, keys);
}

type RootJson = {
  readonly keys: { readonly [keyId: string]: { readonly keyval: { readonly public: string } } };
  readonly roles: { readonly [role: string]: { readonly keyids: string[]; readonly threshold: number } };
};

function readKeys(json: RootJson, role: TopRole): readonly PublicKey[] {
  return json.roles[role]!.keyids.map((keyId) => ({ keyId, publicKey: json.keys[keyId]!.keyval.public }));
}
