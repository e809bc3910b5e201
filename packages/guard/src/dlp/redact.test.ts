// Masking keeps shape, type and length, leaves nothing to find, and changes nothing the second time.
import type { Json } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { RECOGNISERS } from './recognisers/table.ts';
import { redact } from './redact.ts';
import { createScanner, DETECTABLE } from './scanner.ts';
import { card } from './testing/cards.ts';
import { ENCODINGS } from './testing/encodings.ts';
import { textsOf } from './walk.ts';

const scanner = createScanner({ detect: DETECTABLE });
const clean = (value: Json) => redact(value, scanner.scan(value));

describe('redact', () => {
  test.each<[Json, Json]>([
    ['4111 1111 1111 1111', '**** **** **** 1111'],
    ['card 4111-1111-1111-1111.', 'card ****-****-****-1111.'],
    ['mail ann.lee@example.com now', 'mail *******@example.com now'],
    ['GB82 WEST 1234 5698 7654 32', 'XX00 XXXX 0000 0000 0000 00'],
    ['123-45-6789', '000-00-0000'],
    ['password: hunter2', 'password: xxxxxx0'],
    ['postgres://app:S3cret!@db/x', 'postgres://app:X0xxxx!@db/x'],
    [
      { card: 4111111111111111, ssn: 123456789, n: 7 },
      { card: 1000000000001111, ssn: 0, n: 7 },
    ],
    [
      ['4111', '1111', '1111', '1111'],
      ['****', '****', '****', '1111'],
    ],
    [
      [4111, 1111, 1111, 1111],
      [0, 0, 0, 0],
    ],
    [
      { a: '4111 1111', b: '1111 1111' },
      { a: '**** ****', b: '**** 1111' },
    ],
    [
      { '4111111111111111': 1, '4111-1111-1111-1111': 2 },
      { '************1111': 1, '****-****-****-1111': 2 },
    ],
    [
      { 'ann@example.com': 1, 'bob@example.com': 2 },
      { '***@example.com': 1, '***@example.com (2)': 2 },
    ],
    ['no %34111111111111111 yes', 'no %00000000000000000 yes'],
    [
      { a: null, b: [true, 1.5, 'text'] },
      { a: null, b: [true, 1.5, 'text'] },
    ],
  ])('%j becomes %j', (value, expected) => {
    expect(clean(value)).toEqual(expected);
  });

  it('masks only the encoded part, in its own alphabet and length', () => {
    expect(clean(`see ${btoa('4111111111111111')} end`)).toBe(`see ${'A'.repeat(22)}== end`);
    expect(clean('see 34313131313131313131313131313131 end')).toBe(`see ${'0'.repeat(32)} end`);
    const around = clean(btoa('the card is 378282246310005, I think')) as string;
    expect(atob(around)).toBe(`the card is ${'\0'.repeat(15)}, I think`);
  });

  it('does not let a key become a prototype', () => {
    const value = JSON.parse('{"__proto__":{"ann@example.com":1}}') as Json;
    const masked = clean(value);
    expect(Object.getPrototypeOf(masked)).toBe(Object.prototype);
    expect(JSON.stringify(masked)).toBe('{"__proto__":{"***@example.com":1}}');
  });

  const samples = RECOGNISERS.flatMap((row) => row.hits);

  test.each(samples)('leaves nothing of %s to find', (sample) => {
    const value: Json = sample.startsWith('{') ? (JSON.parse(sample) as Json) : sample;
    for (const shape of [value, { text: value }, [value, 'and', value]]) {
      const masked = clean(shape);
      expect(scanner.scan(masked)).toEqual([]);
      expect(redact(masked, scanner.scan(masked))).toEqual(masked);
    }
  });

  it('leaves nothing to find of anything in any encoding, and keeps types, keys and lengths', () => {
    const encoding = fc.constantFrom(...Object.values(ENCODINGS).map(([, encode]) => encode));
    const secret = fc.oneof(card, fc.constantFrom(...samples.filter((sample) => !/[^ -~]/.test(sample))));
    const text = fc.tuple(secret, encoding).map(([one, encode]) => encode(one));
    const value = fc.oneof(text, fc.array(text, { maxLength: 3 }), fc.dictionary(fc.constantFrom('a', 'b', 'c'), text));
    fc.assert(
      fc.property(value, (before) => {
        let after: Json = before;
        // What stood beside a masked part may come to light, as it does for the policy.
        for (let round = 0; round < 3; round++) after = clean(after);
        expect(scanner.scan(after)).toEqual([]);
        expect(textsOf(after).map((one) => [one.kind, one.text.length])).toEqual(
          textsOf(before).map((one) => [one.kind, one.text.length]),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
