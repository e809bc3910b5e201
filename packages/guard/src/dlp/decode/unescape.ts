// One pass that undoes all escapes within a text: URL encoding, HTML entities, backslashes, look-alike characters.
import { setOf } from '../patterns/char-set.ts';
import type { Range } from '../recognisers/recogniser.ts';
import { codeAt, sizeAt } from './bytes.ts';
import { fold, INVISIBLE } from './fold.ts';
import { hexValue } from './hex.ts';
import { type Encoding, type Layer, textOf } from './layer.ts';

/** So much of the text on both sides of an escape is looked at with it. */
export const ESCAPE_REACH = 320;
const KINDS: readonly Encoding[] = ['url', 'html', 'escape', 'unicode'];
/** One escape: how many characters of the source it takes, and the code points that it stands for. */
type Escape = { readonly size: number; readonly code: number; readonly kind: Encoding };

/** What escapes begin with: one of these, or a character beyond ASCII. */
export const ESCAPE_BEGINS = setOf('%&\\\0\u0080');

/** Adds the escapes in a part of a text to ranges that are further apart than their surroundings reach. */
export function addEscapes(ranges: EscapeRange[], text: string, start: number, end: number): void {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 128 ? code !== 37 && code !== 38 && code !== 92 && code !== 0 : isPlain(code)) continue;
    if (escapeAt(text, at) === undefined) continue;
    const last = ranges.at(-1);
    if (last !== undefined && at - last.end <= 2 * ESCAPE_REACH) last.end = at + 1;
    else ranges.push({ start: at, end: at + 1 });
  }
}

/** Where escapes stand, not further apart than their surroundings reach. */
export type EscapeRange = { start: number; end: number };

/** Whether a character beyond ASCII stands only for itself; half of a pair tells nothing alone. */
function isPlain(code: number): boolean {
  return (code < 0xd800 || code > 0xdfff) && fold(code) === code;
}

/** The part of a text with everything undone. Nothing, when there was nothing to undo. */
export function undoEscapes(text: string, { start, end }: Range): Layer | undefined {
  const most = end - start;
  const units = new Uint16Array(most);
  const starts = new Int32Array(most);
  const ends = new Int32Array(most);
  const kinds = new Uint8Array(most + 1);
  let length = 0;
  let changed = false;
  const add = (unit: number, from: number, to: number) => {
    units[length] = unit;
    starts[length] = from;
    ends[length++] = to;
  };
  for (let at = start; at < end; ) {
    const found = escapeAt(text, at);
    const code = found?.code ?? text.charCodeAt(at);
    const next = at + (found?.size ?? 1);
    if (found !== undefined) {
      changed = true;
      kinds[length] = (kinds[length] ?? 0) | (1 << KINDS.indexOf(found.kind));
    }
    if (code !== INVISIBLE) {
      add(code > 0xffff ? 0xd800 + ((code - 0x1_0000) >> 10) : code, at, next);
      if (code > 0xffff) add(0xdc00 + ((code - 0x1_0000) & 0x3ff), at, next);
    }
    at = next;
  }
  if (!changed) return undefined;
  return {
    text: textOf(units.subarray(0, length)),
    starts,
    ends,
    encodings: (range) => kindsIn(kinds, range, length),
  };
}

/** What was undone in the range, or (when that only changed what it stands next to) right beside it. */
function kindsIn(kinds: Uint8Array, { start, end }: Range, length: number): readonly Encoding[] {
  const within = (from: number, to: number) => {
    let bits = 0;
    for (let at = Math.max(0, from); at < Math.min(to, length + 1); at++) bits |= kinds[at] as number;
    return KINDS.filter((_, kind) => (bits & (1 << kind)) !== 0);
  };
  const inside = within(start, end);
  return inside.length > 0 ? inside : within(start - 1, end + 1);
}

function escapeAt(text: string, at: number): Escape | undefined {
  const code = text.charCodeAt(at);
  if (code === 37) return urlEscape(text, at);
  if (code === 38) return htmlEscape(text, at);
  if (code === 92) return backslash(text, at);
  if (code > 0 && code < 128) return undefined;
  const point = text.codePointAt(at) as number;
  const plain = fold(point);
  return plain === point ? undefined : { size: point > 0xffff ? 2 : 1, code: plain, kind: 'unicode' };
}

/** One character may take up to four escaped bytes. */
function urlEscape(text: string, at: number): Escape | undefined {
  const bytes: number[] = [];
  for (let from = at; bytes.length < 4 && text[from] === '%'; from += 3) {
    const high = hexValue(text, from + 1);
    const low = hexValue(text, from + 2);
    if (high < 0 || low < 0) break;
    bytes.push(high * 16 + low);
  }
  if (bytes.length === 0) return undefined;
  const size = sizeAt(bytes, 0);
  return { size: size * 3, code: fold(codeAt(bytes, 0, size)), kind: 'url' };
}

const ENTITIES: { readonly [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  Tab: '\t',
  NewLine: '\n',
  commat: '@',
  period: '.',
  comma: ',',
  colon: ':',
  semi: ';',
  sol: '/',
  bsol: '\\',
  lowbar: '_',
  plus: '+',
  equals: '=',
  hyphen: '-',
  dash: '-',
  ndash: '-',
  mdash: '-',
  minus: '-',
  num: '#',
  percnt: '%',
  excl: '!',
  quest: '?',
  ast: '*',
  lpar: '(',
  rpar: ')',
  lsqb: '[',
  rsqb: ']',
  lcub: '{',
  rcub: '}',
  vert: '|',
  dollar: '$',
  shy: '\u00ad',
  zwj: '\u200d',
  zwnj: '\u200c',
  lrm: '\u200e',
  rlm: '\u200f',
  NoBreak: '\u2060',
  ZeroWidthSpace: '\u200b',
};
const LONGEST_ENTITY = 16;

function htmlEscape(text: string, at: number): Escape | undefined {
  const numbered = text[at + 1] === '#';
  const isHex = numbered && (text.charCodeAt(at + 2) | 32) === 120;
  const from = at + (isHex ? 3 : numbered ? 2 : 1);
  let end = from;
  while (end - from < LONGEST_ENTITY && isLetterOrDigit(text, end)) end++;
  const name = text.slice(from, end);
  const size = end - at + (text[end] === ';' ? 1 : 0);
  if (!numbered) {
    const meant = text[end] === ';' && Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
    return meant === undefined ? undefined : { size, code: fold(meant.charCodeAt(0)), kind: 'html' };
  }
  const code = Number(isHex ? `0x${name}` : name);
  return name !== '' && code <= 0x10_ffff ? { size, code: fold(code), kind: 'html' } : undefined;
}

const SHORT: { readonly [letter: string]: number } = { n: 10, r: 13, t: 9, '"': 34, "'": 39, '/': 47, '\\': 92 };

function backslash(text: string, at: number): Escape | undefined {
  const letter = text[at + 1] ?? '';
  const short = SHORT[letter];
  if (short !== undefined) return { size: 2, code: short, kind: 'escape' };
  if (letter === 'x') return hexEscape(text, at, at + 2, 2, 0);
  if (letter === 'U') return hexEscape(text, at, at + 2, 8, 0);
  if (letter !== 'u') return undefined;
  if (text[at + 2] !== '{') return surrogates(text, at) ?? hexEscape(text, at, at + 2, 4, 0);
  let end = at + 3;
  while (end - at < 10 && hexValue(text, end) >= 0) end++;
  return text[end] === '}' ? hexEscape(text, at, at + 3, end - at - 3, 1) : undefined;
}

function surrogates(text: string, at: number): Escape | undefined {
  const high = hexEscape(text, at, at + 2, 4, 0)?.code ?? 0;
  if (high < 0xd800 || high > 0xdbff || text[at + 6] !== '\\' || text[at + 7] !== 'u') return undefined;
  const low = hexEscape(text, at, at + 8, 4, 0)?.code ?? 0;
  if (low < 0xdc00 || low > 0xdfff) return undefined;
  return { size: 12, code: fold(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)), kind: 'escape' };
}

function hexEscape(text: string, at: number, from: number, digits: number, after: number): Escape | undefined {
  let code = 0;
  for (let place = from; place < from + digits; place++) {
    const value = hexValue(text, place);
    if (value < 0) return undefined;
    code = code * 16 + value;
  }
  if (digits === 0 || code > 0x10_ffff) return undefined;
  return { size: from + digits + after - at, code: fold(code), kind: 'escape' };
}

function isLetterOrDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122 && code < 128);
}
