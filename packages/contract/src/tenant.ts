// Tenants: who shares a host with others and never sees them. A name is checked where it comes in (spec 5, auth).
import { PypesError } from './errors.ts';

const NAME = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * The tenant that a name stands for; undefined for none, which an empty name is too.
 *
 * @throws PypesError `invalid_request` for what is no name: letters, digits, `.`, `_` and `-`, at most 64
 * @example
 * toTenant('acme'); // 'acme'
 * toTenant(''); // undefined
 */
export function toTenant(name: string | undefined): string | undefined {
  if (name === undefined || name === '') return undefined;
  if (NAME.test(name)) return name;
  throw new PypesError(
    'invalid_request',
    `"${name.slice(0, 80)}" is no name of a tenant; use letters, digits, ".", "_" and "-", at most 64`,
  );
}

/**
 * A tenant's name as a part of a path or a key, on any disk: no two names share one, also where case does not count,
 * and none is `.`, `..` or a name that a system keeps for itself.
 *
 * @throws PypesError `invalid_request`
 * @example
 * tenantPart('Acme.eu'); // 't-=acme=_eu'
 */
export function tenantPart(tenant: string): string {
  const name = toTenant(tenant);
  if (name === undefined)
    throw new PypesError('invalid_request', 'A tenant needs a name; leave it out where there is none');
  return `t-${name.replace(/[A-Z.]/g, (letter) => (letter === '.' ? '=_' : `=${letter.toLowerCase()}`))}`;
}
