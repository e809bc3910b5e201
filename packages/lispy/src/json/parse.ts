/** JSON text to values: exact integers, floats that stay floats, bounded depth, no recursion. */
import { LispyError, limitError } from '../errors.ts';
import type { Meter } from '../limits.ts';
import { parseNumber } from '../reader/token.ts';
import { listOf } from '../values/list.ts';
import { LispyMap, type MapKey } from '../values/map.ts';
import type { Value } from '../values/value.ts';

type Open = { readonly items: Value[] | undefined; readonly entries: Map<MapKey, Value> | undefined; key: string };

const literals: readonly (readonly [string, Value])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * The value of a JSON text.
 *
 * @throws LispyError `parse` where the text is wrong, `limit` where it is nested too deep or has too many items.
 */
export const parseJson = (text: string, meter: Meter): Value => new JsonReader(text, meter).read();

class JsonReader {
  readonly #text: string;
  readonly #meter: Meter;
  readonly #open: Open[] = [];
  #at = 0;
  #count = 0;

  constructor(text: string, meter: Meter) {
    this.#text = text;
    this.#meter = meter;
    meter.charge(text.length >> 4);
  }

  read(): Value {
    for (;;) {
      let value = this.#start();
      // A finished value goes into what is open; that may finish in turn.
      while (value !== undefined) {
        const open = this.#open.at(-1);
        if (!open) return this.#end(value);
        value = this.#put(open, value);
      }
    }
  }

  #end(value: Value): Value {
    this.#blanks();
    if (this.#at < this.#text.length) throw this.#error('Unexpected text after the value');
    return value;
  }

  /** Reads an atom or an empty collection; opens any other and gives `undefined`. */
  #start(): Value | undefined {
    this.#blanks();
    const char = this.#text[this.#at];
    if (char === '"') return this.#string();
    if (char === '[') {
      this.#deeper();
      this.#at++;
      this.#blanks();
      if (this.#text[this.#at] === ']') {
        this.#at++;
        return listOf([]);
      }
      this.#open.push({ items: [], entries: undefined, key: '' });
      return undefined;
    }
    if (char === '{') {
      this.#deeper();
      this.#at++;
      this.#blanks();
      if (this.#text[this.#at] === '}') {
        this.#at++;
        return new LispyMap();
      }
      this.#open.push({ items: undefined, entries: new Map(), key: this.#key() });
      return undefined;
    }
    return this.#atom();
  }

  #deeper(): void {
    const { readerDepth } = this.#meter.limits;
    if (this.#open.length >= readerDepth) throw limitError('reader-depth', readerDepth, 'JSON text is nested too deep');
    this.#meter.allocate(64);
  }

  /** Puts a value into the open collection; the collection itself where that was its last. */
  #put(open: Open, value: Value): Value | undefined {
    if ((++this.#count & 63) === 0) {
      this.#meter.charge(64);
      this.#meter.allocate(64 * 24);
    }
    if (open.items) open.items.push(value);
    else open.entries!.set(open.key, value);
    const size = open.items?.length ?? open.entries!.size;
    if (size > this.#meter.limits.items)
      throw limitError('items', this.#meter.limits.items, 'JSON collection has too many items');
    this.#blanks();
    const char = this.#text[this.#at++];
    if (char === ',') {
      if (open.entries) {
        this.#blanks();
        open.key = this.#key();
      }
      return undefined;
    }
    if (char !== (open.items ? ']' : '}'))
      throw this.#error(`Expected "," or "${open.items ? ']' : '}'}"`, this.#at - 1);
    this.#open.pop();
    return open.items ? listOf(open.items) : new LispyMap(open.entries);
  }

  #key(): string {
    if (this.#text[this.#at] !== '"') throw this.#error('Expected a key in quotes');
    const key = this.#string();
    this.#blanks();
    if (this.#text[this.#at++] !== ':') throw this.#error('Expected ":" after a key', this.#at - 1);
    return key;
  }

  #string(): string {
    const start = this.#at;
    let at = start + 1;
    let escaped = false;
    for (; ; at++) {
      const code = this.#text.charCodeAt(at);
      if (Number.isNaN(code) || code < 32) throw this.#error('String has no end', start);
      if (code === 34) break;
      if (code === 92) {
        escaped = true;
        at++;
      }
    }
    this.#at = at + 1;
    const raw = this.#text.slice(start, at + 1);
    if (!escaped) return raw.slice(1, -1);
    try {
      return JSON.parse(raw) as string;
    } catch {
      throw this.#error('String has a wrong escape', start);
    }
  }

  #atom(): Value {
    for (const [word, value] of literals) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    numberPattern.lastIndex = this.#at;
    const digits = numberPattern.exec(this.#text)?.[0];
    if (digits === undefined)
      throw this.#error(this.#at < this.#text.length ? 'Unexpected character' : 'Text ends too early');
    this.#meter.charge(Math.ceil(digits.length ** 2 / 2 ** 18));
    this.#at += digits.length;
    const number = parseNumber(digits);
    if (number === null || number === undefined) throw this.#error(`Number "${digits.slice(0, 60)}" is out of range`);
    return number;
  }

  #blanks(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.#at++;
    }
  }

  #error(what: string, at = this.#at): LispyError {
    return new LispyError('parse', `JSON: ${what} at character ${at + 1}`);
  }
}
