// The first pass over a text: one table look-up a character finds the places where a pattern could begin.

import { classesOf } from './automaton.ts';
import { BEYOND, type CharSet, SYMBOLS } from './char-set.ts';
import { bytes, CHUNK, readChunk } from './chunk.ts';

/** What a match begins with, one set a place. `after`, where given, holds what may stand before it (or nothing may). */
export type Trigger = { readonly prefix: readonly CharSet[]; readonly after?: CharSet };

/** Finds the triggers of a text. */
export interface Prefilter {
  /**
   * Calls back with each trigger's number and the place of its first character, in the order in which they end, and
   * with the parts that hold all marked characters. It is not to be called again before it returns.
   */
  sweep(
    text: string,
    onTrigger: (trigger: number, start: number) => void,
    onMark?: (start: number, end: number) => void,
  ): void;
}

const MOST_STATES = 4096;
const NONE: CharSet = new Uint8Array(SYMBOLS);
const UNKNOWN = -1;
const FIRES = 0x8000_0000 | 0;
const OFFSET = 0x7fff_ffff;

/**
 * An automaton over all triggers at once, and over characters that are `marked`, whose states are made when a text
 * first reaches them. It forgets them all when there are too many, so that memory is bounded and time stays linear.
 */
export function createPrefilter(wanted: readonly Trigger[], marked: CharSet = NONE): Prefilter {
  const mark = wanted.length;
  const triggers: readonly Trigger[] = [...wanted, { prefix: [marked.with(BEYOND, 0)] }];
  const chains = triggers.map(({ prefix, after }) => (after === undefined ? prefix : [after, ...prefix]));
  const { classOf, width, symbols } = classesOf(chains.flat());
  const classes = new Uint8Array(256).fill(classOf[SYMBOLS - 1] as number);
  classes.set(classOf.subarray(0, SYMBOLS - 1));

  let table = new Int32Array(0);
  let states: { readonly items: readonly number[]; readonly fires: readonly number[] }[] = [];
  let ids = new Map<string, number>();
  forget();

  /** An item is a trigger and how many of its places were read, in one number. */
  function stateOf(items: readonly number[], fires: readonly number[]): number {
    const key = `${items.join()};${fires.join()}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    if ((states.length + 1) * width > table.length) {
      const larger = new Int32Array(Math.max(64 * width, table.length * 2)).fill(UNKNOWN);
      larger.set(table);
      table = larger;
    }
    ids.set(key, states.length);
    return states.push({ items, fires }) - 1;
  }

  function forget(): void {
    table = new Int32Array(0);
    states = [];
    ids = new Map();
    // As if a character had just been read that may stand before everything.
    stateOf(
      chains.flatMap((_, trigger) => (triggers[trigger]?.after === undefined ? [] : [trigger * 64 + 1])),
      [],
    );
  }

  function grow(offset: number, symbolClass: number): number {
    const symbol = symbols[symbolClass] as number;
    const from = states[offset / width]?.items ?? [];
    const items: number[] = [];
    const fires: number[] = [];
    const advance = (trigger: number, read: number) => {
      const chain = chains[trigger] ?? [];
      if (chain[read]?.[symbol] !== 1) return;
      if (read + 1 === chain.length) fires.push(trigger);
      else items.push(trigger * 64 + read + 1);
    };
    for (const item of from) advance(item >> 6, item & 63);
    for (let trigger = 0; trigger < chains.length; trigger++) advance(trigger, 0);
    const full = states.length >= MOST_STATES;
    if (full) forget();
    const entry = (stateOf(items, fires) * width) | (fires.length > 0 ? FIRES : 0);
    if (!full) table[offset + symbolClass] = entry;
    return entry;
  }

  return {
    sweep(text, onTrigger, onMark) {
      let offset = 0;
      for (let from = 0; from < text.length; from += CHUNK) {
        const size = Math.min(text.length - from, CHUNK);
        // Where one character is beyond ASCII, many are: the automaton would stop at each.
        const isAscii = readChunk(text, from, from + size);
        if (!isAscii && marked[BEYOND] === 1) onMark?.(from, from + size);
        const cursor: Cursor = { at: 0, offset };
        while (quietly(size, classes, table, cursor)) {
          const symbolClass = classes[bytes[cursor.at] as number] as number;
          let entry = table[cursor.offset + symbolClass] as number;
          if (entry === UNKNOWN) entry = grow(cursor.offset, symbolClass);
          cursor.offset = entry & OFFSET;
          cursor.at++;
          if (entry >= 0) continue;
          for (const trigger of states[cursor.offset / width]?.fires ?? []) {
            if (trigger !== mark) onTrigger(trigger, from + cursor.at - (triggers[trigger]?.prefix.length ?? 0));
            else if (isAscii || marked[BEYOND] !== 1) onMark?.(from + cursor.at - 1, from + cursor.at);
          }
        }
        offset = cursor.offset;
      }
    },
  };
}

/** The next character to read, and the row of the state that reads it. */
type Cursor = { at: number; offset: number };

/** Reads on to where something has to be done. On its own, so that it stays one tight loop over local variables. */
function quietly(length: number, classes: Uint8Array, table: Int32Array, cursor: Cursor): boolean {
  let { at, offset } = cursor;
  while (at < length) {
    const entry = table[offset + (classes[bytes[at] as number] as number)] as number;
    if (entry < 0) break;
    offset = entry;
    at++;
  }
  cursor.at = at;
  cursor.offset = offset;
  return at < length;
}
