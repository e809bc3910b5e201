// Compiles lists of anything but numbers, lists of fixed length, and tuples: arrays on both sides.
import type { Codec, Run } from './codec.ts';
import { lengthOf } from './objects.ts';
import { fail, report, tooLarge, type Walk } from './walk.ts';

/** The codec of a list whose items are no numbers. */
export function list(item: Codec): Codec {
  const { fromJson, toJson, run } = item;
  return {
    fromJson: (value, walk) => readItems(value, walk, fromJson, undefined, run?.fromJson),
    toJson: (value, walk) => readItems(value, walk, toJson, undefined, run?.toJson),
    measure: (value) => measureItems(value as readonly unknown[], item),
  };
}

/**
 * The codec of a list of fixed length. jco-transpile 0.15 gives and takes plain arrays for these, of numbers too (seen
 * in its glue for `list<u8, 4>`).
 */
export function fixedList(item: Codec, length: number): Codec {
  const { fromJson, toJson } = item;
  return {
    fromJson: (value, walk) => readItems(value, walk, fromJson, length),
    toJson: (value, walk) => readItems(value, walk, toJson, length),
    measure: (value) => measureItems(value as readonly unknown[], item),
  };
}

/** The codec of a tuple. */
export function tuple(items: readonly Codec[]): Codec {
  const reads = items.map(({ fromJson }) => fromJson);
  const writes = items.map(({ toJson }) => toJson);
  return {
    fromJson: (value, walk) => readEach(value, walk, reads),
    toJson: (value, walk) => readEach(value, walk, writes),
    measure(value) {
      const array = value as readonly unknown[];
      let bytes = 2 + Math.max(0, items.length - 1);
      for (const [index, item] of items.entries()) bytes += item.measure(array[index]);
      return bytes;
    },
  };
}

type Read<Made> = (value: unknown, walk: Walk) => Made;

function readItems<Made>(
  value: unknown,
  walk: Walk,
  read: Read<Made>,
  wanted: number | undefined,
  run?: Run,
): Made[] | null {
  if (!isArray(value)) return fail(walk, 'an array (list)', value) ?? null;
  const length = lengthOf(value);
  if (wanted !== undefined && length !== wanted) {
    return report(walk, `an array of ${wanted} items`, `an array of ${length}`) ?? null;
  }
  if (length > walk.maxItems) return report(walk, `at most ${walk.maxItems} items`, `an array of ${length}`) ?? null;
  walk.seen += 2;
  const { path, maxBytes } = walk;
  const at = walk.depth++;
  const isKept = walk.isLook || walk.isOwned;
  const isChanged = walk.isOwned && !walk.isLook;
  const made = (isKept ? value : []) as Made[];
  for (let index = run?.(value, walk) ?? 0; index < length; index++) {
    path[at] = index;
    const item = itemAt(value, index, walk);
    const next = read(item, walk);
    if (!isKept) made.push(next);
    else if (isChanged && next !== item) made[index] = next;
    walk.seen++;
    if (walk.seen > maxBytes) tooLarge(walk);
  }
  walk.depth = at;
  return made;
}

function readEach<Made>(value: unknown, walk: Walk, reads: readonly Read<Made>[]): Made[] | null {
  if (!isArray(value)) return fail(walk, 'an array (tuple)', value) ?? null;
  const length = lengthOf(value);
  if (length !== reads.length) {
    return report(walk, `an array of ${reads.length} items (tuple)`, `an array of ${length}`) ?? null;
  }
  walk.seen += 2;
  if (walk.seen > walk.maxBytes) tooLarge(walk);
  const at = walk.depth++;
  const made: Made[] = [];
  for (let index = 0; index < length; index++) {
    walk.path[at] = index;
    made.push((reads[index] as Read<Made>)(itemAt(value, index, walk), walk));
  }
  walk.depth = at;
  return made;
}

function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** An item; where undefined could mean none, a hole still means that something is missing. */
function itemAt(array: readonly unknown[], index: number, walk: Walk): unknown {
  const item = array[index];
  if (item === undefined && !Object.hasOwn(array, index)) report(walk, 'an item', 'a hole in the array');
  return item;
}

function measureItems(array: readonly unknown[], { measure }: Codec): number {
  let bytes = 2 + Math.max(0, array.length - 1);
  for (let index = 0; index < array.length; index++) bytes += measure(array[index]);
  return bytes;
}
