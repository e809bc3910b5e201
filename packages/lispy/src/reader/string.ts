/** String literals and their escapes. */
import { type LispyError, limitError } from '../errors.ts';
import type { LispyLimits } from '../limits.ts';

type Fail = (code: 'parse' | 'incomplete', message: string, offset: number) => LispyError;

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  a: '\u0007',
  '0': '\0',
  "'": "'",
};

/** Reads the literal that opens at `start`; `end` is the offset behind its closing quote. */
export const readString = (
  text: string,
  start: number,
  limits: LispyLimits,
  fail: Fail,
): { value: string; end: number } => {
  const parts: string[] = [];
  let from = start + 1;
  for (let at = from; ; at++) {
    const code = text.charCodeAt(at);
    if (Number.isNaN(code)) throw fail('incomplete', 'A string has no closing quote', start);
    if (code === 34) {
      const tail = text.slice(from, at);
      const value = parts.length === 0 ? tail : parts.join('') + tail;
      if (value.length > limits.string)
        throw limitError('string', limits.string, `string of ${value.length} characters`);
      return { value, end: at + 1 };
    }
    if (code === 92) {
      parts.push(text.slice(from, at));
      const [char, next] = readEscape(text, at, fail);
      parts.push(char);
      from = next;
      at = next - 1;
    }
  }
};

const readEscape = (text: string, at: number, fail: Fail): [string, number] => {
  const char = text[at + 1];
  if (char === undefined) throw fail('incomplete', 'A string has no closing quote', at);
  if (char === 'u') {
    const digits = /^(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4}))/.exec(text.slice(at + 2, at + 10));
    const value = digits && Number.parseInt(digits[1] ?? digits[2]!, 16);
    if (!digits || value === null || value > 0x10ffff)
      throw fail('parse', 'Write "\\u" with four hexadecimal digits', at);
    return [digits[2] ? String.fromCharCode(value) : String.fromCodePoint(value), at + 2 + digits[0].length];
  }
  if (char === 'x') {
    const digits = /^([0-9a-fA-F]{1,6});/.exec(text.slice(at + 2, at + 9));
    const value = digits && Number.parseInt(digits[1]!, 16);
    if (!digits || value === null || value > 0x10ffff)
      throw fail('parse', 'Write "\\x" as hexadecimal digits and ";"', at);
    return [String.fromCodePoint(value), at + 2 + digits[0].length];
  }
  if (char === '\n' || char === '\r') {
    let next = at + 2;
    while (text[next] === ' ' || text[next] === '\t' || text[next] === '\n') next++;
    return ['', next];
  }
  const known = Object.hasOwn(escapes, char) ? escapes[char]! : undefined;
  if (known === undefined) throw fail('parse', `Unknown escape "\\${char}" in a string`, at);
  return [known, at + 2];
};
