/** Values as text: `printValue` as it could be read again, `displayValue` as people read it. Never recursive. */
import { limitError } from './errors.ts';
import { freeMeter, type Meter } from './limits.ts';
import { bitLength, chargeDigits } from './values/arithmetic.ts';
import { LispyFloat } from './values/float.ts';
import { EMPTY, List, Pair } from './values/list.ts';
import { LispyMap, type MapKey } from './values/map.ts';
import { Procedure } from './values/procedure.ts';
import { LispySymbol } from './values/symbol.ts';
import { Text } from './values/text.ts';
import type { Value } from './values/value.ts';
import { Items, Visits } from './values/walk.ts';

/** The text of a value that the reader turns back into it (procedures excepted): `("a" 2.0 nil)`. */
export const printValue = (value: Value, meter: Meter = freeMeter()): string => print(value, meter, true, undefined);

/** The text of a value for people: strings without quotes. */
export const displayValue = (value: Value, meter: Meter = freeMeter()): string => {
  if (typeof value === 'string') return value;
  if (value instanceof Text) return value.read(meter);
  return print(value, meter, false, undefined);
};

/** A short text of a value for error messages; safe for any structure. */
export const describe = (value: Value): string => {
  const text = print(value, freeMeter(), true, 60);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

/** A structure half printed: what comes next, and the bracket at its end. */
type Open = { readonly next: () => Value | Raw | undefined; readonly close: string; first: boolean };

/** Text that is no value: a printed key, or the dot before the tail of an improper list. */
class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const print = (root: Value, meter: Meter, quote: boolean, cut: number | undefined): string =>
  root instanceof LispyMap || root instanceof List || root instanceof Pair
    ? printStructure(root, meter, quote, cut)
    : printAtom(root, quote, meter, cut);

const printStructure = (root: Value, meter: Meter, quote: boolean, cut: number | undefined): string => {
  const parts: string[] = [];
  let length = 0;
  const stack: Open[] = [];
  const visits = cut === undefined ? new Visits(root, meter) : undefined;
  const write = (text: string): void => {
    length += text.length;
    if (length > meter.limits.string) throw limitError('string', meter.limits.string, 'printed text is too long');
    parts.push(text);
  };
  const start = (value: Value): void => {
    visits?.visit(stack.length);
    if (value instanceof LispyMap) {
      write('{');
      stack.push({ next: mapParts(value, quote, meter), close: '}', first: true });
    } else if (value instanceof List || value instanceof Pair) {
      write('(');
      stack.push({ next: listParts(value), close: ')', first: true });
    } else write(printAtom(value, quote, meter, cut));
  };
  start(root);
  for (let open = stack.at(-1); open; open = stack.at(-1)) {
    if (cut !== undefined && (length > cut || stack.length > 40)) break;
    const part = open.next();
    if (part === undefined) {
      write(open.close);
      stack.pop();
      continue;
    }
    if (!open.first) write(' ');
    open.first = false;
    if (part instanceof Raw) write(part.text);
    else start(part);
  }
  meter.charge(length >> 4);
  meter.allocate(length);
  return parts.join('');
};

const listParts = (list: Value): Open['next'] => {
  const items = new Items(list);
  let ending = 0;
  return () => {
    if (ending === 0) {
      const item = items.next();
      if (item !== undefined) return item;
      if (items.tail === EMPTY) return undefined;
    }
    ending++;
    return ending === 1 ? new Raw('.') : ending === 2 ? items.tail : undefined;
  };
};

const mapParts = (map: LispyMap, quote: boolean, meter: Meter): Open['next'] => {
  const entries = [...map.entries(meter)];
  let index = 0;
  return () => {
    const entry: [MapKey, Value] | undefined = entries[index >> 1];
    if (!entry) return undefined;
    const part = index++ % 2 === 0 ? new Raw(printAtom(entry[0], quote, meter, undefined)) : entry[1];
    return part;
  };
};

const printAtom = (value: Value, quote: boolean, meter: Meter, cut: number | undefined): string => {
  if (value === null) return 'nil';
  if (value === true) return '#t';
  if (value === false) return '#f';
  if (value === EMPTY) return '()';
  if (typeof value === 'string') return quote ? quoteText(cut ? value.slice(0, cut + 1) : value) : value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'bigint') {
    return printBigint(value, meter, cut);
  }
  if (value instanceof LispyFloat) return printFloat(value.value);
  if (value instanceof LispySymbol) return value.name;
  if (value instanceof Text)
    return cut ? `"<string of ${value.length} characters>"` : quote ? quoteText(value.read(meter)) : value.read(meter);
  if (value instanceof Procedure) return `#<procedure ${value.name || 'lambda'}>`;
  return '#<value>';
};

/** Decimal digits take time that grows faster than their number: a message does without them. */
const printBigint = (value: bigint, meter: Meter, cut: number | undefined): string => {
  const bits = bitLength(value);
  if (cut !== undefined && bits > 256) return '<big integer>';
  chargeDigits(meter, bits);
  meter.charge(Math.ceil(bits ** 2 / 2 ** 22));
  return value.toString();
};

/** An integral float keeps its point: `2.0`. */
export const printFloat = (value: number): string => {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.eE]/.test(text) ? text : `${text}.0`;
};

const special: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };

/** A string literal that reads back as `text`. */
const quoteText = (text: string): string =>
  // Control characters and lone surrogates do not survive as they are.
  `"${text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be escaped
    /["\\\u0000-\u001f\u007f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (char) => special[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}"`;
