// Relates the keywords of lists and objects of two schemas, part by part.
import { isJsonObject, type Json, type JsonSchema } from '@pypes/contract';
import { toStep } from '../../lattice.ts';
import { type Verdict, worst } from './accepts.ts';
import { partOf, type Within } from './schema.ts';
import type { Relate } from './subsume.ts';

/** Objects: what has to be there, what may be there, and the parts. */
export function relateObjects(
  relate: Relate,
  from: Within,
  given: JsonSchema,
  to: Within,
  taken: JsonSchema,
  at: string,
): Verdict {
  const verdicts: Verdict[] = [];
  const [offered, wanted] = [tableOf(given.properties), tableOf(taken.properties)];
  const always = listOf(given.required);
  for (const name of listOf(taken.required)) {
    if (typeof name !== 'string' || always.includes(name)) continue;
    const never = offered[name] === false || (offered[name] === undefined && given.additionalProperties === false);
    const stated = never || given.required !== undefined;
    const what = never ? 'is missing' : 'may be missing';
    verdicts.push(
      relate.note(at + toStep(name), `"${name}" ${what}, and it is required`, stated ? 'breaks' : 'unknown'),
    );
  }
  for (const [name, part] of Object.entries(offered)) {
    if (part === false) continue;
    const target = wanted[name] ?? otherwise(taken);
    if (target === undefined)
      verdicts.push(relate.note(at + toStep(name), 'A pattern decides what is taken', 'unknown'));
    else if (target === false)
      verdicts.push(relate.note(at + toStep(name), `There is no "${name}"${listed(wanted)}`, 'breaks'));
    else verdicts.push(relate.parts(partOf(from, part), partOf(to, target), at + toStep(name)));
  }
  const more = given.additionalProperties;
  if (more !== false) verdicts.push(relateMore(relate, from, given, to, taken, at));
  if (taken.propertyNames !== undefined && taken.propertyNames !== given.propertyNames) {
    verdicts.push(relate.note(at, 'Names of properties are restricted', 'unknown'));
  }
  const count = Object.keys(offered).length;
  const most = Math.min(numberOf(given.maxProperties, Infinity), more === false ? count : Infinity);
  const least = Math.max(numberOf(given.minProperties, 0), always.length);
  if (most > numberOf(taken.maxProperties, Infinity) || least < numberOf(taken.minProperties, 0)) {
    verdicts.push(relate.note(at, 'How many properties there are is restricted', 'unknown'));
  }
  return worst(verdicts);
}

/** Properties that neither side names. */
function relateMore(
  relate: Relate,
  from: Within,
  given: JsonSchema,
  to: Within,
  taken: JsonSchema,
  at: string,
): Verdict {
  const wanted = tableOf(taken.properties);
  const target = taken.additionalProperties;
  const open = target === undefined || target === true;
  if (given.additionalProperties === undefined) {
    // It is not stated whether there are more; only what is refused or shaped beyond the named ones matters.
    return open &&
      Object.keys(wanted).every((name) => Object.hasOwn(tableOf(given.properties), name) || wanted[name] === true)
      ? 'fits'
      : relate.note(at, 'It is not stated which other properties there may be', 'unknown');
  }
  const extra = partOf(from, given.additionalProperties);
  const verdicts = Object.keys(wanted)
    .filter((name) => !Object.hasOwn(tableOf(given.properties), name))
    .map((name) => relate.parts(extra, partOf(to, wanted[name]), at + toStep(name)));
  if (taken.patternProperties !== undefined || given.patternProperties !== undefined) {
    verdicts.push(relate.note(at, 'Patterns decide what properties are', 'unknown'));
  }
  if (target === false) verdicts.push(relate.note(at, 'Other properties are given, and none are taken', 'breaks'));
  else if (!open) verdicts.push(relate.parts(extra, partOf(to, target), `${at}/*`));
  return worst(verdicts);
}

/** Lists: how many, and what is in them. */
export function relateArrays(
  relate: Relate,
  from: Within,
  given: JsonSchema,
  to: Within,
  taken: JsonSchema,
  at: string,
): Verdict {
  const verdicts: Verdict[] = [];
  const [first, wanted] = [listOf(given.prefixItems), listOf(taken.prefixItems)];
  const most = Math.min(numberOf(given.maxItems, Infinity), given.items === false ? first.length : Infinity);
  const least = numberOf(given.minItems, 0);
  const limit = Math.min(numberOf(taken.maxItems, Infinity), taken.items === false ? wanted.length : Infinity);
  if (most > limit) {
    const many = Number.isFinite(most) ? `${most} items` : 'any number of items';
    verdicts.push(
      relate.note(at, `It may have ${many}, at most ${limit} are taken`, Number.isFinite(most) ? 'breaks' : 'unknown'),
    );
  }
  if (least < numberOf(taken.minItems, 0)) {
    verdicts.push(
      relate.note(
        at,
        `It may have ${least} items, at least ${taken.minItems} are taken`,
        given.minItems === undefined ? 'unknown' : 'breaks',
      ),
    );
  }
  if (taken.uniqueItems === true && given.uniqueItems !== true && most > 1) {
    verdicts.push(relate.note(at, 'Items may stand twice', 'unknown'));
  }
  const places = Math.min(Math.max(first.length, wanted.length), most);
  for (let index = 0; index < places; index++) {
    verdicts.push(
      relate.parts(
        partOf(from, first[index] ?? given.items),
        partOf(to, wanted[index] ?? taken.items),
        `${at}/${index}`,
      ),
    );
  }
  if (most > places && taken.items !== undefined && taken.items !== false) {
    verdicts.push(relate.parts(partOf(from, given.items), partOf(to, taken.items), `${at}/*`));
  }
  return worst(verdicts);
}

/** The schema of a property that is not named; undefined where a pattern decides. */
function otherwise(taken: JsonSchema): Json | undefined {
  return taken.patternProperties === undefined ? (taken.additionalProperties ?? true) : undefined;
}

function listed(wanted: { readonly [name: string]: Json }): string {
  const names = Object.keys(wanted);
  return names.length === 0 ? '' : `; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`.slice(0, 160);
}

function tableOf(value: Json | undefined): { readonly [name: string]: Json } {
  return isJsonObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function numberOf(value: Json | undefined, otherwiseIs: number): number {
  return typeof value === 'number' ? value : otherwiseIs;
}
