// What a step is given: its list, its condition, its arguments, each with what is left on it after the releases of the
// blueprint; a failure says what went wrong as far as that may be told.
import { isJsonObject, type Json, type JsonObject, PypesError, toPypesError } from '@pypes/contract';
import type { Step } from '../../blueprint.ts';
import type { Template } from '../../template/ast.ts';
import { evaluateCondition, evaluateTemplate, type Scope } from '../../template/evaluate-template.ts';
import { EVERYTHING } from '../carries.ts';
import { allLabels, type FieldLabels, type Labels, NO_LABELS } from '../guard-flow.ts';
import { evaluateInput, labelsOfInput, labelsOfTemplate } from './evaluate-input.ts';
import { checkPayload } from './payload.ts';
import type { StepParts } from './step-parts.ts';
import { toScope, type Values } from './values.ts';

/**
 * What was prepared with its labels, or why it could not be. Why it could not may tell of everything that is named, also
 * where the value that there should have been tells nothing.
 */
export type Prepared<T> = { readonly labels: Labels } & (T | { readonly error: PypesError });

/** The items of a foreach. */
export function prepareItems(
  step: Step,
  values: Values,
  { carries, releases }: StepParts,
): Prepared<{ readonly items: readonly Json[] }> {
  const { foreach } = step;
  if (foreach === undefined) return { items: [], labels: NO_LABELS };
  const known = labelsOfTemplate(foreach, values, carries.template('iteration', step.id, ''));
  let items: readonly Json[];
  try {
    items = listOf(foreach, step, values);
  } catch (error) {
    const all = labelsOfTemplate(foreach, values, EVERYTHING.template('iteration', step.id, ''));
    const { labels, isHidden } = releases.failure('foreach', step, new Map([['', all]]));
    return { labels, error: hidden(error, isHidden, 'The list of foreach') };
  }
  try {
    return { items, labels: releases.decision('foreach', step, undefined, items.length, known) };
  } catch (error) {
    return { labels: known, error: toPypesError(error) };
  }
}

function listOf(foreach: Template, { maxItems = Number.POSITIVE_INFINITY }: Step, values: Values): readonly Json[] {
  const list = evaluateTemplate(foreach, toScope(values));
  if (!Array.isArray(list)) throw new PypesError('invalid_input', `"${foreach.source}" gave no list to go through`);
  if (list.length > maxItems) {
    throw new PypesError('too_large', `foreach has ${list.length} items, at most ${maxItems} are gone through`, {
      details: { limit: 'max_items', maximum: maxItems },
    });
  }
  return list as readonly Json[];
}

/** Whether a step runs, and what is left on that. */
export function decide(
  when: Template,
  step: Step,
  values: Values,
  scope: Scope,
  { carries, releases }: StepParts,
): Prepared<{ readonly isMet: boolean }> {
  const known = labelsOfTemplate(when, values, carries.template('condition', step.id, ''));
  let isMet: boolean;
  try {
    isMet = evaluateCondition(when, scope);
  } catch (error) {
    const all = labelsOfTemplate(when, values, EVERYTHING.template('condition', step.id, ''));
    const { labels, isHidden } = releases.failure('when', step, new Map([['', all]]));
    return { labels, error: hidden(error, isHidden, 'The condition') };
  }
  try {
    return { isMet, labels: releases.decision('when', step, values.item?.index, isMet, known) };
  } catch (error) {
    return { labels: known, error: toPypesError(error) };
  }
}

/** The arguments of a step with what is left on them. */
export function prepareArguments(
  step: Step,
  values: Values,
  scope: Scope,
  most: number,
  { carries, releases }: StepParts,
): Prepared<{ readonly args: JsonObject; readonly fields: FieldLabels }> {
  const made = labelsOfInput(step.input, values, (pointer) => carries.template('argument', step.id, pointer));
  let args: JsonObject;
  try {
    const value = evaluateInput(step.input, scope, most);
    if (!isJsonObject(value)) throw new PypesError('invalid_input', 'Its input is no table of arguments');
    checkPayload(value, most, 'arguments', step.id);
    args = value;
  } catch (error) {
    const all = labelsOfInput(step.input, values, (pointer) => EVERYTHING.template('argument', step.id, pointer));
    const { labels, isHidden } = releases.failure('input', step, all);
    return { labels, error: hidden(error, isHidden, 'The input') };
  }
  try {
    const fields = releases.input(step, values.item?.index, args, made);
    return { args, fields, labels: allLabels(fields) };
  } catch (error) {
    return { labels: allLabels(made), error: toPypesError(error) };
  }
}

/** Where a mark was let go for a value of a declared type, an error must not tell of the value instead. */
function hidden(error: unknown, isHidden: boolean, what: string): PypesError {
  const known = toPypesError(error);
  return isHidden
    ? new PypesError(known.code, `${what} cannot be evaluated; a release stands on it, so no more is said`)
    : known;
}
