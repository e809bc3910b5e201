// Blueprint and facts → the graph that the checks work on: functions, steps, models, stores and sinks, and every way of
// a value between them (spec 4, blueprint).
import type { Blueprint } from '../blueprint.ts';
import type { BlueprintFacts } from '../facts.ts';
import type { FlowGraph, ForbiddenPair } from '../guard-check.ts';
import { splitName } from '../parse/names.ts';
import { toBudgets } from './budgets.ts';
import { addEdge, createDraft, type Draft, emittersOf } from './draft.ts';
import { toFlowComponents } from './grants.ts';
import { addReleases } from './releases.ts';
import { addSinks } from './sinks.ts';
import { addSteps } from './steps.ts';
import { addStores } from './stores.ts';
import { addValue, INPUT, type Names, OUTPUT } from './values.ts';
import { addWires } from './wires.ts';

/**
 * The graph of a blueprint.
 *
 * @example
 * const findings = checkGraph(toGraph(parseBlueprint(text, 'agent.toml'), facts));
 */
export function toGraph(blueprint: Blueprint, facts: BlueprintFacts): FlowGraph {
  const draft = createDraft(blueprint, facts);
  const { input, output, path, freeBits, end } = blueprint;
  const labels = input.labels.map((mark) => `${mark}:input`);
  draft.nodes.set(INPUT, { id: INPUT, kind: 'input', title: 'the input', where: input.where, labels });
  draft.nodes.set(OUTPUT, { id: OUTPUT, kind: 'output', title: 'the output', where: output?.where ?? input.where });
  const names = addSteps(draft);
  const wired = addWires(draft);
  addStores(draft);
  addSinks(draft);
  addOutput(draft, names);
  const releases = addReleases(draft, names, wired);
  return {
    path,
    nodes: [...draft.nodes.values()],
    edges: draft.edges,
    components: toFlowComponents(draft),
    calls: draft.calls,
    budgets: toBudgets(draft),
    clearances: draft.clearances,
    forbidden: blueprint.forbidden.map((entry) => toForbidden(draft, entry)),
    releases,
    freeBits,
    found: draft.found,
    end,
  };
}

/** What comes out of a run: what the blueprint says, else what its last step or its entries give. */
function addOutput(draft: Draft, names: Names): void {
  const { output, steps } = draft.blueprint;
  if (output !== undefined) {
    addValue(draft, output.value, names, { to: OUTPUT, kind: 'output' });
    for (const mark of output.refuses) {
      const refuses = (label: string) => label === mark || label.startsWith(`${mark}:`);
      draft.clearances.push({ node: OUTPUT, refuses, what: `"${mark}"`, where: output.where });
    }
    return;
  }
  const last = names.steps.get(steps.at(-1)?.id ?? '')?.context;
  const giving = last === undefined ? [...draft.contexts.values()].filter(({ isEntry }) => isEntry === true) : [last];
  for (const context of giving) {
    for (const from of emittersOf(context)) addEdge(draft, { from, to: OUTPUT, kind: 'output', where: context.where });
  }
}

function toForbidden(draft: Draft, entry: Blueprint['forbidden'][number]): ForbiddenPair {
  const idsOf = (name: string) => {
    const [component, called] = splitName(name);
    return [...draft.contexts.values()]
      .filter(({ part, function: own }) => part.name === component && (called === undefined || own === called))
      .map(({ id }) => id);
  };
  const { from, to, flow, maxBits, where } = entry;
  return { from: idsOf(from), to: idsOf(to), fromTitle: from, toTitle: to, flow, maxBits, where };
}
