/** Values as JSON text. Integers of any size are written as numbers: the text loses nothing. */
import { LispyError, limitError } from '../errors.ts';
import type { Meter } from '../limits.ts';
import { printFloat } from '../print.ts';
import { bitLength, chargeDigits } from '../values/arithmetic.ts';
import { LispyFloat } from '../values/float.ts';
import { EMPTY, List, Pair } from '../values/list.ts';
import { keyText, LispyMap } from '../values/map.ts';
import { LispySymbol } from '../values/symbol.ts';
import { Text } from '../values/text.ts';
import { typeName, type Value } from '../values/value.ts';
import { Items, Visits } from '../values/walk.ts';

/** A bracket that is open: gives the next part, already with its key, or `undefined` at the end. */
type Open = { readonly next: () => { key: string; value: Value } | undefined; readonly close: string; first: boolean };

/** The JSON text of a value, on indented lines where `indent` is above zero. */
export const dumpJson = (root: Value, meter: Meter, indent: number): string => {
  const parts: string[] = [];
  let length = 0;
  const stack: Open[] = [];
  const visits = new Visits(root, meter);
  const write = (text: string): void => {
    length += text.length;
    if (length > meter.limits.string) throw limitError('string', meter.limits.string, 'JSON text is too long');
    parts.push(text);
  };
  const line = (depth: number): void => {
    if (indent > 0) write(`\n${' '.repeat(Math.min(indent * depth, 1000))}`);
  };
  const start = (value: Value): void => {
    visits.visit(stack.length);
    if (value instanceof LispyMap && value.size > 0) {
      write('{');
      stack.push({ next: mapEntries(value, meter), close: '}', first: true });
    } else if (value instanceof List || value instanceof Pair) {
      write('[');
      stack.push({ next: listItems(value), close: ']', first: true });
    } else write(value instanceof LispyMap ? '{}' : atom(value, meter));
  };
  start(root);
  for (let open = stack.at(-1); open; open = stack.at(-1)) {
    const part = open.next();
    if (part === undefined) {
      line(stack.length - 1);
      write(open.close);
      stack.pop();
      continue;
    }
    if (!open.first) write(indent > 0 ? ',' : ', ');
    open.first = false;
    line(stack.length);
    write(part.key);
    start(part.value);
  }
  return parts.join('');
};

const listItems = (list: Value): Open['next'] => {
  const items = new Items(list);
  return () => {
    const value = items.next();
    if (value !== undefined) return { key: '', value };
    if (items.tail !== EMPTY && items.tail !== null) throw new LispyError('not-json', 'Improper list is no JSON value');
    return undefined;
  };
};

const mapEntries = (map: LispyMap, meter: Meter): Open['next'] => {
  const entries = [...map.entries(meter)].values();
  return () => {
    const entry = entries.next();
    return entry.done ? undefined : { key: `${JSON.stringify(keyText(entry.value[0]))}: `, value: entry.value[1] };
  };
};

const atom = (value: Value, meter: Meter): string => {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (value === EMPTY) return '[]';
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Text) return JSON.stringify(value.read(meter));
  if (value instanceof LispySymbol) return JSON.stringify(value.name);
  if (value instanceof LispyFloat) return printFloat(value.value);
  if (typeof value === 'bigint') {
    const bits = bitLength(value);
    chargeDigits(meter, bits);
    meter.charge(Math.ceil(bits ** 2 / 2 ** 22));
    return value.toString();
  }
  throw new LispyError('not-json', `${typeName(value)} is no JSON value`, { got: typeName(value) });
};
