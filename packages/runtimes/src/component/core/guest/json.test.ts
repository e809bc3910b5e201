// JSON of a module: what is read is what was written, and what no reader takes alike is refused or made a text.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JsonError, readJson } from './json.ts';

const DEEPEST = 500;

it('reads what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      fc.pre(!/\d{16}|\de/i.test(text));
      const read = readJson(text, DEEPEST);
      expect(JSON.parse(read.text)).toStrictEqual(JSON.parse(text));
    }),
  );
});

it('keeps whole numbers exact', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (number) => {
      const { value } = readJson(`{"n":[${number}]}`, DEEPEST);
      const isExact = Number.isSafeInteger(Number(number));
      expect(value).toStrictEqual({ n: [isExact ? Number(number) : String(number)] });
    }),
  );
});

it('leaves digits in texts as they are', () => {
  expect(readJson('["12345678901234567890","1e999"]', DEEPEST).value).toStrictEqual(['12345678901234567890', '1e999']);
});

it.each(['', ' ', '{', '[1,]', '1e999', '-1e999', 'NaN', '\ufeff1', '"\u0001"', "{'a':1}", '1 2'])(
  'refuses %j',
  (text) => {
    expect(() => readJson(text, DEEPEST)).toThrow(JsonError);
  },
);

it('takes what is as deep as allowed, and no deeper', () => {
  const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}"[[{{\\""${'}]'.repeat(depth / 2)}`;
  expect(readJson(nested(DEEPEST), DEEPEST).text).toBe(nested(DEEPEST));
  expect(() => readJson(nested(DEEPEST + 2), DEEPEST)).toThrow(JsonError);
  expect(() => readJson('['.repeat(5_000_000), DEEPEST)).toThrow(JsonError);
});
