// How many bits can get from some places to another in one run: a maximum flow, which no cut between them exceeds.
import type { FlowEdge } from '../graph.ts';
import type { Indexed } from './indexed.ts';

/** Bits that one edge carries in one run. */
export function bitsPerRun({ bits, uses }: Pick<FlowEdge, 'bits' | 'uses'>): number {
  return bits === 0 || uses === 0 ? 0 : bits * uses;
}

/**
 * The most bits of a run from any of the starts to the goal, over the edges that pass; infinite where a way without a
 * bound leads there. Shortest ways first, so that it ends soon.
 */
export function capacityBetween(
  graph: Indexed,
  starts: readonly number[],
  goal: number,
  passes: (edge: FlowEdge, number: number) => boolean,
): number {
  if (starts.includes(goal)) return Number.POSITIVE_INFINITY;
  const left = graph.edges.map((edge, number) => (passes(edge, number) ? bitsPerRun(edge) : 0));
  const back = new Float64Array(graph.edges.length);
  const arriving: number[][] = graph.nodes.map(() => []);
  for (const [number, node] of graph.to.entries()) arriving[node]?.push(number);
  let total = 0;
  for (;;) {
    const found = findWay(graph, arriving, left, back, starts, goal);
    if (found === undefined) return total;
    if (found.bits === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    total += found.bits;
    for (const { edge, forward } of found.way) {
      left[edge] = (left[edge] as number) + (forward ? -found.bits : found.bits);
      back[edge] = (back[edge] as number) + (forward ? found.bits : -found.bits);
    }
  }
}

type Step = { readonly edge: number; readonly forward: boolean };

const SMALLEST = 1e-9;

function findWay(
  graph: Indexed,
  arriving: readonly (readonly number[])[],
  left: readonly number[],
  back: Float64Array,
  starts: readonly number[],
  goal: number,
): { readonly bits: number; readonly way: readonly Step[] } | undefined {
  const by = new Map<number, Step | undefined>(starts.map((start) => [start, undefined]));
  const queue = [...starts];
  for (let at = 0; at < queue.length && !by.has(goal); at++) {
    const node = queue[at] as number;
    for (const edge of graph.leaving[node] ?? []) visit(edge, true, graph.to[edge] as number, left[edge] as number);
    for (const edge of arriving[node] ?? []) visit(edge, false, graph.from[edge] as number, back[edge] as number);
  }
  if (!by.has(goal)) return undefined;
  const way: Step[] = [];
  let bits = Number.POSITIVE_INFINITY;
  for (let at = goal, step = by.get(at); step !== undefined; step = by.get(at)) {
    way.push(step);
    bits = Math.min(bits, (step.forward ? left[step.edge] : back[step.edge]) as number);
    at = (step.forward ? graph.from[step.edge] : graph.to[step.edge]) as number;
  }
  return { bits, way };

  function visit(edge: number, forward: boolean, next: number, room: number): void {
    if (room < SMALLEST || by.has(next)) return;
    by.set(next, { edge, forward });
    queue.push(next);
  }
}
