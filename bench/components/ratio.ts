// Rows of two times.
import type { Row } from '../rows.ts';

/** `ours / theirs` in microseconds; without `most` there is no goal. */
export function ratio(name: string, ours: number, theirs: number, { most }: { readonly most?: number } = {}): Row {
  const value = ours / theirs;
  const goal = most === undefined ? '' : `≤ ${most}`;
  const ok = most === undefined || value <= most;
  return { name, value, goal, ok, ours: short(ours), theirs: short(theirs), unit: 'µs' };
}

/** A figure by itself. */
export function figure(name: string, value: number, { most }: { readonly most?: number } = {}): Row {
  return { name, value, goal: most === undefined ? '' : `≤ ${most}`, ok: most === undefined || value <= most };
}

/** Three digits are more than such a machine can tell. */
function short(value: number): number {
  return Number(value.toPrecision(3));
}
