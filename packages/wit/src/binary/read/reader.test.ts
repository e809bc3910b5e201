// Numbers, counts and text at the edges.

import { describe, expect, test } from 'vitest';
import { createReader, type Reader, readCount, readOptional, readText, readTypeIndex, readU32 } from './reader.ts';

const of = (...bytes: readonly number[]): Reader => createReader(Uint8Array.from(bytes));

describe('reading', () => {
  test.each([
    [[0x00], 0],
    [[0x7f], 127],
    [[0x80, 0x01], 128],
    [[0x80, 0x00], 0],
    [[0x80, 0x80, 0x80, 0x80, 0x00], 0],
    [[0xff, 0xff, 0xff, 0xff, 0x0f], 0xffff_ffff],
  ])('the number %j', (bytes, value) => {
    expect(readU32(of(...bytes))).toBe(value);
  });

  test.each([[[]], [[0x80]], [[0xff, 0xff, 0xff, 0xff, 0x10]], [[0x80, 0x80, 0x80, 0x80, 0x80, 0x00]]])(
    'no number: %j',
    (bytes) => {
      expect(() => readU32(of(...bytes))).toThrow(expect.objectContaining({ name: 'BinaryError' }));
    },
  );

  test('a type index is positive', () => {
    expect(readTypeIndex(of(0x3f))).toBe(63);
    expect(readTypeIndex(of(0xc0, 0x00))).toBe(64);
    expect(() => readTypeIndex(of(0x40))).toThrow('Expected a value type or a type index');
    expect(() => readTypeIndex(of(0xff, 0x7f))).toThrow('Expected a value type or a type index');
  });

  test('a count beyond what is left is refused before anything is made', () => {
    expect(() => readCount(of(0xff, 0xff, 0xff, 0xff, 0x0f, 0x00), 'items')).toThrow('Expected at most 1 items');
  });

  test('text is UTF-8 and within its bounds', () => {
    expect(readText(of(3, 0xe2, 0x82, 0xac))).toBe('€');
    expect(readText(of(3, 0xef, 0xbb, 0xbf))).toBe('\ufeff');
    expect(() => readText(of(1, 0xff))).toThrow('UTF-8');
    expect(() => readText(of(2, 0x61))).toThrow('Expected a name of 2 bytes');
  });

  test('what may be missing is there or not', () => {
    expect(readOptional(of(0), readU32)).toBe(null);
    expect(readOptional(of(1, 5), readU32)).toBe(5);
    expect(() => readOptional(of(2), readU32)).toThrow('Expected 0x00 or 0x01');
  });
});
