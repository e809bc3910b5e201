// Values by example: each JSON form, what is refused and with which words, limits, functions and handles.
import { describe, expect, it } from 'vitest';
import type { ResolvedWit, TypeDefinition, WitFunction } from '../resolved.ts';
import { WitUnsupportedError } from '../schema/errors.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { WitValueError } from './errors.ts';
import { compileFunction } from './function.ts';
import type { HandleTable } from './handle.ts';
import { toCamelCase } from './names.ts';
import { compileValue } from './value.ts';

const owner = { interface: 0 };
const types: readonly TypeDefinition[] = [
  {
    name: 'point',
    kind: {
      record: {
        fields: [
          { name: 'x-pos', type: 'u8' },
          { name: 'to-string', type: 2 },
        ],
      },
    },
    owner,
  },
  { name: 'perms', kind: { flags: { flags: [{ name: 'read-it' }, { name: 'write' }] } }, owner },
  { name: null, kind: { option: 'u8' }, owner: null },
  { name: null, kind: { option: 2 }, owner: null },
  { name: null, kind: { option: 3 }, owner: null },
  { name: null, kind: { list: 'u8' }, owner: null },
  { name: null, kind: { map: ['string', 'u64'] }, owner: null },
  { name: 'outcome', kind: { result: { ok: 'u8', err: null } }, owner },
  { name: 'outcome', kind: { type: 7 }, owner },
  { name: 'thing', kind: 'resource', owner },
  { name: null, kind: { handle: { own: 9 } }, owner: null },
  { name: null, kind: { list: 0 }, owner: null },
  { name: null, kind: { map: ['s32', 'bool'] }, owner: null },
  { name: null, kind: { list: 2 }, owner: null },
];
const resolved: ResolvedWit = {
  worlds: [],
  interfaces: [{ name: 'api', types: {}, functions: {}, package: 0 }],
  types,
  packages: [{ name: 'acme:things@1.2.0', interfaces: { api: 0 }, worlds: {} }],
};

describe('the JSON forms', () => {
  it.each<[number | 'u64' | 's64' | 'f32' | 'f64' | 'char', unknown, unknown]>([
    ['u64', 9007199254740991, 9007199254740991n],
    ['u64', '18446744073709551615', 18446744073709551615n],
    ['s64', '-9223372036854775808', -9223372036854775808n],
    ['f64', '-0', -0],
    ['f64', 'NaN', Number.NaN],
    ['f32', '-Infinity', Number.NEGATIVE_INFINITY],
    ['char', '😀', '😀'],
    [0, { 'x-pos': 1, 'to-string': null }, { xPos: 1, toString: undefined }],
    [1, ['write'], { readIt: false, write: true }],
    [3, null, { tag: 'none' }],
    [3, { some: null }, { tag: 'some', val: undefined }],
    [3, { some: 1 }, { tag: 'some', val: 1 }],
    [4, { some: { some: 1 } }, { tag: 'some', val: 1 }],
    [4, { some: null }, { tag: 'none' }],
    [5, 'AQID', Uint8Array.of(1, 2, 3)],
    [6, JSON.parse('{"__proto__": 1}'), new Map([['__proto__', 1n]])],
    [7, { tag: 'ok', value: 1 }, { tag: 'ok', val: 1 }],
    [7, { tag: 'err' }, { tag: 'err', val: undefined }],
    [12, { '-1': true }, new Map([[-1, true]])],
  ])('of type %j: %j', (type, json, value) => {
    const codec = compileValue(resolved, type);
    expect(codec.fromJson(json)).toEqual(value);
    expect(JSON.stringify(codec.toJson(value))).toBe(JSON.stringify(json));
  });

  it('take options that are left out, keys in any order, and decimal text that a number could say', () => {
    expect(compileValue(resolved, 0).fromJson({ 'x-pos': 1 })).toEqual({ xPos: 1, toString: undefined });
    expect(compileValue(resolved, 0).toJson({ xPos: 1 })).toEqual({ 'x-pos': 1, 'to-string': null });
    expect(compileValue(resolved, 'u64').fromJson('5')).toBe(5n);
    expect(compileValue(resolved, 'f32').fromJson(0.1)).toBe(Math.fround(0.1));
    expect(compileValue(resolved, 'u8').fromJson(-0)).toBe(0);
  });
});

describe('refusals', () => {
  it('say where, what was wanted and what was there', () => {
    const codec = compileValue(resolved, 11);
    expect(() =>
      codec.fromJson([
        { 'x-pos': 1, 'to-string': null },
        { 'x-pos': 300, 'to-string': null },
      ]),
    ).toThrowError(
      expect.objectContaining({ path: '/1/x-pos', expected: 'an integer from 0 to 255 (u8)', got: 'the number 300' }),
    );
    expect(codec.checkJson([{ 'x-pos': '1', y: 2 }, 5, { 'to-string': 1.5 }]).map(({ path }) => path)).toEqual([
      '/0/y',
      '/0/x-pos',
      '/1',
      '/2/x-pos',
      '/2/to-string',
    ]);
    expect(codec.checkJson([1, 2, 3], 2)).toHaveLength(2);
  });

  it.each<[number | 'u64' | 's64' | 'f32' | 'f64' | 'char' | 'string' | 'u8', unknown]>([
    ['u64', 9007199254740992],
    ['u64', -1],
    ['u64', '01'],
    ['u64', '18446744073709551616'],
    ['u64', '-1'],
    ['s64', '-0'],
    ['s64', 1.5],
    ['f64', Number.NaN],
    ['f64', '1'],
    ['f32', 3.5e38],
    ['char', 'ab'],
    ['char', '\ud800'],
    ['char', ''],
    ['string', 'a\udc00b'],
    ['u8', 1.5],
    ['u8', '1'],
    [1, ['write', 'write']],
    [1, ['readIt']],
    [3, 1],
    [3, {}],
    [5, 'AQI'],
    [5, 'AQJ='],
    [5, 'A=='],
    [5, [1]],
    [7, { tag: 'err', value: null }],
    [7, { tag: 'ok' }],
    [7, { tag: 'toString' }],
    [12, { '01': true }],
    [12, { '-0': true }],
  ])('of type %j: %j', (type, json) => {
    expect(() => compileValue(resolved, type).fromJson(json)).toThrowError(WitValueError);
  });

  it.each<[number | 'u64' | 'f32' | 'f64' | 'string', unknown]>([
    ['u64', 1],
    ['u64', -1n],
    ['u64', 2n ** 64n],
    ['f32', 0.1],
    ['f64', '1'],
    ['string', Object('x')],
    [0, { xPos: 1, toString: undefined, more: 1 }],
    [1, { readIt: 1 }],
    [3, undefined],
    [5, [1, 2]],
    [5, new Int8Array(1)],
    [7, { tag: 'ok' }],
    // biome-ignore lint/suspicious/noSparseArray: the hole is the point
    [13, [1, , 2]],
    [
      0,
      new (class {
        xPos = 1;
      })(),
    ],
  ])('of a component, of type %j: %o', (type, value) => {
    expect(() => compileValue(resolved, type).toJson(value)).toThrowError(WitValueError);
  });

  it('reads a getter once', () => {
    let reads = 0;
    const value = {
      get 'x-pos'() {
        return reads++;
      },
      'to-string': null,
    };
    expect(compileValue(resolved, 0).fromJson(value)).toMatchObject({ xPos: 0 });
    expect(reads).toBe(1);
  });
});

describe('limits', () => {
  it('bound bytes exactly, and items', () => {
    const text = '"é'.repeat(20);
    const size = new TextEncoder().encode(JSON.stringify(text)).length;
    for (const direction of ['fromJson', 'toJson'] as const) {
      expect(compileValue(resolved, 'string', { limits: { maxBytes: size } })[direction](text)).toBe(text);
      expect(() => compileValue(resolved, 'string', { limits: { maxBytes: size - 1 } })[direction](text)).toThrowError(
        WitValueError,
      );
    }
    expect(compileValue(resolved, 'string', { limits: { maxBytes: size - 1 } }).check(text)).toHaveLength(1);
    expect(() => compileValue(resolved, 11, { limits: { maxItems: 1 } }).fromJson([0, 0])).toThrowError(WitValueError);
  });

  it('stop a small value that unfolds to a huge one', () => {
    const kinds = Array.from(
      { length: 60 },
      (_, index): TypeDefinition => ({
        name: null,
        kind: { tuple: { types: index === 0 ? [] : [index - 1, index - 1] } },
        owner: null,
      }),
    );
    let value: unknown[] = [];
    for (let level = 1; level < 60; level++) value = [value, value];
    const codec = compileValue({ ...resolved, types: kinds }, 59, { limits: { maxBytes: 10_000 } });
    expect(() => codec.fromJson(value)).toThrowError(WitValueError);
  });
});

describe('compileFunction', () => {
  const called: WitFunction = {
    name: 'move',
    kind: 'freestanding',
    result: 7,
    params: [
      { name: 'to', type: 0 },
      { name: 'how-fast', type: 2 },
      { name: 'constructor', type: 'bool' },
    ],
  };
  it('puts arguments in their places and splits the result', () => {
    const codec = compileFunction(resolved, called);
    const json = { constructor: true, to: { 'x-pos': 1, 'to-string': null } };
    expect(codec.argumentsFromJson(json)).toEqual([{ xPos: 1, toString: undefined }, undefined, true]);
    expect(codec.argumentsToJson([{ xPos: 1, toString: undefined }, undefined, true])).toEqual({
      ...json,
      'how-fast': null,
    });
    expect(codec.outcome).toBe('thrown');
    expect([codec.ok?.toJson(1), codec.err]).toEqual([1, undefined]);
    expect(() => codec.argumentsFromJson({ to: { 'x-pos': 1 } })).toThrowError(
      expect.objectContaining({ path: '/constructor' }),
    );
    expect(() => codec.argumentsToJson([1, 2, 3, 4])).toThrowError(WitValueError);
  });

  it('knows that the glue returns a result behind an alias', () => {
    expect(compileFunction(resolved, { ...called, result: 8 }).outcome).toBe('tagged');
  });
});

describe('handles', () => {
  it('are texts of the host, and need a table', () => {
    expect(() => compileValue(resolved, 10)).toThrowError(WitUnsupportedError);
    const thing = {};
    const table: HandleTable = {
      toHandle: (_, { resource, interface: home, own }) => `${home} ${resource} ${own}`,
      fromHandle: (handle) => (handle === 'good' ? thing : undefined),
    };
    const codec = compileValue(resolved, 10, { handles: table });
    expect(codec.toJson(thing)).toBe('acme:things/api@1.2.0 thing true');
    expect(codec.fromJson('good')).toBe(thing);
    expect(() => codec.fromJson('bad')).toThrowError(WitValueError);
    expect(() => codec.toJson('bad')).toThrowError(WitValueError);
  });
});

describe('names and bytes', () => {
  it('are those of the glue', () => {
    expect(['my-string', 'my-URL', 'HTTP', 'a-b2-c', 'to-string'].map(toCamelCase)).toEqual([
      'myString',
      'myUrl',
      'http',
      'aB2C',
      'toString',
    ]);
  });
  it('agree with the platform about base64', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 255);
      const text = btoa(String.fromCharCode(...bytes));
      expect(encodeBase64(bytes)).toBe(text);
      expect(decodeBase64(text)).toEqual(bytes);
    }
  });
});
