// Labels beside stored data: what goes in comes out, and nothing loses what it carried.
import type { JsonObject } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldLabels, Labels } from './lattice.ts';
import {
  fromStoredLabels,
  LABELS_KEY,
  labelsOfDocument,
  labelsOfKey,
  toStoredLabels,
  withKeyLabels,
} from './stored.ts';

const labels = fc
  .uniqueArray(fc.constantFrom('private:mail', 'untrusted:web', 'x'), { minLength: 1 })
  .map((list): Labels => new Set(list.sort()));
const pointer = fc.constantFrom('', '/a', '/a/b', '/a~1b', '/__proto__');
const fields = fc.array(fc.tuple(pointer, labels), { maxLength: 4 }).map((entries): FieldLabels => new Map(entries));
const PRIVATE: Labels = new Set(['private:mail']);
const UNTRUSTED: Labels = new Set(['untrusted:web']);

describe('stored labels', () => {
  test('round trip through JSON text', () =>
    fc.assert(
      fc.property(fields, (own) => {
        const stored = JSON.parse(JSON.stringify(toStoredLabels(new Set(), own) ?? null)) ?? undefined;
        expect(new Map([...fromStoredLabels(stored)].sort())).toEqual(new Map([...own].sort()));
      }),
    ));
  test('equal labels have one text', () => {
    const one = toStoredLabels(
      new Set(['b', 'a']),
      new Map([
        ['/y', PRIVATE],
        ['/x', PRIVATE],
      ]),
    );
    const other = toStoredLabels(
      new Set(['a', 'b']),
      new Map([
        ['/x', PRIVATE],
        ['/y', PRIVATE],
      ]),
    );
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });
  test('none take no room', () => {
    expect(toStoredLabels(new Set())).toBeUndefined();
  });
  test.each([1, 'private', ['private'], { '': 'private' }, { '': [1] }])('%j is not taken for clean', (stored) => {
    expect(() => fromStoredLabels(stored)).toThrow(expect.objectContaining({ code: 'internal' }));
    expect(() => labelsOfKey({ [LABELS_KEY]: { k: stored } }, 'k')).toThrow(
      expect.objectContaining({ code: 'internal' }),
    );
  });
});

describe('a memory document', () => {
  test("keeps the labels of what stays, gives the writer's to what is new, forgets those of what is gone", () => {
    const first = withKeyLabels({}, { mail: 'm', gone: 1 }, PRIVATE);
    const second = withKeyLabels(first, { mail: 'm', page: { text: 't' } }, UNTRUSTED);
    expect([...labelsOfDocument(second)]).toEqual([
      ['/mail', PRIVATE],
      ['/page', UNTRUSTED],
    ]);
    expect(withKeyLabels(second, { page: 'clean' }, new Set())).toEqual({ page: 'clean' });
  });
  test('a key that is written again carries what its new value carries', () => {
    const first = withKeyLabels({}, { k: 'secret' }, PRIVATE);
    expect([...labelsOfKey(withKeyLabels(first, { k: 'other' }, UNTRUSTED), 'k')]).toEqual([['', UNTRUSTED]]);
  });
  test('field labels are kept by field', () => {
    const document = withKeyLabels({}, { 'a/b': { x: 1 } }, new Set(), () => new Map([['/x', PRIVATE]]));
    expect([...labelsOfDocument(document)]).toEqual([['/a~1b/x', PRIVATE]]);
  });
  test('a guest cannot write the labels', () => {
    const forged: JsonObject = { k: 'secret', [LABELS_KEY]: {} };
    const first = withKeyLabels({}, { k: 'secret' }, PRIVATE);
    expect([...labelsOfKey(withKeyLabels(first, forged, new Set()), 'k')]).toEqual([['', PRIVATE]]);
    expect(withKeyLabels({}, forged, new Set())).toEqual({ k: 'secret' });
  });
  test.each(['__proto__', 'constructor'])('%s is a key like any other', (key) => {
    const written: JsonObject = JSON.parse(`{"${key}": "secret"}`);
    const document = withKeyLabels({}, written, PRIVATE);
    expect([...labelsOfKey(document, key)]).toEqual([['', PRIVATE]]);
  });
});
