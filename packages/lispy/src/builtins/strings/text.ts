import type { Machine } from '../../machine/machine.ts';
import { displayValue } from '../../print.ts';
import { rangeError, typeError } from '../../type-error.ts';
import { longString, type Text } from '../../values/text.ts';
import { isNumber, isString, type Value } from '../../values/value.ts';
import { appendText, checkLength, integerArg, isList, itemsArg, newList, newString, stringArg } from '../arguments.ts';
import { fixed, type Row, spread } from '../define.ts';
import { splitText } from './find.ts';

/** What a value contributes to a string: structures are a mistake, atoms are their text. */
export const part = (machine: Machine, value: Value, name: string): string | Text => {
  if (isString(value)) return value;
  if (isList(value) && value !== null) throw typeError(name, 'a string', value);
  return displayValue(value, machine);
};

const stringAppend = (machine: Machine, args: Value[]): Value => {
  let rest: string | Text = '';
  for (let index = 1; index < args.length; index++)
    rest = joined(machine, rest, part(machine, args[index]!, 'string-append'));
  return args.length === 0 ? '' : appendText(machine, part(machine, args[0]!, 'string-append'), rest);
};

/** `str`: anything as text; nil is nothing, as in Clojure. */
export const str = (machine: Machine, args: Value[]): Value => {
  let rest: string | Text = '';
  for (let index = 1; index < args.length; index++) rest = joined(machine, rest, anyText(machine, args[index]!));
  return args.length === 0 ? '' : appendText(machine, anyText(machine, args[0]!), rest);
};

const anyText = (machine: Machine, value: Value): string | Text =>
  value === null ? '' : isString(value) ? value : displayValue(value, machine);

/** Short parts are joined at once; what is paid for is the string that they end up in. */
const joined = (machine: Machine, left: string | Text, right: string | Text): string | Text =>
  typeof left === 'string' && typeof right === 'string' && left.length + right.length <= longString
    ? left + right
    : appendText(machine, left, right);

const toText = (machine: Machine, value: Value): Value => (isString(value) ? value : displayValue(value, machine));

const substring = (machine: Machine, value: Value, from: Value, to?: Value): Value => {
  const text = stringArg(machine, value, 'substring');
  const start = integerArg(from, 'substring', 0, text.length);
  const end = to === undefined || to === null ? text.length : integerArg(to, 'substring');
  if (end < start) throw rangeError(`"substring" expects an end from ${start} on, got ${end}`);
  return newString(machine, text.slice(start, end));
};

export const split = (machine: Machine, value: Value, delimiter?: Value): Value => {
  const text = stringArg(machine, value, 'string-split');
  machine.charge(text.length >> 4);
  const by = delimiter === undefined ? undefined : stringArg(machine, delimiter, 'string-split');
  return newList(machine, by === undefined ? splitBlanks(text) : by === '' ? [...text] : splitText(machine, text, by));
};

/** Words between blanks, without a regular expression that could take long. */
const splitBlanks = (text: string): string[] => text.split(/\s+/u).filter((word) => word !== '');

/** `(string-join list separator)`, in either order. */
export const join =
  (name: string, between: string) =>
  (machine: Machine, a: Value, b?: Value): Value => {
    const [list, separator] = isString(a) && b !== undefined && !isString(b) ? [b, a] : [a, b];
    const items = itemsArg(machine, list, name);
    const glue = separator === undefined || separator === null ? between : stringArg(machine, separator, name);
    const texts = items.map((item) =>
      item === null ? '' : isString(item) ? stringArg(machine, item, name) : displayValue(item, machine),
    );
    let length = glue.length * Math.max(0, items.length - 1);
    for (const text of texts) length += text.length;
    checkLength(machine, length);
    machine.charge(items.length);
    return newString(machine, texts.join(glue));
  };

/** Replaces every occurrence of a text; never a pattern. */
const replace = (machine: Machine, value: Value, from: Value, to: Value): Value => {
  const text = stringArg(machine, value, 'string-replace');
  const old = stringArg(machine, from, 'string-replace');
  if (old === '') return text;
  const fresh = stringArg(machine, to, 'string-replace');
  machine.charge(text.length >> 4);
  const parts = splitText(machine, text, old);
  checkLength(machine, text.length + (parts.length - 1) * (fresh.length - old.length));
  return newString(machine, parts.join(fresh));
};

const repeat = (machine: Machine, a: Value, b: Value): Value => {
  const [value, count] = isNumber(a) ? [b, a] : [a, b];
  const text = stringArg(machine, value, 'string-repeat');
  const times = Math.max(0, integerArg(count, 'string-repeat'));
  checkLength(machine, text.length * times);
  machine.charge((text.length * times) >> 4);
  return newString(machine, text.repeat(text === '' ? 0 : times));
};

const pad =
  (name: string, atStart: boolean) =>
  (machine: Machine, value: Value, width: Value, filler: Value = ' '): Value => {
    const text = isString(value) ? stringArg(machine, value, name) : displayValue(value, machine);
    const size = integerArg(width, name);
    checkLength(machine, size);
    const fill = stringArg(machine, filler, name);
    machine.charge(Math.max(0, size) >> 4);
    return newString(machine, atStart ? text.padStart(size, fill) : text.padEnd(size, fill));
  };

/** A builtin from one string to another. */
const mapped =
  (name: string, change: (text: string) => string) =>
  (machine: Machine, value: Value): Value => {
    const text = stringArg(machine, value, name);
    machine.charge(text.length >> 4);
    return newString(machine, change(text));
  };

const makeString = (machine: Machine, count: Value, fill: Value = ' '): Value => repeat(machine, fill, count);

const reverseText = mapped('string-reverse', (text) => [...text].reverse().join(''));

const capitalize = mapped('capitalize', (text) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase());

const title = mapped('title-case', (text) =>
  text.replace(/\p{L}[\p{L}\p{M}']*/gu, (word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase()),
);

export const textRows: readonly Row[] = [
  ['string-append string-concat', '. string', 'One string of all; other atoms become text.', spread(stringAppend)],
  ['str', '. value', 'The text of all values; nil is nothing.', spread(str)],
  ['->string to-string ->str', 'value', 'A value as text.', fixed(toText)],
  ['string', '. value', 'The text of all values.', spread(str)],
  [
    'string-length',
    'string',
    'The number of characters.',
    fixed((machine, value) => (isString(value) ? value.length : stringArg(machine, value, 'string-length').length)),
  ],
  ['substring subs string-slice', 'string from [to]', 'The part from one position up to another.', fixed(substring)],
  [
    'string-upcase upper upper-case string-upper',
    'string',
    'The string in capitals.',
    fixed(mapped('string-upcase', (text) => text.toUpperCase())),
  ],
  [
    'string-downcase lower lower-case string-lower string-foldcase',
    'string',
    'The string in small letters.',
    fixed(mapped('string-downcase', (text) => text.toLowerCase())),
  ],
  ['capitalize string-capitalize', 'string', 'The first letter a capital, the others small.', fixed(capitalize)],
  ['title-case string-titlecase', 'string', 'Every word with a capital.', fixed(title)],
  ['string-trim trim', 'string', 'Without blanks at both ends.', fixed(mapped('string-trim', (text) => text.trim()))],
  [
    'string-trim-left triml trim-left',
    'string',
    'Without blanks at the start.',
    fixed(mapped('string-trim-left', (text) => text.trimStart())),
  ],
  [
    'string-trim-right trimr trim-right',
    'string',
    'Without blanks at the end.',
    fixed(mapped('string-trim-right', (text) => text.trimEnd())),
  ],
  ['string-split split', 'string [delimiter]', 'The parts between delimiters, or between blanks.', fixed(split)],
  [
    'split-lines string-lines lines',
    'string',
    'The lines of a string.',
    fixed((machine, value) => newList(machine, stringArg(machine, value, 'split-lines').split(/\r?\n/))),
  ],
  [
    'string-join',
    'list [separator]',
    'The texts of items with a separator between; a blank unless given.',
    fixed(join('string-join', ' ')),
  ],
  [
    'join',
    'list [separator]',
    'The texts of items with a separator between; none unless given.',
    fixed(join('join', '')),
  ],
  [
    'string-replace replace string-replace-all',
    'string old new',
    'Every occurrence of a text replaced.',
    fixed(replace),
  ],
  ['string-repeat string*', 'string count', 'The string many times.', fixed(repeat)],
  ['make-string', 'count [character]', 'A string of one character many times.', fixed(makeString)],
  ['string-reverse', 'string', 'The characters from last to first.', fixed(reverseText)],
  [
    'string-pad-left pad-left',
    'string width [character]',
    'At least that wide, filled at the start.',
    fixed(pad('string-pad-left', true)),
  ],
  [
    'string-pad-right pad-right',
    'string width [character]',
    'At least that wide, filled at the end.',
    fixed(pad('string-pad-right', false)),
  ],
  [
    'string-copy',
    'string [from] [to]',
    'The string, or a part of it.',
    fixed((machine, value, from, to) => substring(machine, value, from ?? 0, to)),
  ],
];
