// The tables of [[policy]] as the guard reads them: with the settings that a blueprint may leave out.
import type { JsonObject, Violation } from '@pypes/contract';
import type { Blueprint, PolicyEntry } from '../../blueprint.ts';
import { readPolicies } from '../guard-policies.ts';

/** What is looked for where nothing is said. Addresses are not: they are what a message is sent to. */
const DETECT: readonly string[] = ['payment-card', 'secrets', 'iban', 'us-ssn'];

/** A table with the defaults of a blueprint. */
export function withDefaults({ use, ...settings }: JsonObject): JsonObject {
  return use === 'dlp' ? { use, detect: [...DETECT], action: 'block', ...settings } : { use: use ?? '', ...settings };
}

/** What is wrong with tables; violations have JSON pointers, `/0/max_calls`. */
export async function checkPolicyTables(tables: readonly JsonObject[]): Promise<readonly Violation[]> {
  const given = tables.map((table) => (table.use === 'audit' ? AUDIT : withDefaults(table)));
  return [
    ...(await readPolicies(given, '')).violations,
    ...tables.flatMap(({ use, ...settings }, index) =>
      use !== 'labels'
        ? []
        : ELSEWHERE.filter((key) => Object.hasOwn(settings, key)).map((key) => ({
            path: `/${index}/${key}`,
            message: 'is not taken in a blueprint; write [[declassify]] and [[endorse]]',
          })),
    ),
  ];
}

/** What a labels policy of an operator says about models and flows; a blueprint says it in tables of its own. */
const ELSEWHERE: readonly string[] = ['declared', 'unproven', 'after_stop'];

/** Stands for a table that nothing has to be made of, so that the others keep their numbers. */
const AUDIT: JsonObject = { use: 'approve' };

/** What `middleware` names: a table by its name, or else a policy with nothing but its defaults. */
export function tablesOf({ policies, wires, steps }: Blueprint): readonly PolicyEntry[] {
  const named = new Set(policies.map(({ name }) => name));
  const uses = [...wires, ...steps].flatMap(({ middleware }) => middleware);
  const bare = new Map(uses.filter(({ value }) => !named.has(value)).map((use) => [use.value, use]));
  return [
    ...policies,
    ...[...bare.values()].map(
      ({ value, where }): PolicyEntry => ({ use: value, name: value, from: NOWHERE, to: NOWHERE, settings: {}, where }),
    ),
  ];
}

/** No party is called so: the policy stands only where middleware names it. */
const NOWHERE = '-';
