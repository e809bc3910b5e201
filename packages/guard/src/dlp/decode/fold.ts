// Characters that look like, or stand for, ASCII ones, and characters that nobody sees.

/** The character is not seen at all. */
export const INVISIBLE = -1;

/** Same-looking letters of other scripts that compatibility normalisation leaves alone. */
const LOOK_ALIKES: { readonly [ascii: string]: string } = {
  A: 'АΑ',
  B: 'ВΒ',
  C: 'СϹ',
  E: 'ЕΕ',
  H: 'НΗ',
  I: 'ІΙ',
  J: 'Ј',
  K: 'КΚ',
  M: 'МΜ',
  N: 'Ν',
  O: 'ОΟ',
  P: 'РΡ',
  S: 'Ѕ',
  T: 'ТΤ',
  X: 'ХΧ',
  Y: 'ҮΥ',
  Z: 'Ζ',
  a: 'а',
  c: 'с',
  e: 'е',
  h: 'һ',
  i: 'і',
  j: 'ј',
  k: 'к',
  o: 'оο',
  p: 'р',
  s: 'ѕ',
  v: 'ν',
  x: 'х',
  y: 'у',
  '.': '。·․',
  ':': 'ː',
  '/': '⁄∕',
  '-': '−⁃',
  _: '‗',
};

const UNASKED = -2;
const folded = new Int32Array(0x2_0000).fill(UNASKED);

/**
 * The ASCII character that a code point looks like or stands for (full-width, circled, mathematical and other scripts'
 * digits, spaces, dashes, look-alike letters), {@link INVISIBLE}, or the code point itself.
 *
 * @example
 * String.fromCodePoint(fold(0xff14)); // '4', from the full-width 4
 */
export function fold(code: number): number {
  if (code >= folded.length) return foldOnce(code);
  const known = folded[code] as number;
  if (known !== UNASKED) return known;
  const result = foldOnce(code);
  folded[code] = result;
  return result;
}

const ALIKE = new Map(
  Object.entries(LOOK_ALIKES).flatMap(([ascii, others]) => [...others].map((other) => [other, ascii.charCodeAt(0)])),
);

function foldOnce(code: number): number {
  if (code === 0) return INVISIBLE;
  if (code < 128 || (code >= 0xd800 && code <= 0xdfff)) return code;
  const character = String.fromCodePoint(code);
  // Format characters, variation selectors, tags, and marks that stand on another character.
  if (/[\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0]/u.test(character)) return INVISIBLE;
  const alike = ALIKE.get(character);
  if (alike !== undefined) return alike as number;
  if (/\p{Nd}/u.test(character)) return 48 + digitValue(code);
  if (/\p{Zs}/u.test(character)) return 32;
  if (/\p{Pd}/u.test(character)) return 45;
  const plain = character.normalize('NFKC');
  return plain.length === 1 && plain.charCodeAt(0) < 128 ? plain.charCodeAt(0) : code;
}

/** Decimal digits come in tens, from 0 to 9; compatibility digits that do not are normalised. */
function digitValue(code: number): number {
  const plain = String.fromCodePoint(code).normalize('NFKC');
  if (plain >= '0' && plain <= '9') return plain.charCodeAt(0) - 48;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return (code - zero) % 10;
}
