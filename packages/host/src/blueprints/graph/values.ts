// Values with templates in the graph: edges from what they name to where they go.
import type { InputValue } from '../blueprint.ts';
import type { FlowEdge } from '../guard-check.ts';
import type { Template } from '../template/ast.ts';
import { type TypeScope, typeTemplate, type Use } from '../template/type-template.ts';
import { addEdge, type Draft, emittersOf } from './draft.ts';
import type { TypedStep } from './typed-step.ts';

/** The nodes of what a run is given and gives. */
export const INPUT = 'input';
export const OUTPUT = 'output';

/** What templates can name at a place. */
export type Names = {
  readonly types: TypeScope;
  readonly steps: ReadonlyMap<string, TypedStep>;
  /** Inside foreach: what the item comes from. */
  readonly item?: readonly Use[];
};

/** What a value with templates is, and the edges from what it names to a node. */
export function addValue(
  draft: Draft,
  value: InputValue,
  scope: Names,
  to: Pick<FlowEdge, 'to' | 'kind'> & Partial<FlowEdge>,
): void {
  walkInput(value, '', (template, pointer) => {
    const { uses } = typeTemplate(template, scope.types);
    for (const use of uses)
      addUse(draft, use, scope, { ...to, where: use.where, ...(to.kind === 'output' ? {} : { field: pointer }) });
  });
}

/** Edges from what a path names. */
export function addUse(
  draft: Draft,
  use: Use,
  names: Names,
  to: Pick<FlowEdge, 'to' | 'kind' | 'where'> & Partial<FlowEdge>,
): void {
  if (use.root === 'item' || use.root === 'index') {
    const bits = use.root === 'index' ? Math.min(use.bits, BITS_OF_A_COUNT) : use.bits;
    for (const source of names.item ?? [])
      addUse(draft, { ...source, bits: Math.min(bits, source.bits) }, { ...names, item: [] }, to);
    return;
  }
  const isScanned = names.steps.get(use.root)?.isScanned ?? false;
  for (const { from, most } of sourcesOf(use, names)) {
    addEdge(draft, { ...to, from, bits: Math.min(use.bits, most), scanned: isScanned || to.scanned === true });
  }
}

/** The nodes that a path takes from, and for some of them a bound on what they tell. */
function sourcesOf({ root, steps }: Use, names: Names): readonly { readonly from: string; readonly most: number }[] {
  if (root === INPUT) return [{ from: INPUT, most: Number.POSITIVE_INFINITY }];
  const step = names.steps.get(root);
  if (step === undefined) return [];
  const [part, ...inner] = steps;
  const all = emittersOf(step.context).map((from) => ({ from, most: Number.POSITIVE_INFINITY }));
  // Whether it ran and what went wrong tells of everything in it.
  if (part !== 'output') return all;
  // Behind a list of results, the index is no part of one result.
  const within = step.step.foreach === undefined ? inner : inner.slice(1);
  const named = emittersOf(step.context, within.map(toStep).join(''));
  // What stands in for a failed result tells that it failed, which anything in it may have brought about.
  const failing = step.step.onError.kind === 'stop' ? [] : all.filter(({ from }) => !named.includes(from));
  return [
    ...all.filter(({ from }) => named.includes(from)),
    ...failing.map(({ from }) => ({ from, most: Math.log2(step.items + 1) })),
  ];
}

/** Visits every template of a value with its JSON pointer. */
export function walkInput(
  value: InputValue,
  pointer: string,
  visit: (template: Template, pointer: string) => void,
): void {
  if (value.kind === 'template') visit(value.template, pointer);
  if (value.kind === 'list') {
    for (const [index, item] of value.items.entries()) walkInput(item, `${pointer}/${index}`, visit);
  }
  if (value.kind === 'object') for (const [key, item] of value.entries) walkInput(item, pointer + toStep(key), visit);
}

/** One step of a JSON pointer. */
export function toStep(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A count is a number of JSON. */
export const BITS_OF_A_COUNT = 53;
