// Reads [[policy]]: use, from, to, and whatever that policy takes.
import { isJsonObject, type JsonObject, type Violation } from '@pypes/contract';
import type { PolicyEntry } from '../blueprint.ts';
import { suggestion } from '../did-you-mean.ts';
import type { Where } from '../guard-check.ts';
import { type Note, readTables, readText, toJson } from '../toml/fields.ts';
import type { Located, LocatedEntry, LocatedTable } from '../toml/located.ts';

/** The policies of spec 4. */
export const POLICY_NAMES = ['data-budget', 'dlp', 'schema', 'allow', 'rate', 'labels', 'approve', 'audit'] as const;

const OWN_KEYS: readonly string[] = ['use', 'name', 'from', 'to'];

/** Every policy, checked by whoever knows what policies take. */
export function readPolicies(
  entry: LocatedEntry | undefined,
  check: ((tables: readonly JsonObject[]) => readonly Violation[]) | undefined,
  note: Note,
): readonly PolicyEntry[] {
  const tables = readTables(entry, 'policy', note);
  if (check !== undefined) {
    const values = tables.map((table) => withoutName(toJson(table)));
    for (const { path, message } of check(values)) {
      note(
        placeOf(tables, path) ?? (entry as LocatedEntry).where,
        `${path.split('/').slice(2).join('.') || '[[policy]]'} ${message}`,
      );
    }
  }
  return tables.flatMap((table) => {
    const use = readText(table, 'use', note, check === undefined);
    if (use === undefined) return [];
    if (check === undefined && !(POLICY_NAMES as readonly string[]).includes(use.value)) {
      note(use.where, `There is no policy "${use.value}"${suggestion(use.value, POLICY_NAMES)}`);
    }
    const all = toJson(table) as JsonObject;
    return [
      {
        use: use.value,
        name: readText(table, 'name', note)?.value ?? use.value,
        from: readText(table, 'from', note)?.value ?? '*',
        to: readText(table, 'to', note)?.value ?? '*',
        settings: Object.fromEntries(Object.entries(all).filter(([key]) => !OWN_KEYS.includes(key))),
        where: table.where,
      },
    ];
  });
}

function withoutName(value: ReturnType<typeof toJson>): JsonObject {
  if (!isJsonObject(value)) return {};
  const { name: _name, ...rest } = value;
  return rest;
}

/** The place that a JSON pointer leads to, as far as it leads. */
function placeOf(tables: readonly LocatedTable[], pointer: string): Where | undefined {
  const [index, ...steps] = pointer.split('/').slice(1);
  let at: Located | undefined = tables[Number(index)];
  let where = at?.where;
  for (const step of steps) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const entry: LocatedEntry | undefined = at?.kind === 'table' ? at.entries.get(key) : undefined;
    at = entry?.value ?? (at?.kind === 'list' ? at.items[Number(key)] : undefined);
    where = entry?.where ?? at?.where ?? where;
  }
  return where;
}
