// Finds the places in a function where fuel is taken, and how much: at its entry, at each loop, and where ways part.
import type { Charges } from './charges.ts';
import { costOf, rateOf } from './costs.ts';
import { type Cursor, cut } from './cursor.ts';
import {
  BLOCK,
  BR_IF,
  BR_ON_CAST,
  BR_ON_CAST_FAIL,
  BR_ON_NON_NULL,
  BR_ON_NULL,
  CATCH,
  CATCH_ALL,
  DELEGATE,
  ELSE,
  END,
  GLOBAL_GET,
  GLOBAL_SET,
  IF,
  LOCAL_GET,
  LOCAL_TEE,
  LOOP,
  readInstruction,
  TRY,
  TRY_TABLE,
  WAIT_32,
  WAIT_64,
} from './instructions.ts';
import type { Shape } from './shape.ts';
import { hex } from './types.ts';

/** What is written before the instruction at `at`: bytes, or else a charge of this amount. */
export type Place = {
  readonly at: number;
  amount: number;
  readonly bytes: Uint8Array | undefined;
  /** The place that is charged instead: nothing is written here. */
  instead: Place | undefined;
};

/**
 * Up to which amount a way that may not be taken is charged in advance, where the ways part. Less means that more is
 * written into the code, more means that more is charged than is done.
 */
const ENOUGH = 64;

/**
 * Reads the instructions of a function to their end. Each is charged at a place that is always passed before it, and
 * passed again before it runs again: so all that runs is charged, and at most `ENOUGH` more at each place.
 */
export function findPlaces(cursor: Cursor, shape: Shape, locals: number, entry: number, charges: Charges): Place[] {
  const places: Place[] = [];
  /** For each block that is open: the place that is charged where it begins, and so again where it ends. */
  const open: Place[] = [];
  const add = (at: number, amount: number, bytes?: Uint8Array): Place => {
    const added = { at, amount, bytes, instead: undefined };
    places.push(added);
    return added;
  };
  let place = add(cursor.at, entry);
  /** Where the ways parted last: what is charged there could be charged here. */
  let before: Place | undefined;
  let hasParted = false;
  const part = (at: Place) => {
    hasParted = true;
    if (before !== undefined && before.amount + place.amount <= ENOUGH) {
      before.amount += place.amount;
      place.instead = before;
    }
    before = undefined;
    place = at;
    while (place.instead !== undefined) place = place.instead;
  };
  for (;;) {
    const { at } = cursor;
    const opcode = readInstruction(cursor);
    if (opcode === END || opcode === DELEGATE) {
      const outer = open.pop();
      part(outer ?? place);
      if (outer !== undefined) continue;
      if (cursor.at !== cursor.end || opcode === DELEGATE) cursor.refuse('has code behind the end of a function');
      return places;
    }
    if (opcode === ELSE || opcode === CATCH || opcode === CATCH_ALL) {
      part(open.at(-1) ?? cut(cursor));
      continue;
    }
    if (hasParted) {
      before = place;
      place = add(at, 0);
      hasParted = false;
    }
    const cost = costOf(opcode, cursor, shape);
    place.amount += cost;
    switch (opcode) {
      case BLOCK:
      case TRY:
      case TRY_TABLE:
        open.push(place);
        break;
      case IF:
        open.push(place);
        part(place);
        break;
      case LOOP:
        open.push(place);
        part(place);
        hasParted = false;
        place = add(cursor.at, 1 + cost);
        break;
      case BR_IF:
      case BR_ON_NULL:
      case BR_ON_NON_NULL:
      case BR_ON_CAST:
      case BR_ON_CAST_FAIL:
        part(place);
        break;
      default: {
        check(opcode, cursor, shape, locals);
        const length = rateOf(opcode, cursor, shape);
        if (length !== undefined) add(at, 0, charges.ofLength(length.rate, length.isWide, locals));
      }
    }
  }
}

/** What the meter adds must not become what the code already named in vain; and nothing waits without being charged. */
function check(opcode: number, { first, refuse }: Cursor, shape: Shape, locals: number): void {
  if (opcode >= LOCAL_GET && opcode <= LOCAL_TEE && first >= locals) {
    refuse(`uses a local ${first} in a function that has ${locals}`);
  }
  if ((opcode === GLOBAL_GET || opcode === GLOBAL_SET) && first >= shape.globals) {
    refuse(`uses a global ${first}, but has ${shape.globals}`);
  }
  if ((opcode === WAIT_32 || opcode === WAIT_64) && shape.sharesMemory) {
    refuse(`waits (${hex(opcode)}) for another thread, of which there is none`);
  }
}
