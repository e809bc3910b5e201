// The policies of a blueprint, by the names of a blueprint: components and their functions, and `context` for what a
// component uses.
import { type JsonObject, type JsonSchema, type Policy, PypesError, type SchemaCompiler } from '@pypes/contract';
import { createContexts } from '@pypes/guard';
import type { Blueprint, PolicyEntry } from '../../blueprint.ts';
import { isBetween, type Party } from '../../graph/coverage.ts';
import { problemText } from '../../parse-blueprint.ts';
import { type Ask, compose, readPolicies } from '../guard-policies.ts';
import { createFlowPolicy, type FlowPolicy } from './flow-policy.ts';
import { tablesOf, withDefaults } from './policy-tables.ts';

/** What the policies of a run are made with. */
export type PolicyParts = {
  readonly schemas: SchemaCompiler;
  readonly now: () => number;
  /** A schema that a table names by its path. @throws PypesError where there is none */
  readonly readSchema: (path: string) => JsonSchema;
  readonly createAsk: (policyVersion: string) => Ask;
};

/** One way of a call. `to` has every name that the callee goes by. */
export type Edge = {
  readonly from: Party;
  readonly to: readonly Party[];
  readonly middleware: readonly string[];
};

/** The policies of a run. */
export interface EdgePolicies {
  /** All that stand on a way, as one. */
  on(edge: Edge): Policy;
  /** The labels policies that do. */
  flowOn(edge: Edge): readonly FlowPolicy[];
  /** Whether one of that kind does. */
  covers(use: string, edge: Edge): boolean;
}

/** @throws PypesError `invalid_request` with the place of every table that cannot be used */
export async function createEdgePolicies(blueprint: Blueprint, parts: PolicyParts): Promise<EdgePolicies> {
  const tables = tablesOf(blueprint);
  const made: { readonly entry: PolicyEntry; readonly policy: Policy }[] = [];
  const flows: { readonly entry: PolicyEntry; readonly policy: FlowPolicy }[] = [];
  const allowed = tables.filter(({ use }) => use === 'allow');
  for (const entry of tables) {
    if (entry.use === 'audit') continue;
    if (entry.use === 'labels') {
      const { version } = await read(entry, [{ ...entry.settings, use: 'labels' }]);
      flows.push({ entry, policy: createFlowPolicy(entry, blueprint.freeBits, parts.createAsk(version)) });
    } else if (entry.use !== 'allow') {
      const set = await read(entry, [withDefaults({ ...entry.settings, use: entry.use })]);
      const [policy] = set.create(toServices(parts));
      if (policy !== undefined) made.push({ entry, policy });
    } else if (entry === allowed[0]) {
      const set = await read(entry, allowed.flatMap(toAllowRules));
      const [policy] = set.create(toServices(parts));
      // The rules have their names in them.
      if (policy !== undefined) made.push({ entry: { ...entry, from: '*', to: '*' }, policy });
    }
  }
  const stands = (entry: PolicyEntry, { from, to, middleware }: Edge) =>
    middleware.includes(entry.name) || to.some((party) => isBetween(entry, from, party));
  return {
    on(edge) {
      const policies = made.filter(({ entry }) => stands(entry, edge)).map(({ policy }) => policy);
      return (call, next) => compose(policies, next)(call);
    },
    flowOn: (edge) => flows.filter(({ entry }) => stands(entry, edge)).map(({ policy }) => policy),
    covers: (use, edge) =>
      edge.middleware.includes(use) || tables.some((entry) => entry.use === use && stands(entry, edge)),
  };
}

async function read(entry: PolicyEntry, tables: readonly JsonObject[]) {
  const { set, violations } = await readPolicies(tables, '');
  if (set !== undefined) return set;
  const lines = violations.map(({ path, message }) => {
    const key = path.split('/').slice(2).join('.');
    return problemText({ where: entry.where, message: `"${key === '' ? entry.use : key}" ${message}` });
  });
  throw new PypesError('invalid_request', `The policy "${entry.name}" cannot be used:\n${lines.join('\n')}`);
}

function toServices(parts: PolicyParts) {
  return { ...parts, contexts: createContexts(), about: () => undefined };
}

/** Parties are called `component.function` while a run is under way; a rule may name the component alone. */
function toAllowRules({ from, to, settings }: PolicyEntry): readonly JsonObject[] {
  return namesOf(from).flatMap((caller) =>
    namesOf(to).map((callee) => ({ ...settings, use: 'allow', from: caller, to: callee })),
  );
}

function namesOf(pattern: string): readonly string[] {
  return pattern === 'llm' ? ['context.ai.complete'] : [pattern, `${pattern}.*`];
}
