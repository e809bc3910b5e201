// Values that are given away: changed in place, they become what a copy would have become, and are refused alike.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedWit, TypeDefinition } from '../resolved.ts';
import { typedValues } from './arbitrary.fixture.ts';
import { WitValueError } from './errors.ts';
import { compileValue } from './value.ts';

const SCALARS = ['bool', 'u8', 'u16', 'u32', 's8', 's16', 's32', 'f32', 'f64', 'char', 'string', 'u64'] as const;
const EDGES: readonly unknown[] = [
  ...[0, -0, 1, -1, 0.5, 127, 128, -128, -129, 255, 256, 32_767, 32_768, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31],
  ...[-(2 ** 31), -(2 ** 31) - 1, 2 ** 32 - 1, 2 ** 32, 0.1, Math.fround(0.1), Number.MAX_VALUE, 1e39, 3.4028235e38],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 'NaN', '-0', '', 'x', '\ud800', '\ud83d\ude00'],
  ...[true, false, null, 1n, {}, [], '5'],
];

describe('owned values', () => {
  it('become what copies become', () => {
    fc.assert(
      fc.property(typedValues, ({ resolved, type, value }) => {
        const [copying, owning] = [compileValue(resolved, type), compileValue(resolved, type, { owned: true })];
        const json = copying.toJson(value);
        const text = JSON.stringify(json);
        expect(owning.check(value)).toEqual([]);
        const made = owning.fromJson(JSON.parse(text));
        expectSame(made, copying.fromJson(JSON.parse(text)));
        expectSame(JSON.stringify(owning.toJson(made)), text);
      }),
      { numRuns: 1000 },
    );
  });

  it('are refused where copies are, at the same place', () => {
    fc.assert(
      fc.property(typedValues, fc.nat(6), fc.jsonValue({ maxDepth: 2 }), ({ resolved, type, value }, where, part) => {
        const [copying, owning] = [compileValue(resolved, type), compileValue(resolved, type, { owned: true })];
        const text = JSON.stringify(replace(copying.toJson(value), { left: where }, part));
        expectSame(
          outcomeOf(() => owning.fromJson(JSON.parse(text))),
          outcomeOf(() => copying.fromJson(JSON.parse(text))),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it.each(SCALARS)('of %s in a record are looked at as closely as by themselves', (type) => {
    const types: readonly TypeDefinition[] = [
      { name: 'r', kind: { record: { fields: [{ name: 'v', type }] } }, owner: null },
    ];
    const resolved = { ...RESOLVED, types };
    const [alone, inside] = [compileValue(resolved, type), compileValue(resolved, 0, { owned: true })];
    for (const value of EDGES) {
      for (const way of ['fromJson', 'toJson'] as const) {
        const got = outcomeOf(() => (inside[way]({ v: value }) as { readonly v: unknown }).v);
        const wanted = outcomeOf(() => alone[way](value));
        expectSame('path' in got, 'path' in wanted);
        // A zero without a sign is the same zero to those who read it.
        if ('made' in got) expect(got.made === 0 || Object.is(got.made, (wanted as typeof got).made)).toBe(true);
      }
      expect(inside.check({ v: value }).length > 0).toBe(alone.check(value).length > 0);
    }
  });

  it('of records in a list are looked at one by one, wherever an odd one stands', () => {
    const [copying, owning] = [compileValue(RESOLVED, 3), compileValue(RESOLVED, 3, { owned: true })];
    const odd: readonly unknown[] = [
      ...[{ y: 1, x: 1 }, { x: 1 }, { x: 1, y: 1, z: 1 }, {}, [], null, 1, 'x', undefined],
      ...[
        { x: '1', y: 1 },
        { x: 0.5, y: 1 },
        { x: 1, y: 2 ** 32 },
        { x: 1, y: [1] },
      ],
    ];
    for (const one of odd) {
      for (const at of [0, 1, 4]) {
        const make = () =>
          Array.from({ length: 5 }, (_, index) => (index === at ? structuredClone(one) : { x: 1, y: 2 }));
        for (const way of ['fromJson', 'toJson'] as const)
          expectSame(
            outcomeOf(() => owning[way](make() as never)),
            outcomeOf(() => copying[way](make() as never)),
          );
        expectSame(owning.check(make()), copying.check(make()));
      }
    }
    const holed = [
      { x: 1, y: 2 },
      { x: 1, y: 2 },
    ];
    delete holed[0];
    expect(owning.check(holed)[0]?.path).toBe('/0');
    expectSame(owning.check(holed), copying.check(holed));
  });

  it('of records in a list are counted as others are', () => {
    const make = (length: number) => Array.from({ length }, (_, x) => ({ x, y: 2 }));
    for (const length of [0, 1, 2, 50]) {
      for (let maxBytes = 0; maxBytes < 16 * length + 8; maxBytes++) {
        const limits = { maxBytes };
        const [copying, owning] = [
          compileValue(RESOLVED, 3, { limits }),
          compileValue(RESOLVED, 3, { limits, owned: true }),
        ];
        for (const way of ['fromJson', 'toJson'] as const)
          expectSame(
            outcomeOf(() => owning[way](make(length) as never)),
            outcomeOf(() => copying[way](make(length) as never)),
          );
      }
    }
  });

  it('are read once where their keys turn out to be in another order', () => {
    const codec = compileValue(RESOLVED, 1, { owned: true });
    const expected = { in: { n: 2n ** 63n }, n: 3n, x: 0.5 };
    expect(codec.fromJson({ in: { n: '9223372036854775808' }, x: 0.5, n: 3 })).toEqual(expected);
    expect(codec.fromJson({ in: { n: '9223372036854775808' }, n: 3, x: 0.5 })).toEqual(expected);
    const [violation, ...more] = codec.check({ in: { n: 1 }, x: 0.5, n: 3n });
    expect(violation?.path).toBe('/in/n');
    expect(more).toEqual([]);
  });

  it('are what the caller gave', () => {
    const codec = compileValue(RESOLVED, 1, { owned: true });
    const given = { in: { n: 1 }, n: 3, x: 0.5 };
    expect(codec.fromJson(given)).toBe(given);
    const looked = { in: { n: 1n }, n: 3n, x: Number.NaN };
    expect(codec.check(looked)).toEqual([]);
    expect(looked).toEqual({ in: { n: 1n }, n: 3n, x: Number.NaN });
  });
});

const inner: TypeDefinition = {
  name: 'inner',
  kind: { record: { fields: [{ name: 'n', type: 'u64' }] } },
  owner: null,
};
const outer: TypeDefinition = {
  name: 'outer',
  kind: {
    record: {
      fields: [
        { name: 'in', type: 0 },
        { name: 'n', type: 'u64' },
        { name: 'x', type: 'f64' },
      ],
    },
  },
  owner: null,
};
const point: TypeDefinition = {
  name: 'point',
  kind: {
    record: {
      fields: [
        { name: 'x', type: 's32' },
        { name: 'y', type: 'u32' },
      ],
    },
  },
  owner: null,
};
const points: TypeDefinition = { name: null, kind: { list: 2 }, owner: null };
const RESOLVED: ResolvedWit = { packages: [], interfaces: [], worlds: [], types: [inner, outer, point, points] };

function outcomeOf(convert: () => unknown): { readonly made: unknown } | { readonly path: string } {
  try {
    return { made: convert() };
  } catch (error) {
    if (error instanceof WitValueError) return { path: error.path };
    throw error;
  }
}

/** Vitest's own equality reads a field named `constructor`. */
function expectSame(left: unknown, right: unknown): void {
  if (!isDeepStrictEqual(left, right)) expect(left).toStrictEqual(right);
  expect(isDeepStrictEqual(left, right)).toBe(true);
}

/** A copy of JSON with its n-th part replaced. */
function replace(value: unknown, count: { left: number }, part: unknown): unknown {
  if (count.left-- === 0) return part;
  if (Array.isArray(value)) return value.map((item) => replace(item, count, part));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, count, part)]));
}
