// WIT → JSON Schema 2020-12 (spec 1): what a component's function takes and gives, as any agent states it.
//
// One canonical mapping, shared with values/ (which checks what schemas cannot say):
//   bool, string                 the same
//   u8 … s32                     integer with bounds
//   u64, s64                     integer where it is safe (±(2^53 − 1)), else its decimal text
//   f32, f64                     number, or "NaN" "Infinity" "-Infinity" "-0"
//   char                         text of one Unicode scalar
//   list<u8>                     base64 text; every other list<T>, list<T, N> and tuple an array
//   record                       object under the WIT names; a field that is an option may be left out
//   variant, result              { tag, value }, without value where the case has none
//   enum, flags                  the case's name; the array of the names that are set
//   option                       null or the value; an option of an option: null or { some: … }
//   map                          object whose keys are the texts of the keys
//   own, borrow                  text that the host minted
import type { ResolvedWit, Type, WitFunction } from '../resolved.ts';
import { compositeSchema, described, type Inside, objectSchema } from './composite-schema.ts';
import { nameDefinitions } from './definitions.ts';
import { ANNOTATION, type JsonSchema } from './json.ts';
import { outcomesOf } from './outcomes.ts';
import { primitiveSchema } from './primitive-schema.ts';
import { assertSupported } from './supported.ts';
import { definitionOf, optionDepth, shapeOf } from './types.ts';

/**
 * The schema of a type. Types with a name stand once in `$defs`, so the size is linear in that of the type.
 *
 * @throws WitUnsupportedError for streams, futures and what else JSON cannot carry
 * @example
 * toJsonSchema(resolved, 'u8'); // { type: 'integer', minimum: 0, maximum: 255 }
 */
export function toJsonSchema(resolved: ResolvedWit, type: Type): JsonSchema {
  assertSupported(resolved, type);
  const writer = createWriter(resolved, [type]);
  return writer.finish(writer.bodyOf(type));
}

/** The schema of a function's arguments: an object by parameter name. */
export type ParametersSchema = JsonSchema & {
  readonly type: 'object';
  readonly properties: { readonly [name: string]: JsonSchema };
  readonly required: readonly string[];
  readonly additionalProperties: false;
};

/**
 * The schema of a function's arguments as one object; a parameter that is an option may be left out.
 *
 * @throws WitUnsupportedError that names the function
 */
export function parametersSchema(resolved: ResolvedWit, called: WitFunction): ParametersSchema {
  for (const { name, type } of called.params) assertSupported(resolved, type, name, called.name);
  const writer = createWriter(
    resolved,
    called.params.map(({ type }) => type),
  );
  return writer.finish(objectSchema(called.params, writer.inside)) as ParametersSchema;
}

/**
 * The schema of what a call gives: for a function of `result<T, E>` that of `T`, since an error is a failed call
 * ({@link errorSchema}); `null` where nothing is returned.
 *
 * @throws WitUnsupportedError that names the function
 */
export function resultSchema(resolved: ResolvedWit, called: WitFunction): JsonSchema {
  return outcome(resolved, called, 'ok') ?? { type: 'null' };
}

/** The schema of what a failed call carries; undefined where the function has no error or the error no value. */
export function errorSchema(resolved: ResolvedWit, called: WitFunction): JsonSchema | undefined {
  return outcome(resolved, called, 'err');
}

function outcome(resolved: ResolvedWit, called: WitFunction, side: 'ok' | 'err'): JsonSchema | undefined {
  const type = outcomesOf(resolved, called)[side];
  if (type === null) return undefined;
  assertSupported(resolved, type, 'result', called.name);
  return toJsonSchema(resolved, type);
}

type Writer = {
  readonly inside: Inside;
  bodyOf(type: Type): JsonSchema;
  finish(root: JsonSchema): JsonSchema;
};

function createWriter(resolved: ResolvedWit, roots: readonly Type[]): Writer {
  const names = nameDefinitions(resolved, roots);
  const definitions = new Map<string, JsonSchema>();

  const schemaOf = (type: Type): JsonSchema => {
    const shape = shapeOf(resolved, type);
    const name = typeof shape === 'string' ? undefined : names.get(shape.id);
    if (name === undefined) return bodyOf(type);
    if (!definitions.has(name)) {
      definitions.set(name, {});
      definitions.set(name, bodyOf(typeof shape === 'string' ? type : shape.id));
    }
    return { $ref: `#/$defs/${name}` };
  };

  const bodyOf = (type: Type): JsonSchema => {
    const shape = shapeOf(resolved, type);
    if (typeof shape === 'string') return describedByAliases(resolved, type, primitiveSchema(shape));
    if (shape.kind === 'resource') return { type: 'string', minLength: 1, [ANNOTATION]: 'handle' };
    return describedByAliases(resolved, type, compositeSchema(shape.kind, inside));
  };

  const inside: Inside = {
    schemaOf,
    shapeOf: (type) => shapeOf(resolved, type),
    optionDepth: (type) => optionDepth(resolved, type),
  };
  const finish = (root: JsonSchema): JsonSchema =>
    definitions.size === 0 ? root : { ...root, $defs: Object.fromEntries(definitions) };
  return { inside, bodyOf, finish };
}

/** The nearest docs of a type and of what it is an alias of, unless the schema says more itself. */
function describedByAliases(resolved: ResolvedWit, type: Type, schema: JsonSchema): JsonSchema {
  for (let at = type; typeof at !== 'string'; ) {
    const { docs, kind } = definitionOf(resolved, at);
    const text = docs?.contents?.trim();
    if (text) {
      const own = typeof schema.description === 'string' ? `\n${schema.description}` : '';
      return described({ contents: `${text}${own}` }, schema);
    }
    if (typeof kind === 'string' || !('type' in kind)) return schema;
    at = kind.type;
  }
  return schema;
}
