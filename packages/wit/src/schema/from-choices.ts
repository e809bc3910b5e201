// Schemas that choose (anyOf, oneOf, several types): options, results and variants.
import type { Case, Type } from '../resolved.ts';
import { JsonSchemaError } from './errors.ts';
import type { Reader } from './from-json-schema.ts';
import { ANNOTATION, isObject, type Json, type JsonSchema } from './json.ts';
import { uniqueNames } from './unique-names.ts';

/** The type of a schema that chooses; undefined for one that does not. */
export function convertChoice(
  reader: Reader,
  schema: JsonSchema,
  pointer: string,
  hint: string,
  depth: number,
): Type | undefined {
  if (Array.isArray(schema.type)) return severalTypes(reader, schema, schema.type, pointer, hint, depth);
  if (Array.isArray(schema.allOf) && schema.allOf.length === 1) {
    return reader.read(schema.allOf[0], `${pointer}/allOf/0`, hint, depth - 1);
  }
  const keyword = Array.isArray(schema.oneOf) ? 'oneOf' : 'anyOf';
  const branches = schema[keyword];
  if (!Array.isArray(branches)) return undefined;
  const at = `${pointer}/${keyword}`;
  const kept = branches.map((branch: Json, index) => ({ branch, at: `${at}/${index}` }));
  const some = kept.filter(({ branch }) => !reader.isNull(branch));
  const inner = (): Type => {
    const [only] = some;
    if (some.length === 1 && only !== undefined) {
      if (schema[ANNOTATION] === 'option') return unwrap(reader, only.branch, only.at, hint, depth);
      if (kept.length === 2) return reader.read(only.branch, only.at, hint, depth - 1);
    }
    return tagged(reader, schema, some, at, hint, depth);
  };
  return some.length === kept.length ? inner() : option(reader, inner(), schema[ANNOTATION] === 'option');
}

/** An option; one that may already be null stays one option, except where the schema says that it is two. */
function option(reader: Reader, type: Type, isNested: boolean): Type {
  return !isNested && isOption(reader, type) ? type : reader.arena.add({ option: type });
}

/** Tells whether a type that was read is an option. */
export function isOption(reader: Reader, type: Type): boolean {
  const kind = reader.arena.kindOf(type);
  return typeof kind === 'object' && 'option' in kind;
}

function unwrap(reader: Reader, branch: Json, at: string, hint: string, depth: number): Type {
  if (!isObject(branch) || !isObject(branch.properties)) throw new JsonSchemaError(at, 'No object with "some"');
  return reader.read(branch.properties.some, `${at}/properties/some`, hint, depth - 1);
}

function severalTypes(
  reader: Reader,
  schema: JsonSchema,
  types: readonly Json[],
  pointer: string,
  hint: string,
  depth: number,
): Type {
  const some = types.filter((type) => type !== 'null');
  const [only] = some;
  if (some.length !== 1 || only === undefined) {
    throw new JsonSchemaError(`${pointer}/type`, `Several types at once: ${JSON.stringify(types)}`);
  }
  const withoutNull = Array.isArray(schema.enum) ? { enum: schema.enum.filter((value: Json) => value !== null) } : {};
  const inner = reader.read({ ...schema, ...withoutNull, type: only }, pointer, hint, depth - 1);
  return some.length === types.length ? inner : option(reader, inner, false);
}

type Branch = { readonly branch: Json; readonly at: string };

function tagged(
  reader: Reader,
  schema: JsonSchema,
  branches: readonly Branch[],
  at: string,
  hint: string,
  depth: number,
): Type {
  if (branches.length === 0) throw new JsonSchemaError(at, 'It offers no choice');
  if (branches.every(({ branch }) => isObject(branch) && typeof branch.const === 'string')) {
    return enumOf(reader, branches, at, hint);
  }
  const isResult = schema[ANNOTATION] === 'result';
  const name = isResult ? hint : reader.arena.reserve(hint);
  const cases = branches.map((branch) => caseOf(reader, branch, name, depth));
  if (isResult) {
    const payload = (tag: string): Type | null => cases.find((item) => item.name === tag)?.type ?? null;
    return reader.arena.add({ result: { ok: payload('ok'), err: payload('err') } });
  }
  const names = uniqueNames(
    cases.map((item) => item.name),
    at,
  );
  const docs = typeof schema.description === 'string' ? schema.description : undefined;
  const named: readonly Case[] = cases.map((item, index) => ({ ...item, name: names[index] ?? item.name }));
  return reader.arena.define(name, { variant: { cases: named } }, docs);
}

function enumOf(reader: Reader, branches: readonly Branch[], at: string, hint: string): Type {
  const values = branches.map(({ branch }) => String(isObject(branch) ? branch.const : ''));
  const cases = uniqueNames(values, at).map((name) => ({ name }));
  return reader.arena.define(reader.arena.reserve(hint), { enum: { cases } });
}

function caseOf(reader: Reader, { branch, at }: Branch, hint: string, depth: number): Case {
  const properties = isObject(branch) && isObject(branch.properties) ? branch.properties : {};
  const tag = isObject(properties.tag) ? properties.tag.const : undefined;
  if (typeof tag !== 'string') {
    throw new JsonSchemaError(at, 'A choice needs an object with a constant "tag" (and "value") in each branch');
  }
  const odd = Object.keys(properties).find((key) => key !== 'tag' && key !== 'value');
  if (odd !== undefined) throw new JsonSchemaError(`${at}/properties/${odd}`, 'Only "tag" and "value" can be there');
  const docs = isObject(branch) && typeof branch.description === 'string' ? branch.description : undefined;
  const hinted = `${hint}-value`;
  const type =
    properties.value === undefined ? null : reader.read(properties.value, `${at}/properties/value`, hinted, depth - 1);
  return { name: tag, type, ...(docs && { docs: { contents: docs } }) };
}
