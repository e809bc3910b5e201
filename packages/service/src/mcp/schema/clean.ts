// A schema in the one dialect that clients agree on: 2020-12, known keywords, all references below $defs.
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '@pypes/contract';
import { hasHidden, NOTE_LENGTH, toPlainText } from '../text.ts';
import { checkEnds } from './endless.ts';
import {
  AFTER_DRAFT_7,
  BOOLEAN,
  COUNT,
  FORMATS,
  NAMING,
  NOTE,
  NUMBER,
  OURS_ALONE,
  SCHEMA,
  SCHEMA_LIST,
  SCHEMA_MAP,
  TYPES,
} from './keywords.ts';
import { createReferences, type References } from './references.ts';
import { Unfit } from './unfit.ts';

/** A schema that every client can read. */
export type CleanSchema = {
  /** Without `$schema`, `$id`, `$defs`. */
  readonly root: JsonSchema;
  readonly defs: { readonly [name: string]: JsonSchema };
  /** What was taken out that our own check applies: the schema takes what it took, and more. */
  readonly weaker: readonly string[];
};

const MOST_DEPTH = 64;
const MOST_NODES = 20_000;
const NO_VALUE: JsonSchema = { not: {} };

type State = { readonly draft7: boolean; readonly refs: References; readonly weaker: Set<string>; nodes: number };
/** `positive`: taking a constraint out makes the whole schema take more, never less. */
type Place = { readonly depth: number; readonly positive: boolean };

/** @throws Unfit with the reason */
export function cleanSchema(schema: JsonSchema): CleanSchema {
  const draft7 = typeof schema.$schema === 'string' && schema.$schema.includes('draft-07');
  const state: State = { draft7, refs: createReferences(schema), weaker: new Set(), nodes: 0 };
  const root = cleanNode(schema, state, { depth: 0, positive: true });
  const defs: { [name: string]: JsonSchema } = {};
  for (let next = state.refs.next(); next !== undefined; next = state.refs.next()) {
    // A definition may be used anywhere: nothing is taken out of it.
    defs[next.name] = cleanNode(next.target, state, { depth: 1, positive: false });
  }
  checkEnds(root, defs);
  return { root, defs, weaker: [...state.weaker] };
}

function cleanNode(value: Json | undefined, state: State, place: Place): JsonSchema {
  state.nodes += 1;
  if (state.nodes > MOST_NODES) throw new Unfit(`it has more than ${MOST_NODES} parts`);
  if (place.depth > MOST_DEPTH) throw new Unfit(`it is nested more than ${MOST_DEPTH} levels deep`);
  if (value === true) return {};
  if (value === false) return NO_VALUE;
  if (!isJsonObject(value)) throw new Unfit(`${JSON.stringify(value)} is no schema`);
  const clean: { [key: string]: Json } = {};
  for (const [key, part] of Object.entries(value)) {
    if (part !== undefined) cleanKeyword(clean, key, part, value, state, place);
  }
  return clean;
}

function cleanKeyword(
  clean: { [key: string]: Json },
  key: string,
  part: Json,
  node: JsonObject,
  state: State,
  place: Place,
): void {
  if (key === '$ref') {
    clean.$ref = state.refs.refer(part);
    return;
  }
  if (state.draft7 && AFTER_DRAFT_7.has(key)) return;
  if (NAMING.has(key) || (key === '$id' && place.depth > 0)) throw new Unfit(`it names parts of itself with ${key}`);
  else if (key === 'items' && Array.isArray(part)) cleanTuple(clean, part, node, state, place);
  else if (SCHEMA.has(key)) clean[key] = cleanSub(part, key, state, place);
  else if (SCHEMA_LIST.has(key)) clean[key] = listOf(part, key).map((one) => cleanSub(one, key, state, place));
  else if (SCHEMA_MAP.has(key)) clean[key] = cleanMap(part, key, state, place);
  else if (key === 'dependencies') cleanDependencies(clean, part, state, place);
  else if (key === 'type') clean.type = cleanType(part, node.nullable === true);
  else if (key === 'nullable') checkNullable(part, node);
  else if (key === 'required') clean.required = namesOf(part, key);
  else if (key === 'dependentRequired') mergeMap(clean, key, mapNames(part, key));
  else if (key === 'enum' || key === 'examples') clean[key] = valuesOf(part, key);
  else if (key === 'const' || key === 'default') clean[key] = seen(part, key);
  else if (key === 'pattern') cleanPattern(clean, part, state, place);
  else if (key === 'format') cleanFormat(clean, part, state, place);
  else if (NUMBER.has(key)) clean[key] = numberOf(part, key);
  else if (COUNT.has(key)) clean[key] = countOf(part, key);
  else if (BOOLEAN.has(key) && typeof part === 'boolean') clean[key] = part;
  else if (NOTE.has(key) && typeof part === 'string') clean[key] = toPlainText(part, NOTE_LENGTH);
  else if (OURS_ALONE.keywords.has(key)) weaken(key, state, place);
}

const TURNS = new Set(['not', 'if', 'oneOf', 'contains', 'propertyNames']);

function cleanSub(part: Json | undefined, key: string, state: State, place: Place): JsonSchema | boolean {
  // "Nothing else" is what clients know best as false.
  if (key === 'additionalProperties' && typeof part === 'boolean') return part;
  const positive = place.positive && !TURNS.has(key);
  return cleanNode(part, state, { depth: place.depth + 1, positive });
}

function cleanMap(part: Json, key: string, state: State, place: Place): JsonObject {
  if (!isJsonObject(part)) throw new Unfit(`${key} is no object`);
  const clean: { [name: string]: Json } = {};
  for (const [name, one] of Object.entries(part)) {
    if (hasHidden(name)) throw new Unfit(`a name in ${key} has characters that are not seen`);
    if (key === 'patternProperties' && !isPattern(name))
      throw new Unfit(`the pattern ${JSON.stringify(name)} is not one of JavaScript`);
    Object.defineProperty(clean, name, {
      value: cleanNode(one, state, { depth: place.depth + 1, positive: place.positive }),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return clean;
}

/** Draft 7's list of items is 2020-12's prefixItems. */
function cleanTuple(
  clean: { [key: string]: Json },
  part: readonly Json[],
  node: JsonObject,
  state: State,
  place: Place,
): void {
  if (!state.draft7) throw new Unfit('items is a list, which is draft 7; say so with $schema');
  clean.prefixItems = part.map((one) => cleanSub(one, 'prefixItems', state, place));
  if (node.additionalItems !== undefined) clean.items = cleanSub(node.additionalItems, 'items', state, place);
}

function cleanDependencies(clean: { [key: string]: Json }, part: Json, state: State, place: Place): void {
  if (!isJsonObject(part)) throw new Unfit('dependencies is no object');
  const lists = Object.entries(part).filter(([, value]) => Array.isArray(value));
  const schemas = Object.entries(part).filter(([, value]) => !Array.isArray(value));
  if (lists.length > 0) mergeMap(clean, 'dependentRequired', mapNames(Object.fromEntries(lists), 'dependencies'));
  if (schemas.length === 0) return;
  mergeMap(clean, 'dependentSchemas', cleanMap(Object.fromEntries(schemas), 'dependencies', state, place));
}

function mergeMap(clean: { [key: string]: Json }, key: string, more: JsonObject): void {
  const before = clean[key];
  if (isJsonObject(before) && Object.keys(more).some((name) => name in before))
    throw new Unfit(`${key} says two things of one name`);
  clean[key] = isJsonObject(before) ? { ...before, ...more } : more;
}

function mapNames(part: Json, key: string): JsonObject {
  if (!isJsonObject(part)) throw new Unfit(`${key} is no object`);
  return Object.fromEntries(Object.entries(part).map(([name, names]) => [name, namesOf(names, key)]));
}

function cleanType(part: Json, nullable: boolean): Json {
  const list = Array.isArray(part) ? (part as readonly Json[]) : [part];
  if (list.length === 0 || !list.every((one) => TYPES.has(one)) || new Set(list).size < list.length) {
    throw new Unfit(`the type ${JSON.stringify(part)} is not one of JSON Schema's`);
  }
  return nullable && !list.includes('null') ? [...list, 'null'] : part;
}

function checkNullable(part: Json, node: JsonObject): void {
  if (typeof part !== 'boolean' || node.type === undefined) throw new Unfit('nullable stands without a type');
}

function cleanPattern(clean: { [key: string]: Json }, part: Json, state: State, place: Place): void {
  if (typeof part !== 'string') throw new Unfit('a pattern is no text');
  if (isPattern(part)) clean.pattern = part;
  else weaken('pattern', state, place);
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return !hasHidden(text);
  } catch {
    return false;
  }
}

function cleanFormat(clean: { [key: string]: Json }, part: Json, state: State, place: Place): void {
  if (FORMATS.has(part)) clean.format = part;
  else if (OURS_ALONE.formats.has(part)) weaken(`format ${String(part)}`, state, place);
}

function weaken(what: string, state: State, place: Place): void {
  if (!place.positive) throw new Unfit(`${what} stands where it cannot be left out`);
  state.weaker.add(what);
}

function listOf(part: Json, key: string): readonly Json[] {
  if (!Array.isArray(part) || (part.length === 0 && key !== 'prefixItems'))
    throw new Unfit(`${key} is no list of schemas`);
  return part as readonly Json[];
}

function namesOf(part: Json, key: string): readonly string[] {
  if (!Array.isArray(part) || !part.every((name) => typeof name === 'string') || new Set(part).size < part.length) {
    throw new Unfit(`${key} is no list of names`);
  }
  return seen(part, key) as readonly string[];
}

function valuesOf(part: Json, key: string): Json {
  if (!Array.isArray(part) || (key === 'enum' && part.length === 0)) throw new Unfit(`${key} is no list of values`);
  return seen(part, key);
}

/** Values stay as they are, since calls are checked against them; those with hidden characters are not shown at all. */
function seen(part: Json, key: string): Json {
  if (hasHidden(JSON.stringify(part))) throw new Unfit(`a value of ${key} has characters that are not seen`);
  return part;
}

function numberOf(part: Json, key: string): number {
  if (typeof part === 'number' && (key !== 'multipleOf' || part > 0)) return part;
  throw new Unfit(`${key} is ${JSON.stringify(part)}`);
}

function countOf(part: Json, key: string): number {
  if (typeof part === 'number' && Number.isInteger(part) && part >= 0) return part;
  throw new Unfit(`${key} is ${JSON.stringify(part)}`);
}
