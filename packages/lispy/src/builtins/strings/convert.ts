/** Strings to characters, symbols and numbers, and back. */
import { limitError } from '../../errors.ts';
import type { Machine } from '../../machine/machine.ts';
import { typeError } from '../../type-error.ts';
import { symbol } from '../../values/symbol.ts';
import { isNumber, type Value } from '../../values/value.ts';
import { integerArg, itemsArg, listArg, newList, newString, stringArg } from '../arguments.ts';
import { fixed, type Row } from '../define.ts';
import { numberText, parseText } from '../number-text.ts';

const charAt = (machine: Machine, value: Value, index: Value): Value => {
  const text = stringArg(machine, value, 'string-ref');
  return text[integerArg(index, 'string-ref', 0, text.length - 1)]!;
};

export const character = (machine: Machine, value: Value, name: string): string => {
  const text = stringArg(machine, value, name);
  if (text.length === 0 || [...text.slice(0, 3)].length !== 1) throw typeError(name, 'one character', value);
  return text;
};

const toNumber = (machine: Machine, value: Value, radix?: Value): Value => {
  if (isNumber(value)) return value;
  const text = stringArg(machine, value, 'string->number').trim();
  return parseText(machine, text, radix === undefined ? 10 : integerArg(radix, 'string->number', 2, 36));
};

const integerOrNil = (number: Value): Value =>
  typeof number === 'bigint' || (typeof number === 'number' && Number.isInteger(number)) ? number : null;

/** Names are kept as long as they are used, so they stay short. */
function shortName(machine: Machine, name: string): string {
  if (name.length > 10_000) throw limitError('string', 10_000, `symbol of ${name.length} characters`);
  machine.allocate(name.length * 2 + 64);
  return name;
}

export const convertRows: readonly Row[] = [
  ['string-ref char-at', 'string index', 'The character at a position.', fixed(charAt)],
  [
    'string->list chars string->chars',
    'string',
    'The characters as a list.',
    fixed((machine, value) =>
      newList(machine, itemsArg(machine, stringArg(machine, value, 'string->list'), 'string->list')),
    ),
  ],
  [
    'list->string',
    'list',
    'The string of a list of characters.',
    fixed((machine, list) =>
      newString(
        machine,
        listArg(machine, list, 'list->string')
          .map((item) => stringArg(machine, item, 'list->string'))
          .join(''),
      ),
    ),
  ],
  [
    'string->symbol keyword->symbol intern',
    'string',
    'The symbol of that name.',
    fixed((machine, value) => symbol(shortName(machine, stringArg(machine, value, 'string->symbol')))),
  ],
  [
    'symbol->string keyword->string name',
    'symbol',
    'The name as a string.',
    fixed((machine, value) => stringArg(machine, value, 'symbol->string')),
  ],
  [
    'string->keyword keyword',
    'string',
    'A keyword, which is the string itself.',
    fixed((machine, value) => stringArg(machine, value, 'keyword')),
  ],
  [
    'string->number parse-number ->number',
    'string [radix]',
    'The number that a string spells; #f where it spells none.',
    fixed(toNumber),
  ],
  [
    'parse-int parse-long string->int',
    'string',
    'The integer that a string spells; nil where it spells none.',
    fixed((machine, value) => integerOrNil(toNumber(machine, value))),
  ],
  [
    'parse-float parse-double',
    'string',
    'The number that a string spells; nil where it spells none.',
    fixed((machine, value) => {
      const number = toNumber(machine, value);
      return number === false ? null : number;
    }),
  ],
  ['number->string', 'number [radix]', 'The text of a number.', fixed(numberText)],
  [
    'char-upcase',
    'character',
    'The capital of a character.',
    fixed((machine, value) => character(machine, value, 'char-upcase').toUpperCase()),
  ],
  [
    'char-downcase',
    'character',
    'The small letter of a character.',
    fixed((machine, value) => character(machine, value, 'char-downcase').toLowerCase()),
  ],
  [
    'char-alphabetic? letter?',
    'character',
    'Whether a character is a letter.',
    fixed((machine, value) => /^\p{L}$/u.test(character(machine, value, 'char-alphabetic?'))),
  ],
  [
    'char-numeric? digit?',
    'character',
    'Whether a character is a digit.',
    fixed((machine, value) => /^\p{Nd}$/u.test(character(machine, value, 'char-numeric?'))),
  ],
  [
    'char-whitespace? whitespace?',
    'character',
    'Whether a character is a blank.',
    fixed((machine, value) => /^\s$/u.test(character(machine, value, 'char-whitespace?'))),
  ],
  [
    'char-upper-case?',
    'character',
    'Whether a character is a capital.',
    fixed((machine, value) => /^\p{Lu}$/u.test(character(machine, value, 'char-upper-case?'))),
  ],
  [
    'char-lower-case?',
    'character',
    'Whether a character is a small letter.',
    fixed((machine, value) => /^\p{Ll}$/u.test(character(machine, value, 'char-lower-case?'))),
  ],
  [
    'char->integer ord char-code',
    'character',
    'The code point of a character.',
    fixed((machine, value) => character(machine, value, 'char->integer').codePointAt(0)!),
  ],
  [
    'integer->char chr code-char',
    'integer',
    'The character of a code point.',
    fixed((_machine, value) => String.fromCodePoint(integerArg(value, 'integer->char', 0, 0x10ffff))),
  ],
];
