// Whether one set of permissions lies within another, permission by permission.
import { type NetworkRule, type Permissions, parseNetworkRule } from '@pypes/contract';

/** What one set has beyond another: the permission, and the part of it in words. */
export type Excess = { readonly permission: keyof Permissions; readonly part: string };

/**
 * What `narrow` has that `wide` does not have.
 *
 * @throws PypesError `invalid_request` for a text that is no network rule
 * @example
 * excessOf({ vault: ['A'] }, {}); // [{ permission: 'vault', part: 'A' }]
 */
export function excessOf(narrow: Partial<Permissions>, wide: Partial<Permissions>): readonly Excess[] {
  const rules = (wide.network ?? []).map(parseNetworkRule);
  const found: Excess[] = [];
  for (const text of narrow.network ?? []) {
    const rule = parseNetworkRule(text);
    if (!rules.some((other) => coversRule(other, rule))) found.push({ permission: 'network', part: text });
  }
  for (const permission of ['memory', 'objects'] as const) {
    const asked = narrow[permission] ?? 'none';
    for (const access of ['read', 'write'] as const) {
      if (allows(asked, access) && !allows(wide[permission] ?? 'none', access))
        found.push({ permission, part: access });
    }
  }
  for (const permission of ['vault', 'session'] as const) {
    const had: readonly string[] = wide[permission] ?? [];
    for (const part of narrow[permission] ?? []) if (!had.includes(part)) found.push({ permission, part });
  }
  if (narrow.ai === true && wide.ai !== true) found.push({ permission: 'ai', part: 'true' });
  return found;
}

/** Whether an access to memory or objects includes reading or writing. */
export function allows(access: Permissions['memory'] | Permissions['objects'], what: 'read' | 'write'): boolean {
  return access === 'read-write' || access === what;
}

/** Whether everything that `narrow` lets through `wide` lets through too. */
export function coversRule(wide: NetworkRule, narrow: NetworkRule): boolean {
  return (
    (wide.methods === undefined || narrow.methods?.every((method) => wide.methods?.includes(method)) === true) &&
    coversHost(wide.host, narrow.host) &&
    coversPort(wide.port, narrow.port) &&
    (wide.private || !narrow.private)
  );
}

function coversHost(wide: string, narrow: string): boolean {
  if (wide === '*' || wide === narrow) return true;
  if (!wide.startsWith('*.')) return false;
  const suffix = wide.slice(1);
  return narrow.startsWith('*.')
    ? narrow.slice(1).endsWith(suffix)
    : narrow.endsWith(suffix) && narrow.length > suffix.length;
}

function coversPort(wide: NetworkRule['port'], narrow: NetworkRule['port']): boolean {
  return wide === 'any' || wide === narrow || (wide === 'default' && (narrow === 80 || narrow === 443));
}
