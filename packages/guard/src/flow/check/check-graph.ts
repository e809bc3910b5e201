// The ten checks of spec 4 over one graph: pure, and the same findings in the same order every time.

import type { Labels } from '../lattice.ts';
import { checkBudgets } from './checks/budgets.ts';
import { checkClearances } from './checks/clearances.ts';
import { checkDestinations } from './checks/destinations.ts';
import { checkDlp } from './checks/dlp.ts';
import { checkForbidden } from './checks/forbidden.ts';
import { checkGrants } from './checks/grants.ts';
import { checkNarrowing } from './checks/narrowing.ts';
import { checkReleases } from './checks/releases.ts';
import { checkSchemas } from './checks/schemas.ts';
import { checkTrifecta } from './checks/trifecta.ts';
import { FINDING_CODES, type Finding } from './finding.ts';
import type { FlowGraph } from './graph.ts';
import { createFlow } from './reach/flow.ts';

/**
 * Everything that is wrong with a graph. No `error` among the findings means: whatever the components do with the
 * values that they are given, nothing happens that the ten checks exclude, but for {@link BLIND_SPOTS}.
 */
export function checkGraph(graph: FlowGraph): readonly Finding[] {
  const flow = createFlow(graph);
  return [
    ...graph.found,
    ...checkGrants(graph),
    ...checkForbidden(flow),
    ...checkClearances(flow),
    ...checkTrifecta(flow),
    ...checkReleases(flow),
    ...checkBudgets(graph),
    ...checkSchemas(graph),
    ...checkDestinations(flow),
    ...checkDlp(flow),
    ...checkNarrowing(graph),
  ].sort(
    (a, b) =>
      RANK[a.severity] - RANK[b.severity] ||
      FINDING_CODES[a.code].check - FINDING_CODES[b.code].check ||
      a.where.line - b.where.line ||
      a.where.column - b.where.column,
  );
}

/** By node: every label that may ever be there. */
export function flowLabels(graph: FlowGraph): ReadonlyMap<string, Labels> {
  const { indexed, labels } = createFlow(graph);
  return new Map(indexed.nodes.map(({ id }, number) => [id, labels[number] as Labels]));
}

const RANK = { error: 0, warning: 1, note: 2 } as const;

/** What the analysis cannot see; every output of it says so. */
export const BLIND_SPOTS: readonly string[] = [
  'How long something takes, and when it happens',
  'Whether a component makes a call at all: the conditions of the workflow are counted, those inside a component are not',
  'State that a component keeps between two calls without memory or objects, unless it is declared stateful',
  'The text of an error that a called component gives its caller: its labels are followed, its bits are not counted',
  'Secrets of the vault: they are cut out of what leaves a call, not followed as private data',
  'Whether the labels that a skill declares for itself are true: they are believed as far as its signer is',
];
