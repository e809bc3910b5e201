// Patterns of Lua, matched with a count of steps: a pattern can take longer than the universe has left.

import { isDigit, isInSet, isOfClass } from './classes.ts';

/** A part that was captured, a position alone, or a capture that was never closed: only who uses it is told. */
export type Capture = { readonly from: number; readonly to: number | 'open' | 'position' };

export type Match = { readonly from: number; readonly to: number; readonly captures: readonly Capture[] };

/** Why a pattern is none; becomes an error of Lua. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

type Open = { readonly from: number; to: Capture['to'] };

const [PERCENT, OPEN, CLOSE, DOLLAR, DOT, SET, SET_END, CARET, STAR, PLUS, MINUS, OPTION] = Array.from(
  '%()$.[]^*+-?',
  (c) => c.charCodeAt(0),
) as [number, number, number, number, number, number, number, number, number, number, number, number];
const [LETTER_B, LETTER_F] = [0x62, 0x66];
/** What begins a pattern, and is no item of one byte. */
const NO_ITEMS: ReadonlySet<number> = new Set([OPEN, CLOSE, DOLLAR, CARET]);
/** Suffixes by which an item can match nothing. */
const SUFFIXES_OF_NONE: ReadonlySet<number> = new Set([STAR, MINUS, OPTION]);
const MOST_CAPTURES = 32;
const DEEPEST = 200;
/** So many bytes are looked at one by one, before a table of all that can begin a match is worth its making. */
const MOST_WITHOUT_TABLE = 64;
/** Steps are told in lumps. */
const LUMP = 256;
/** So many take as long as an instruction. */
const STEPS_OF_INSTRUCTION = 4;

/**
 * A pattern, to be tried at places of a text. `spend` is told of the steps that it takes, and may throw; without
 * `anchors`, as in gmatch, a caret at its begin stands for itself.
 */
export function createMatcher(text: Uint8Array, pattern: Uint8Array, spend: (steps: number) => void, anchors = true) {
  const anchored = anchors && pattern[0] === CARET;
  const firstEnd = endOfFirst();
  let firsts: Uint8Array | undefined;
  let captures: Open[] = [];
  let depth = 0;
  let steps = 0;

  function step(): void {
    steps++;
    if (steps % LUMP === 0) spend(LUMP / STEPS_OF_INSTRUCTION);
  }

  /** Where the first item of the pattern ends, if a match has to begin with one byte of it; else -1. */
  function endOfFirst(): number {
    const [first, second] = pattern;
    const isOther = first === PERCENT && second !== undefined && isDigitOrBalance(second);
    if (first === undefined || isOther || NO_ITEMS.has(first)) return -1;
    const end = itemEnd(0);
    return SUFFIXES_OF_NONE.has(pattern[end] as number) ? -1 : end;
  }

  /** Where the item of the pattern that begins at `p` ends. */
  function itemEnd(p: number): number {
    const first = pattern[p];
    let at = p + 1;
    if (first === PERCENT) {
      if (at >= pattern.length) throw new PatternError("malformed pattern (ends with '%')");
      return at + 1;
    }
    if (first !== SET) return at;
    if (pattern[at] === CARET) at++;
    do {
      if (at >= pattern.length) throw new PatternError("malformed pattern (missing ']')");
      const inner = pattern[at++];
      if (inner === PERCENT) at++;
    } while (at >= pattern.length || pattern[at] !== SET_END);
    return at + 1;
  }

  function matchesItem(s: number, p: number, end: number): boolean {
    return s < text.length && isOfItem(text[s] as number, p, end);
  }

  function isOfItem(byte: number, p: number, end: number): boolean {
    switch (pattern[p]) {
      case DOT:
        return true;
      case PERCENT:
        return isOfClass(byte, pattern[p + 1] as number);
      case SET:
        return isInSet(pattern, byte, p, end - 1);
      default:
        return pattern[p] === byte;
    }
  }

  /** Where the match of the rest of the pattern ends; -1: nowhere. */
  function match(from: number, start: number): number {
    let [s, p] = [from, start];
    depth++;
    if (depth > DEEPEST) throw new PatternError('pattern too complex');
    try {
      while (p < pattern.length) {
        step();
        switch (pattern[p]) {
          case OPEN:
            return pattern[p + 1] === CLOSE
              ? within({ from: s, to: 'position' }, s, p + 2)
              : within({ from: s, to: 'open' }, s, p + 1);
          case CLOSE:
            return close(s, p + 1);
          case DOLLAR:
            if (p + 1 === pattern.length) return s === text.length ? s : -1;
            break;
          case PERCENT: {
            const next = pattern[p + 1];
            if (next === LETTER_B) {
              s = balanced(s, p + 2);
              if (s < 0) return -1;
              p += 4;
              continue;
            }
            if (next === LETTER_F) {
              const end = itemEnd(p + 2);
              if (pattern[p + 2] !== SET) throw new PatternError("missing '[' after '%f' in pattern");
              const [before, here] = [s === 0 ? 0 : (text[s - 1] as number), text[s] ?? 0];
              if (isInSet(pattern, before, p + 2, end - 1) || !isInSet(pattern, here, p + 2, end - 1)) return -1;
              p = end;
              continue;
            }
            if (next !== undefined && next >= 0x30 && next <= 0x39) {
              s = again(s, next);
              if (s < 0) return -1;
              p += 2;
              continue;
            }
          }
        }
        const end = itemEnd(p);
        const suffix = pattern[end];
        if (suffix === OPTION) {
          if (matchesItem(s, p, end)) {
            const found = match(s + 1, end + 1);
            if (found >= 0) return found;
          }
          p = end + 1;
        } else if (suffix === PLUS) return matchesItem(s, p, end) ? most(s + 1, p, end) : -1;
        else if (suffix === STAR) return most(s, p, end);
        else if (suffix === MINUS) return least(s, p, end);
        else if (matchesItem(s, p, end)) {
          s++;
          p = end;
        } else return -1;
      }
      return s;
    } finally {
      depth--;
    }
  }

  function most(s: number, p: number, end: number): number {
    let count = 0;
    while (matchesItem(s + count, p, end)) {
      count++;
      step();
    }
    for (; count >= 0; count--) {
      const found = match(s + count, end + 1);
      if (found >= 0) return found;
    }
    return -1;
  }

  function least(from: number, p: number, end: number): number {
    for (let s = from; ; s++) {
      const found = match(s, end + 1);
      if (found >= 0) return found;
      if (!matchesItem(s, p, end)) return -1;
      step();
    }
  }

  function within(capture: Open, s: number, p: number): number {
    if (captures.length >= MOST_CAPTURES) throw new PatternError('too many captures');
    captures.push(capture);
    const found = match(s, p);
    if (found < 0) captures.pop();
    return found;
  }

  function close(s: number, p: number): number {
    const capture = captures.findLast(({ to }) => to === 'open');
    if (capture === undefined) throw new PatternError('invalid pattern capture');
    capture.to = s;
    const found = match(s, p);
    if (found < 0) capture.to = 'open';
    return found;
  }

  function balanced(s: number, p: number): number {
    if (p + 1 >= pattern.length) throw new PatternError("malformed pattern (missing arguments to '%b')");
    const [begin, end] = [pattern[p], pattern[p + 1]];
    if (s >= text.length || text[s] !== begin) return -1;
    let level = 1;
    for (let at = s + 1; at < text.length; at++) {
      step();
      if (text[at] === end) {
        level--;
        if (level === 0) return at + 1;
      } else if (text[at] === begin) level++;
    }
    return -1;
  }

  function again(s: number, digit: number): number {
    const number = digit - 0x31;
    const capture = captures[number];
    if (capture?.to === 'position') return -1;
    if (capture === undefined || capture.to === 'open') {
      throw new PatternError(`invalid capture index %${number + 1}`);
    }
    const length = capture.to - capture.from;
    if (text.length - s < length) return -1;
    for (let at = 0; at < length; at++) {
      step();
      if (text[capture.from + at] !== text[s + at]) return -1;
    }
    return s + length;
  }

  return {
    anchored,
    /** A match that begins at `from`. @throws PatternError */
    at(from: number): Match | undefined {
      captures = [];
      depth = 0;
      const to = match(from, anchored ? 1 : 0);
      return to < 0 ? undefined : { from, to, captures: [...captures] };
    },
    /** The first place at or after `from` where a match could begin. */
    next(from: number): number {
      if (firstEnd < 0) return from;
      let at = from;
      const near = Math.min(text.length, from + MOST_WITHOUT_TABLE);
      while (at < near && !isOfItem(text[at] as number, 0, firstEnd)) at++;
      if (at === near && at < text.length) {
        firsts ??= Uint8Array.from({ length: 256 }, (_, byte) => (isOfItem(byte, 0, firstEnd) ? 1 : 0));
        while (at < text.length && firsts[text[at] as number] === 0) at++;
        spend((at - from) >> 2);
      }
      return at;
    },
    /** The first match at or after `from`. @throws PatternError */
    from(from: number): Match | undefined {
      for (let at = this.next(from); at <= text.length; at = this.next(at + 1)) {
        const found = this.at(at);
        if (found !== undefined) return found;
        if (anchored) return undefined;
        step();
      }
      return undefined;
    },
  };
}

/** After a percent sign: no class, but something else. */
function isDigitOrBalance(byte: number): boolean {
  return isDigit(byte) || byte === LETTER_B || byte === LETTER_F;
}
