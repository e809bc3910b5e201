// Where things of a pack and a user lie: what a stranger chose never becomes a part of a path.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type MemoryScope, PypesError, toGuid } from '@pypes/contract';

/** `<pack>/<user>`: the user's guid, `shared`, or the digest of what is no guid. @throws PypesError `invalid_request` */
export function scopePath({ packGuid, userGuid }: MemoryScope): string {
  return join(checkedGuid(packGuid), userGuid === undefined ? 'shared' : userPart(userGuid));
}

/** @throws PypesError `invalid_request` where it is no guid in its one spelling */
export function checkedGuid(guid: string): string {
  if (toGuid(guid) === guid) return guid;
  throw new PypesError('invalid_request', `"${guid}" is no guid of a pack`);
}

function userPart(user: string): string {
  return toGuid(user) === user ? user : `user-${createHash('sha256').update(JSON.stringify(user)).digest('hex')}`;
}
