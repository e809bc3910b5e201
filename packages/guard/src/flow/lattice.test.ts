// The laws of the lattice, and of labels by field.
import type { Json } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allLabels,
  type FieldLabels,
  fieldsAt,
  hasMark,
  isBelow,
  joinFields,
  joinLabels,
  type Labels,
  labelsAt,
  NO_LABELS,
  placeFields,
  toStep,
  valueAt,
  withoutMark,
} from './lattice.ts';

const label = fc.constantFrom('private', 'untrusted', 'private:mail', 'untrusted:web', 'untrusted:mail', 'public');
const labels: fc.Arbitrary<Labels> = fc.uniqueArray(label, { maxLength: 4 }).map((list) => new Set(list));
const step = fc.constantFrom('a', 'b', 'a/b', 'a~b', '0', '', 'ab').map(toStep);
const pointer = fc.array(step, { maxLength: 3 }).map((steps) => steps.join(''));
const fields: fc.Arbitrary<FieldLabels> = fc
  .array(fc.tuple(pointer, labels), { maxLength: 5 })
  .map((entries) => new Map(entries));

/** Sets and maps, comparable. An entry without labels says nothing. */
const plain = (value: Labels | FieldLabels): Json =>
  value instanceof Map
    ? Object.fromEntries([...value].filter(([, found]) => found.size > 0).map(([at, found]) => [at, [...found].sort()]))
    : [...(value as Labels)].sort();

describe('joining labels', () => {
  test('is associative', () =>
    fc.assert(
      fc.property(labels, labels, labels, (a, b, c) => {
        expect(plain(joinLabels(joinLabels(a, b), c))).toEqual(plain(joinLabels(a, joinLabels(b, c))));
      }),
    ));
  test('is commutative', () =>
    fc.assert(
      fc.property(labels, labels, (a, b) => {
        expect(plain(joinLabels(a, b))).toEqual(plain(joinLabels(b, a)));
      }),
    ));
  test('is idempotent and has a least element', () =>
    fc.assert(
      fc.property(labels, (a) => {
        expect(plain(joinLabels(a, a))).toEqual(plain(a));
        expect(plain(joinLabels(a, NO_LABELS))).toEqual(plain(a));
      }),
    ));
  test('is the least upper bound', () =>
    fc.assert(
      fc.property(labels, labels, labels, (a, b, c) => {
        const join = joinLabels(a, b);
        expect(isBelow(a, join) && isBelow(b, join)).toBe(true);
        if (isBelow(a, c) && isBelow(b, c)) expect(isBelow(join, c)).toBe(true);
      }),
    ));
  test('is monotone', () =>
    fc.assert(
      fc.property(labels, labels, labels, (a, b, c) => {
        expect(isBelow(joinLabels(a, c), joinLabels(joinLabels(a, b), c))).toBe(true);
      }),
    ));
});

describe('taking a mark away', () => {
  test('leaves the other one, and is monotone', () =>
    fc.assert(
      fc.property(labels, labels, fc.constantFrom('private' as const, 'untrusted' as const), (a, b, mark) => {
        const other = mark === 'private' ? 'untrusted' : 'private';
        const left = withoutMark(a, mark);
        expect([hasMark(left, mark), hasMark(left, other)]).toEqual([false, hasMark(a, other)]);
        expect(isBelow(left, a) && isBelow(left, withoutMark(joinLabels(a, b), mark))).toBe(true);
      }),
    ));
});

describe('labels by field', () => {
  test('what was placed is taken out again', () =>
    fc.assert(
      fc.property(fields, pointer, (own, at) => {
        expect(plain(fieldsAt(placeFields(own, at), at))).toEqual(plain(own));
        expect(plain(labelsAt(placeFields(own, at), at))).toEqual(plain(allLabels(own)));
      }),
    ));
  test('steps can be taken one by one', () =>
    fc.assert(
      fc.property(fields, pointer, pointer, (own, a, b) => {
        expect(plain(fieldsAt(fieldsAt(own, a), b))).toEqual(plain(fieldsAt(own, a + b)));
        expect(plain(placeFields(placeFields(own, b), a))).toEqual(plain(placeFields(own, a + b)));
      }),
    ));
  test('a part carries what stands around it and in it', () =>
    fc.assert(
      fc.property(fields, pointer, (own, at) => {
        expect(plain(labelsAt(own, at))).toEqual(plain(allLabels(fieldsAt(own, at))));
        expect(isBelow(labelsAt(own, at), allLabels(own))).toBe(true);
        expect(plain(labelsAt(own, ''))).toEqual(plain(allLabels(own)));
      }),
    ));
  test('joining them is associative, commutative and idempotent, and joins at every pointer', () =>
    fc.assert(
      fc.property(fields, fields, fields, pointer, (a, b, c, at) => {
        expect(plain(joinFields(joinFields(a, b), c))).toEqual(plain(joinFields(a, joinFields(b, c))));
        expect(plain(joinFields(a, b))).toEqual(plain(joinFields(b, a)));
        expect(plain(joinFields(a, a))).toEqual(plain(a));
        expect(plain(labelsAt(joinFields(a, b), at))).toEqual(plain(joinLabels(labelsAt(a, at), labelsAt(b, at))));
      }),
    ));
  test('a neighbour whose name begins alike is no part', () => {
    const own: FieldLabels = new Map([['/to', new Set(['untrusted'])]]);
    expect([labelsAt(own, '/token').size, labelsAt(own, '/to/0').size, labelsAt(own, '').size]).toEqual([0, 1, 1]);
  });
});

describe('valueAt', () => {
  test('finds every member that there is', () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'a/b', '~1', '', '0'), { maxLength: 4 }),
        fc.integer(),
        (keys, leaf) => {
          const value = keys.reduceRight<Json>((inner, key) => ({ [key]: inner }), leaf);
          expect(valueAt(value, keys.map(toStep).join(''))).toBe(leaf);
        },
      ),
    ));
  test('finds elements of lists, and nothing that is not data', () => {
    expect(['/0', '/1', '/00', '/length', '/at'].map((at) => valueAt(['x'], at))).toEqual([
      'x',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(['/__proto__', '/constructor'].map((at) => valueAt({}, at))).toEqual([undefined, undefined]);
  });
});
