// Valid card numbers for properties, made from issuer ranges that are written down here a second time.
import fc from 'fast-check';

const BEGINNINGS: readonly (readonly [string, number])[] = [
  ['4', 13],
  ['4', 16],
  ['4', 19],
  ['51', 16],
  ['55', 16],
  ['2221', 16],
  ['2500', 16],
  ['2720', 16],
  ['34', 15],
  ['37', 15],
  ['6011', 16],
  ['65', 16],
  ['65', 19],
  ['3528', 16],
  ['3589', 16],
  ['62', 16],
  ['62', 19],
  ['36', 14],
  ['6304', 16],
  ['6759', 19],
];

/** A card number with a right check digit, and enough different digits to be no placeholder. */
export const card = fc
  .tuple(fc.constantFrom(...BEGINNINGS), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 19, maxLength: 19 }))
  .map(([[beginning, length], random]) => withCheckDigit((beginning + random.join('')).slice(0, length - 1)));

function withCheckDigit(digits: string): string {
  for (let check = 0; ; check++) {
    const all = [...`${digits}${check}`].reverse().map(Number);
    const sum = all.reduce(
      (total, digit, n) => total + (n % 2 === 0 ? digit : [...String(digit * 2)].reduce((a, b) => a + Number(b), 0)),
      0,
    );
    if (sum % 10 === 0) return `${digits}${check}`;
  }
}
