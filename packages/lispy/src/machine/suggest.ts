/** Did-you-mean: the known name nearest to a mistyped one. */

/** The name with the smallest edit distance, where it is small enough to be meant. */
export const nearest = (name: string, names: Iterable<string>): string | undefined => {
  const limit = name.length <= 3 ? 1 : name.length <= 7 ? 2 : 3;
  if (name.length > 60) return undefined;
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of names) {
    if (
      candidate === '' ||
      candidate === name ||
      candidate.startsWith('%') ||
      Math.abs(candidate.length - name.length) >= least
    )
      continue;
    const distance = editDistance(name, candidate, least);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
};

/** Insertions, deletions, changes and swaps of neighbours between two short names; gives up at `limit`. */
const editDistance = (a: string, b: string, limit: number): number => {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      next.push(cost);
      if (cost < least) least = cost;
    }
    if (least >= limit) return limit;
    before = row;
    row = next;
  }
  return row[b.length]!;
};
