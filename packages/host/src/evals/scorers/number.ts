// A number that is near enough.
import { canonicalJson, type Json } from '@pypes/contract';
import { cut, RIGHT, type Score, wrong } from './scorer.ts';

/** How far off it may be: as a distance, or as a part of the expected number. */
export type Nearness = { readonly tolerance: number } | { readonly relative: number };

/** 1 for a number within the distance, its ends included. */
export function scoreNumber(output: Json, expected: number, nearness: Nearness): Score {
  if (typeof output !== 'number') return wrong(`The output is ${cut(canonicalJson(output))}, which is no number`);
  const allowed = 'tolerance' in nearness ? nearness.tolerance : nearness.relative * Math.abs(expected);
  if (Math.abs(output - expected) <= allowed) return RIGHT;
  return wrong(`The output is ${output}, expected ${expected} ± ${allowed}`);
}
