// The state of one pass over a value: where it is, how much it has seen, what it has found wrong.
import { describeValue, WitValueError, type WitViolation } from './errors.ts';

/** Bounds on one value. */
export type ValueLimits = {
  /** The most bytes of its canonical JSON text; default 64 MiB. */
  readonly maxBytes?: number;
  /** The most items of one list or map; default 16 million. Bytes (`list<u8>`) count towards `maxBytes` only. */
  readonly maxItems?: number;
};

/** One pass. `path` is a stack of which `depth` entries are in use, so that a good value costs one store per part. */
export type Walk = {
  readonly path: (string | number)[];
  depth: number;
  /** At least one for each part and character seen: never more than the bytes of the JSON text. */
  seen: number;
  readonly maxBytes: number;
  readonly maxItems: number;
  /** Where violations are collected; undefined to stop at the first. */
  readonly violations: WitViolation[] | undefined;
  readonly most: number;
  /** What is read is plain data that nobody else holds: it may be changed in place. */
  readonly isOwned: boolean;
  /** Nothing is made: what the pass returns means nothing. */
  readonly isLook: boolean;
};

/** 64 MiB. */
const MOST_BYTES = 67_108_864;
const MOST_ITEMS = 16_777_216;

/** A pass that stops at the first violation. */
export function createWalk(limits: ValueLimits | undefined, isOwned = false): Walk {
  return start(limits, undefined, 1, isOwned, false);
}

/** A pass that goes on until it has found `most` violations. */
export function createCollectingWalk(limits: ValueLimits | undefined, most: number): Walk {
  return start(limits, [], most, false, false);
}

/** A pass that does so without making anything. */
export function createLook(limits: ValueLimits | undefined, most: number, isOwned: boolean): Walk {
  return start(limits, [], most, isOwned, true);
}

function start(
  limits: ValueLimits | undefined,
  violations: WitViolation[] | undefined,
  most: number,
  isOwned: boolean,
  isLook: boolean,
): Walk {
  return {
    path: [],
    depth: 0,
    seen: 0,
    maxBytes: limits?.maxBytes ?? MOST_BYTES,
    maxItems: limits?.maxItems ?? MOST_ITEMS,
    violations,
    most,
    isOwned,
    isLook,
  };
}

/** Thrown to end a collecting pass; never leaves this folder. */
export const ENOUGH = Symbol('enough violations');

/**
 * Says that the value here is wrong. Returns only in a pass that collects, and then undefined, which stands for the
 * value until the pass is over.
 */
export function fail(walk: Walk, expected: string, got: unknown): undefined {
  report(walk, expected, describeValue(got));
}

/** The same with words of its own for what is there. */
export function report(walk: Walk, expected: string, got: string): undefined {
  const violation = { path: toPointer(walk.path.slice(0, walk.depth)), expected, got };
  if (walk.violations === undefined) throw new WitValueError(violation);
  walk.violations.push(violation);
  if (walk.violations.length >= walk.most) throw ENOUGH;
}

/** Says what is wrong with one part of the value here. */
export function reportAt(walk: Walk, key: string | number, expected: string, got: string): undefined {
  walk.path[walk.depth++] = key;
  report(walk, expected, got);
  walk.depth--;
}

/** Ends the pass where the value is larger than allowed, in a collecting pass too: the rest is not worth reading. */
export function tooLarge(walk: Walk): never {
  const violation = {
    path: toPointer(walk.path.slice(0, walk.depth)),
    expected: `at most ${walk.maxBytes} bytes of JSON in all`,
    got: 'more',
  };
  if (walk.violations === undefined) throw new WitValueError(violation);
  walk.violations.push(violation);
  throw ENOUGH;
}

function toPointer(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
