// What one property asks of the whole object: dependentRequired, dependentSchemas, and dependencies for both.
import type { Json, JsonObject } from '@pypes/contract';
import type { Check, Part } from '../compilation.ts';
import { fail } from '../run.ts';

export function dependencyKeywords(part: Part): readonly Check<JsonObject>[] {
  const { schema, compilation } = part;
  const kinds = compilation.draft === 2020 ? [schema.dependentRequired, schema.dependentSchemas] : [];
  return [schema.dependencies, ...kinds]
    .flatMap((dependencies) => Object.entries((dependencies ?? {}) as JsonObject))
    .map(([name, asked]) => (Array.isArray(asked) ? requires(name, asked as string[]) : satisfies(name, asked, part)));
}

function requires(name: string, others: readonly string[]): Check<JsonObject> {
  return (value, run) => {
    if (!Object.hasOwn(value, name)) return true;
    const missing = others.filter((other) => !Object.hasOwn(value, other));
    for (const other of missing) fail(run, () => `must have the property "${other}", since it has "${name}"`);
    return missing.length === 0;
  };
}

function satisfies(name: string, schema: Json, part: Part): Check<JsonObject> {
  const check = part.compilation.part(schema, part.resource);
  return (value, run) => !Object.hasOwn(value, name) || check(value, run);
}
