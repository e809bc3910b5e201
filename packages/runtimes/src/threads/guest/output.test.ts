// What a result becomes as JSON, and what is refused with its type and path.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toOutput } from './output.ts';

class Point {
  x = 1;
}

const withHole: unknown[] = [undefined];
withHole[2] = 1;

it.each([
  ['undefined', undefined, 'null'],
  ['an undefined property', { a: undefined, b: 1 }, '{"b":1}'],
  ['an undefined item and a hole', withHole, '[null,null,1]'],
  ['a date', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ['an instance', new Point(), '{"x":1}'],
  ['a safe bigint', { n: 9007199254740991n }, '{"n":9007199254740991}'],
  ['a larger bigint', [-9007199254740993n], '["-9007199254740993"]'],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
  ['toJSON that gives undefined', { toJSON: () => undefined }, 'null'],
])('writes %s', (_name, value, text) => {
  expect(toOutput(value)).toBe(text);
});

const circle: { self?: unknown } = {};
circle.self = circle;

it.each([
  ['a function', { a: [() => 1] }, 'The result.a[0] is a function'],
  ['a symbol', Symbol('s'), 'The result is a symbol'],
  ['NaN', { 'a b': Number.NaN }, 'The result["a b"] is NaN'],
  ['an infinity', [Number.NEGATIVE_INFINITY], 'The result[0] is -Infinity'],
  ['a Map', { m: new Map() }, 'The result.m is a Map'],
  ['a Set', new Set([1]), 'The result is a Set'],
  ['a promise', { p: Promise.resolve(1) }, 'an await is missing'],
  ['bytes', { b: new Uint8Array(2) }, 'The result.b is a Uint8Array'],
  ['a circle', circle, 'contains itself'],
])('refuses %s', (_name, value, message) => {
  expect(() => toOutput(value)).toThrow(
    expect.objectContaining({ code: 'invalid_output', message: expect.stringContaining(message) }),
  );
});

it('writes every JSON value as JSON.stringify does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(toOutput(value)).toBe(JSON.stringify(value));
    }),
  );
});
