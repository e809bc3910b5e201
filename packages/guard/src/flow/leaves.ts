// A JSON value as its leaves: whatever in it can carry something, and where it stands.
import type { Json } from '@pypes/contract';
import { toStep } from './lattice.ts';

/** A text, a number, a truth value, null or an empty container, and its JSON pointer. */
export type Leaf = { readonly pointer: string; readonly value: Json };

/**
 * The leaves of a value. Names of members are leaves too, at the pointer of the member, but for those of the outermost
 * object: they are the names of arguments. Empty lists and objects are leaves: many of them are a text.
 */
export function* leavesOf(value: Json, pointer = ''): Generator<Leaf> {
  if (typeof value !== 'object' || value === null) {
    yield { pointer, value };
    return;
  }
  const members = Object.entries(value);
  if (members.length === 0 && pointer !== '') yield { pointer, value };
  for (const [name, item] of members) {
    const at = pointer + toStep(name);
    if (pointer !== '' && !Array.isArray(value)) yield { pointer: at, value: name };
    yield* leavesOf(item, at);
  }
}
