// Keywords for objects.
import type { Json, JsonObject } from '@pypes/contract';
import { linearPattern } from '../../linear-pattern.ts';
import type { Check, Part } from '../compilation.ts';
import { descend, fail } from '../run.ts';
import { dependencyKeywords } from './dependencies.ts';

export function objectKeywords(part: Part): readonly Check<JsonObject>[] {
  const { schema } = part;
  return [
    count(schema.maxProperties, (size, most) => size <= most, 'at most'),
    count(schema.minProperties, (size, least) => size >= least, 'at least'),
    required(schema.required),
    ...dependencyKeywords(part),
    propertyNames(part),
    ...properties(part),
    unevaluatedProperties(part),
  ].filter((check) => check !== undefined);
}

function count(bound: unknown, holds: (size: number, bound: number) => boolean, words: string) {
  if (typeof bound !== 'number') return undefined;
  const check: Check<JsonObject> = (value, run) =>
    holds(Object.keys(value).length, bound) || fail(run, () => `must have ${words} ${bound} properties`);
  return check;
}

function required(names: Json | undefined): Check<JsonObject> | undefined {
  if (names === undefined) return undefined;
  const wanted = names as readonly string[];
  return (value, run) => {
    let valid = true;
    for (const name of wanted) {
      if (has(value, name)) continue;
      valid = fail(run, () => `must have the property "${name}"`);
      if (!run.reporting) return false;
    }
    return valid;
  };
}

function propertyNames(part: Part): Check<JsonObject> | undefined {
  if (part.schema.propertyNames === undefined) return undefined;
  const check = part.compilation.part(part.schema.propertyNames, part.resource);
  return (value, run) => {
    const { marks } = run;
    run.marks = undefined;
    let valid = true;
    for (const name of Object.keys(value)) {
      if (check(name, run)) continue;
      valid = fail(run, () => `must not have the property name "${name}"`);
      if (!run.reporting) break;
    }
    run.marks = marks;
    return valid;
  };
}

/** `properties`, `patternProperties`, and `additionalProperties`, which sees what those two leave. */
function properties(part: Part): readonly (Check<JsonObject> | undefined)[] {
  const { schema, compilation, resource } = part;
  const named = new Map(
    Object.entries((schema.properties ?? {}) as JsonObject).map(([name, property]) => [
      name,
      compilation.part(property, resource),
    ]),
  );
  const patterns = Object.entries((schema.patternProperties ?? {}) as JsonObject).map(
    ([text, property]) => [linearPattern(text), compilation.part(property, resource)] as const,
  );
  const isKnown = (name: string) => named.has(name) || patterns.some(([pattern]) => pattern.test(name));
  return [
    schema.additionalProperties === undefined
      ? undefined
      : others(compilation.part(schema.additionalProperties, resource), schema.additionalProperties === false, isKnown),
    named.size === 0 ? undefined : namedProperties(named),
    patterns.length === 0 ? undefined : patternProperties(patterns),
  ];
}

function namedProperties(named: ReadonlyMap<string, Check>): Check<JsonObject> {
  const entries = [...named];
  return (value, run) => {
    let valid = true;
    for (const [name, check] of entries) {
      if (!has(value, name)) continue;
      run.marks?.properties.add(name);
      if (descend(check, value[name] as Json, name, run)) continue;
      if (!run.reporting) return false;
      valid = false;
    }
    return valid;
  };
}

function patternProperties(
  patterns: readonly (readonly [ReturnType<typeof linearPattern>, Check])[],
): Check<JsonObject> {
  return (value, run) => {
    let valid = true;
    for (const [pattern, check] of patterns) {
      for (const name of Object.keys(value)) {
        if (!pattern.test(name)) continue;
        run.marks?.properties.add(name);
        if (descend(check, value[name] as Json, name, run)) continue;
        if (!run.reporting) return false;
        valid = false;
      }
    }
    return valid;
  };
}

function others(check: Check, denied: boolean, isKnown: (name: string) => boolean): Check<JsonObject> {
  return (value, run) => {
    let valid = true;
    for (const name of Object.keys(value)) {
      if (isKnown(name)) continue;
      const fits = denied
        ? fail(run, () => `must not have the property "${name}"`)
        : descend(check, value[name] as Json, name, run);
      if (!fits && !run.reporting) return false;
      valid &&= fits;
    }
    if (run.marks) run.marks.everyProperty = true;
    return valid;
  };
}

function unevaluatedProperties(part: Part): Check<JsonObject> | undefined {
  const { schema, compilation, resource } = part;
  if (compilation.draft !== 2020 || schema.unevaluatedProperties === undefined) return undefined;
  const denied = schema.unevaluatedProperties === false;
  const check = compilation.part(schema.unevaluatedProperties, resource);
  return (value, run) => {
    const { marks } = run;
    if (marks?.everyProperty) return true;
    return others(check, denied, (name) => marks?.properties.has(name) ?? false)(value, run);
  };
}

/** A property that a host left undefined is not there, as in JSON. */
function has(value: JsonObject, name: string): boolean {
  return Object.hasOwn(value, name) && value[name] !== undefined;
}
