// What of a mark arrives where: asked by the checks, answered once for each question.
import type { Label } from '@pypes/contract';
import { type Mark, markOf } from '../../lattice.ts';
import type { PathStep } from '../finding.ts';
import type { FlowEdge, FlowGraph } from '../graph.ts';
import { bitsPerRun, capacityBetween } from './capacity.ts';
import { type Indexed, toIndexed } from './indexed.ts';
import { type NodeLabels, spreadLabels } from './labels.ts';
import { pathTo, type Walk, walk } from './walk.ts';

/** Ways that do not count: those that a person approves, those that DLP looks at. */
export type Avoid = 'approved' | 'scanned' | 'nothing';

/** Something arrived that may not: its shortest way, and the most bits of it in one run. */
export type Arrival = { readonly path: readonly PathStep[]; readonly bits: number };

/** A graph with what was found out about it. */
export type Flow = {
  readonly graph: FlowGraph;
  readonly indexed: Indexed;
  readonly labels: NodeLabels;
  /** What of a mark arrives at a node, if it is more than the blueprint lets through freely. */
  arrival(mark: Mark, node: number, avoid: Avoid): Arrival | undefined;
  /** The same for what passes one edge. */
  passage(mark: Mark, edge: number, avoid: Avoid): Arrival | undefined;
  /** The same for the labels of a mark that are chosen. */
  arrivalOf(mark: Mark, chosen: (label: Label) => boolean, node: number): Arrival | undefined;
};

/** Prepares a graph for the checks. */
export function createFlow(graph: FlowGraph): Flow {
  const indexed = toIndexed(graph);
  const labels = spreadLabels(indexed);
  const walks = new Map<string, { readonly all: Walk; readonly starts: readonly number[] }>();

  const startsOf = (mark: Mark, chosen: (label: Label) => boolean) =>
    indexed.nodes.flatMap((node, number) =>
      node.labels?.some((label) => markOf(label) === mark && chosen(label)) === true ? [number] : [],
    );
  const walkFor = (mark: Mark, avoid: Avoid) => {
    const key = `${mark} ${avoid}`;
    const found = walks.get(key);
    if (found !== undefined) return found;
    const starts = startsOf(mark, () => true);
    const made = { starts, all: walk(indexed, starts, (edge) => carries(edge, mark, avoid)) };
    walks.set(key, made);
    return made;
  };
  const weigh = (
    mark: Mark,
    found: Walk,
    starts: readonly number[],
    node: number,
    avoid: Avoid,
  ): Arrival | undefined => {
    if (!found.reached(node)) return undefined;
    const free = graph.freeBits[mark];
    // Where nothing is free, how much it is does not matter; and each walk counts every edge.
    const bits = free === 0 ? undefined : capacityBetween(indexed, starts, node, (edge) => carries(edge, mark, avoid));
    if (bits !== undefined && bits <= free) return undefined;
    return { path: pathTo(indexed, found, node), bits: bits ?? Number.POSITIVE_INFINITY };
  };

  return {
    graph,
    indexed,
    labels,
    arrival(mark, node, avoid) {
      const { all, starts } = walkFor(mark, avoid);
      return weigh(mark, all, starts, node, avoid);
    },
    passage(mark, edge, avoid) {
      const way = graph.edges[edge] as FlowEdge;
      if (!carries(way, mark, avoid)) return undefined;
      const { all, starts } = walkFor(mark, avoid);
      const found = weigh(mark, all, starts, indexed.from[edge] as number, avoid);
      if (found === undefined || bitsPerRun(way) <= graph.freeBits[mark]) return undefined;
      return { ...found, bits: Math.min(found.bits, bitsPerRun(way)) };
    },
    arrivalOf(mark, chosen, node) {
      const starts = startsOf(mark, chosen);
      return weigh(
        mark,
        walk(indexed, starts, (edge) => carries(edge, mark, 'nothing')),
        starts,
        node,
        'nothing',
      );
    },
  };
}

/** Whether an edge carries anything of a mark. */
function carries({ bits, uses, releases, approved, scanned }: FlowEdge, mark: Mark, avoid: Avoid): boolean {
  if (bits === 0 || uses === 0 || releases.includes(mark)) return false;
  return !(avoid === 'approved' && approved) && !(avoid === 'scanned' && scanned);
}
