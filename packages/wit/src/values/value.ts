// WIT values at the boundary: JSON on the outside, what jco's glue takes and gives on the inside (spec 4).
import type { ResolvedWit, Type } from '../resolved.ts';
import type { Json } from '../schema/json.ts';
import { createBuilder } from './build.ts';
import type { Codec } from './codec.ts';
import { WitValueError, type WitViolation } from './errors.ts';
import type { HandleTable } from './handle.ts';
import { createCollectingWalk, createLook, createWalk, ENOUGH, tooLarge, type ValueLimits, type Walk } from './walk.ts';

/** What compiling takes. */
export type CompileOptions = {
  readonly limits?: ValueLimits;
  /** Needed for types that hold handles of resources. */
  readonly handles?: HandleTable;
  /**
   * Values are plain data that nobody else holds, as JSON.parse and the glue make it: `fromJson` and `toJson` may change
   * them in place instead of copying, which takes a third of the time.
   */
  readonly owned?: boolean;
};

/** The checks and conversions of one type. All of them copy, unless they own: no part of what is given is in what is made. */
export type ValueCodec = {
  /**
   * JSON → the value for jco's glue.
   *
   * @throws WitValueError and nothing else, whatever the value is
   */
  readonly fromJson: (json: unknown) => unknown;
  /**
   * The value from jco's glue → canonical JSON.
   *
   * @throws WitValueError and nothing else
   */
  readonly toJson: (value: unknown) => Json;
  /** What is wrong with JSON, at most `most` violations (100); none when `fromJson` takes it. */
  readonly checkJson: (json: unknown, most?: number) => readonly WitViolation[];
  /** What is wrong with a component value. */
  readonly check: (value: unknown, most?: number) => readonly WitViolation[];
  /**
   * The bytes of the canonical JSON text of a component value, which `fromJson` made or `toJson` took: what budgets
   * count. Nothing is written for it.
   *
   * @throws WitValueError
   */
  readonly measure: (value: unknown) => number;
};

/**
 * Compiles a type, once for many values.
 *
 * @throws WitUnsupportedError for a type that JSON cannot carry
 * @example
 * const codec = compileValue(resolved, 'u64');
 * codec.fromJson('18446744073709551615'); // 18446744073709551615n
 */
export function compileValue(resolved: ResolvedWit, type: Type, options: CompileOptions = {}): ValueCodec {
  return toValueCodec(createBuilder(resolved, options.handles)(type), options);
}

/** A codec with its limits and its boundary. */
export function toValueCodec(codec: Codec, { limits, owned = false }: CompileOptions): ValueCodec {
  return {
    fromJson(json) {
      const walk = createWalk(limits, owned);
      try {
        const value = codec.fromJson(json, walk);
        if (mayBeTooLarge(walk)) assertSize(codec.measure(value), walk);
        return value;
      } catch (error) {
        throw toValueError(error);
      }
    },
    toJson(value) {
      const walk = createWalk(limits, owned);
      try {
        const json = codec.toJson(value, walk);
        if (mayBeTooLarge(walk)) assertSize(jsonBytes(json), walk);
        return json;
      } catch (error) {
        throw toValueError(error);
      }
    },
    checkJson: (json, most = MOST_VIOLATIONS) =>
      collect(createCollectingWalk(limits, Math.max(1, most)), codec.fromJson, codec.measure, json),
    check: (value, most = MOST_VIOLATIONS) =>
      collect(createLook(limits, Math.max(1, most), owned), codec.toJson, () => codec.measure(value), value),
    measure(value) {
      try {
        return codec.measure(value);
      } catch (error) {
        throw toValueError(error);
      }
    },
  };
}

const MOST_VIOLATIONS = 100;
/** The most bytes of JSON for one that a pass has seen: an f64 has up to 25, an escaped character 6. */
const MOST_GROWTH = 26;

/** Whether the exact size has to be known: a pass counts only what is cheap to count. */
function mayBeTooLarge({ seen, maxBytes }: Walk): boolean {
  return seen > 0 && seen * MOST_GROWTH > maxBytes;
}

function assertSize(bytes: number, walk: Walk): void {
  walk.depth = 0;
  if (bytes > walk.maxBytes) tooLarge(walk);
}

const encoder = new TextEncoder();

function jsonBytes(json: unknown): number {
  return encoder.encode(JSON.stringify(json)).length;
}

function collect(
  walk: Walk,
  pass: (value: unknown, walk: Walk) => unknown,
  size: (made: unknown) => number,
  value: unknown,
): readonly WitViolation[] {
  const found = walk.violations ?? [];
  try {
    const made = pass(value, walk);
    if (found.length === 0 && mayBeTooLarge(walk)) assertSize(size(made), walk);
  } catch (error) {
    if (error !== ENOUGH) {
      const { path, expected, got } = toValueError(error);
      found.push({ path, expected, got });
    }
  }
  return found;
}

/** Getters, proxies and handle tables may throw anything. */
function toValueError(error: unknown): WitValueError {
  if (error instanceof WitValueError) return error;
  const violation = { path: '', expected: 'a value that can be read', got: `one that threw ${nameOf(error)}` };
  return new WitValueError(violation, { cause: error });
}

function nameOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
  } catch {
    return 'an error';
  }
}
