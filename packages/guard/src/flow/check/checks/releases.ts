// Check 5: declared releases hold what they declare; a flow counts by the bits of its type.
import { hasMark } from '../../lattice.ts';
import { type Finding, toFinding } from '../finding.ts';
import type { Release } from '../graph.ts';
import type { Flow } from '../reach/flow.ts';

/** Every declassification and endorsement. */
export function checkReleases(flow: Flow): readonly Finding[] {
  return flow.graph.releases.flatMap((release) => [
    ...checkType(release),
    ...checkNeed(flow, release),
    ...checkBits(release),
  ]);
}

function checkType({ title, mismatch, where }: Release): readonly Finding[] {
  if (mismatch === undefined) return [];
  return [
    toFinding('PB502', where, `${title} declares another type than the value has: ${mismatch}`, {
      repair: { text: 'Declare the type that the value has, or make the value of the declared type' },
    }),
  ];
}

function checkNeed({ indexed, labels }: Flow, { edges, mark, title, where }: Release): readonly Finding[] {
  if (edges.some((edge) => hasMark(labels[indexed.from[edge] as number] ?? new Set(), mark))) return [];
  return [
    toFinding('PB504', where, `${title} releases ${mark} data, and none gets there`, {
      repair: { text: 'Take it out' },
    }),
  ];
}

function checkBits({ carried, bits, title, reason, where }: Release): readonly Finding[] {
  if (bits === Number.POSITIVE_INFINITY) {
    return [toFinding('PB503', where, `${title} lets everything through, because: ${reason}`)];
  }
  if (carried <= bits + ROUNDING) return [];
  const carries = Number.isFinite(carried) ? `${roundUp(carried)} bits in one run` : 'any number of bits in one run';
  return [
    toFinding('PB501', where, `${title} declares ${bits} bits, and what passes there carries up to ${carries}`, {
      repair: {
        text: 'Make the value a boolean, an enum or a bounded integer, bound how often it is passed, or declare the bits',
      },
    }),
  ];
}

const ROUNDING = 1e-6;

/** To a tenth of a bit. */
function roundUp(bits: number): number {
  return Math.ceil((bits - ROUNDING) * 10) / 10;
}
