// A root that is plainly an object: what some clients refuse at the top of a schema stands one level deeper.
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '@pypes/contract';
import type { CleanSchema } from './clean.ts';

/** What some clients, or the models behind them, refuse at the top. */
const REFUSED = ['$ref', 'allOf', 'anyOf', 'const', 'enum', 'not', 'oneOf'] as const;
const CONDITION = ['if', 'then', 'else'] as const;
/** Keywords that look at which properties others have spoken of: nothing may be added beside them. */
const CLOSING = ['additionalProperties', 'unevaluatedProperties', 'patternProperties'] as const;

/**
 * The schema with `type: "object"` and without combinations at its root. It takes the same values: what stood at the
 * root stands behind a condition that always holds, and the properties that its branches speak of are named as hints.
 */
export function toObjectRoot(clean: CleanSchema): JsonSchema {
  const { defs } = clean;
  const root: { [key: string]: Json } = { ...clean.root, type: 'object' };
  const moved: { [key: string]: Json } = {};
  for (const key of REFUSED) {
    if (root[key] === undefined) continue;
    moved[key] = root[key];
    delete root[key];
  }
  if (Object.keys(moved).length > 0) {
    hint(root, moved, defs);
    if (root.if !== undefined) for (const key of CONDITION) move(key, root, moved);
    root.if = {};
    // biome-ignore lint/suspicious/noThenProperty: A keyword of JSON Schema
    root.then = moved;
  }
  root.properties ??= {};
  nameRequired(root);
  if (Object.keys(defs).length > 0) root.$defs = defs;
  return root;
}

function move(key: string, from: { [key: string]: Json }, to: { [key: string]: Json }): void {
  if (from[key] === undefined) return;
  to[key] = from[key];
  delete from[key];
}

/** Names the properties of branches at the root, with no more said of them than holds in every branch. */
function hint(root: { [key: string]: Json }, moved: JsonObject, defs: CleanSchema['defs']): void {
  if (!isOpen(root)) return;
  const known: { [name: string]: Json } = { ...(isJsonObject(root.properties) ? root.properties : {}) };
  const required = new Set(Array.isArray(root.required) ? (root.required as readonly string[]) : []);
  for (const part of partsOf(moved, defs)) {
    for (const [name, property] of Object.entries(propertiesOf(part))) add(known, name, property);
    for (const name of requiredOf(part)) required.add(name);
  }
  for (const key of ['oneOf', 'anyOf'] as const) {
    const branches = listOf(moved[key]).map((branch) => resolve(branch, defs));
    for (const [name, property] of Object.entries(sharedProperties(branches))) add(known, name, property);
    for (const name of sharedRequired(branches)) required.add(name);
  }
  root.properties = known;
  if (required.size > 0) root.required = [...required];
}

/** Schemas that hold in any case. */
function partsOf(moved: JsonObject, defs: CleanSchema['defs']): readonly JsonSchema[] {
  const referred = moved.$ref === undefined ? [] : [resolve({ $ref: moved.$ref }, defs)];
  return [...referred, ...listOf(moved.allOf).map((part) => resolve(part, defs))];
}

/** A property of which every branch says something is one of what they say; of others, only a note is taken. */
function sharedProperties(branches: readonly JsonSchema[]): JsonObject {
  const names = new Set(branches.flatMap((branch) => Object.keys(propertiesOf(branch))));
  names.delete('__proto__');
  const shared: { [name: string]: Json } = {};
  for (const name of names) {
    const said = branches.map((branch) => propertiesOf(branch)[name]);
    const texts = new Set(said.map((one) => JSON.stringify(one)));
    const first = said.find((one) => one !== undefined) as JsonSchema;
    if (said.every((one) => one !== undefined))
      shared[name] = texts.size === 1 ? first : { anyOf: said as readonly Json[] };
    else shared[name] = typeof first.description === 'string' ? { description: first.description } : {};
  }
  return shared;
}

function sharedRequired(branches: readonly JsonSchema[]): readonly string[] {
  const [first, ...others] = branches;
  if (first === undefined) return [];
  return requiredOf(first).filter((name) => others.every((other) => requiredOf(other).includes(name)));
}

/** What is asked for is also named, for readers that look at the properties alone. */
function nameRequired(root: { [key: string]: Json }): void {
  if (!isOpen(root) || !isJsonObject(root.properties)) return;
  const properties: { [name: string]: Json } = { ...root.properties };
  for (const name of requiredOf(root)) add(properties, name, {});
  root.properties = properties;
}

function add(properties: { [name: string]: Json }, name: string, schema: Json): void {
  if (!Object.hasOwn(properties, name) && name !== '__proto__') properties[name] = schema;
}

function isOpen(root: JsonObject): boolean {
  return CLOSING.every((key) => root[key] === undefined || (key === 'additionalProperties' && root[key] === true));
}

function resolve(schema: Json, defs: CleanSchema['defs']): JsonSchema {
  let at = schema as JsonSchema;
  for (let steps = 0; steps < 8 && typeof at.$ref === 'string'; steps++) {
    at = defs[at.$ref.slice('#/$defs/'.length)] ?? {};
  }
  return at;
}

function propertiesOf(schema: JsonSchema): { readonly [name: string]: JsonSchema } {
  return isJsonObject(schema.properties) ? (schema.properties as { readonly [name: string]: JsonSchema }) : {};
}

function requiredOf(schema: JsonObject): readonly string[] {
  return Array.isArray(schema.required) ? (schema.required as readonly string[]) : [];
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
