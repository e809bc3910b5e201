// The schema of a part of a value, by the steps that lead there.
import { isJsonObject, type Json, type JsonSchema } from '@pypes/contract';
import {
  beginEffort,
  deeper,
  type Effort,
  isTooMuch,
  partOf,
  resolved,
  toWithin,
  typesOf,
  type Within,
} from '../guard-check.ts';

/**
 * `missing`: there is no such part in any value; `at` is the number of the step. `optional`: the schema says that it may
 * be missing; `sure`: it says that it is there.
 */
export type SchemaAt =
  | {
      readonly kind: 'found';
      readonly schema: JsonSchema | undefined;
      readonly optional: boolean;
      readonly sure: boolean;
    }
  | { readonly kind: 'missing'; readonly at: number; readonly known: readonly string[] };

/** Follows the steps; what is not known stays not known. */
export function schemaAt(schema: JsonSchema | undefined, steps: readonly (string | number)[]): SchemaAt {
  let at: Within | undefined = schema === undefined ? undefined : toWithin(schema);
  let optional = false;
  let sure = true;
  for (const [index, step] of steps.entries()) {
    if (at === undefined) break;
    const part = partAt(at, step, beginEffort());
    if (part.kind === 'missing') return { kind: 'missing', at: index, known: part.known };
    optional ||= part.optional;
    sure &&= part.sure;
    at = part.within;
  }
  return { kind: 'found', schema: at === undefined ? undefined : standalone(at), optional, sure };
}

type Part =
  | { readonly kind: 'found'; readonly within: Within | undefined; readonly optional: boolean; readonly sure: boolean }
  | { readonly kind: 'missing'; readonly known: readonly string[] };

const UNKNOWN: Part = { kind: 'found', within: undefined, optional: false, sure: false };

function partAt(within: Within, step: string | number, effort: Effort): Part {
  const found = isTooMuch(effort) ? undefined : resolved(within);
  if (found === undefined || typeof found.schema === 'boolean') return UNKNOWN;
  const { schema } = found;
  if (schema.allOf !== undefined || schema.const !== undefined || schema.enum !== undefined) return UNKNOWN;
  const branches = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(branches))
    return inBranches(
      branches.map((branch: Json) => partAt(partOf(found, branch), step, deeper(effort))),
      found,
    );
  const types = typesOf(schema);
  const object = types === undefined ? schema.properties !== undefined : types.includes('object');
  const array = types === undefined ? schema.items !== undefined : types.includes('array');
  if (types === undefined && !object && !array) return UNKNOWN;
  // A list has items and a length, an object may have properties of these names: which of both it is, nobody says.
  if ((types === undefined || (object && array)) && /^(\d+|length)$/.test(String(step))) return UNKNOWN;
  if (!object && !array) return { kind: 'missing', known: [] };
  const part = object ? propertyOf(found, schema, String(step)) : itemOf(found, schema, step);
  if (part.kind === 'missing' || types?.length === 1) return part;
  return { ...part, optional: part.optional || types !== undefined, sure: false };
}

function propertyOf(within: Within, schema: JsonSchema, name: string): Part {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  if (Object.hasOwn(properties, name) && properties[name] !== false) {
    const sure = Array.isArray(schema.required) && schema.required.includes(name);
    // A schema that says of nothing that it is required is one whose author did not think of it.
    const optional = !sure && schema.required !== undefined;
    return { kind: 'found', within: partOf(within, properties[name]), optional, sure };
  }
  const more = schema.patternProperties === undefined ? schema.additionalProperties : true;
  if (more === false) return { kind: 'missing', known: Object.keys(properties) };
  return isJsonObject(more) ? { kind: 'found', within: partOf(within, more), optional: true, sure: false } : UNKNOWN;
}

function itemOf(within: Within, schema: JsonSchema, step: string | number): Part {
  const index = typeof step === 'number' ? step : /^\d+$/.test(step) ? Number(step) : undefined;
  if (index === undefined) return { kind: 'missing', known: [] };
  const first = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  if (typeof schema.maxItems === 'number' && index >= schema.maxItems) return { kind: 'missing', known: [] };
  const item = index < first.length ? (first[index] as Json) : schema.items;
  if (item === false) return { kind: 'missing', known: [] };
  const optional = !(typeof schema.minItems === 'number' && index < schema.minItems);
  return { kind: 'found', within: item === undefined ? undefined : partOf(within, item), optional, sure: !optional };
}

/** A value is of one of the branches: where only some have the part, it may be missing. */
function inBranches(parts: readonly Part[], within: Within): Part {
  const found = parts.filter((part) => part.kind === 'found');
  if (found.length === 0) return parts[0] ?? UNKNOWN;
  const optional = found.length < parts.length || found.some((part) => part.optional);
  const sure = found.length === parts.length && found.every((part) => part.sure);
  if (found.some((part) => part.within === undefined)) return { kind: 'found', within: undefined, optional, sure };
  const [only] = found;
  if (found.length === 1 && only !== undefined) return { ...only, optional, sure };
  const anyOf = found.map((part) => part.within?.schema as Json);
  return { kind: 'found', within: { schema: { anyOf }, root: within.root }, optional, sure };
}

/** A part as a schema of its own, with the definitions that it may point into. */
function standalone(within: Within): JsonSchema | undefined {
  const found = resolved(within);
  if (found === undefined || found.schema === true) return undefined;
  const schema: JsonSchema = found.schema === false ? { not: {} } : found.schema;
  const { $defs, definitions } = within.root;
  return {
    ...schema,
    ...($defs === undefined || schema.$defs !== undefined ? {} : { $defs }),
    ...(definitions === undefined || schema.definitions !== undefined ? {} : { definitions }),
  };
}
