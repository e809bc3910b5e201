// What a measurement gives: one row of the table.

/** A figure, its goal, and whether it was reached on this machine in this run. */
export type Row = {
  readonly name: string;
  readonly value: number;
  readonly goal: string;
  readonly ok: boolean;
  readonly ours?: number;
  readonly theirs?: number;
  readonly unit?: string;
};

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
