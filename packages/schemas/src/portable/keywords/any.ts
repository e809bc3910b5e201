// Keywords for values of every type: references, const, enum, and schemas put together.
import type { Json } from '@pypes/contract';
import { canonical } from '../../canonical.ts';
import type { Check, Part } from '../compilation.ts';
import { createMarks, mergeMarks } from '../marks.ts';
import { fail, type Run, silently } from '../run.ts';
import { dynamicReference, reference } from './reference.ts';

export function anyKeywords(part: Part): readonly Check[] {
  return [
    reference(part),
    dynamicReference(part),
    constant(part.schema.const),
    enumeration(part.schema.enum),
    not(part),
    anyOf(part),
    oneOf(part),
    ifThenElse(part),
    ...branches(part, 'allOf'),
  ].filter((check) => check !== undefined);
}

function constant(wanted: Json | undefined): Check | undefined {
  if (wanted === undefined) return undefined;
  const holds = isOneOf([wanted]);
  return (value, run) => holds(value) || fail(run, () => `must be ${JSON.stringify(wanted)}`);
}

function enumeration(choices: Json | undefined): Check | undefined {
  if (choices === undefined) return undefined;
  const list = choices as readonly Json[];
  if (list.length === 0) throw new Error('"enum" is [], and has to have a choice');
  const holds = isOneOf(list);
  return (value, run) => holds(value) || fail(run, () => `must be one of ${JSON.stringify(list)}`);
}

function isOneOf(choices: readonly Json[]): (value: Json) => boolean {
  const plain = new Set(choices.filter((choice) => !isWhole(choice)));
  const texts = new Set(choices.filter(isWhole).map((choice) => canonical(choice)));
  const longest = Math.max(0, ...[...texts].map((text) => text.length));
  return (value) => {
    if (!isWhole(value)) return plain.has(value);
    // A value longer than every choice is none of them: it is not written out to find that out.
    const text = texts.size === 0 ? undefined : canonical(value, longest);
    return text !== undefined && texts.has(text);
  };
}

function isWhole(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}

function not(part: Part): Check | undefined {
  if (part.schema.not === undefined) return undefined;
  const check = part.compilation.part(part.schema.not, part.resource);
  return (value, run) => !silently(run, () => apart(check, value, run).valid) || fail(run, () => 'must NOT be valid');
}

function anyOf(part: Part): Check | undefined {
  if (part.schema.anyOf === undefined) return undefined;
  const checks = branches(part, 'anyOf');
  return (value, run) => {
    const before = run.violations.length;
    let valid = false;
    for (const check of checks) {
      // Every branch that is valid says what it evaluated.
      if (valid && run.marks === undefined) break;
      valid = merged(check, value, run) || valid;
    }
    if (!valid) return fail(run, () => 'must match one of the schemas in "anyOf"');
    run.violations.length = before;
    return true;
  };
}

function oneOf(part: Part): Check | undefined {
  if (part.schema.oneOf === undefined) return undefined;
  const checks = branches(part, 'oneOf');
  return (value, run) => {
    const before = run.violations.length;
    let matches = 0;
    for (const check of checks) {
      if (merged(check, value, run)) matches += 1;
      if (matches > 1) break;
    }
    if (matches !== 1) return fail(run, () => `must match exactly one schema in "oneOf", and matches ${SAID[matches]}`);
    run.violations.length = before;
    return true;
  };
}

const SAID = ['none', 'one', 'more'];

function ifThenElse(part: Part): Check | undefined {
  const { if: condition, then: yes, else: no } = part.schema;
  if (condition === undefined) return undefined;
  const { compilation, resource } = part;
  const tests = compilation.part(condition, resource);
  const thens = yes === undefined ? undefined : compilation.part(yes, resource);
  const elses = no === undefined ? undefined : compilation.part(no, resource);
  if (thens === undefined && elses === undefined && compilation.draft === 7) return undefined;
  return (value, run) => {
    const holds = silently(run, () => merged(tests, value, run));
    const follows = holds ? thens : elses;
    if (follows === undefined || follows(value, run)) return true;
    return fail(run, () => `must match the schema in "${holds ? 'then' : 'else'}"`);
  };
}

function branches(part: Part, keyword: 'allOf' | 'anyOf' | 'oneOf'): readonly Check[] {
  const parts = (part.schema[keyword] ?? []) as readonly Json[];
  return parts.map((branch) => part.compilation.part(branch, part.resource));
}

/** What a valid branch evaluated counts for the whole; what another one did is forgotten. */
function merged(check: Check, value: Json, run: Run): boolean {
  const { valid, marks } = apart(check, value, run);
  if (valid && marks !== undefined && run.marks !== undefined) mergeMarks(run.marks, marks);
  return valid;
}

function apart(check: Check, value: Json, run: Run): { valid: boolean; marks: Run['marks'] } {
  const outer = run.marks;
  const marks = outer && createMarks();
  run.marks = marks;
  const valid = check(value, run);
  run.marks = outer;
  return { valid, marks };
}
