// Which steps have to end before which: by what their templates name, and by `after`.
import { PypesError } from '@pypes/contract';
import type { Step } from '../../blueprint.ts';
import { stepsBefore } from '../../parse/references.ts';

/** A step with the ids of the steps that it waits for. */
export type OrderedStep = { readonly step: Step; readonly before: readonly string[] };

/**
 * The steps so that each one stands behind those it waits for, otherwise as they were written.
 *
 * @throws PypesError `invalid_request` where steps wait for each other, or two have one id
 */
export function orderSteps(steps: readonly Step[]): readonly OrderedStep[] {
  const ids = new Set(steps.map(({ id }) => id));
  if (ids.size < steps.length) {
    const twice = steps.find(({ id }, index) => steps.findIndex((other) => other.id === id) < index);
    throw new PypesError('invalid_request', `There are two steps "${twice?.id}"; each id stands once`);
  }
  const open = steps.map((step) => ({ step, before: stepsBefore(step, ids) }));
  const waiting = new Map(open.map(({ step, before }) => [step.id, before.length]));
  const behind = new Map<string, string[]>();
  for (const { step, before } of open) {
    for (const id of before) behind.set(id, [...(behind.get(id) ?? []), step.id]);
  }
  const place = new Map(open.map((item, index) => [item.step.id, index]));
  const ready = open.filter(({ before }) => before.length === 0);
  const ordered: OrderedStep[] = [];
  while (ready.length > 0) {
    const item = ready.shift() as OrderedStep;
    ordered.push(item);
    for (const id of behind.get(item.step.id) ?? []) {
      const left = (waiting.get(id) as number) - 1;
      waiting.set(id, left);
      if (left === 0) ready.push(open[place.get(id) as number] as OrderedStep);
    }
  }
  if (ordered.length === open.length) return ordered;
  const stuck = [...waiting].filter(([, left]) => left > 0).map(([id]) => id);
  throw new PypesError('invalid_request', `These steps wait for each other: ${stuck.join(', ')}`, {
    details: { steps: stuck },
  });
}
