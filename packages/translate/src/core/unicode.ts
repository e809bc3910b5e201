// Tables of characters as the source's runtime has them: V8's for JavaScript and LisPy, CPython's for Python.

import { int, list, text } from '../ir/build.ts';
import type { Expr } from '../ir/types.ts';

/** What `$data_…` can name. */
export type UnicodeTables = {
  /** Characters beyond ASCII and what they become. */
  readonly lower: readonly (readonly [string, string])[];
  readonly upper: readonly (readonly [string, string])[];
  /** Ranges: first, last, first, last, … */
  readonly letters: readonly number[];
  readonly digits: readonly number[];
};

let tables: UnicodeTables | undefined;

/** The tables of the JavaScript engine that runs this. */
export function engineTables(): UnicodeTables {
  if (tables !== undefined) return tables;
  const [lower, upper]: [[string, string][], [string, string][]] = [[], []];
  for (let code = 128; code <= 0x10ffff; code++) {
    if (code === 0xd800) code = 0xe000;
    const char = String.fromCodePoint(code);
    const [small, capital] = [char.toLowerCase(), char.toUpperCase()];
    if (small !== char) lower.push([char, small]);
    if (capital !== char) upper.push([char, capital]);
  }
  tables = { lower, upper, letters: ranges(/\p{L}/u), digits: ranges(/\p{Nd}/u) };
  return tables;
}

function ranges(pattern: RegExp): number[] {
  const found: number[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code === 0xd800) code = 0xe000;
    if (!pattern.test(String.fromCodePoint(code))) continue;
    if (found.at(-1) === code - 1) found[found.length - 1] = code;
    else found.push(code, code);
  }
  return found;
}

/** One table as a literal of the intermediate form. */
export function tableLiteral(name: string, source: UnicodeTables): Expr {
  if (name === 'data_lower' || name === 'data_upper') {
    const pairs = name === 'data_lower' ? source.lower : source.upper;
    return { kind: 'dict', entries: pairs.map(([from, to]): [Expr, Expr] => [text(from), text(to)]) };
  }
  return list(...(name === 'data_letters' ? source.letters : source.digits).map((code) => int(code)));
}
