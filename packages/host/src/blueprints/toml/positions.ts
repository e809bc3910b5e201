// Where each character of a TOML text stands in the file, also behind escapes and in texts of several lines.
import type { Where } from '../guard-check.ts';

/** Places in a file by offset. */
export function createPlaces(path: string, source: string): (offset: number) => Where {
  const starts = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { path, line: low + 1, column: offset - (starts[low] as number) + 1 };
  };
}

/** By character of the value: the offset in the file. `begin` and `end` are those of the quoted text. */
export function offsetsOf(source: string, begin: number, end: number): readonly number[] {
  const raw = source.slice(begin, end);
  const quote = raw.startsWith('"""') || raw.startsWith("'''") ? raw.slice(0, 3) : raw.slice(0, 1);
  const literal = quote.startsWith("'");
  const offsets: number[] = [];
  const stop = raw.length - quote.length;
  let at = quote.length;
  // A line break directly behind three quotes is no part of the text.
  if (quote.length === 3) at += /^\r?\n/.exec(raw.slice(at))?.[0].length ?? 0;
  while (at < stop) {
    if (literal || raw[at] !== '\\') {
      offsets.push(begin + at++);
      continue;
    }
    const [whole, long] = ESCAPE.exec(raw.slice(at, at + LONGEST_ESCAPE)) ?? ['\\?'];
    const joined = quote.length === 3 ? /^\\[ \t]*\r?\n\s*/.exec(raw.slice(at))?.[0] : undefined;
    if (joined === undefined) {
      offsets.push(begin + at);
      if (long !== undefined && Number.parseInt(long, 16) > 0xffff) offsets.push(begin + at);
    }
    at += (joined ?? whole).length;
  }
  return offsets;
}

const ESCAPE = /^\\(?:u[0-9a-fA-F]{4}|U([0-9a-fA-F]{8})|x[0-9a-fA-F]{2}|.)/s;
const LONGEST_ESCAPE = 10;
