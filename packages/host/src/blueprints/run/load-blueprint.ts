// agent.toml as it is checked and run: parsed, with every policy in it looked at by the guard.
import type { JsonObject } from '@pypes/contract';
import type { Blueprint } from '../blueprint.ts';
import { parseBlueprint, readBlueprint } from '../parse-blueprint.ts';
import { checkPolicyTables } from './within/policy-tables.ts';

/**
 * Parses a blueprint.
 *
 * @throws PypesError `invalid_request` with every problem in `details.problems`: `{path, line, column, message}`
 */
export async function loadBlueprint(text: string, path: string): Promise<Blueprint> {
  let tables: readonly JsonObject[] = [];
  readBlueprint(text, path, {
    checkPolicies: (given) => {
      tables = given;
      return [];
    },
  });
  const violations = await checkPolicyTables(tables);
  return parseBlueprint(text, path, { checkPolicies: () => violations });
}
