// The full name of the interface that owns a type.
import type { ResolvedWit, TypeOwner } from '../resolved.ts';

/** `ns:package/interface@1.2.3`; null for the types of a world and of an interface without a name. */
export function interfaceName(resolved: ResolvedWit, owner: TypeOwner): string | null {
  if (owner === null || !('interface' in owner)) return null;
  const found = resolved.interfaces[owner.interface];
  const home = found === undefined ? undefined : resolved.packages[found.package];
  if (found?.name == null || home === undefined) return null;
  const [name = '', version] = home.name.split('@');
  return `${name}/${found.name}${version === undefined ? '' : `@${version}`}`;
}
