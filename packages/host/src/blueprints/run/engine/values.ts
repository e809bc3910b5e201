// What templates can name while a run is under way, with the labels of everything in it.
import type { Json } from '@pypes/contract';
import type { Scope } from '../../template/evaluate-template.ts';
import type { Live } from '../carries.ts';
import { type FieldLabels, isWithin, joinLabels, type Labels, NO_LABELS, toStep } from '../guard-flow.ts';

/** What became of a step. */
export type StepResult = {
  readonly status: 'done' | 'skipped' | 'failed';
  /** A list where the step has foreach; null, or what on_error says, where it did not come to an output. */
  readonly output: Json;
  readonly error: string | null;
  /** What all of it was made from, the decision to run it included. */
  readonly labels: Labels;
  /** What single fields of the output carry besides. */
  readonly fields: FieldLabels;
  /** The output is one of each item. */
  readonly isList: boolean;
};

/** The item of a foreach: what the list was named by, and what decided how many there are. */
export type Item = {
  readonly value: Json;
  readonly index: number;
  readonly sources: readonly Path[];
  readonly decision: Labels;
};

/** A path of a template. */
export type Path = { readonly root: string; readonly steps: readonly (string | number)[] };

/** Names and what they mean. */
export type Values = {
  readonly input: Json;
  readonly inputLabels: Labels;
  readonly results: ReadonlyMap<string, StepResult>;
  readonly item?: Item;
};

/** The values as templates see them. Ids are members of their own, whatever they are called. */
export function toScope({ input, results, item }: Values): Scope {
  return Object.fromEntries([
    ['input', input],
    ...[...results].map(([id, { output, status, error }]) => [id, { output, status, error }]),
    ...(item === undefined
      ? []
      : [
          ['item', item.value],
          ['index', item.index],
        ]),
  ]) as Scope;
}

/** The labels of what a path names. Whether a step ran, and what went wrong, tells of everything in it. */
export function labelsOfPath(values: Values, { root, steps }: Path, live: Live): Labels {
  if (root === 'input') return live('input') ? values.inputLabels : NO_LABELS;
  if (values.item !== undefined && (root === 'item' || root === 'index')) {
    return values.item.sources.reduce(
      (labels, source) => joinLabels(labels, labelsOfPath(values, source, live)),
      NO_LABELS,
    );
  }
  const result = values.results.get(root);
  if (result === undefined) return NO_LABELS;
  const inside = steps[0] === 'output' ? steps.slice(1).map(toStep).join('') : '';
  let labels = live(`step:${root}`) ? result.labels : NO_LABELS;
  for (const [at, own] of result.fields) {
    if (!isWithin(at, inside) && !isWithin(inside, at)) continue;
    // Behind a list of results, the index is no part of one result.
    const place = result.isList ? at.replace(/^\/\d+/, '') : at;
    if (live(`step:${root}#${place}`)) labels = joinLabels(labels, own);
  }
  return labels;
}
