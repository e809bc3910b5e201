// Where things of a pack, a tenant and a user lie: what a stranger chose never becomes a part of a path.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type MemoryScope, PypesError, tenantPart, toGuid } from '@pypes/contract';

/**
 * `<pack>/<user>`: the user's guid, `shared`, or the digest of what is no guid; `<pack>/tenants/<tenant>/<user>` for a
 * tenant, so that what removes a pack removes its tenants' things with it.
 *
 * @throws PypesError `invalid_request`
 */
export function scopePath({ packGuid, userGuid, tenant }: MemoryScope): string {
  const user = userGuid === undefined ? 'shared' : userPart(userGuid);
  return join(checkedGuid(packGuid), tenantFolder(tenant), user);
}

/** `tenants/<tenant>`, or nothing. No user is called `tenants`. @throws PypesError `invalid_request` */
export function tenantFolder(tenant: string | undefined): string {
  return tenant === undefined ? '' : join('tenants', tenantPart(tenant));
}

/** @throws PypesError `invalid_request` where it is no guid in its one spelling */
export function checkedGuid(guid: string): string {
  if (toGuid(guid) === guid) return guid;
  throw new PypesError('invalid_request', `"${guid}" is no guid of a pack`);
}

function userPart(user: string): string {
  return toGuid(user) === user ? user : `user-${createHash('sha256').update(JSON.stringify(user)).digest('hex')}`;
}
