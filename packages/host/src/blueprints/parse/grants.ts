// Reads [grants]: what whoever runs the blueprint grants to its components.
import type { Blueprint } from '../blueprint.ts';
import type { Edit } from '../guard-check.ts';
import type { Note } from '../toml/fields.ts';
import type { LocatedEntry } from '../toml/located.ts';
import { readPermissions } from './components.ts';

/** By component: permissions, and how to take each of them out. */
export function readGrants(entry: LocatedEntry | undefined, note: Note): Blueprint['grants'] {
  const grants = new Map<
    string,
    { permissions: object; where: LocatedEntry['where']; revoke: { [name: string]: Edit } }
  >();
  if (entry === undefined) return grants;
  if (entry.value.kind !== 'table') {
    note(entry.where, '[grants] takes a table by component');
    return grants;
  }
  for (const [name, item] of entry.value.entries) {
    const revoke: { [permission: string]: Edit } = {};
    if (item.value.kind === 'table') {
      for (const [permission, part] of item.value.entries)
        if (part.remove !== undefined) revoke[permission] = part.remove;
      // A grant of one permission on a line of its own goes as a whole.
      const [only] = item.value.entries.keys();
      if (item.value.entries.size === 1 && only !== undefined && item.remove !== undefined)
        revoke[only] ??= item.remove;
    }
    const permissions = readPermissions(item, note);
    if (permissions !== undefined) grants.set(name, { permissions: permissions.value, where: item.where, revoke });
  }
  return grants;
}
