/** Characters and atoms: what separates tokens, and what a bare token means. */
import { LispyFloat } from '../values/float.ts';
import { symbol } from '../values/symbol.ts';
import type { Value } from '../values/value.ts';

const delimiters = new Set<number>();
for (const char of ' \t\n\r\f\v,()[]{}";\'`~') delimiters.add(char.charCodeAt(0));
delimiters.add(0xfeff);
delimiters.add(0xa0);

/** Whether a character ends a bare token. */
export const isDelimiter = (code: number): boolean => delimiters.has(code);

/** Blanks between tokens; a comma is one, as in Clojure, unless it unquotes. */
export const isBlank = (code: number): boolean =>
  code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff;

const integerPattern = /^[+-]?\d+$/;
const floatPattern = /^[+-]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?$/;

/** The number that a token spells, or `undefined`; `null` for a float out of range. */
export const parseNumber = (token: string): number | bigint | LispyFloat | undefined | null => {
  const first = token.charCodeAt(token.length > 1 && (token[0] === '-' || token[0] === '+') ? 1 : 0);
  if (!((first >= 48 && first <= 57) || first === 46)) return undefined;
  if (token.length < 400 || integerPattern.test(token)) {
    if (integerPattern.test(token)) {
      const near = Number(token);
      if (Number.isSafeInteger(near)) return near === 0 ? 0 : near;
      return BigInt(token[0] === '+' ? token.slice(1) : token);
    }
    if (floatPattern.test(token)) {
      const value = Number(token);
      if (!Number.isFinite(value)) return null;
      return Number.isInteger(value) ? new LispyFloat(value) : value;
    }
  }
  return undefined;
};

const constants = new Map<string, Value>([
  ['#t', true],
  ['#f', false],
  ['#true', true],
  ['#false', false],
  ['true', true],
  ['false', false],
  ['nil', null],
]);

/** What a bare token means: a constant, a number, a keyword (the string of its name) or a symbol. */
export const parseAtom = (token: string): Value | undefined => {
  const constant = constants.get(token);
  if (constant !== undefined) return constant;
  const number = parseNumber(token);
  if (number === null) return undefined;
  if (number !== undefined) return number;
  if (token.length > 1 && token.charCodeAt(0) === 58) return token.slice(1);
  return symbol(token);
};

const namedCharacters = new Map([
  ['space', ' '],
  ['newline', '\n'],
  ['tab', '\t'],
  ['return', '\r'],
  ['nul', '\0'],
  ['null', '\0'],
]);

/** The one-character string of `#\a` or `#\space`. */
export const parseCharacter = (name: string): string | undefined => {
  const named = namedCharacters.get(name);
  if (named !== undefined) return named;
  if (/^[xu][0-9a-fA-F]{2,6}$/.test(name)) {
    const code = Number.parseInt(name.slice(1), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
  }
  return [...name].length === 1 ? name : undefined;
};
