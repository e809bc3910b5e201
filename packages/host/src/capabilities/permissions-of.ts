// What a pack may do at this moment: its trust, and what an operator granted for its present content.
import {
  type Grant,
  type GrantStore,
  type Permissions,
  SANDBOX_PERMISSIONS,
  TRUSTED_PERMISSIONS,
  withGrant,
} from '@pypes/contract';
import type { Pack } from '../packs/pack.ts';

/** The permissions of a pack. */
export type PackPermissions = {
  readonly inForce: Permissions;
  readonly grant: Grant | undefined;
  /** The grant was given for other content than the pack has now, and does not hold. */
  readonly suspended: boolean;
};

/** Asked for each use, so that a grant, or its end, holds at once. */
export async function permissionsOf(pack: Pack, grants: GrantStore | undefined): Promise<PackPermissions> {
  const base = pack.trusted ? TRUSTED_PERMISSIONS : SANDBOX_PERMISSIONS;
  const grant = await grants?.get(pack.guid);
  if (grant === undefined) return { inForce: base, grant, suspended: false };
  const suspended = grant.content_digest !== undefined && grant.content_digest !== (await pack.contentDigest?.());
  return { inForce: suspended ? base : withGrant(base, grant.permissions), grant, suspended };
}
