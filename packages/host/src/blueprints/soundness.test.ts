// Static and dynamic agree: whatever a generated run does, the check said that it could happen (issue: must show).
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markOf } from '../../../guard/src/flow/lattice.ts';
import { toGraph } from './graph/to-graph.ts';
import { checkGraph, flowLabels } from './guard-check.ts';
import { parseBlueprint } from './parse-blueprint.ts';
import { type Happened, interpret } from './testing/interpreter.suite.ts';
import { randomBlueprint } from './testing/random-blueprint.suite.ts';

const BLUEPRINTS = 400;

describe('no run does what the check excluded', () => {
  const seen = new Map<string, number>();

  test('labels, meetings, destinations, DLP and forbidden pairs', () => {
    fc.assert(
      fc.property(randomBlueprint, fc.integer(), ({ text, facts }, seed) => {
        const blueprint = parseBlueprint(text, 'made-up.toml');
        const graph = toGraph(blueprint, facts);
        const labels = flowLabels(graph);
        const codes = new Set<string>(checkGraph(graph).map(({ code }) => code));
        for (const event of interpret(blueprint, facts, chanceFrom(seed))) {
          const node = event.kind === 'sent' ? `${event.context}!` : event.context;
          const allowed = labels.get(node) ?? new Set();
          const surprising = [...event.labels].filter((label) => isOfLattice(label) && !allowed.has(label));
          expect({ node, surprising }).toEqual({ node, surprising: [] });
          for (const code of promisedCodes(event, blueprint.forbidden)) {
            seen.set(code, (seen.get(code) ?? 0) + 1);
            expect({ event, found: codes.has(code) }).toEqual({ event, found: true });
          }
        }
      }),
      { numRuns: BLUEPRINTS, seed: 7 },
    );
  });

  test('the runs did all of what the checks are about', () => {
    expect([...seen.keys()].sort()).toEqual(['PB201', 'PB401', 'PB402', 'PB801', 'PB901']);
  });
});

/** The findings that have to be there for what happened. */
function promisedCodes(
  event: Happened,
  forbidden: readonly { readonly from: string; readonly to: string }[],
): readonly string[] {
  const has = (mark: string) => [...event.labels].some((label) => markOf(label) === mark);
  const codes: string[] = [];
  if (event.kind === 'destination') return has('unapproved') ? ['PB801'] : [];
  if (event.kind === 'inside') {
    const pair = forbidden.some(
      ({ from, to }) => to === event.component && from !== to && event.labels.has(`from:${from}`),
    );
    return pair ? ['PB201'] : [];
  }
  const out = event.sends.includes('network') || event.sends.includes('message');
  if (out && has('private') && has('unapproved')) codes.push('PB401');
  if (out && has('unscanned')) codes.push('PB901');
  if (event.sends.includes('destructive') && has('unapproved')) codes.push('PB402');
  return codes;
}

function isOfLattice(label: string): boolean {
  return markOf(label) === 'private' || markOf(label) === 'untrusted';
}

/** Marsaglia's xorshift, so that a failing run can be run again. */
function chanceFrom(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
