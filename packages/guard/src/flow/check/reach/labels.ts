// Labels to a fixed point: which labels each place may hold, whatever happens (spec 4, check 3).
import type { Label } from '@pypes/contract';
import { joinLabels, type Labels, type Mark, markOf, NO_LABELS } from '../../lattice.ts';
import type { FlowEdge } from '../graph.ts';
import { type Groups, groupNodes } from './groups.ts';
import type { Indexed } from './indexed.ts';

/** By node: its labels. */
export type NodeLabels = readonly Labels[];

/**
 * The least solution: every node holds what begins there and what arrives on its edges. Places that feed each other
 * hold the same, so one pass over their groups, from the sources on, finds it.
 */
export function spreadLabels(graph: Indexed): NodeLabels {
  const [secret, untrusted] = [spreadMark(graph, 'private'), spreadMark(graph, 'untrusted')];
  const joined = new Map<Labels, Map<Labels, Labels>>();
  return graph.nodes.map((_, node) => {
    const [a, b] = [secret(node), untrusted(node)];
    const known = joined.get(a) ?? new Map<Labels, Labels>();
    joined.set(a, known);
    const both = known.get(b) ?? joinLabels(a, b);
    known.set(b, both);
    return both;
  });
}

function spreadMark(graph: Indexed, mark: Mark): (node: number) => Labels {
  const passes = ({ bits, releases }: FlowEdge) => bits !== 0 && !releases.includes(mark);
  const groups = groupNodes(graph, passes);
  const names = [
    ...new Set(graph.nodes.flatMap(({ labels = [] }) => labels.filter((label) => markOf(label) === mark))),
  ];
  const numbers = new Map(names.map((name, number) => [name, number]));
  const words = Math.ceil(names.length / 32);
  const held = new Uint32Array(groups.count * words);
  for (const [node, { labels = [] }] of graph.nodes.entries()) {
    for (const label of labels) {
      const number = numbers.get(label);
      if (number !== undefined) setBit(held, (groups.of[node] as number) * words, number);
    }
  }
  for (const number of edgesInOrder(graph, groups, passes)) {
    const from = (groups.of[graph.from[number] as number] as number) * words;
    const to = (groups.of[graph.to[number] as number] as number) * words;
    for (let word = 0; word < words; word++)
      held[to + word] = (held[to + word] as number) | (held[from + word] as number);
  }
  const sets = new Map<string, Labels>();
  const byGroup = Array.from({ length: groups.count }, (_, group) => {
    const bits = held.subarray(group * words, (group + 1) * words);
    const key = bits.join();
    const known = sets.get(key) ?? toLabels(bits, names);
    sets.set(key, known);
    return known;
  });
  return (node) => byGroup[groups.of[node] as number] as Labels;
}

/** Edges between groups, those that leave the sources first. */
function edgesInOrder(graph: Indexed, { of, count }: Groups, passes: (edge: FlowEdge) => boolean): readonly number[] {
  const leaving: number[][] = Array.from({ length: count }, () => []);
  for (const [number, edge] of graph.edges.entries()) {
    const group = of[graph.from[number] as number] as number;
    if (group !== of[graph.to[number] as number] && passes(edge)) leaving[group]?.push(number);
  }
  return leaving.reverse().flat();
}

function toLabels(bits: Uint32Array, names: readonly Label[]): Labels {
  const labels = names.filter((_, number) => ((bits[number >> 5] as number) & (1 << (number & 31))) !== 0);
  return labels.length === 0 ? NO_LABELS : new Set(labels);
}

function setBit(bits: Uint32Array, offset: number, number: number): void {
  const at = offset + (number >> 5);
  bits[at] = (bits[at] as number) | (1 << (number & 31));
}
