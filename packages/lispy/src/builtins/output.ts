/** Output: captured text, never a device. And `format`, in the spellings of Scheme, Common Lisp, Clojure and Python. */
import type { Machine } from '../machine/machine.ts';
import { displayValue, printValue } from '../print.ts';
import { rangeError } from '../type-error.ts';
import { checkNumber, toDouble } from '../values/arithmetic.ts';
import { isNumber, isString, type Value } from '../values/value.ts';
import { checkLength, newString, stringArg } from './arguments.ts';
import { family, fixed, type Row, spread } from './define.ts';

const write =
  (text: (value: Value, machine: Machine) => string, end: string) =>
  (machine: Machine, args: Value[]): Value => {
    const parts = args.map((arg) => text(arg, machine));
    const line = parts.join(' ') + end;
    machine.charge(line.length >> 4);
    machine.allocate(line.length * 2);
    machine.environment.write(line);
    return null;
  };

export const printLine = write(displayValue, '\n');

const directive = /~[aAsSdD%~]|\{(?::[^{}]{0,20})?\}|%(?:[-0]?\d{0,4}(?:\.\d{1,2})?[sdfiq]|%)/g;

/** Fills in a template: `~a ~s ~%`, `%s %d %5.2f`, `{}` and `{:.2f}`. */
const format = (machine: Machine, args: Value[]): Value => {
  // (format #f "…") and (format #t "…"), as in Scheme.
  const values = typeof args[0] === 'boolean' || args[0] === null ? args.slice(1) : args.slice();
  const template = stringArg(machine, values.shift() ?? '', 'format');
  machine.charge(template.length >> 4);
  let length = template.length;
  const text = template.replace(directive, (mark) => {
    if (mark === '~%') return '\n';
    if (mark === '~~') return '~';
    if (mark === '%%') return '%';
    const value = values.shift();
    if (value === undefined) throw rangeError(`"format" has no argument for "${mark}"`);
    const filled = fill(machine, mark, value);
    length += filled.length;
    checkLength(machine, length);
    return filled;
  });
  if (args[0] !== true) return newString(machine, text);
  machine.environment.write(text);
  return null;
};

const fill = (machine: Machine, mark: string, value: Value): string => {
  if (mark[0] === '~') return mark.toLowerCase() === '~s' ? printValue(value, machine) : displayValue(value, machine);
  if (mark[0] === '{') return mark === '{}' ? displayValue(value, machine) : styled(machine, mark.slice(2, -1), value);
  return styled(machine, mark.slice(1), value);
};

/** `-8.2f`: a sign or zero for filling, a width, digits, a kind. */
const styled = (machine: Machine, style: string, value: Value): string => {
  const [, flag = '', width = '', digits, kind = 's'] =
    /^([-0<>]?)(\d{0,4})(?:\.(\d{1,2}))?([sdfiq%]?)$/.exec(style) ?? [];
  let text = displayValue(value, machine);
  if (isNumber(value) && (digits !== undefined || kind === 'f')) text = toDouble(value).toFixed(Number(digits ?? 6));
  else if ((kind === 'd' || kind === 'i') && isNumber(value))
    text = isString(value)
      ? text
      : String(Math.trunc(toDouble(value)) === toDouble(value) ? text : Math.trunc(toDouble(value)));
  const size = Number(width);
  if (flag === '-' || flag === '<') return text.padEnd(size);
  return flag === '0' ? text.padStart(size, '0') : text.padStart(size);
};

const fixedDigits = (machine: Machine, value: Value, digits: Value = 2): Value => {
  const places = Number(checkNumber(digits, 'number-format'));
  if (!(places >= 0 && places <= 100)) throw rangeError(`"format-number" expects 0 to 100 digits, got ${places}`);
  return newString(machine, toDouble(checkNumber(value, 'format-number')).toFixed(places));
};

const rows: Row[] = [
  ['display', '. value', 'Writes values for people to the output.', spread(write(displayValue, ''))],
  ['write', 'value', 'Writes a value as it could be read.', spread(write(printValue, ''))],
  ['print', '. value', 'Writes values and ends the line.', spread(printLine)],
  ['println displayln', '. value', 'Writes values and ends the line.', spread(printLine)],
  ['prn writeln', '. value', 'Writes values as they could be read and ends the line.', spread(write(printValue, '\n'))],
  ['newline', '', 'Ends the line.', spread((machine) => printNewline(machine))],
  ['format', 'template . value', 'Fills values into a template: ~a, %s, {}, {:.2f}.', spread(format)],
  [
    'format-number to-fixed number-format',
    'number [digits]',
    'A number with that many digits after the point.',
    fixed(fixedDigits),
  ],
  [
    'pr-str write-string repr',
    'value',
    'The text of a value as it could be read.',
    fixed((machine, value) => printValue(value, machine)),
  ],
];

const printNewline = (machine: Machine): Value => {
  machine.environment.write('\n');
  return null;
};

export const outputBuiltins = family('output', rows);
