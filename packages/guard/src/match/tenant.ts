// What policies count for each tenant alone: the key of an account within its tenant.
import type { Call } from '@pypes/contract';

/** No two tenants share a key, and none has one of calls without a tenant. */
export function keyWithin({ tenant }: Pick<Call, 'tenant'>, key: string): string {
  return tenant === undefined ? key : JSON.stringify([tenant, key]);
}
