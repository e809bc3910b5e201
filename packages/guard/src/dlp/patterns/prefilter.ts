// The first pass over a text: one table look-up a character finds the places where a pattern could begin.

import { classesOf } from './automaton.ts';
import { type CharSet, SYMBOLS } from './char-set.ts';

/** What a match begins with, one set a place. `after`, where given, holds what may stand before it (or nothing may). */
export type Trigger = { readonly prefix: readonly CharSet[]; readonly after?: CharSet };

/** Finds the triggers of a text. */
export interface Prefilter {
  /** Calls back with each trigger's number and the place of its first character, in the order in which they end. */
  sweep(text: string, onTrigger: (trigger: number, start: number) => void): void;
}

const MOST_STATES = 4096;
const UNKNOWN = -1;
const FIRES = 0x8000_0000 | 0;
const OFFSET = 0x7fff_ffff;

/**
 * An automaton over all triggers at once, whose states are made when a text first reaches them. It forgets them all
 * when there are too many, so that memory is bounded and time stays linear.
 */
export function createPrefilter(triggers: readonly Trigger[]): Prefilter {
  const chains = triggers.map(({ prefix, after }) => (after === undefined ? prefix : [after, ...prefix]));
  const { classOf, width, symbols } = classesOf(chains.flat());
  const classes = new Uint8Array(65_536).fill(classOf[SYMBOLS - 1] as number);
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
    sweep(text, onTrigger) {
      const cursor: Cursor = { at: 0, offset: 0 };
      while (quietly(text, classes, table, cursor)) {
        const symbolClass = classes[text.charCodeAt(cursor.at)] as number;
        let entry = table[cursor.offset + symbolClass] as number;
        if (entry === UNKNOWN) entry = grow(cursor.offset, symbolClass);
        cursor.offset = entry & OFFSET;
        cursor.at++;
        if (entry >= 0) continue;
        for (const trigger of states[cursor.offset / width]?.fires ?? []) {
          onTrigger(trigger, cursor.at - (triggers[trigger]?.prefix.length ?? 0));
        }
      }
    },
  };
}

/** The next character to read, and the row of the state that reads it. */
type Cursor = { at: number; offset: number };

/** Reads on to where something has to be done. On its own, so that it stays one tight loop over local variables. */
function quietly(text: string, classes: Uint8Array, table: Int32Array, cursor: Cursor): boolean {
  const length = text.length;
  let { at, offset } = cursor;
  while (at < length) {
    const entry = table[offset + (classes[text.charCodeAt(at)] as number)] as number;
    if (entry < 0) break;
    offset = entry;
    at++;
  }
  cursor.at = at;
  cursor.offset = offset;
  return at < length;
}
