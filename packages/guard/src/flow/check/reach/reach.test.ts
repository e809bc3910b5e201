// Walks over graphs against their definitions: the fixed point, shortest ways, and the least cut.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Mark, markOf } from '../../lattice.ts';
import type { FlowEdge, FlowNode } from '../graph.ts';
import { bitsPerRun, capacityBetween } from './capacity.ts';
import { toIndexed } from './indexed.ts';
import { spreadLabels } from './labels.ts';
import { pathText, pathTo, walk } from './walk.ts';

const WHERE = { path: 'agent.toml', line: 1, column: 1 };
const SIZE = 7;
const NAMES = Array.from({ length: SIZE }, (_, number) => `n${number}`);

const graphs = fc
  .record({
    labels: fc.array(fc.subarray(['private:x', 'private:y', 'untrusted:z']), { minLength: SIZE, maxLength: SIZE }),
    edges: fc.array(
      fc.record({
        from: fc.constantFrom(...NAMES),
        to: fc.constantFrom(...NAMES),
        bits: fc.constantFrom(0, 1, 2, 5, Number.POSITIVE_INFINITY),
        uses: fc.constantFrom(1, 3),
        releases: fc.subarray<Mark>(['private', 'untrusted'], { maxLength: 1 }),
      }),
      { maxLength: 16 },
    ),
  })
  .map(({ labels, edges }) => ({
    nodes: NAMES.map(
      (id, number): FlowNode => ({ id, kind: 'step', title: id, where: WHERE, labels: labels[number] ?? [] }),
    ),
    edges: edges.map(
      (edge): FlowEdge => ({
        kind: 'argument',
        where: WHERE,
        approved: false,
        scanned: false,
        destination: false,
        ...edge,
      }),
    ),
  }));

/** Goes round until nothing changes any more. */
function naiveLabels({
  nodes,
  edges,
}: {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}): readonly string[][] {
  const held = new Map(nodes.map(({ id, labels = [] }) => [id, new Set(labels)]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const { from, to, bits, releases } of edges) {
      for (const label of held.get(from) ?? []) {
        const target = held.get(to) as Set<string>;
        if (bits === 0 || releases.some((mark) => markOf(label) === mark) || target.has(label)) continue;
        target.add(label);
        changed = true;
      }
    }
  }
  return nodes.map(({ id }) => [...(held.get(id) ?? [])].sort());
}

describe('walks', () => {
  test('labels are the least fixed point', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        expect(spreadLabels(toIndexed(graph)).map((labels) => [...labels].sort())).toEqual(naiveLabels(graph));
      }),
    );
  });

  test('one more edge never takes a label away', () => {
    fc.assert(
      fc.property(graphs, graphs, (graph, more) => {
        const before = spreadLabels(toIndexed(graph));
        const after = spreadLabels(toIndexed({ ...graph, edges: [...graph.edges, ...more.edges] }));
        for (const [node, labels] of before.entries())
          for (const label of labels) expect(after[node]?.has(label)).toBe(true);
      }),
    );
  });

  test('a path is a way of edges that pass, and none is shorter', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const indexed = toIndexed(graph);
        const passes = ({ bits }: FlowEdge) => bits > 0;
        const found = walk(indexed, [0], passes);
        const distance = new Map([['n0', 0]]);
        for (let round = 0; round < SIZE; round++) {
          for (const { from, to, bits } of graph.edges) {
            const way = (distance.get(from) ?? Number.POSITIVE_INFINITY) + 1;
            if (bits > 0 && way < (distance.get(to) ?? Number.POSITIVE_INFINITY)) distance.set(to, way);
          }
        }
        for (const [number, { id }] of graph.nodes.entries()) {
          expect(found.reached(number)).toBe(distance.has(id));
          if (!found.reached(number)) continue;
          const path = pathTo(indexed, found, number);
          expect(path.length - 1).toBe(distance.get(id));
          for (let at = 1; at < path.length; at++) {
            expect(
              graph.edges.some(
                ({ from, to, bits }) => bits > 0 && from === path[at - 1]?.node && to === path[at]?.node,
              ),
            ).toBe(true);
          }
        }
      }),
    );
  });

  test('the bits between two places are those of the least cut', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        let least = Number.POSITIVE_INFINITY;
        for (let side = 0; side < 2 ** SIZE; side++) {
          const isInside = (id: string) => (side & (1 << Number(id.slice(1)))) !== 0;
          if (!isInside('n0') || isInside(`n${SIZE - 1}`)) continue;
          const cut = graph.edges.reduce(
            (sum, edge) => sum + (isInside(edge.from) && !isInside(edge.to) ? bitsPerRun(edge) : 0),
            0,
          );
          least = Math.min(least, cut);
        }
        expect(capacityBetween(toIndexed(graph), [0], SIZE - 1, () => true)).toBe(least);
      }),
      { numRuns: 300 },
    );
  });

  test('the middle of a long path is left out where it is one line', () => {
    const path = Array.from({ length: 40 }, (_, number) => ({
      node: `${number}`,
      title: `place ${number}`,
      where: WHERE,
    }));
    expect(pathText(path)).toContain('30 more');
    expect(pathText(path.slice(0, 10)).split(' → ')).toHaveLength(10);
  });
});
