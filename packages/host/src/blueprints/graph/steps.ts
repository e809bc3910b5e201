// Workflow steps: typed in the order in which they run, then the ways of data between them.
import type { JsonSchema } from '@pypes/contract';
import type { Step } from '../blueprint.ts';
import type { FlowEdge } from '../guard-check.ts';
import { stepsBefore } from '../parse/references.ts';
import { typeTemplate } from '../template/type-template.ts';
import { WORKFLOW } from './coverage.ts';
import type { Draft } from './draft.ts';
import { type TypedStep, typeStep, withItem } from './typed-step.ts';
import { addUse, addValue, BITS_OF_A_COUNT, INPUT, type Names } from './values.ts';

/** Adds all steps. */
export function addSteps(draft: Draft): Names {
  const { steps, input } = draft.blueprint;
  const all = new Map(steps.map((step) => [step.id, step]));
  const ids = new Set(all.keys());
  const types = new Map<string, JsonSchema | undefined>([
    [INPUT, input.schema],
    ...steps.map(({ id }) => [id, undefined] as const),
  ]);
  const typed = new Map<string, TypedStep>();
  // Steps may stand in any order; a circle was refused when the blueprint was read.
  const visited = new Set<string>();
  for (const first of steps) {
    const stack = [first];
    while (stack.length > 0) {
      const step = stack.at(-1) as Step;
      const before = stepsBefore(step, ids).filter((id) => !visited.has(id));
      visited.add(step.id);
      if (before.length > 0) {
        stack.push(...before.map((id) => all.get(id) as Step));
        continue;
      }
      stack.pop();
      const made = typed.has(step.id) ? undefined : typeStep(draft, step, types);
      if (made === undefined) continue;
      typed.set(step.id, made);
      types.set(step.id, made.scope);
    }
  }
  const names: Names = { types, steps: typed };
  for (const step of typed.values()) addEdges(draft, step, names);
  return names;
}

function addEdges(draft: Draft, { step, context, items, list }: TypedStep, outside: Names): void {
  const { part } = context;
  const callee = { component: part.name, function: context.function };
  const guarded = {
    approved: draft.coverage.covers('approve', WORKFLOW, callee, step.middleware, 'args'),
    scanned: draft.coverage.covers('dlp', WORKFLOW, callee, step.middleware, 'args'),
  };
  const names: Names = {
    ...outside,
    types: withItem(outside.types, list, items),
    ...(list === undefined ? {} : { item: list.uses }),
  };
  const first = draft.edges.length;
  addValue(draft, step.input, names, { to: context.id, kind: 'argument', uses: items, ...guarded });
  for (let index = first; index < draft.edges.length; index++) {
    const edge = draft.edges[index] as FlowEdge;
    const field = edge.field ?? '';
    const destination = context.labels.destinations.some((to) => isWithinEither(field, to));
    if (destination) draft.edges[index] = { ...edge, destination };
  }
  for (const use of step.when === undefined ? [] : typeTemplate(step.when, names.types).uses) {
    addUse(draft, { ...use, bits: Math.min(1, use.bits) }, names, {
      to: context.id,
      kind: 'condition',
      where: use.where,
      uses: items,
    });
  }
  // A list that is longer than what is gone through is refused, in words that say how long it is.
  const isSure = typeof list?.schema?.maxItems === 'number' && list.schema.maxItems <= items;
  const count = Number.isFinite(items) && (isSure || items > 0) ? Math.log2(items + 1) : BITS_OF_A_COUNT;
  for (const use of list?.uses ?? []) {
    addUse(draft, { ...use, bits: Math.min(count, use.bits) }, outside, {
      to: context.id,
      kind: 'iteration',
      where: use.where,
      uses: 1,
    });
  }
}

function isWithinEither(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}
