// Gives a namespace to its owners: from then on their keys, and no others, publish under `namespace:`.
import { PypesError } from '@pypes/contract';
import { Targets } from '@tufjs/models';
import { type SigningKey, toTufKey } from '../keys/key.ts';
import { isNamespace } from '../manifest/names.ts';
import { changeRepository } from './change.ts';
import { toDraft } from './draft.ts';
import { checkThreshold, type RoleKeys } from './init.ts';
import { type Repository, toExpiry } from './layout.ts';
import { amend, type TufJson, toTufJson } from './metadata.ts';
import type { Outcome } from './outcome.ts';

/**
 * Delegates a namespace, or replaces its keys. Where it has published, keys of the new owners must be at hand (or sign
 * later): what is there is signed anew in the same step, since the old keys count no longer.
 *
 * @throws PypesError `invalid_request`
 */
export async function delegateNamespace(
  repository: Repository,
  namespace: string,
  owners: RoleKeys,
  keys: readonly SigningKey[],
): Promise<Outcome> {
  if (!isNamespace(namespace)) {
    throw new PypesError(
      'invalid_request',
      `"${namespace}" is no namespace; it takes lower-case letters, digits and hyphens, and is not root, targets, snapshot or timestamp`,
    );
  }
  checkThreshold(namespace, owners.keys, owners.threshold);
  return changeRepository(repository, keys, (state) => {
    const top = toDraft(state, 'targets');
    const { delegations } = top.signed.toJSON() as { readonly delegations?: DelegationsJson };
    const roles = (delegations?.roles ?? []).filter(({ name }) => name !== namespace);
    const role = {
      name: namespace,
      keyids: owners.keys.map(({ keyId }) => keyId),
      threshold: owners.threshold,
      paths: [`${namespace}/*/*`],
      terminating: true,
    };
    const all = { ...delegations?.keys, ...Object.fromEntries(owners.keys.map((key) => [key.keyId, toTufKey(key)])) };
    const used = new Set([...roles, role].flatMap(({ keyids }) => keyids));
    const next = amend(Targets, top, {
      version: top.signed.version,
      expires: toExpiry(repository, 'targets'),
      delegations: toTufJson({
        keys: Object.fromEntries(Object.entries(all).filter(([keyId]) => used.has(keyId))),
        roles: [...roles, role],
      }),
    });
    const own =
      state.targets.has(namespace) || state.pendingTargets.has(namespace) ? toDraft(state, namespace) : undefined;
    return { targets: new Map([['targets', next], ...(own === undefined ? [] : [[namespace, own] as const])]) };
  });
}

type DelegationsJson = {
  readonly keys?: TufJson;
  readonly roles?: readonly { readonly name: string; readonly keyids: readonly string[] }[];
};
