// Check 3: labels at the fixed point against what each place refuses.
import { type Mark, markOf } from '../../lattice.ts';
import { type Finding, toFinding } from '../finding.ts';
import type { Flow } from '../reach/flow.ts';
import { pathText } from '../reach/walk.ts';

const MARKS: readonly Mark[] = ['private', 'untrusted'];

/** Every place that says what it refuses. */
export function checkClearances(flow: Flow): readonly Finding[] {
  return flow.graph.clearances.flatMap(({ node, refuses, what, where }) => {
    const number = flow.indexed.numbers.get(node) as number;
    const held = [...(flow.labels[number] ?? [])].filter(refuses);
    return MARKS.flatMap((mark) => {
      if (!held.some((label) => markOf(label) === mark)) return [];
      const found = flow.arrivalOf(mark, refuses, number);
      if (found === undefined) return [];
      const title = flow.indexed.nodes[number]?.title ?? node;
      return [
        toFinding('PB301', where, `${mark} data reaches ${title}, which refuses ${what}: ${pathText(found.path)}`, {
          path: found.path,
          repair: {
            text: `Cut the path, or declare a ${mark === 'private' ? '[[declassify]]' : '[[endorse]]'} on it with its type, bits and reason`,
          },
        }),
      ];
    });
  });
}
