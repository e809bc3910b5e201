// Labels to a fixed point: which labels each place may hold, whatever happens (spec 4, check 3).
import type { Label } from '@pypes/contract';
import { type Labels, type Mark, markOf } from '../../lattice.ts';
import type { FlowEdge } from '../graph.ts';
import type { Indexed } from './indexed.ts';

/** By node: its labels. */
export type NodeLabels = readonly Labels[];

/** The least solution: every node holds what begins there and what arrives on its edges. */
export function spreadLabels(graph: Indexed): NodeLabels {
  const names = [...new Set(graph.nodes.flatMap(({ labels }) => labels ?? []))];
  const numbers = new Map(names.map((name, number) => [name, number]));
  const words = Math.ceil(names.length / 32);
  const held = graph.nodes.map(({ labels }) => toBits(labels ?? [], numbers, words));
  const kept = { private: maskWithout('private', names, words), untrusted: maskWithout('untrusted', names, words) };
  const queue = graph.nodes.map((_, node) => node);
  const waiting = new Uint8Array(graph.nodes.length).fill(1);
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at] as number;
    waiting[node] = 0;
    for (const number of graph.leaving[node] ?? []) {
      const edge = graph.edges[number] as FlowEdge;
      const next = graph.to[number] as number;
      if (!spread(held[node] as Uint32Array, held[next] as Uint32Array, edge, kept) || waiting[next] === 1) continue;
      waiting[next] = 1;
      queue.push(next);
    }
  }
  return held.map((bits) => new Set(names.filter((_, number) => hasBit(bits, number))));
}

function spread(
  from: Uint32Array,
  to: Uint32Array,
  { bits, releases }: FlowEdge,
  kept: { readonly [M in Mark]: Uint32Array },
): boolean {
  if (bits === 0) return false;
  let grown = false;
  for (let word = 0; word < from.length; word++) {
    let carried = from[word] as number;
    for (const mark of releases) carried &= kept[mark][word] as number;
    const joined = ((to[word] as number) | carried) >>> 0;
    if (joined === to[word]) continue;
    to[word] = joined;
    grown = true;
  }
  return grown;
}

function toBits(labels: readonly Label[], numbers: ReadonlyMap<Label, number>, words: number): Uint32Array {
  const bits = new Uint32Array(words);
  for (const label of labels) {
    const number = numbers.get(label) as number;
    bits[number >> 5] = (bits[number >> 5] as number) | (1 << (number & 31));
  }
  return bits;
}

function maskWithout(mark: Mark, names: readonly Label[], words: number): Uint32Array {
  const mask = new Uint32Array(words).fill(0xffff_ffff);
  names.forEach((name, number) => {
    if (markOf(name) === mark) mask[number >> 5] = (mask[number >> 5] as number) & ~(1 << (number & 31));
  });
  return mask;
}

function hasBit(bits: Uint32Array, number: number): boolean {
  return ((bits[number >> 5] as number) & (1 << (number & 31))) !== 0;
}
