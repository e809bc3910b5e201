// Strongly connected groups of nodes: places that feed each other, and so hold the same.
import type { FlowEdge } from '../graph.ts';
import type { Indexed } from './indexed.ts';

/** By node: the number of its group. A group's successors have smaller numbers. */
export type Groups = { readonly of: Int32Array; readonly count: number };

/** Tarjan's algorithm with a stack of its own, over the edges that pass. */
export function groupNodes(graph: Indexed, passes: (edge: FlowEdge) => boolean): Groups {
  const size = graph.nodes.length;
  const [of, order, low, next] = [0, 0, 0, 0].map(() => new Int32Array(size)) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const isOpen = new Uint8Array(size);
  const [open, path]: [number[], number[]] = [[], []];
  let [count, clock] = [0, 0];
  for (let start = 0; start < size; start++) {
    if (order[start] !== 0) continue;
    enter(start);
    while (path.length > 0) {
      const node = path.at(-1) as number;
      const edges = graph.leaving[node] ?? [];
      const at = next[node] as number;
      if (at < edges.length) {
        next[node] = at + 1;
        const number = edges[at] as number;
        if (!passes(graph.edges[number] as FlowEdge)) continue;
        const to = graph.to[number] as number;
        if (order[to] === 0) enter(to);
        else if (isOpen[to] === 1) low[node] = Math.min(low[node] as number, order[to] as number);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent] = Math.min(low[parent] as number, low[node] as number);
      if (low[node] === order[node]) close(node);
    }
  }
  return { of, count };

  function enter(node: number): void {
    order[node] = low[node] = ++clock;
    isOpen[node] = 1;
    open.push(node);
    path.push(node);
  }

  function close(first: number): void {
    for (;;) {
      const node = open.pop() as number;
      isOpen[node] = 0;
      of[node] = count;
      if (node === first) break;
    }
    count++;
  }
}
