// The next version of a role that lists targets: built on what waits for signatures, else on what is published.
import { PypesError } from '@pypes/contract';
import { type Metadata, Targets } from '@tufjs/models';
import type { SkillName } from '../manifest/names.ts';
import { type Repository, toExpiry } from './layout.ts';
import { amend, fromSigned, type TufJson, toCommon } from './metadata.ts';
import type { State } from './state.ts';

/** A draft without signatures: its content is about to change, and signatures hold for one content. */
export function toDraft(state: State, role: string): Metadata<Targets> {
  const published = state.targets.get(role);
  const version = (published?.signed.version ?? 0) + 1;
  const base = state.pendingTargets.get(role) ?? published;
  if (base !== undefined) return amend(Targets, base, { version });
  return fromSigned(Targets, { ...toCommon('targets', version, new Date(0).toISOString()), targets: {} });
}

/** A draft with other fields, and a new expiry. */
export function withFields(repository: Repository, draft: Metadata<Targets>, fields: TufJson): Metadata<Targets> {
  return amend(Targets, draft, { expires: toExpiry(repository, 'targets'), ...fields });
}

/**
 * The role that speaks for a name: its namespace, or the registry itself.
 *
 * @throws PypesError `not_found` where the namespace was not delegated
 */
export function toRole(state: State, { namespace }: SkillName): string {
  if (namespace === undefined) return 'targets';
  const top = state.pendingTargets.get('targets') ?? state.targets.get('targets')!;
  if (top.signed.delegations?.roles?.[namespace] !== undefined) return namespace;
  throw new PypesError(
    'not_found',
    `The registry has no namespace "${namespace}"; delegate it first with pypes registry delegate`,
  );
}
