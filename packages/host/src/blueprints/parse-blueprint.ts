// agent.toml → blueprint: everything that is wrong with it at once, each with its line and column (spec 4).
import { type Json, type JsonObject, PypesError, type Violation } from '@pypes/contract';
import type { Blueprint } from './blueprint.ts';
import { readComponents } from './parse/components.ts';
import { readGrants } from './parse/grants.ts';
import { readForbidden, readFreeBits, readMaxPayload } from './parse/limits.ts';
import { readPolicies } from './parse/policies.ts';
import { checkReferences } from './parse/references.ts';
import { readReleases } from './parse/releases.ts';
import { readInput, readOutput, readSteps } from './parse/steps.ts';
import { readWires } from './parse/wiring.ts';
import { createNotes, readTable, readText, readTexts } from './toml/fields.ts';
import type { Problem } from './toml/located.ts';
import { readToml } from './toml/read-toml.ts';

/** What the host knows that a blueprint is checked against while it is read. */
export type BlueprintOptions = {
  /**
   * Checks the tables of `[[policy]]` against the policies that there are. Violations have JSON pointers: `/0/max_calls`.
   * `name` is not among the keys that it is given.
   */
  readonly checkPolicies?: (tables: readonly JsonObject[]) => readonly Violation[];
};

/** What was read, and what is wrong with it; the blueprint counts only where nothing is. */
export type BlueprintReading = { readonly blueprint: Blueprint; readonly problems: readonly Problem[] };

/**
 * Parses a blueprint.
 *
 * @throws PypesError `invalid_request` with every problem in `details.problems`: `{path, line, column, message}`
 * @example
 * const blueprint = parseBlueprint(text, 'agent.toml');
 */
export function parseBlueprint(text: string, path: string, options: BlueprintOptions = {}): Blueprint {
  const { blueprint, problems } = readBlueprint(text, path, options);
  if (problems.length === 0) return blueprint;
  const first = problems.slice(0, MOST_IN_MESSAGE).map(problemText).join('\n');
  const more = problems.length > MOST_IN_MESSAGE ? `\nand ${problems.length - MOST_IN_MESSAGE} more` : '';
  throw new PypesError('invalid_request', `The blueprint has ${problems.length} fault(s):\n${first}${more}`, {
    details: { problems: problems.map(({ where, message }): Json => ({ ...where, message })) },
  });
}

/** The same as data: for editors, and for whoever repairs. */
export function readBlueprint(text: string, path: string, options: BlueprintOptions = {}): BlueprintReading {
  const { table, problems: found, end } = readToml(text, path);
  const { problems, note } = createNotes();
  problems.push(...found);
  // What cannot be read as TOML has no keys that could be missing.
  const broken = found.length > 0 && table.entries.size === 0;
  const document = readTable(table, 'The blueprint', SECTIONS, broken ? () => undefined : note) ?? table;
  const section = (name: string) => document.entries.get(name);
  const head = readTable(section('blueprint')?.value, '[blueprint]', ['name', 'version', 'goal', 'skills'], note);
  if (head === undefined && !broken && section('blueprint') === undefined) {
    note(table.where, 'The table [blueprint] is missing; it takes name, and version, goal and skills');
  }
  const skills = readTexts(head, 'skills', note) ?? [];
  const version = readText(head, 'version', note);
  const goal = readText(head, 'goal', note);
  const workflow = readTable(section('workflow')?.value, '[workflow]', ['steps'], note);
  const output = readOutput(section('output')?.value, note);
  const blueprint: Blueprint = {
    path,
    name: readText(head, 'name', note, true)?.value ?? '',
    ...(version === undefined ? {} : { version: version.value }),
    ...(goal === undefined ? {} : { goal: goal.value }),
    skills: skills.map(({ value }) => value),
    components: readComponents(section('components'), skills, note),
    wires: readWires(section('wiring'), note),
    steps: readSteps(workflow?.entries.get('steps'), note),
    input: readInput(section('input'), table.where, note),
    ...(output === undefined ? {} : { output }),
    maxPayload: readMaxPayload(section('max_payload_size'), table.where, note),
    policies: readPolicies(section('policy'), options.checkPolicies, note),
    forbidden: readForbidden(section('forbid'), note),
    releases: readReleases(section('declassify'), section('endorse'), note),
    grants: readGrants(section('grants'), note),
    freeBits: readFreeBits(section('flow'), note),
    end,
  };
  checkReferences(blueprint, note);
  problems.sort((a, b) => a.where.line - b.where.line || a.where.column - b.where.column);
  return { blueprint, problems };
}

/** A problem on one line: `agent.toml:3:8: …`. */
export function problemText({ where: { path, line, column }, message }: Problem): string {
  return `${path}:${line}:${column}: ${message}`;
}

const MOST_IN_MESSAGE = 20;

const SECTIONS: readonly string[] = [
  'blueprint',
  'components',
  'wiring',
  'input',
  'workflow',
  'output',
  'max_payload_size',
  'policy',
  'forbid',
  'declassify',
  'endorse',
  'grants',
  'flow',
];
