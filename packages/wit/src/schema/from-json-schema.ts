// JSON Schema → WIT (spec 1): the types with which an agent's parameters are offered to components.
import type { ResolvedWit, Type } from '../resolved.ts';
import { type Arena, createArena } from './arena.ts';
import { JsonSchemaError } from './errors.ts';
import { convertChoice } from './from-choices.ts';
import { convertArray, convertEnum, convertObject, convertPrimitive } from './from-parts.ts';
import { isObject, type Json, type JsonSchema } from './json.ts';
import { printTypes } from './print.ts';
import { toWitName } from './wit-names.ts';

/**
 * The WIT text of a schema: the declaration of `name`, after those of the types that it is made of. Names become WIT
 * names (`user_id` is `user-id`); bounds and patterns that WIT cannot say are dropped.
 *
 * @throws JsonSchemaError with the pointer of what has no WIT type
 * @example
 * fromJsonSchema({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }, 'args');
 * // record args {
 * //   city: string,
 * // }
 */
export function fromJsonSchema(schema: JsonSchema, name: string): string {
  return printTypes(typesFromJsonSchema(schema, name).resolved);
}

/** Types that were made from a schema, and which of them is that of the schema. */
export type DerivedTypes = { readonly resolved: ResolvedWit; readonly type: Type };

/**
 * The same as data: what {@link fromJsonSchema} prints.
 *
 * @throws JsonSchemaError
 */
export function typesFromJsonSchema(schema: JsonSchema, name: string): DerivedTypes {
  const own = toWitName(name);
  if (own === undefined) throw new JsonSchemaError('', `"${name}" cannot be made a WIT name`);
  const arena = createArena();
  const type = createReader(arena, schema).read(schema, '', own, MOST_DEPTH);
  const named = typeof type === 'number' && arena.nameOf(type) === own ? type : arena.define(own, { type });
  return { resolved: arena.finish(), type: named };
}

const MOST_DEPTH = 250;

/** Reads parts of one schema. */
export type Reader = {
  readonly arena: Arena;
  /** The type of the schema at a pointer; `hint` names it where WIT wants a name. */
  read(schema: Json | undefined, pointer: string, hint: string, depth: number): Type;
  /** The same, or undefined where the schema says only `null`. */
  isNull(schema: Json | undefined): boolean;
};

function createReader(arena: Arena, root: JsonSchema): Reader {
  const known = new Map<string, Type | 'open'>();

  const readTarget = (reference: string, pointer: string, depth: number): Type => {
    const found = known.get(reference);
    if (found === 'open') throw new JsonSchemaError(pointer, 'It contains itself, and no WIT type can');
    if (found !== undefined) return found;
    const target = resolvePointer(root, reference, pointer);
    known.set(reference, 'open');
    const hint = toWitName(reference.split('/').at(-1) ?? '') ?? 'definition';
    const type = reader.read(target, reference.slice(1), hint, depth - 1);
    known.set(reference, type);
    return type;
  };

  const reader: Reader = {
    arena,
    isNull: (schema) => isObject(schema) && (schema.type === 'null' || schema.const === null),
    read(schema, pointer, hint, depth) {
      if (depth <= 0) throw new JsonSchemaError(pointer, `It is nested deeper than ${MOST_DEPTH} schemas`);
      if (!isObject(schema)) throw new JsonSchemaError(pointer, 'A schema that accepts everything or nothing');
      if (typeof schema.$ref === 'string') return readTarget(schema.$ref, pointer, depth);
      const type =
        convertPrimitive(schema, pointer) ??
        convertChoice(reader, schema, pointer, hint, depth) ??
        convertEnum(reader, schema, pointer, hint) ??
        convertArray(reader, schema, pointer, hint, depth) ??
        convertObject(reader, schema, pointer, hint, depth);
      if (type !== undefined) return type;
      throw new JsonSchemaError(pointer, `It has no WIT type: ${JSON.stringify(schema).slice(0, 80)}`);
    },
  };
  return reader;
}

function resolvePointer(root: JsonSchema, reference: string, pointer: string): Json | undefined {
  if (!reference.startsWith('#')) {
    throw new JsonSchemaError(pointer, `"${reference}" is outside of the schema; put it into $defs`);
  }
  let at: Json | undefined = root;
  for (const part of reference.split('/').slice(1)) {
    const key = decode(part, pointer).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = at[Number(key)];
    else at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  if (at === undefined) throw new JsonSchemaError(pointer, `"${reference}" names nothing`);
  return at;
}

function decode(part: string, pointer: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new JsonSchemaError(pointer, `"${part}" is no part of a reference`);
  }
}
