// Whose a call is, for what runtimes keep from one call to the next: nothing of one owner is ever another's.
import type { AgentContext } from '@pypes/contract';

/** No name of a tenant. */
const NO_TENANT = '/';

/** One text for each (tenant, user), for keys alone: a guest is told of its user, not of its tenant. */
export function ownerOf({ tenant = NO_TENANT, userGuid = '' }: Pick<AgentContext, 'tenant' | 'userGuid'>): string {
  return `${tenant} ${userGuid}`;
}
