// Keywords for arrays.
import type { Json } from '@pypes/contract';
import { findTwins } from '../../find-twins.ts';
import type { Check, Part } from '../compilation.ts';
import { descend, fail, silently } from '../run.ts';

type Items = readonly Json[];

export function arrayKeywords(part: Part): readonly Check<Items>[] {
  const { schema } = part;
  return [
    count(schema.maxItems, (value, most) => value.length <= most, 'at most'),
    count(schema.minItems, (value, least) => value.length >= least, 'at least'),
    ...items(part),
    contains(part),
    schema.uniqueItems === true ? unique : undefined,
    unevaluatedItems(part),
  ].filter((check) => check !== undefined);
}

function count(bound: unknown, holds: (value: Items, bound: number) => boolean, words: string) {
  if (typeof bound !== 'number') return undefined;
  const check: Check<Items> = (value, run) =>
    holds(value, bound) || fail(run, () => `must have ${words} ${bound} items`);
  return check;
}

/** `prefixItems` and `items`, which draft 7 calls `items` and `additionalItems`. */
function items(part: Part): readonly (Check<Items> | undefined)[] {
  const { schema, compilation, resource } = part;
  const listed = compilation.draft === 2020 ? schema.prefixItems : Array.isArray(schema.items) ? schema.items : [];
  const first = ((listed ?? []) as Items).map((item) => compilation.part(item, resource));
  const rest = compilation.draft === 2020 || first.length === 0 ? schema.items : schema.additionalItems;
  return [first.length === 0 ? undefined : prefix(first), others(part, rest, first.length)];
}

function prefix(checks: readonly Check[]): Check<Items> {
  return (value, run) => {
    let valid = true;
    for (let index = 0; index < Math.min(checks.length, value.length); index += 1) {
      const check = checks[index] as Check;
      if (descend(check, value[index] as Json, index, run)) continue;
      if (!run.reporting) return false;
      valid = false;
    }
    if (run.marks) run.marks.items = Math.max(run.marks.items, Math.min(checks.length, value.length));
    return valid;
  };
}

function others(part: Part, schema: Json | undefined, from: number): Check<Items> | undefined {
  if (schema === undefined || Array.isArray(schema)) return undefined;
  if (schema === false && from > 0) {
    return (value, run) => value.length <= from || fail(run, () => `must have at most ${from} items`);
  }
  const check = part.compilation.part(schema, part.resource);
  return (value, run) => {
    let valid = true;
    for (let index = from; index < value.length; index += 1) {
      if (descend(check, value[index] as Json, index, run)) continue;
      if (!run.reporting) return false;
      valid = false;
    }
    if (run.marks) run.marks.items = value.length;
    return valid;
  };
}

function contains(part: Part): Check<Items> | undefined {
  const { schema, compilation, resource } = part;
  if (schema.contains === undefined) return undefined;
  const check = compilation.part(schema.contains, resource);
  const counts = compilation.draft === 2020 ? schema : {};
  const { minContains: least = 1, maxContains: most } = counts as { minContains?: number; maxContains?: number };
  return (value, run) => {
    let found = 0;
    for (let index = 0; index < value.length; index += 1) {
      if (!silently(run, () => descend(check, value[index] as Json, index, run))) continue;
      found += 1;
      run.marks?.singleItems.add(index);
      // One too many decides it; without marks to keep, so does enough.
      if (most === undefined ? found >= least && run.marks === undefined : found > most) break;
    }
    if (found >= least && (most === undefined || found <= most)) return true;
    const upTo = most === undefined ? '' : ` and at most ${most}`;
    fail(run, () => `must contain at least ${least}${upTo} items that match "contains"`);
    // What no array can have is nothing that its items could mend.
    if (run.reporting && found < least && (most === undefined || least <= most)) {
      for (const [index, item] of value.entries()) descend(check, item, index, run);
    }
    return false;
  };
}

const unique: Check<Items> = (value, run) => {
  const twins = findTwins(value);
  return twins === undefined || fail(run, () => `must have different items: ${twins.join(' and ')} are the same`);
};

function unevaluatedItems(part: Part): Check<Items> | undefined {
  const { schema, compilation, resource } = part;
  if (compilation.draft !== 2020 || schema.unevaluatedItems === undefined) return undefined;
  const denied = schema.unevaluatedItems === false;
  const check = compilation.part(schema.unevaluatedItems, resource);
  return (value, run) => {
    const { marks } = run;
    let valid = true;
    for (let index = marks?.items ?? 0; index < value.length; index += 1) {
      if (marks?.singleItems.has(index)) continue;
      if (denied) return fail(run, () => `must not have the item ${index}, which no schema describes`);
      if (descend(check, value[index] as Json, index, run)) continue;
      if (!run.reporting) return false;
      valid = false;
    }
    if (marks) marks.items = value.length;
    return valid;
  };
}
