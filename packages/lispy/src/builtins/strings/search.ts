import type { Machine } from '../../machine/machine.ts';
import type { Value } from '../../values/value.ts';
import { stringArg } from '../arguments.ts';
import { fixed, type Row, spread } from '../define.ts';
import { firstIndex, lastIndex, splitText } from './find.ts';

/** A question about a string and a part of it. */
const asks =
  (name: string, partFirst: boolean, answer: (text: string, part: string, machine: Machine) => Value) =>
  (machine: Machine, a: Value, b: Value): Value => {
    const [text, wanted] = partFirst ? [b, a] : [a, b];
    const whole = stringArg(machine, text, name);
    machine.charge(whole.length >> 6);
    return answer(whole, stringArg(machine, wanted, name), machine);
  };

/** How many characters are worth a step, as a power of two: the engine compares many more at once than it changes. */
const COMPARED = 10;
const FOLDED = 6;

const compare =
  (name: string, accept: (a: string, b: string) => boolean, perStep = COMPARED) =>
  (machine: Machine, args: Value[]): Value => {
    const texts = args.map((arg) => stringArg(machine, arg, name));
    for (const text of texts) machine.charge(1 + (text.length >> perStep));
    return texts.every((text, index) => index === 0 || accept(texts[index - 1]!, text));
  };

const fold = (text: string): string => text.toLowerCase();

/** What is paid for are the blanks: nothing behind them is looked at. */
const isBlank = (machine: Machine, text: string): boolean => {
  const rest = text.trim();
  machine.charge((text.length - rest.length) >> 6);
  return rest === '';
};

const countText = (machine: Machine, value: Value, wanted: Value): Value => {
  const [text, what] = [stringArg(machine, value, 'string-count'), stringArg(machine, wanted, 'string-count')];
  machine.charge(text.length >> 4);
  return what === '' ? 0 : splitText(machine, text, what).length - 1;
};

export const searchRows: readonly Row[] = [
  [
    'string-contains? string-contains string-includes? includes-string?',
    'string part',
    'Whether a string has a part.',
    fixed(asks('string-contains?', false, (text, wanted, machine) => firstIndex(machine, text, wanted) !== -1)),
  ],
  [
    'string-prefix?',
    'prefix string',
    'Whether a string begins with a prefix, which comes first.',
    fixed(asks('string-prefix?', true, (text, wanted) => text.startsWith(wanted))),
  ],
  [
    'string-suffix?',
    'suffix string',
    'Whether a string ends with a suffix, which comes first.',
    fixed(asks('string-suffix?', true, (text, wanted) => text.endsWith(wanted))),
  ],
  [
    'string-starts-with? starts-with?',
    'string prefix',
    'Whether a string begins with a prefix.',
    fixed(asks('starts-with?', false, (text, wanted) => text.startsWith(wanted))),
  ],
  [
    'string-ends-with? ends-with?',
    'string suffix',
    'Whether a string ends with a suffix.',
    fixed(asks('ends-with?', false, (text, wanted) => text.endsWith(wanted))),
  ],
  [
    'string-index string-index-of',
    'string part',
    'The position of a part; -1 where absent.',
    fixed(asks('string-index', false, (text, wanted, machine) => firstIndex(machine, text, wanted))),
  ],
  [
    'string-last-index last-index-of',
    'string part',
    'The last position of a part; -1 where absent.',
    fixed(asks('string-last-index', false, (text, wanted, machine) => lastIndex(machine, text, wanted))),
  ],
  ['string-count', 'string part', 'How often a part comes in a string.', fixed(countText)],
  [
    'string=? string-equal?',
    'string . string',
    'Whether strings are equal.',
    spread(compare('string=?', (a, b) => a === b)),
  ],
  ['string<?', 'string . string', 'Whether strings increase.', spread(compare('string<?', (a, b) => a < b))],
  ['string>?', 'string . string', 'Whether strings decrease.', spread(compare('string>?', (a, b) => a > b))],
  ['string<=?', 'string . string', 'Whether strings never decrease.', spread(compare('string<=?', (a, b) => a <= b))],
  ['string>=?', 'string . string', 'Whether strings never increase.', spread(compare('string>=?', (a, b) => a >= b))],
  [
    'string-ci=?',
    'string . string',
    'Whether strings are equal but for capitals.',
    spread(compare('string-ci=?', (a, b) => fold(a) === fold(b), FOLDED)),
  ],
  [
    'string-empty? blank?',
    'string',
    'Whether a string has nothing but blanks.',
    fixed((machine, value) => value === null || isBlank(machine, stringArg(machine, value, 'string-empty?'))),
  ],
  ['char=?', 'character . character', 'Whether characters are equal.', spread(compare('char=?', (a, b) => a === b))],
  ['char<?', 'character . character', 'Whether characters increase.', spread(compare('char<?', (a, b) => a < b))],
  ['char>?', 'character . character', 'Whether characters decrease.', spread(compare('char>?', (a, b) => a > b))],
];
