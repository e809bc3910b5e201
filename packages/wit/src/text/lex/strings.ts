// String literals, with the escapes of the WebAssembly text format; only `@external-id` has one.
import { fail } from '../errors.ts';
import type { WitSource } from '../source.ts';
import { quoteCharacter } from './characters.ts';
import { decodeUtf8 } from './utf8.ts';

/** The value of the literal whose opening quote is at `start`, and the offset after its closing quote. */
export const readString = (file: WitSource, start: number): { readonly value: string; readonly end: number } => {
  const reader: Reader = { file, at: start + 1 };
  const bytes: Uint8Array[] = [];
  while (file.text[reader.at] !== '"') {
    const plain = takePlain(reader);
    bytes.push(plain === '' ? takeOdd(reader) : encoder.encode(plain));
  }
  const decoded = decodeUtf8(joined(bytes));
  return { value: 'text' in decoded ? decoded.text : failAt(reader, start, decoded.problem), end: reader.at + 1 };
};

type Reader = { readonly file: WitSource; at: number };

const encoder = new TextEncoder();
const plainRun = /[^"\\\p{Cc}]*/uy;
const hexDigit = /^[0-9a-fA-F]$/;
const simple: ReadonlyMap<string, number> = new Map([
  ['"', 0x22],
  ["'", 0x27],
  ['t', 0x09],
  ['n', 0x0a],
  ['r', 0x0d],
  ['\\', 0x5c],
]);

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

const failAt = ({ file }: Reader, offset: number, message: string): never =>
  fail({ file, start: offset, end: offset + 1 }, message);

const takePlain = (reader: Reader): string => {
  const { text } = reader.file;
  plainRun.lastIndex = reader.at;
  plainRun.test(text);
  const plain = text.slice(reader.at, plainRun.lastIndex);
  reader.at = plainRun.lastIndex;
  return plain;
};

const take = (reader: Reader): { readonly character: string; readonly offset: number } => {
  const { text } = reader.file;
  const offset = reader.at;
  const code = text.codePointAt(offset);
  if (code === undefined) return failAt(reader, text.length, 'unexpected end of file');
  const character = text.startsWith('\r\n', offset) ? '\n' : String.fromCodePoint(code);
  reader.at += text.startsWith('\r\n', offset) ? 2 : character.length;
  return { character, offset };
};

// An escape; anything else that is not plain is refused, as is the end of the file.
const takeOdd = (reader: Reader): Uint8Array => {
  const odd = take(reader);
  if (odd.character !== '\\') failAt(reader, odd.offset, `invalid string character ${quoteCharacter(odd.character)}`);
  const { character, offset } = take(reader);
  const byte = simple.get(character);
  if (byte !== undefined) return Uint8Array.of(byte);
  if (character === 'u') return takeCharacter(reader, offset);
  if (hexDigit.test(character)) return Uint8Array.of(Number.parseInt(character, 16) * 16 + takeDigit(reader));
  return failAt(reader, offset, `invalid string escape ${quoteCharacter(character)}`);
};

const takeCharacter = (reader: Reader, offset: number): Uint8Array => {
  takeBrace(reader, '{');
  const code = takeNumber(reader);
  if (code > 0x10_ffff || (code >= 0xd800 && code < 0xe000)) {
    failAt(reader, offset, `invalid unicode value 0x${code.toString(16)}`);
  }
  takeBrace(reader, '}');
  return encoder.encode(String.fromCodePoint(code));
};

const takeBrace = (reader: Reader, brace: '{' | '}'): void => {
  const { character, offset } = take(reader);
  if (character !== brace) failAt(reader, offset, `expected character '${brace}'`);
};

const takeDigit = (reader: Reader): number => {
  const { character, offset } = take(reader);
  if (hexDigit.test(character)) return Number.parseInt(character, 16);
  return failAt(reader, offset, `invalid hex digit ${quoteCharacter(character)}`);
};

const takeNumber = (reader: Reader): number => {
  const first = reader.at;
  let value = takeDigit(reader);
  for (let isUnderscored = false; ; ) {
    const { character, offset } = take(reader);
    if (character !== '_' && !hexDigit.test(character)) {
      reader.at = offset;
      return isUnderscored ? failAt(reader, first, 'trailing underscore in number') : value;
    }
    isUnderscored = character === '_';
    if (!isUnderscored) value = value * 16 + Number.parseInt(character, 16);
    if (value > 0xffff_ffff) failAt(reader, offset, 'number is too big to fit in a u32');
  }
};
