// Payment cards: whose ranges they are in, how long they are, and which groupings of digits a person or program writes.
import type { Range, Subject } from '../recognisers/recogniser.ts';

/** First digits from, to (same number of digits), and the lengths that are issued. */
type CardRange = readonly [from: number, to: number, lengths: readonly number[]];

const LONG = [16, 17, 18, 19];
/** Issuer ranges of ISO/IEC 7812 as the card schemes publish them. */
const RANGES: readonly CardRange[] = [
  [4, 4, [13, 16, 18, 19]], // Visa
  [51, 55, [16]], // Mastercard
  [2221, 2720, [16]], // Mastercard, 2-series
  [34, 34, [15]], // American Express
  [37, 37, [15]],
  [6011, 6011, LONG], // Discover
  [644, 649, LONG],
  [65, 65, LONG],
  [3528, 3589, LONG], // JCB
  [62, 62, LONG], // UnionPay
  [81, 81, LONG],
  [300, 305, [14, 16, 17, 18, 19]], // Diners Club
  [3095, 3095, [14, 16, 17, 18, 19]],
  [36, 36, [14, 16, 17, 18, 19]],
  [38, 39, [14, 16, 17, 18, 19]],
  [5018, 5018, [13, 14, 15, ...LONG]], // Maestro
  [5020, 5020, [13, 14, 15, ...LONG]],
  [5038, 5038, [13, 14, 15, ...LONG]],
  [5893, 5893, [13, 14, 15, ...LONG]],
  [6304, 6304, [13, 14, 15, ...LONG]],
  [6759, 6759, [13, 14, 15, ...LONG]],
  [6761, 6763, [13, 14, 15, ...LONG]],
  [5019, 5019, [16]], // Dankort
  [2200, 2204, LONG], // Mir
  [9792, 9792, [16]], // Troy
  [5060, 5061, LONG], // Verve
  [508, 508, [16]], // RuPay
  [60, 60, [16]],
  [82, 82, [16]],
];

/** How cards are printed: lengths of the groups. */
const PRINTED = new Set([
  '4,4,4,4',
  '4,6,5',
  '4,6,4',
  '4,4,4,4,3',
  '4,4,4,4,2',
  '4,4,4,4,1',
  '6,13',
  '4,3,3,3',
  '8,8',
  '4,4,5',
]);

/** Whether digits, with or without separators between them, are a card's number rather than a row of other numbers. */
export function isCard(subject: Subject, match: Range): boolean {
  const length = readDigits(subject.text, match);
  if (!isIssued(length) || !isLuhn(length)) return false;
  const { sizes, gaps } = groupsOf(subject, match);
  return isGrouped(subject, match, sizes, gaps);
}

/** The digits that are looked at, from the left: written over by each check, so that hostile texts make no garbage. */
const digits = new Uint8Array(32);

function readDigits(text: string, { start, end }: Range): number {
  let length = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) digits[length++] = digit;
  }
  return length;
}

/** First two digits → the ranges that begin so. */
const BY_BEGIN = Array.from({ length: 100 }, (_, begin) =>
  RANGES.filter(([from, to]) => {
    const scale = 10 ** (String(from).length - 2);
    return begin >= Math.floor(from / scale) && begin <= Math.floor((to + (scale < 1 ? 0.9 : 0)) / scale);
  }),
);

function isIssued(length: number): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = digits;
  return (BY_BEGIN[a * 10 + b] ?? []).some(([from, to, lengths]) => {
    const prefix = Math.floor((a * 1000 + b * 100 + c * 10 + d) / 10 ** (4 - String(from).length));
    return prefix >= from && prefix <= to && lengths.includes(length);
  });
}

/** ISO/IEC 7812: the last digit checks the others. */
function isLuhn(length: number): boolean {
  let sum = 0;
  for (let n = 0; n < length; n++) {
    const digit = digits[length - 1 - n] as number;
    sum += n % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

/** A place between two fields counts as a separator of its own. */
const BREAK = '|';

function groupsOf({ text, breaks }: Subject, { start, end }: Range) {
  const sizes: number[] = [];
  const gaps: string[] = [];
  let gap = BREAK;
  for (let at = start; at < end; at++) {
    if (breaks?.has(at) === true && at > start) gap += BREAK;
    if (!isDigit(text, at)) {
      gap += text[at];
      continue;
    }
    if (gap !== '') {
      if (sizes.length > 0) gaps.push(gap);
      sizes.push(0);
      gap = '';
    }
    sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + 1;
  }
  return { sizes, gaps };
}

/** Columns of numbers pass range and check digit in three of a hundred places: they are told apart by their groups. */
function isGrouped(subject: Subject, match: Range, sizes: readonly number[], gaps: readonly string[]): boolean {
  const before = neighbours(subject, match.start, -1);
  const after = neighbours(subject, match.end, 1);
  // The part of a number behind its decimal point has as many digits as a card.
  if (sizes.length === 1) return before.gap !== '.' && !(before.gap === ',' && before.size === 1);
  const first = sizes[0] as number;
  const last = sizes.at(-1) as number;
  const alike = Math.max(before.size === first ? before.alike : 0, after.size === last ? after.alike : 0);
  if (PRINTED.has(sizes.join())) {
    return alike < 2 || (alike < FURTHEST && before.alike % sizes.length === 0 && after.alike % sizes.length === 0);
  }
  const gap = gaps[0] as string;
  if (gaps.some((other) => other !== gap)) return gaps.every((other) => other.includes(BREAK)) && alike === 0;
  if (gap === BREAK) return alike === 0;
  if (gap === '.' && sizes.length === 2) return false;
  if (sizes.length > 2 && first <= 3 && sizes.slice(1).every((size) => size === 3)) return false;
  const even = sizes.slice(0, -1).every((size) => size === first) && last <= first;
  const few = sizes.length <= 5 && sizes.every((size) => size > 1) && !gap.includes(',');
  return (even || few) && before.gap !== gap && after.gap !== gap;
}

const FURTHEST = 9;

/** The groups of digits next to a match: what stands between, the size of the next, and how many are of that size. */
function neighbours({ text, breaks }: Subject, from: number, way: 1 | -1) {
  let gap = '';
  let size = 0;
  let alike = 0;
  let at = way === 1 ? from : from - 1;
  const isBreak = () => breaks?.has(way === 1 ? at : at + 1) === true;
  for (; alike < FURTHEST; alike++) {
    let between = '';
    while (between.length < 3) {
      if (isBreak() && !between.endsWith(BREAK)) between += BREAK;
      if (isDigit(text, at) || !' -./_+,\t\r\n'.includes(text[at] ?? 'x')) break;
      between += text[at];
      at += way;
    }
    let count = 0;
    while (count < 20 && isDigit(text, at) && !(count > 0 && isBreak())) {
      count++;
      at += way;
    }
    if (count === 0 || between === '' || (alike > 0 && (count !== size || between !== gap))) break;
    gap = between;
    size = count;
  }
  return { gap, size, alike };
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}
