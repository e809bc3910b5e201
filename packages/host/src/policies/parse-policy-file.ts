// A file of policies, in TOML: what it makes, or everything that is wrong with it, by line and column.
import { type Json, PypesError } from '@pypes/contract';
import { type PolicySet, readPolicies } from '@pypes/guard';
import type { Located, LocatedTable, Problem } from '../blueprints/toml/located.ts';
import { readToml } from '../blueprints/toml/read-toml.ts';

/**
 * Reads `[[policy]]` tables (spec 4, guard).
 *
 * @throws PypesError `invalid_request`, with every problem in details `{problems: [{line, column, message}]}`
 */
export async function parsePolicyFile(text: string, path: string): Promise<PolicySet> {
  const { table, problems: syntax } = readToml(text, path);
  const problems: Problem[] = [...syntax];
  if (problems.length === 0) {
    for (const [name, { where }] of table.entries) {
      if (name !== 'policy')
        problems.push({ where, message: `"${name}" is not known here; a file of policies has [[policy]] tables` });
    }
    const entry = table.entries.get('policy');
    const { set, violations } = await readPolicies(entry === undefined ? undefined : toPlain(entry.value), '/policy');
    problems.push(...violations.map(({ path: at, message }) => toProblem(table, at, message)));
    if (set !== undefined && problems.length === 0) return set;
  }
  const lines = problems.map(({ where, message }) => `${where.path}:${where.line}:${where.column} ${message}`);
  throw new PypesError('invalid_request', `The policies cannot be used:\n${lines.join('\n')}`, {
    details: {
      problems: problems.map(({ where, message }) => ({ line: where.line, column: where.column, message })),
    },
  });
}

/** What TOML says, without places. */
function toPlain(located: Located): Json {
  switch (located.kind) {
    case 'table':
      return Object.fromEntries([...located.entries].map(([name, { value }]) => [name, toPlain(value)]));
    case 'list':
      return located.items.map(toPlain);
    default:
      return located.value;
  }
}

function toProblem(table: LocatedTable, pointer: string, message: string): Problem {
  const steps = pointer.split('/').slice(1);
  let found: Located = table;
  let { where } = table;
  let name = '';
  for (const step of steps) {
    const next: { readonly where: Problem['where']; readonly value: Located } | undefined =
      found.kind === 'table'
        ? found.entries.get(step)
        : found.kind === 'list'
          ? itemAt(found.items, Number(step))
          : undefined;
    if (next === undefined) break;
    ({ where, value: found } = next);
    name = step;
  }
  const isField = steps.length > 2;
  return { where, message: isField ? `"${name}" ${message}` : `This policy ${message}` };
}

function itemAt(items: readonly Located[], index: number) {
  const value = items[index];
  return value === undefined ? undefined : { where: value.where, value };
}
