// Breadth-first walks: what is reached from where, and the shortest way there.
import type { PathStep } from '../finding.ts';
import type { FlowEdge } from '../graph.ts';
import type { Indexed } from './indexed.ts';

/** What a walk found. */
export type Walk = {
  /** By node: the edge that it was first reached by, {@link START}, or {@link UNREACHED}. */
  readonly by: Int32Array;
  reached(node: number): boolean;
};

const UNREACHED = -1;
const START = -2;

/** Walks from the starts over every edge that passes. */
export function walk(
  graph: Indexed,
  starts: Iterable<number>,
  passes: (edge: FlowEdge, number: number) => boolean,
): Walk {
  const by = new Int32Array(graph.nodes.length).fill(UNREACHED);
  const queue: number[] = [];
  for (const start of starts) {
    if (by[start] !== UNREACHED) continue;
    by[start] = START;
    queue.push(start);
  }
  for (let at = 0; at < queue.length; at++) {
    for (const number of graph.leaving[queue[at] as number] ?? []) {
      const next = graph.to[number] as number;
      if (by[next] !== UNREACHED || !passes(graph.edges[number] as FlowEdge, number)) continue;
      by[next] = number;
      queue.push(next);
    }
  }
  return { by, reached: (node) => by[node] !== UNREACHED };
}

/** The shortest way to a node that was reached. */
export function pathTo(graph: Indexed, { by }: Walk, node: number): readonly PathStep[] {
  const steps: PathStep[] = [];
  for (let at = node; ; ) {
    const edge = by[at] ?? UNREACHED;
    const { id, title, where } = graph.nodes[at] as (typeof graph.nodes)[number];
    if (edge < 0) {
      steps.push({ node: id, title, where });
      return steps.reverse();
    }
    const way = graph.edges[edge] as FlowEdge;
    steps.push({ node: id, title, via: describeEdge(way), where: way.where });
    at = graph.from[edge] as number;
  }
}

/** A way in words: `argument /body`. */
export function describeEdge({ kind, field }: Pick<FlowEdge, 'kind' | 'field'>): string {
  return field === undefined || field === '' ? kind : `${kind} ${field}`;
}

const MOST_SHOWN = 10;

/** A path on one line: `mail.read → step "send" (argument /body) → message`; the middle of a long one is left out. */
export function pathText(path: readonly PathStep[]): string {
  const texts = path.map(({ title, via }) => (via === undefined ? title : `${title} (${via})`));
  if (texts.length <= MOST_SHOWN) return texts.join(' → ');
  const [first, last] = [texts.slice(0, MOST_SHOWN / 2), texts.slice(-MOST_SHOWN / 2)];
  return [...first, `… ${texts.length - MOST_SHOWN} more …`, ...last].join(' → ');
}
