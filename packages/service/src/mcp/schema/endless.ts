// Schemas that refer to themselves without going into a value: a validator follows them until its stack is full.
import { isJsonObject, type Json, type JsonSchema } from '@pypes/contract';
import { Unfit } from './unfit.ts';

const IN_PLACE = ['not', 'if', 'then', 'else'] as const;
const IN_PLACE_LISTS = ['allOf', 'anyOf', 'oneOf'] as const;
const PREFIX = '#/$defs/'.length;

/** @throws Unfit where a definition leads back to itself at the same value */
export function checkEnds(root: JsonSchema, defs: { readonly [name: string]: JsonSchema }): void {
  const done = new Set<string>();
  const open = new Set<string>();

  function visit(name: string): void {
    if (done.has(name)) return;
    if (open.has(name)) throw new Unfit(`its definition "${name}" refers to itself and nothing else`);
    open.add(name);
    for (const next of refsInPlace(defs[name] ?? {})) visit(next);
    open.delete(name);
    done.add(name);
  }

  for (const name of [...refsInPlace(root), ...Object.keys(defs)]) visit(name);
}

/** The definitions that are applied to the same value as the schema is. */
function refsInPlace(schema: Json): readonly string[] {
  if (!isJsonObject(schema)) return [];
  const found = typeof schema.$ref === 'string' ? [schema.$ref.slice(PREFIX)] : [];
  for (const key of IN_PLACE) found.push(...refsInPlace(schema[key] ?? null));
  for (const key of IN_PLACE_LISTS) for (const part of listOf(schema[key])) found.push(...refsInPlace(part));
  const { dependentSchemas } = schema;
  if (isJsonObject(dependentSchemas))
    for (const part of Object.values(dependentSchemas)) found.push(...refsInPlace(part));
  return found;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
