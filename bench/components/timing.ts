// Times several ways to do one thing in rounds taken in turn, so that what else the machine does meets them all.
import { median } from '../rows.ts';

/** Does its thing `times` times. */
export type Repeated = (times: number) => void | Promise<void>;

const ROUNDS = 15;
const WARM_UP_MS = 150;
const ROUND_MS = 20;

/** Median microseconds of one of each. */
export async function timeInTurn<Name extends string>(
  ways: { readonly [name in Name]: Repeated },
): Promise<{ readonly [name in Name]: number }> {
  const entries = Object.entries(ways) as [Name, Repeated][];
  const counts: number[] = [];
  for (const [, way] of entries) counts.push(await warmUp(way));
  const times = entries.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, [, way]] of entries.entries()) {
      const count = counts[index] ?? 1;
      const began = performance.now();
      await way(count);
      times[index]?.push(((performance.now() - began) * 1_000) / count);
    }
  }
  return Object.fromEntries(entries.map(([name], index) => [name, median(times[index] ?? [])])) as {
    [name in Name]: number;
  };
}

/** How often fits into one round. */
async function warmUp(way: Repeated): Promise<number> {
  const began = performance.now();
  let done = 0;
  for (let count = 1; performance.now() - began < WARM_UP_MS; count *= 2) {
    await way(count);
    done += count;
  }
  return Math.max(1, Math.round((done * ROUND_MS) / (performance.now() - began)));
}

/** For tables: three digits are more than such a machine can tell. */
export function short(value: number): number {
  return Number(value.toPrecision(3));
}
