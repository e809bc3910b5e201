/** Finding a part of a text in time that their lengths decide: the engine's own search takes their product at worst. */
import type { Meter } from '../../limits.ts';

/** Comparisons that the engine may make at worst before its search is not used: about ten milliseconds. */
const MOST_COMPARISONS = 2 ** 24;

/** As `text.indexOf(part)`. */
export const firstIndex = (meter: Meter, text: string, part: string): number =>
  isQuick(text, part) ? text.indexOf(part) : search(text, part, bordersOf(meter, part, 1), 0, 1);

/** As `text.lastIndexOf(part)`. */
export const lastIndex = (meter: Meter, text: string, part: string): number =>
  isQuick(text, part) ? text.lastIndexOf(part) : search(text, part, bordersOf(meter, part, -1), 0, -1);

/** As `text.split(part)`. */
export const splitText = (meter: Meter, text: string, part: string): string[] => {
  if (isQuick(text, part)) return text.split(part);
  const borders = bordersOf(meter, part, 1);
  const pieces: string[] = [];
  let from = 0;
  for (let at = search(text, part, borders, 0, 1); at !== -1; at = search(text, part, borders, from, 1)) {
    pieces.push(text.slice(from, at));
    from = at + part.length;
  }
  pieces.push(text.slice(from));
  return pieces;
};

const isQuick = (text: string, part: string): boolean =>
  part.length > text.length || text.length * part.length <= MOST_COMPARISONS;

/** Forwards from the beginning, or backwards from the end. */
type Direction = 1 | -1;

const unitAt = (text: string, index: number, direction: Direction): number =>
  text.charCodeAt(direction === 1 ? index : text.length - 1 - index);

/** For each beginning of `part`: how long the longest shorter beginning is that it ends with (Knuth, Morris, Pratt). */
const bordersOf = (meter: Meter, part: string, direction: Direction): Int32Array => {
  meter.charge(part.length >> 6);
  meter.allocate(part.length * Int32Array.BYTES_PER_ELEMENT);
  const borders = new Int32Array(part.length);
  for (let at = 1, length = 0; at < part.length; at++) {
    const unit = unitAt(part, at, direction);
    while (length > 0 && unit !== unitAt(part, length, direction)) length = borders[length - 1]!;
    if (unit === unitAt(part, length, direction)) length++;
    borders[at] = length;
  }
  return borders;
};

/** Where the part begins that comes first in this direction; -1 where it is absent. No unit of the text is gone back to. */
const search = (text: string, part: string, borders: Int32Array, from: number, direction: Direction): number => {
  for (let at = from, length = 0; at < text.length; at++) {
    const unit = unitAt(text, at, direction);
    while (length > 0 && unit !== unitAt(part, length, direction)) length = borders[length - 1]!;
    if (unit === unitAt(part, length, direction)) length++;
    if (length === part.length) return direction === 1 ? at + 1 - length : text.length - 1 - at;
  }
  return -1;
};
