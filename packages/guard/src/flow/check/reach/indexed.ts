// The graph by numbers: what the walks over it work on.
import type { FlowEdge, FlowGraph, FlowNode } from '../graph.ts';

/** Nodes by number, and the edges that leave each. */
export type Indexed = {
  readonly nodes: readonly FlowNode[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly edges: readonly FlowEdge[];
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Edges that leave a node. */
  readonly leaving: readonly (readonly number[])[];
};

/** Numbers the nodes. Edges between nodes that are not there are a fault of whoever made the graph. */
export function toIndexed(graph: Pick<FlowGraph, 'nodes' | 'edges'>): Indexed {
  const { nodes, edges } = graph;
  const numbers = new Map(nodes.map(({ id }, number) => [id, number]));
  const leaving: number[][] = nodes.map(() => []);
  const [from, to] = [new Int32Array(edges.length), new Int32Array(edges.length)];
  edges.forEach((edge, number) => {
    const [begin, end] = [numbers.get(edge.from), numbers.get(edge.to)];
    if (begin === undefined || end === undefined) {
      throw new RangeError(`The edge from "${edge.from}" to "${edge.to}" has an end that is no node`);
    }
    from[number] = begin;
    to[number] = end;
    leaving[begin]?.push(number);
  });
  return { nodes, numbers, edges, from, to, leaving };
}
