// Times several ways to do one thing in rounds taken in turn, so that what else the machine does meets them all.

/** Does its thing `times` times; returns how many milliseconds of that count, where not all do. */
export type Repeated = (times: number) => number | undefined | Promise<number | undefined>;

const ROUNDS = 21;
const WARM_UP_MS = 150;
const ROUND_MS = 20;

/**
 * Microseconds of one of each: the lower quartile of the rounds, because what else the machine does only ever adds.
 */
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
      times[index]?.push(((await clock(way, count)) * 1_000) / count);
    }
  }
  return Object.fromEntries(entries.map(([name], index) => [name, lowerQuartile(times[index] ?? [])])) as {
    [name in Name]: number;
  };
}

/** The same thing again and again. */
export function repeat(work: () => unknown): Repeated {
  return (times) => {
    for (let done = 0; done < times; done++) work();
    return undefined;
  };
}

/** The same where each one has to be waited for. */
export function repeatInTurn(work: () => Promise<unknown>): Repeated {
  return async (times) => {
    for (let done = 0; done < times; done++) await work();
    return undefined;
  };
}

/** With an input of its own for each, whose making does not count. */
export function repeatOver<Input>(make: () => Input, work: (input: Input) => unknown): Repeated {
  return (times) => {
    const inputs = Array.from({ length: times }, make);
    const began = performance.now();
    for (const input of inputs) work(input);
    return performance.now() - began;
  };
}

async function clock(way: Repeated, count: number): Promise<number> {
  const began = performance.now();
  const counted = await way(count);
  return counted ?? performance.now() - began;
}

function lowerQuartile(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 4)] ?? Number.NaN;
}

/** How often fits into one round. */
async function warmUp(way: Repeated): Promise<number> {
  let taken = 0;
  let done = 0;
  for (let count = 1; taken < WARM_UP_MS; count *= 2) {
    taken += await clock(way, count);
    done += count;
  }
  return Math.max(1, Math.round((done * ROUND_MS) / taken));
}
