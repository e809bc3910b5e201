// The laws of values: exact round trips, one JSON form, and a WitValueError for everything else.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { typedValues } from './arbitrary.fixture.ts';
import { WitValueError } from './errors.ts';
import { compileValue } from './value.ts';

const bytesOf = (json: unknown): number => new TextEncoder().encode(JSON.stringify(json)).length;

/** What happened, with any error that is not a WitValueError rethrown. */
function attempt(action: () => unknown): { made: unknown } | WitValueError {
  try {
    return { made: action() };
  } catch (error) {
    if (error instanceof WitValueError) return error;
    throw error;
  }
}

describe('the laws of values', () => {
  it('go to JSON text and back exactly, as many bytes as measured', () => {
    fc.assert(
      fc.property(typedValues, ({ resolved, type, value }) => {
        const codec = compileValue(resolved, type);
        const json = codec.toJson(value);
        const parsed: unknown = JSON.parse(JSON.stringify(json));
        const back = codec.fromJson(parsed);
        expectSame(codec.toJson(back), json);
        expect(codec.measure(back)).toBe(bytesOf(json));
        expect(codec.measure(value)).toBe(bytesOf(json));
        expect(codec.check(value)).toEqual([]);
        expect(codec.checkJson(parsed)).toEqual([]);
        expectSame(back, value);
      }),
      { numRuns: 1500 },
    );
  });

  it('refuse garbage with a WitValueError, and find violations exactly then', () => {
    const garbage = fc.oneof(
      fc
        .anything({
          withBigInt: true,
          withMap: true,
          withTypedArray: true,
          withSparseArray: true,
          withNullPrototype: true,
        })
        .map((value) => () => value),
      fc.constantFrom(...HOSTILE),
    );
    fc.assert(
      fc.property(typedValues, garbage, ({ resolved, type }, give) => {
        const given = give();
        const codec = compileValue(resolved, type);
        for (const [convert, check] of [
          [codec.fromJson, codec.checkJson],
          [codec.toJson, codec.check],
        ] as const) {
          const found = attempt(() => convert(given));
          const violations = check(given);
          expect(violations.length === 0).toBe(!(found instanceof WitValueError));
          if (found instanceof WitValueError) expect(violations[0]).toMatchObject({ path: found.path });
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('refuse or keep values in which one part was replaced', () => {
    const plain: readonly unknown[] = [null, undefined, 0, -1, 1.5, 300, '', 'x', '5', '\ud800', true, [], {}, 1n];
    const parts = fc.constantFrom(...plain.map((value) => () => value), ...HOSTILE);
    fc.assert(
      fc.property(typedValues, fc.nat(), parts, ({ resolved, type, value }, where, give) => {
        const part = give();
        const codec = compileValue(resolved, type);
        const json = replace(JSON.parse(JSON.stringify(codec.toJson(value))), { left: where % 7 }, part);
        const made = attempt(() => codec.fromJson(json));
        if (!(made instanceof WitValueError)) codec.fromJson(codec.toJson(made.made));
        const broken = attempt(() => codec.toJson(replace(value, { left: where % 7 }, part)));
        if (!(broken instanceof WitValueError)) codec.fromJson(broken.made);
      }),
      { numRuns: 1500 },
    );
  });
});

const throwing = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new TypeError('trap');
    },
    get: () => {
      throw new Error('trap');
    },
    getPrototypeOf: () => {
      throw 'trap';
    },
  },
);
const revoked = (() => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
})();
const HOSTILE = [
  throwing,
  revoked,
  {
    get tag() {
      throw new Error('getter');
    },
  },
  Object.create({ tag: 'ok', value: 1 }),
  JSON.parse('{"__proto__": {"tag": "ok"}, "constructor": 1}'),
  Object.defineProperty(new Uint8Array(2), 'length', { value: 1e9 }),
  Object.create(Uint8Array.prototype),
  new Proxy([1, 2], { get: (target, key) => (key === 'length' ? Number.NaN : Reflect.get(target, key)) }),
  new Map([[throwing, throwing]]),
  new Date(0),
  Symbol('x'),
  () => 1,
  Array(3),
].map((value: unknown) => () => value);

/** Vitest's own equality reads a field named `constructor`. */
function expectSame(left: unknown, right: unknown): void {
  if (isDeepStrictEqual(left, right)) return;
  expect(left).toStrictEqual(right);
  throw new Error('The values differ in what toStrictEqual does not see');
}

/** A copy of a value with its n-th part replaced. */
function replace(value: unknown, count: { left: number }, part: unknown): unknown {
  if (count.left-- === 0) return part;
  if (Array.isArray(value)) return value.map((item) => replace(item, count, part));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, replace(item, count, part)]));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, count, part)]));
}
