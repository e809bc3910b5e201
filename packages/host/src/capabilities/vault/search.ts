// Finds any of many texts in a text, in one pass: the time does not grow with their number, nor with what is in them.
import type { Form } from './forms.ts';

/** A stretch of the text that was found. */
export type Hit = { readonly start: number; readonly end: number; readonly name: string };

/** The texts to find. */
export interface Search {
  add(form: Form, name: string): void;
  /** Every stretch that any of them covers, in order; those that overlap are one. */
  find(text: string): readonly Hit[];
}

type Needle = Form & { readonly name: string };

/** Needles are looked up by their first characters, and those by a bit of a small table. */
const ANCHOR = 6;
const TABLE = 1 << 16;
/** What is compared at every place where the anchor fits; the rest of longer needles is found by their borders. */
const HEAD = 64;

export function createSearch(): Search {
  const table = new Uint8Array(TABLE);
  const anchored = new Map<string, Needle[]>();
  const short: Needle[] = [];
  const borders = new Map<string, Int32Array>();

  function add(form: Form, name: string): void {
    const { text } = form;
    const needle = { ...form, name };
    if (text.length < ANCHOR) {
      short.push(needle);
      return;
    }
    const anchor = text.slice(0, ANCHOR);
    const siblings = anchored.get(anchor);
    if (siblings === undefined) anchored.set(anchor, [needle]);
    else if (!siblings.some((known) => known.text === text)) siblings.push(needle);
    table[slotOf(text.charCodeAt(0), text.charCodeAt(1), text.charCodeAt(2))] = 1;
  }

  function find(text: string): readonly Hit[] {
    const hits: Hit[] = [];
    for (const needle of short) findShort(text, needle, hits);
    const searched = new Set<Needle>();
    let a = text.charCodeAt(0);
    let b = text.charCodeAt(1);
    for (let at = 0, last = text.length - ANCHOR; at <= last; at++) {
      const c = text.charCodeAt(at + 2);
      if (table[slotOf(a, b, c)] === 1) {
        for (const needle of anchored.get(text.slice(at, at + ANCHOR)) ?? []) {
          if (needle.text.length <= HEAD) {
            if (text.startsWith(needle.text, at)) push(hits, text, needle, at);
          } else if (!searched.has(needle) && text.startsWith(needle.text.slice(0, HEAD), at)) {
            searched.add(needle);
            findLong(text, needle, at, hits);
          }
        }
      }
      a = b;
      b = c;
    }
    return merge(hits);
  }

  /** Knuth, Morris and Pratt: no character of the text is looked at twice. */
  function findLong(text: string, needle: Needle, from: number, hits: Hit[]): void {
    const { text: wanted } = needle;
    const border = borders.get(wanted) ?? bordersOf(wanted);
    borders.set(wanted, border);
    let matched = 0;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      while (matched > 0 && wanted.charCodeAt(matched) !== code) matched = border[matched - 1] as number;
      if (wanted.charCodeAt(matched) === code) matched += 1;
      if (matched < wanted.length) continue;
      push(hits, text, needle, at - wanted.length + 1);
      matched = border[matched - 1] as number;
    }
  }

  return { add, find };
}

function slotOf(a: number, b: number, c: number): number {
  return (a * 961 + b * 31 + c) & (TABLE - 1);
}

function findShort(text: string, needle: Needle, hits: Hit[]): void {
  for (let at = text.indexOf(needle.text); at >= 0; at = text.indexOf(needle.text, at + 1))
    push(hits, text, needle, at);
}

/** For each length of a beginning, the longest shorter beginning that it ends with. */
function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length);
  for (let at = 1, length = 0; at < text.length; at++) {
    while (length > 0 && text.charCodeAt(at) !== text.charCodeAt(length)) length = borders[length - 1] as number;
    if (text.charCodeAt(at) === text.charCodeAt(length)) length += 1;
    borders[at] = length;
  }
  return borders;
}

const BASE64_DIGIT = /[\w+/-]/;

/** Adds a hit, or lets the one before reach further, so that a text of one repeated character makes one hit. */
function push(hits: Hit[], text: string, { text: wanted, edges, name }: Needle, at: number): void {
  const end = at + wanted.length;
  const before = edges === 'before' || edges === 'both' ? isDigit(text, at - 1) : 0;
  const after = edges === 'after' || edges === 'both' ? isDigit(text, end) : 0;
  const hit = { start: at - before, end: end + after, name };
  const last = hits.at(-1);
  if (last === undefined || last.name !== name || hit.start > last.end || hit.start < last.start) hits.push(hit);
  else hits[hits.length - 1] = { ...last, end: Math.max(last.end, hit.end) };
}

function isDigit(text: string, at: number): 0 | 1 {
  return BASE64_DIGIT.test(text.charAt(at)) ? 1 : 0;
}

function merge(hits: readonly Hit[]): readonly Hit[] {
  const merged: Hit[] = [];
  for (const hit of [...hits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || hit.start >= last.end) merged.push(hit);
    else if (hit.end > last.end) merged[merged.length - 1] = { ...last, end: hit.end };
  }
  return merged;
}
