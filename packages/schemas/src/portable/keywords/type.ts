// type, with OpenAPI's nullable beside it.
import type { Json, JsonObject } from '@pypes/contract';
import type { Check } from '../compilation.ts';
import { fail } from '../run.ts';

/** @throws Error where `nullable` contradicts the type, or has none */
export function checkTypes(schema: JsonObject): Check | undefined {
  const types = typesOf(schema);
  const [only] = types;
  if (only === undefined) return undefined;
  if (types.length === 1) return (value, run) => isOf(only, value) || fail(run, () => `must be ${only}`);
  return (value, run) => types.some((type) => isOf(type, value)) || fail(run, () => `must be ${types.join(',')}`);
}

function typesOf({ type, nullable }: JsonObject): readonly string[] {
  const types = type === undefined ? [] : ([type].flat() as string[]);
  if (types.includes('null')) {
    if (nullable === false) throw new Error('"type" includes "null", which "nullable": false contradicts');
    return types;
  }
  if (types.length === 0 && nullable !== undefined) throw new Error('"nullable" cannot stand without "type"');
  return nullable === true ? [...types, 'null'] : types;
}

function isOf(type: string, value: Json): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'number':
      return Number.isFinite(value);
    case 'integer':
      return Number.isInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    default:
      return typeof value === 'object' && value !== null && !Array.isArray(value);
  }
}
