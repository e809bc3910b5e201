/** The reader: source text to forms, for both notations at once, without recursion. */
import { LispyError, limitError } from '../errors.ts';
import { defaultLimits, type LispyLimits } from '../limits.ts';
import { EMPTY, List } from '../values/list.ts';
import { LispyMap } from '../values/map.ts';
import { symbol } from '../values/symbol.ts';
import type { Value } from '../values/value.ts';
import { type Brackets, Origin, SourceText } from './origin.ts';
import { readString } from './string.ts';
import { isBlank, isDelimiter, parseAtom, parseCharacter } from './token.ts';

/** A form at the top of a source text. Nested forms know their places through `List.origin`. */
export type Form = { readonly value: Value; readonly source: SourceText; readonly offset: number };

/** An open bracket, or a prefix such as `'` that waits for its one form. */
type Open = {
  readonly closer: ')' | ']' | '}' | '';
  readonly brackets: Brackets;
  readonly offset: number;
  readonly items: Value[];
  readonly places: number[];
  structured: boolean;
};

const prefixes: Readonly<Record<string, string>> = { "'": 'quote', '`': 'quasiquote', '~': 'unquote', ',': 'unquote' };
const dot = symbol('.');
const splicing = 'unquote-splicing';

/**
 * Reads every form of a source text.
 *
 * @throws LispyError `parse` where the text is wrong, `incomplete` where it ends too early, `limit` where it is too much.
 */
export const readForms = (text: string, file: string, limits: LispyLimits = defaultLimits): Form[] => {
  const source = new SourceText(text, file);
  if (text.length > limits.source) {
    throw limitError('source', limits.source, `source text has ${text.length} characters`).locate(source.place(0));
  }
  return new Reader(source, limits).read();
};

class Reader {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #limits: LispyLimits;
  readonly #forms: Form[] = [];
  readonly #open: Open[] = [];
  #at = 0;
  #skipping: number[] = [];

  constructor(source: SourceText, limits: LispyLimits) {
    this.#source = source;
    this.#text = source.text;
    this.#limits = limits;
  }

  read(): Form[] {
    const text = this.#text;
    if (text.startsWith('#!')) this.#skipLine();
    while (this.#at < text.length) {
      const code = text.charCodeAt(this.#at);
      if (isBlank(code)) this.#at++;
      else if (code === 59) this.#skipLine();
      else this.#token(text[this.#at]!, this.#at);
    }
    const last = this.#open.at(-1);
    if (last) {
      const what = last.closer === '' ? 'A prefix has no form after it' : `Missing "${last.closer}" at the end`;
      throw this.#error('incomplete', what, last.offset);
    }
    return this.#forms;
  }

  #token(char: string, start: number): void {
    if (char === '(' || char === '[' || char === '{') {
      this.#at++;
      if (char === '(') this.#push(')', 'list', start);
      else if (char === '[') this.#push(']', 'vector', start);
      else this.#push('}', 'map', start);
    } else if (char === ')' || char === ']' || char === '}') {
      this.#at++;
      this.#close(char, start);
    } else if (char === '"') {
      const { value, end } = readString(this.#text, start, this.#limits, (code, message, at) =>
        this.#error(code, message, at),
      );
      this.#at = end;
      this.#add(value, start);
    } else if (prefixes[char] !== undefined) this.#prefix(char, start);
    else if (char === '#') this.#hash(start);
    else this.#atom(start);
  }

  #prefix(char: string, start: number): void {
    this.#at++;
    const follower = this.#text[this.#at];
    // A comma between items is blank, as in Clojure; before a form, without a blank, it unquotes, as in Scheme.
    if (char === ',' && (follower === undefined || isBlank(follower.charCodeAt(0)) || ')]};'.includes(follower)))
      return;
    let name = prefixes[char]!;
    if ((char === '~' || char === ',') && follower === '@') {
      this.#at++;
      name = splicing;
    }
    this.#push('', 'list', start);
    this.#open.at(-1)!.items.push(symbol(name));
    this.#open.at(-1)!.places.push(start);
  }

  #hash(start: number): void {
    const next = this.#text[start + 1];
    if (next === '(') {
      // A vector literal of Scheme: its items are data.
      this.#at++;
      this.#push('', 'list', start);
      this.#open.at(-1)!.items.push(symbol('quote'));
      this.#open.at(-1)!.places.push(start);
    } else if (next === '|') this.#skipBlockComment(start);
    else if (next === ';' || next === '_') {
      this.#at += 2;
      this.#skipping.push(this.#open.length);
    } else if (next === '\\') {
      let end = start + 3;
      while (end < this.#text.length && !isDelimiter(this.#text.charCodeAt(end))) end++;
      const value = parseCharacter(this.#text.slice(start + 2, end));
      if (value === undefined) throw this.#error('parse', `Unknown character "${this.#text.slice(start, end)}"`, start);
      this.#at = end;
      this.#add(value, start);
    } else this.#atom(start);
  }

  #atom(start: number): void {
    let end = start;
    while (end < this.#text.length && !isDelimiter(this.#text.charCodeAt(end))) end++;
    const token = this.#text.slice(start, end);
    this.#at = end;
    const value = parseAtom(token);
    if (value === undefined) throw this.#error('parse', `Number "${token.slice(0, 60)}" is out of range`, start);
    if (token[0] === '#' && typeof value === 'object' && token.length > 1 && !token.includes('%')) {
      throw this.#error('parse', `Unknown notation "${token.slice(0, 60)}"`, start);
    }
    this.#add(value, start);
  }

  #push(closer: Open['closer'], brackets: Brackets, offset: number): void {
    if (this.#open.length >= this.#limits.readerDepth) {
      throw this.#error('limit', '', offset);
    }
    this.#open.push({ closer, brackets, offset, items: [], places: [], structured: brackets === 'map' });
  }

  #close(char: string, at: number): void {
    const open = this.#open.at(-1);
    if (!open) throw this.#error('parse', `Unexpected "${char}": no bracket is open`, at);
    if (open.closer !== char) {
      const { line, column } = this.#source.place(open.offset);
      const wanted = open.closer === '' ? 'a form after the prefix' : `"${open.closer}"`;
      throw this.#error('parse', `Unexpected "${char}": expected ${wanted} for line ${line}, column ${column}`, at);
    }
    if (this.#skipping.at(-1) === this.#open.length)
      throw this.#error('parse', 'A comment "#;" has no form after it', at);
    this.#open.pop();
    this.#finish(open);
  }

  #finish(open: Open): void {
    const { items, places, brackets, offset, structured } = open;
    if (brackets === 'map' && items.length % 2 === 1)
      throw this.#error('parse', 'A map literal has a key without a value', offset);
    const none = brackets === 'map' ? new LispyMap() : EMPTY;
    const value =
      items.length === 0
        ? none
        : new List(items, 0, items.length, new Origin(this.#source, offset, brackets, places, structured));
    this.#add(value, offset, structured);
  }

  #add(value: Value, offset: number, structured = false): void {
    if (this.#skipping.at(-1) === this.#open.length) {
      this.#skipping.pop();
      return;
    }
    const open = this.#open.at(-1);
    if (!open) {
      this.#forms.push({ value, source: this.#source, offset });
      return;
    }
    open.items.push(value);
    open.places.push(offset);
    if (structured || value === dot) open.structured = true;
    if (open.closer === '') {
      this.#open.pop();
      this.#finish(open);
    }
  }

  #skipLine(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end + 1;
  }

  #skipBlockComment(start: number): void {
    let depth = 0;
    let at = start;
    do {
      if (this.#text.startsWith('#|', at)) depth++;
      else if (this.#text.startsWith('|#', at)) depth--;
      else {
        at++;
        continue;
      }
      at += 2;
    } while (depth > 0 && at < this.#text.length);
    if (depth > 0) throw this.#error('incomplete', 'A comment "#|" has no end', start);
    this.#at = at;
  }

  #error(code: 'parse' | 'incomplete' | 'limit', message: string, offset: number): LispyError {
    const place = this.#source.place(offset);
    if (code !== 'limit') return new LispyError(code, message, { place });
    const { readerDepth } = this.#limits;
    return limitError('reader-depth', readerDepth, `brackets nested ${readerDepth + 1} deep`).locate(place);
  }
}
