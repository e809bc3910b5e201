// Classes and sets of bytes in patterns of Lua.

const [PERCENT, CARET, MINUS] = [0x25, 0x5e, 0x2d];

/** Whether a byte is in the set that begins with the bracket at `p`, and whose end is at `end`. */
export function isInSet(pattern: Uint8Array, byte: number, p: number, end: number): boolean {
  let at = p + 1;
  const negated = pattern[at] === CARET;
  if (negated) at++;
  for (; at < end; at++) {
    const item = pattern[at] as number;
    if (item === PERCENT) {
      at++;
      if (isOfClass(byte, pattern[at] as number)) return !negated;
    } else if (pattern[at + 1] === MINUS && at + 2 < end) {
      if (item <= byte && byte <= (pattern[at + 2] as number)) return !negated;
      at += 2;
    } else if (item === byte) return !negated;
  }
  return negated;
}

/** Classes of bytes as the C locale has them, by their letters; a capital letter is all others. */
const CLASSES: { readonly [letter: string]: (byte: number) => boolean } = {
  a: isLetter,
  c: (byte) => byte < 0x20 || byte === 0x7f,
  d: isDigit,
  g: (byte) => byte > 0x20 && byte < 0x7f,
  l: (byte) => byte >= 0x61 && byte <= 0x7a,
  p: (byte) => byte > 0x20 && byte < 0x7f && !isLetter(byte) && !isDigit(byte),
  s: (byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d),
  u: (byte) => byte >= 0x41 && byte <= 0x5a,
  w: (byte) => isLetter(byte) || isDigit(byte),
  x: (byte) => isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66),
};
const BY_CODE = new Map(
  Object.entries(CLASSES).flatMap(([letter, is]) => [
    [letter.charCodeAt(0), is] as const,
    [letter.toUpperCase().charCodeAt(0), (byte: number) => !is(byte)] as const,
  ]),
);

export function isOfClass(byte: number, code: number): boolean {
  return BY_CODE.get(code)?.(byte) ?? byte === code;
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
