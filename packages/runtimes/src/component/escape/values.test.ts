// Values against the border: what a component gives is checked before it means anything, and exact where it is right.
import type { Json } from '@pypes/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHarness, outcomeOf, type Use } from '../testing/harness.ts';
import { echoing, folding, HOSTILE_NAMES, misallocating, results, swelling, wideTexts } from '../testing/hostile.ts';

const { load, close } = createHarness();
let wrong: Use;
let echo: Use;
beforeAll(async () => {
  [wrong, echo] = (await Promise.all([load(results()), load(echoing())])).map(({ use }) => use) as [Use, Use];
});
afterAll(close);

/** What is right although it looks odd. */
const RIGHT: { readonly [name: string]: Json } = {
  largest: '18446744073709551615',
  least: '-9223372036854775808',
  'beyond-safe': '9007199254740993',
  'no-number': 'NaN',
  'no-number-short': 'NaN',
  endless: '-Infinity',
  'minus-zero': '-0',
  // Two words that are not aligned: the reader does not mind.
  'result-odd': [0, 0],
};

describe('a result', () => {
  it.each(HOSTILE_NAMES.filter((name) => !Object.hasOwn(RIGHT, name)))(
    'that cannot be is refused: %s',
    async (name) => {
      const found = await outcomeOf(wrong(name));
      expect(found).toHaveProperty('code', expect.stringMatching(/^(handler_failed|output_too_large)$/));
      expect(await wrong('fine')).toBe(7);
    },
  );

  it.each(Object.entries(RIGHT))('that is odd is exact: %s', async (name, value) => {
    expect(await wrong(name)).toEqual(value);
  });
});

describe('a text as UTF-16', () => {
  it('is as exact, and as well checked', async () => {
    const { use } = await load(wideTexts());
    for (const x of ['', 'héllo', '👋\ufeff', '\ufeffa', '\0']) expect(await use('echo', { x })).toBe(x);
    for (const name of ['half', 'huge']) {
      expect(await outcomeOf(use(name)), name).toMatchObject({ code: 'handler_failed' });
    }
  });
});

describe('what is read out of a memory', () => {
  it.each(['options', 'bytes', 'texts'])(
    'is bounded before the heap of the process is full of it: %s',
    async (name) => {
      const { use } = await load(swelling());
      expect(await outcomeOf(use(name))).toMatchObject({ code: 'output_too_large' });
      expect(await use('fine')).toBe(7);
    },
    60_000,
  );

  it('is counted as often as it is read, also where all of it is the same bytes', async () => {
    const { use } = await load(folding(), { outputBytes: 1_048_576 });
    expect(await use('texts', { outer: 3, inner: 2 })).toEqual(['\0\0', '\0\0', '\0\0']);
    expect(await use('options', { outer: 2, inner: 2 })).toEqual([
      [null, null],
      [null, null],
    ]);
    for (const name of ['lists', 'texts', 'options']) {
      expect(await outcomeOf(use(name, { outer: 100_000, inner: 1_000_000 })), name).toMatchObject({
        code: 'output_too_large',
      });
      expect(await outcomeOf(use(name, { outer: 1_000, inner: 2_000 })), name).toMatchObject({
        code: 'output_too_large',
      });
    }
    expect(await use('lists', { outer: 1, inner: 3 })).toEqual(['AAAA']);
  });

  it('may be as large as a result, call after call', async () => {
    const text = 'x'.repeat(1_000_000);
    for (let round = 0; round < 20; round++) expect(await echo('text', { x: text })).toBe(text);
  });
});

describe('an argument', () => {
  it.each<[string, Json]>([
    ['text', '\ud800'],
    ['text', 'a\udfffb'],
    ['text', 7],
    ['text', null],
    ['letter', '\udc00'],
    ['letter', 'ab'],
    ['letter', ''],
    ['wide', 2 ** 53],
    ['wide', '18446744073709551616'],
    ['wide', '-1'],
    ['wide', '0x10'],
    ['wide', ' 1'],
    ['wide', 1.5],
    ['signed', '-9223372036854775809'],
    ['signed', '9223372036854775808'],
    ['number', 'nan'],
    ['number', '1'],
    ['bytes', 'no base64!'],
    ['bytes', [1, 2]],
  ])('that is not of its type is refused: %s %j', async (name, x) => {
    expect(await outcomeOf(echo(name, { x }))).toMatchObject({ code: 'invalid_input' });
  });

  it('under a name that JavaScript knows is no argument', async () => {
    for (const text of ['{"__proto__":{"x":"a"}}', '{"x":"a","__proto__":1}', '{"x":"a","constructor":1}', '{}']) {
      expect(await outcomeOf(echo('text', JSON.parse(text))), text).toMatchObject({ code: 'invalid_input' });
    }
    expect(({} as { x?: string }).x).toBeUndefined();
  });

  it('comes back as it was', async () => {
    const same = async (name: string, x: Json) => expect(await echo(name, { x })).toBe(x);
    const exact = (n: bigint) => (Number.isSafeInteger(Number(n)) ? Number(n) : String(n));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (x) => {
        await same('text', x);
      }),
      { examples: [['\ufeffa'], ['\0'], ['']] },
    );
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), async (n) => {
        await same('signed', exact(n));
      }),
      { examples: [[-(2n ** 63n)], [2n ** 63n - 1n]] },
    );
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), async (n) => {
        await same('wide', exact(n));
      }),
      { examples: [[2n ** 53n], [2n ** 53n - 1n], [2n ** 64n - 1n]] },
    );
  });

  it('that is no number arrives as the one NaN that there is', async () => {
    expect(await echo('bits', { x: 'NaN' })).toBe(String(0x7ff8000000000000n));
    expect(await echo('number', { x: 'NaN' })).toBe('NaN');
  });

  it('is written nowhere but into the memory of the component, whatever place that offers', async () => {
    for (const place of ['(i32.const -16)', '(i32.const 65530)', 'unreachable', '(i32.const 0x7fffffff)']) {
      const { use } = await load(misallocating(place));
      expect(await outcomeOf(use('size', { x: 'a longer text' })), place).toMatchObject({ code: 'handler_failed' });
    }
    const { use } = await load(misallocating('(i32.const 0)'));
    expect(await use('size', { x: 'a longer text' })).toBe(13);
  });
});
