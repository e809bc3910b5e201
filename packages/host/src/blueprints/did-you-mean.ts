// What a person probably meant: the nearest of the names that there are.

/**
 * The nearest name, if it is near enough to be meant.
 *
 * @example
 * nearest('fucntion', ['function', 'input']); // 'function'
 */
export function nearest(written: string, names: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of names) {
    if (Math.abs(name.length - written.length) > MOST_EDITS) continue;
    const distance = editsBetween(written.toLowerCase(), name.toLowerCase());
    if (best === undefined || distance < best.distance) best = { name, distance };
  }
  const allowed = Math.min(MOST_EDITS, Math.max(1, Math.floor(written.length / 3)));
  return best !== undefined && best.distance <= allowed ? best.name : undefined;
}

/** The end of a message about a name that is not there: what was meant, or what there is. */
export function suggestion(written: string, names: Iterable<string>): string {
  const all = [...names];
  const meant = nearest(written, all);
  if (meant !== undefined) return `; did you mean "${meant}"?`;
  if (all.length === 0) return '';
  const more = all.length > MOST_LISTED ? ', …' : '';
  return `; there ${all.length === 1 ? 'is' : 'are'} ${all.slice(0, MOST_LISTED).join(', ')}${more}`;
}

const MOST_EDITS = 3;
const MOST_LISTED = 12;
const LONGEST = 64;

/** Insertions, deletions, replacements and swaps of neighbours. */
function editsBetween(a: string, b: string): number {
  if (a.length > LONGEST || b.length > LONGEST) return Number.POSITIVE_INFINITY;
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] as number) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[b.length] as number;
}
