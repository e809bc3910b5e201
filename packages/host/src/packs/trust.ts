// What is said of a pack's trust wherever packs are shown.
import type { PackTrust } from '@pypes/contract';
import type { PackPermissions } from '../capabilities/permissions-of.ts';
import type { Pack } from './pack.ts';

/** The trust of a pack, and what was granted to it. */
export function toPackTrust(pack: Pack, { grant, suspended }: PackPermissions): PackTrust {
  return {
    trust: pack.trusted ? 'trusted' : 'sandboxed',
    ...(Object.keys(pack.asked).length === 0 ? {} : { asks: pack.asked }),
    ...(grant === undefined ? {} : { granted: grant.permissions }),
    ...(suspended ? { grant_suspended: true } : {}),
  };
}
