// Whether every value of one schema is a value of another: exact on what most schemas say, `unknown` on the rest.
//
// `fits` is only said where it is certain. `breaks` is said where a value of the first schema is certain to be refused
// by the second, taking each schema to have values at all. What a schema leaves open by saying nothing (no `type`, no
// `required`, no `additionalProperties`) is `unknown`, not wrong: most agents' metadata say little.
import { isJsonObject, type Json, type JsonSchema } from '@pypes/contract';
import { accepts, best, isSame, type Verdict, worst } from './accepts.ts';
import {
  ANNOTATIONS,
  deeper,
  type Effort,
  isTooMuch,
  type JsonType,
  partOf,
  resolved,
  toWithin,
  typesOf,
  type Within,
} from './schema.ts';
import { relateArrays, relateObjects } from './subsume-parts.ts';
import { relateNumbers, relateStrings } from './subsume-scalars.ts';

/** One reason for a verdict: where in the value, and what. */
export type Difference = { readonly at: string; readonly what: string; readonly verdict: 'breaks' | 'unknown' };

/** What relating two schemas comes to. */
export type Subsumption = { readonly verdict: Verdict; readonly differences: readonly Difference[] };

/** Goes on with the parts of two schemas. */
export type Relate = {
  parts(from: Within, to: Within, at: string): Verdict;
  note(at: string, what: string, verdict: 'breaks' | 'unknown'): Verdict;
  /** The same without taking notes, to try something. */
  quiet(): Relate;
};

const MOST_DEPTH = 48;
const MOST_DIFFERENCES = 20;
/** Schemas of strangers may hold choices of choices; more than this is not worth knowing. */
const MOST_STEPS = 5_000;

/**
 * Whether a value that `from` describes can be given where `to` is taken.
 *
 * @example
 * isSubsumed({ type: 'integer' }, { type: 'number' }).verdict; // 'fits'
 */
export function isSubsumed(from: JsonSchema, to: JsonSchema): Subsumption {
  if (isSame(from, to)) return { verdict: 'fits', differences: [] };
  const differences: Difference[] = [];
  const state: State = { met: new Map(), trail: [], depth: 0, steps: 0 };
  const verdict = createRelate(state, differences).parts(toWithin(from), toWithin(to), '');
  return { verdict, differences };
}

type Pair = readonly [from: unknown, to: unknown];
/** Pairs that are taken to fit: found so, or under way, since a schema may hold itself. */
type State = { readonly met: Map<unknown, Set<unknown>>; readonly trail: Pair[]; depth: number; steps: number };

function createRelate(state: State, differences: Difference[] | undefined): Relate {
  const relate: Relate = {
    quiet: () => createRelate(state, undefined),
    note(at, what, verdict) {
      if (differences !== undefined && differences.length < MOST_DIFFERENCES) differences.push({ at, what, verdict });
      return verdict;
    },
    parts(from, to, at) {
      if (from.schema === to.schema && from.root === to.root) return 'fits';
      const [given, taken] = [resolved(from), resolved(to)];
      if (given === undefined || taken === undefined) {
        return relate.note(at, 'A reference of a schema leads nowhere', 'unknown');
      }
      if (state.depth > MOST_DEPTH || ++state.steps > MOST_STEPS) {
        return relate.note(at, 'The schemas are too intricate', 'unknown');
      }
      if (typeof given.schema === 'object' && state.met.get(given.schema)?.has(taken.schema) === true) return 'fits';
      const before = state.trail.length;
      remember(state, [given.schema, taken.schema]);
      state.depth++;
      const verdict = relateSchemas(relate, given, taken, at);
      state.depth--;
      // What was found to fit on the assumption that this pair fits is open again.
      if (verdict !== 'fits') for (const pair of state.trail.splice(before)) state.met.get(pair[0])?.delete(pair[1]);
      return verdict;
    },
  };
  return relate;
}

function remember({ met, trail }: State, pair: Pair): void {
  const known = met.get(pair[0]) ?? new Set();
  met.set(pair[0], known.add(pair[1]));
  trail.push(pair);
}

function relateSchemas(relate: Relate, from: Within, to: Within, at: string): Verdict {
  const { schema: taken } = to;
  if (taken === true || (typeof taken === 'object' && Object.keys(taken).every((key) => ANNOTATIONS.has(key))))
    return 'fits';
  const { schema: given } = from;
  if (given === false) return 'fits';
  if (taken === false) return relate.note(at, 'Nothing is taken here', 'breaks');
  if (given === true || Object.keys(given).every((key) => ANNOTATIONS.has(key))) {
    return relate.note(at, `What is given is not known; ${inWords(taken)} is taken`, 'unknown');
  }
  const values =
    given.const !== undefined ? [given.const] : Array.isArray(given.enum) ? (given.enum as Json[]) : undefined;
  if (values !== undefined) return relateValues(relate, values, to, at);
  for (const key of ['anyOf', 'oneOf'] as const) {
    const branches = given[key];
    if (!Array.isArray(branches)) continue;
    const { [key]: _branches, ...beside } = given;
    // Whatever stands beside the choice holds for each branch.
    const alone = Object.keys(beside).every((name) => ANNOTATIONS.has(name));
    return worst(
      branches.map((branch: Json) =>
        relate.parts(
          alone ? partOf(from, branch) : partOf(from, { ...beside, allOf: [branch, ...listOf(beside.allOf)] }),
          to,
          at,
        ),
      ),
    );
  }
  if (Array.isArray(taken.allOf)) {
    const { allOf, ...beside } = taken;
    return worst(
      [partOf(to, beside), ...listOf(allOf).map((part) => partOf(to, part))].map((part) =>
        relate.parts(from, part, at),
      ),
    );
  }
  for (const key of ['anyOf', 'oneOf'] as const) {
    const branches = taken[key];
    if (!Array.isArray(branches)) continue;
    const { [key]: _branches, ...beside } = taken;
    const rest = relate.parts(from, partOf(to, beside), at);
    return worst([rest, relateChoice(relate, from, to, branches as Json[], key, at)]);
  }
  if (Array.isArray(given.allOf)) return relateAll(relate, from, given, to, at);
  return relateTypes(relate, from, given, to, taken, at);
}

function relateValues(relate: Relate, values: readonly Json[], to: Within, at: string): Verdict {
  return worst(
    values.map((value) => {
      const verdict = accepts(to, value);
      if (verdict === 'fits') return verdict;
      const text = JSON.stringify(value).slice(0, 60);
      return verdict === 'breaks'
        ? relate.note(at, `${text} is given, ${inWords(to.schema)} is taken`, 'breaks')
        : relate.note(at, `Whether ${text} is taken depends on what is not looked at, such as a pattern`, 'unknown');
    }),
  );
}

/** One of the branches has to take all that is given; with `oneOf`, no other one may take any of it. */
function relateChoice(
  relate: Relate,
  from: Within,
  to: Within,
  branches: readonly Json[],
  key: 'anyOf' | 'oneOf',
  at: string,
): Verdict {
  const split = splitByType(from);
  if (split !== undefined) return worst(split.map((part) => relate.parts(part, to, at)));
  const quiet = branches.map((branch) => relate.quiet().parts(from, partOf(to, branch), at));
  const verdict = best(quiet);
  if (verdict === 'fits') {
    const index = quiet.indexOf('fits');
    const apart = branches.every((branch, other) => other === index || areApart(from, partOf(to, branch)));
    if (key === 'anyOf' || apart) return 'fits';
    return relate.note(at, 'It may fit more than one of the choices, and only one is taken', 'unknown');
  }
  // What no single branch takes, several together may take; unless each of them takes none of it.
  if (
    verdict === 'breaks' &&
    !branches.every((branch) => areApart(from, partOf(to, branch)) || isSimple(from.schema))
  ) {
    return relate.note(at, 'None of the choices takes all that is given', 'unknown');
  }
  return relate.note(at, `${inWords(from.schema)} is given, ${inWords(to.schema)} is taken`, verdict);
}

/** Given is what all parts describe together: it fits where one of them does. */
function relateAll(relate: Relate, from: Within, given: JsonSchema, to: Within, at: string): Verdict {
  const { allOf, ...beside } = given;
  const parts = [beside as Json, ...listOf(allOf)].map((part) => relate.quiet().parts(partOf(from, part), to, at));
  if (parts.includes('fits')) return 'fits';
  return relate.note(at, 'What is given is put together of several schemas', 'unknown');
}

function relateTypes(
  relate: Relate,
  from: Within,
  given: JsonSchema,
  to: Within,
  taken: JsonSchema,
  at: string,
): Verdict {
  const types = typesOf(given);
  if (types === undefined)
    return relate.note(at, `The type of what is given is not stated; ${inWords(taken)} is taken`, 'unknown');
  const unknown = Object.keys(taken).filter(
    (key) => !HANDLED.has(key) && !ANNOTATIONS.has(key) && !isSame(taken[key] as Json, given[key] ?? null),
  );
  const verdicts = types.map((type): Verdict => {
    const wanted = typesOf(taken);
    if (wanted !== undefined && !wanted.includes(type) && !(type === 'integer' && wanted.includes('number'))) {
      if (type === 'number' && wanted.includes('integer')) {
        return relate.note(at, 'A number is given, an integer is taken', 'breaks');
      }
      return relate.note(at, `${withArticle(type)} is given, ${inWords(taken)} is taken`, 'breaks');
    }
    if (taken.const !== undefined || taken.enum !== undefined) {
      if (type === 'null') return accepts(to, null);
      if (type === 'boolean') return relateValues(relate, [true, false], to, at);
      const restricted = Object.keys(given).some((key) => key !== 'type' && !ANNOTATIONS.has(key));
      return relate.note(at, `Any ${type} is given, ${inWords(taken)} is taken`, restricted ? 'unknown' : 'breaks');
    }
    if (type === 'string') return relateStrings(relate, given, taken, at);
    if (type === 'integer' || type === 'number') return relateNumbers(relate, type, given, taken, at);
    if (type === 'array') return relateArrays(relate, from, given, to, taken, at);
    return type === 'object' ? relateObjects(relate, from, given, to, taken, at) : 'fits';
  });
  if (unknown.length > 0) verdicts.push(relate.note(at, `The keyword "${unknown[0]}" is not looked at`, 'unknown'));
  return worst(verdicts);
}

/** Tags stand near the top. */
const STEPS_TO_TELL_APART = 200;

/** Whether no value can be of both schemas, as far as types and constants tell. */
function areApart(
  one: Within,
  other: Within,
  effort: Effort = { depth: 0, work: { left: STEPS_TO_TELL_APART } },
): boolean {
  if (isTooMuch(effort)) return false;
  const [a, b] = [resolved(one)?.schema, resolved(other)?.schema];
  if (a === false || b === false) return true;
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  if (a.const !== undefined && b.const !== undefined) return !isSame(a.const, b.const);
  const [types, others] = [typesOf(a), typesOf(b)];
  if (types !== undefined && others !== undefined) {
    const meets = types.some((type) => others.some((item) => item === type || isNumber(item, type)));
    if (!meets) return true;
  }
  if (!isJsonObject(a.properties) || !isJsonObject(b.properties)) return false;
  const [mine, theirs] = [a.properties, b.properties];
  return listOf(a.required).some(
    (name) =>
      typeof name === 'string' &&
      listOf(b.required).includes(name) &&
      areApart(partOf(one, mine[name]), partOf(other, theirs[name]), deeper(effort)),
  );
}

function isNumber(one: JsonType, other: JsonType): boolean {
  return (one === 'number' && other === 'integer') || (one === 'integer' && other === 'number');
}

/** A schema of several types as one schema for each. */
function splitByType(from: Within): readonly Within[] | undefined {
  const { schema } = from;
  if (typeof schema === 'boolean') return undefined;
  const types = typesOf(schema);
  return types === undefined || types.length < 2 ? undefined : types.map((type) => partOf(from, { ...schema, type }));
}

/** One scalar type and nothing else: what is refused of it is refused for certain. */
function isSimple(schema: JsonSchema | boolean): boolean {
  return (
    typeof schema === 'object' &&
    typeof schema.type === 'string' &&
    ['null', 'string', 'object', 'array'].includes(schema.type) &&
    Object.keys(schema).every((key) => key === 'type' || ANNOTATIONS.has(key))
  );
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** A schema in a few words. */
export function inWords(schema: JsonSchema | boolean): string {
  if (typeof schema === 'boolean') return schema ? 'anything' : 'nothing';
  if (schema.const !== undefined) return JSON.stringify(schema.const).slice(0, 60);
  if (Array.isArray(schema.enum))
    return `one of ${schema.enum.map((item) => JSON.stringify(item)).join(', ')}`.slice(0, 120);
  const branches = listOf(schema.anyOf ?? schema.oneOf);
  if (branches.length > 0) {
    return branches
      .map((item) => inWords(isJsonObject(item) || typeof item === 'boolean' ? item : true))
      .join(' or ')
      .slice(0, 120);
  }
  return typesOf(schema)?.map(withArticle).join(' or ') ?? 'anything';
}

function withArticle(type: JsonType): string {
  return type === 'null' ? type : /^[aio]/.test(type) ? `an ${type}` : `a ${type}`;
}

const HANDLED: ReadonlySet<string> = new Set([
  'type',
  'const',
  'enum',
  'anyOf',
  'oneOf',
  'allOf',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'contentEncoding',
  'items',
  'prefixItems',
  'minItems',
  'maxItems',
  'uniqueItems',
  'properties',
  'required',
  'additionalProperties',
  'minProperties',
  'maxProperties',
  'patternProperties',
  'propertyNames',
]);
