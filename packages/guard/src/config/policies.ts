// From tables of a configuration to policies: every mistake at once, with its place; nothing is made of a wrong one.
import { canonicalJson, isJsonObject, type Json, type Policy, type Violation } from '@pypes/contract';
import type { Ask } from '../approvals/ask.ts';
import { sha256 } from '../approvals/request.ts';
import type { Match } from '../match/match.ts';
import { type Fields, readFields, suggest } from './fields.ts';
import { KINDS, type PolicyKind, type PolicyServices } from './kinds.ts';

/** What policies are made with, but for asking: that depends on the version of them all. */
export type PolicySetServices = Omit<PolicyServices, 'ask'> & { readonly createAsk: (policyVersion: string) => Ask };

/** Policies that can be made. `version` (SHA-256) changes with every change of the tables. */
export type PolicySet = {
  readonly version: string;
  /** @throws PypesError where a schema that a table names cannot be used */
  readonly create: (services: PolicySetServices) => readonly Policy[];
};

/** What reading gives. */
export type PolicyReading = { readonly set?: PolicySet; readonly violations: readonly Violation[] };

/**
 * Reads the value of `policy` in a configuration: a list of tables, each with `use`. Paths of violations are JSON
 * pointers below `pointer`. The policies stand in the order of their tables (spec 4, guard).
 *
 * @example
 * const { set, violations } = await readPolicies([{ use: 'rate', max_calls: 60, per_seconds: 60 }], '/policy');
 */
export async function readPolicies(
  tables: Json | undefined,
  pointer: string,
  kinds: readonly PolicyKind[] = KINDS,
): Promise<PolicyReading> {
  const { violations, entries, list } = readTables(tables, pointer, kinds);
  if (violations.length > 0) return { violations };
  const version = await sha256(canonicalJson(list as Json));
  return {
    violations,
    set: {
      version,
      create: ({ createAsk, ...services }) => {
        const ask = createAsk(version);
        return entries.map(({ kind, items }) => kind.make(items, { ...services, ask }));
      },
    },
  };
}

/** Everything that is wrong with tables of policies. */
export function checkPolicies(tables: Json | undefined, pointer: string): readonly Violation[] {
  return readTables(tables, pointer, KINDS).violations;
}

type Entry = { readonly kind: PolicyKind; readonly items: unknown[] };

function readTables(tables: Json | undefined, pointer: string, kinds: readonly PolicyKind[]) {
  const violations: Violation[] = [];
  if (tables !== undefined && !Array.isArray(tables)) {
    violations.push({ path: pointer, message: 'takes a list of tables: write [[policy]]' });
    return { violations, entries: [], list: [] };
  }
  const list = (tables ?? []) as readonly Json[];
  const entries: Entry[] = [];
  for (const [index, table] of list.entries()) {
    const at = `${pointer}/${index}`;
    if (!isJsonObject(table)) {
      violations.push({ path: at, message: 'takes a table: write [[policy]]' });
      continue;
    }
    const fields = readFields(table, at, violations);
    const kind = readKind(fields, kinds);
    if (kind === undefined) continue;
    const item = kind.read(fields, readMatch(fields));
    fields.end();
    if (item === undefined) continue;
    const group = kind.isGrouped === true ? entries.find((entry) => entry.kind === kind) : undefined;
    if (group === undefined) entries.push({ kind, items: [item] });
    else group.items.push(item);
  }
  return { violations, entries, list };
}

function readKind(fields: Fields, kinds: readonly PolicyKind[]): PolicyKind | undefined {
  const use = fields.text('use');
  const kind = kinds.find(({ name }) => name === use);
  if (kind !== undefined) return kind;
  const names = kinds.map(({ name }) => name);
  if (use === undefined) fields.report('', `needs "use": ${names.join(', ')}`);
  else fields.report('use', `is "${use}"; ${suggest(use, names)}`);
  return undefined;
}

function readMatch(fields: Fields): Match {
  const [from, to, pack] = [fields.text('from'), fields.text('to'), fields.text('pack')];
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(pack === undefined ? {} : { pack }),
  };
}
