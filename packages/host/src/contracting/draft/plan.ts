// A workflow as typed data: what templates make and what a model may propose. No text of a blueprint, no policy, no
// grant and no release can be said in it.
import type { Json } from '@pypes/contract';
import type { Candidate } from '../offer.ts';

/** The output of a step, or a part of it. */
export type StepValue = {
  readonly from: 'step';
  readonly step: string;
  readonly path: readonly string[];
  /** Characters that are kept of it as a text. */
  readonly most?: number;
};

/** The item of foreach, or a part of it. */
export type ItemValue = { readonly from: 'item'; readonly path: readonly string[]; readonly most?: number };

/** Where an argument comes from. */
export type Source =
  | StepValue
  /** Whoever starts a run gives it. */
  | { readonly from: 'input'; readonly name: string }
  | ItemValue
  | { readonly from: 'constant'; readonly value: Json }
  /** Words and values one after the other. */
  | { readonly from: 'text'; readonly parts: readonly (string | StepValue | ItemValue)[] };

/** A condition over what a step before gave. */
export type When = {
  readonly value: StepValue;
  readonly operator: (typeof OPERATORS)[number];
  readonly than: string | number | boolean;
};
export const OPERATORS = ['==', '!=', '<', '<=', '>', '>='] as const;

/** One step. */
export type PlanStep = {
  /** A name that templates can use. */
  readonly id: string;
  readonly candidate: Candidate;
  readonly input: { readonly [argument: string]: Source };
  readonly foreach?: StepValue;
  readonly when?: When;
};

/** The steps in their order: each one uses those before it. */
export type Plan = { readonly steps: readonly PlanStep[] };

/** A step with other sources for some of its arguments. */
export function withSources(plan: Plan, id: string, change: (source: Source, argument: string) => Source): Plan {
  return {
    steps: plan.steps.map((step) =>
      step.id === id
        ? {
            ...step,
            input: Object.fromEntries(Object.entries(step.input).map(([name, source]) => [name, change(source, name)])),
          }
        : step,
    ),
  };
}

/** The values of steps in a source. */
export function stepValuesOf(source: Source): readonly StepValue[] {
  if (source.from === 'step') return [source];
  return source.from === 'text'
    ? source.parts.flatMap((part) => (typeof part === 'string' ? [] : stepValuesOf(part)))
    : [];
}
