// The graph while it is made.
import type { Blueprint } from '../blueprint.ts';
import type { BlueprintFacts, FunctionFacts } from '../facts.ts';
import type { Clearance, Finding, FlowCall, FlowEdge, FlowNode, Mark, Where } from '../guard-check.ts';
import { type FullLabels, findFunction, labelsOf, type Part, toParts } from './components.ts';
import { type Coverage, createCoverage } from './coverage.ts';

/** A place where a function runs: one for each step, one for each function that is called by wire. */
export type Context = {
  readonly id: string;
  readonly part: Part;
  readonly function: string;
  readonly facts: FunctionFacts;
  readonly labels: FullLabels;
  readonly title: string;
  readonly where: Where;
  /** Absent for a step. */
  readonly isEntry?: boolean;
};

/** Everything that is being put together. */
export type Draft = {
  readonly blueprint: Blueprint;
  readonly parts: ReadonlyMap<string, Part>;
  readonly coverage: Coverage;
  readonly nodes: Map<string, FlowNode>;
  readonly edges: FlowEdge[];
  readonly calls: FlowCall[];
  readonly clearances: Clearance[];
  readonly found: Finding[];
  readonly contexts: Map<string, Context>;
};

/** Begins a graph. */
export function createDraft(blueprint: Blueprint, facts: BlueprintFacts): Draft {
  const found: Finding[] = [];
  return {
    blueprint,
    parts: toParts(blueprint, facts, found),
    coverage: createCoverage(blueprint.policies),
    nodes: new Map(),
    edges: [],
    calls: [],
    clearances: [],
    found,
    contexts: new Map(),
  };
}

/** An edge with what most edges are. */
export function addEdge(
  draft: Draft,
  edge: Pick<FlowEdge, 'from' | 'to' | 'kind' | 'where'> & Partial<FlowEdge>,
): number {
  draft.edges.push({
    bits: Number.POSITIVE_INFINITY,
    uses: Number.POSITIVE_INFINITY,
    releases: [],
    approved: false,
    scanned: false,
    destination: false,
    ...edge,
  });
  return draft.edges.length - 1;
}

/** Adds the place of a function with what it reads; undefined where there is no such function. */
export function addContext(
  draft: Draft,
  place: { readonly id: string; readonly kind: 'step' | 'function'; readonly where: Where; readonly isEntry?: boolean },
  part: Part,
  name: string | undefined,
  nameWhere: Where,
): Context | undefined {
  const known = draft.contexts.get(place.id);
  if (known !== undefined) return known;
  const called = findFunction(part, name, nameWhere, draft.found);
  if (called === undefined) return undefined;
  const labels = labelsOf(part, called.name);
  const origin = `${part.name}.${called.name}`;
  const title = place.kind === 'step' ? `step "${place.id.slice(STEP.length)}" (${origin})` : origin;
  const context: Context = {
    id: place.id,
    part,
    function: called.name,
    facts: called.facts,
    labels,
    title,
    where: place.where,
    ...(place.isEntry === true ? { isEntry: true } : {}),
  };
  draft.contexts.set(place.id, context);
  const common = { where: place.where, component: part.name, function: called.name };
  draft.nodes.set(place.id, {
    id: place.id,
    kind: place.kind,
    title,
    labels: toLabels(labels.reads, origin),
    ...common,
  });
  for (const [pointer, marks] of Object.entries(labels.fields)) {
    const id = `${place.id}#${pointer}`;
    draft.nodes.set(id, {
      id,
      kind: 'field',
      title: `${title} ${pointer}`,
      labels: toLabels(marks, `${origin}${pointer}`),
      ...common,
    });
  }
  for (const mark of labels.refuses) {
    const refuses = (label: string) => label === mark || label.startsWith(`${mark}:`);
    draft.clearances.push({ node: place.id, refuses, what: `"${mark}"`, where: place.where });
  }
  return context;
}

/** The nodes that a part of what a context gives comes from; without a pointer: all of it. */
export function emittersOf({ id, labels }: Context, pointer = ''): readonly string[] {
  const fields = Object.keys(labels.fields).filter((field) => isWithin(pointer, field) || isWithin(field, pointer));
  return [id, ...fields.map((field) => `${id}#${field}`)];
}

/** Whether a JSON pointer leads to a place inside another one's. */
export function isWithin(pointer: string, outer: string): boolean {
  return pointer === outer || pointer.startsWith(`${outer}/`);
}

/** The prefix of the ids of steps, which have names like components. */
export const STEP = 'step:';

function toLabels(marks: readonly Mark[], origin: string): readonly string[] {
  return marks.map((mark) => `${mark}:${origin}`);
}
