// The skill `checksums` against known values, against zlib, and against the definitions.
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { closeSkills, loadSkill } from './testing/load-skill.ts';

const { agents, call, failureOf } = await loadSkill('checksums');
afterAll(closeSkills);

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** By the definition, with exact integers. */
function fnv1aOf(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => ((sum ^ BigInt(byte)) * 0x100000001b3n) % 2n ** 64n, 0xcbf29ce484222325n);
}

function adler32Of(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}

describe('checksums of bytes', () => {
  it('has a description for every function', () => {
    expect(agents.map(({ metadata }) => metadata.name).sort()).toEqual(
      ['adler32', 'crc32', 'fnv1a', 'isbn', 'luhn', 'luhn-digit', 'text-sums'].sort(),
    );
    for (const { metadata } of agents) expect(metadata.description).not.toMatch(/^Calls /);
  });

  it('are those of the catalogue for 123456789', async () => {
    const data = base64(Buffer.from('123456789'));
    expect(await call('crc32', { data })).toBe(0xcbf43926);
    expect(await call('adler32', { data })).toBe(0x091e01de);
    expect(await call('fnv1a', { data })).toBe(String(0x06d5573923c6cdfcn));
    expect(await call('text-sums', { text: '123456789' })).toEqual({
      crc32: 0xcbf43926,
      adler32: 0x091e01de,
      fnv1a: String(0x06d5573923c6cdfcn),
    });
  });

  it('are those of nothing', async () => {
    expect(await call('crc32', { data: '' })).toBe(0);
    expect(await call('adler32', { data: '' })).toBe(1);
    expect(await call('fnv1a', { data: '' })).toBe(String(0xcbf29ce484222325n));
  });

  it('agree with zlib and the definitions for any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        const data = base64(bytes);
        expect(await call('crc32', { data })).toBe(crc32(bytes));
        expect(await call('adler32', { data })).toBe(adler32Of(bytes));
        expect(BigInt((await call('fnv1a', { data })) as string | number)).toBe(fnv1aOf(bytes));
      }),
      { numRuns: 60 },
    );
  });

  it('agree for any text, by its UTF-8 bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        expect(await call('text-sums', { text })).toMatchObject({ crc32: crc32(text) });
      }),
      { numRuns: 40 },
    );
  });

  it('of megabytes leave no memory behind', async () => {
    const bytes = Buffer.alloc(4 * 1024 * 1024, 'pypes');
    const data = base64(bytes);
    for (let time = 0; time < 20; time++) expect(await call('crc32', { data })).toBe(crc32(bytes));
  });

  it.each([
    ['crc32', { data: 'no base64' }],
    ['crc32', {}],
    ['fnv1a', { data: 5 }],
  ])('refuse %s %j', async (name, args) => {
    expect(await failureOf(name, args)).toBe('invalid_input');
  });
});

describe('check digits', () => {
  it.each([
    ['4111 1111 1111 1111', true],
    ['4111-1111-1111-1112', false],
    ['79927398713', true],
    ['79927398710', false],
    ['00', true],
    ['0', false],
    ['', false],
    ['4111111111111111x', false],
    ['４１１１', false],
  ])('luhn of "%s" is %s', async (number, expected) => {
    expect(await call('luhn', { number })).toBe(expected);
  });

  it('luhn-digit completes any number, and any other digit does not', async () => {
    const numbers = fc.stringMatching(/^[0-9][0-9 -]{0,30}$/);
    await fc.assert(
      fc.asyncProperty(numbers, fc.integer({ min: 1, max: 9 }), async (number, off) => {
        const digit = (await call('luhn-digit', { number })) as number;
        expect(await call('luhn', { number: number + digit })).toBe(true);
        expect(await call('luhn', { number: number + ((digit + off) % 10) })).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('says why there is none', async () => {
    expect(await failureOf('luhn-digit', { number: ' - ' })).toBe('empty');
    expect(await failureOf('luhn-digit', { number: '12a' })).toBe('no-digit');
  });

  it.each([
    ['0-306-40615-2', true],
    ['0-306-40615-3', false],
    ['0-8044-2957-X', true],
    ['080442957x', true],
    ['X804429570', false],
    ['080442957X0', false],
    ['978-0-306-40615-7', true],
    ['978-0-306-40615-8', false],
    ['979-10-90636-07-1', true],
    ['977-0-306-40615-0', false],
    ['978030640615', false],
    ['080442957X978', false],
    ['', false],
  ])('isbn of "%s" is %s', async (text, expected) => {
    expect(await call('isbn', { text })).toBe(expected);
  });
});
