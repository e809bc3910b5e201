// Bytes of a string literal as text: escapes can spell bytes that are none.

/** The text, or why there is none. */
export const decodeUtf8 = (bytes: Uint8Array): { readonly text: string } | { readonly problem: string } => {
  for (let at = 0; at < bytes.length; ) {
    const sequence = sequenceAt(bytes, at);
    if (typeof sequence === 'string') return { problem: `invalid UTF-8: ${sequence} from index ${at}` };
    at += sequence;
  }
  return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
};

// The length of the character there, or what is wrong with it.
const sequenceAt = (bytes: Uint8Array, at: number): number | string => {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  if (length === 0) return wrong(1);
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return 'incomplete utf-8 byte sequence';
    const [least, most] = index === 1 ? secondRange(first) : [0x80, 0xbf];
    if (byte < least || byte > most) return wrong(index);
  }
  return length;
};

const wrong = (length: number): string => `invalid utf-8 sequence of ${length} bytes`;

// Overlong forms, surrogates and numbers beyond Unicode are no characters.
const secondRange = (first: number): readonly [number, number] => {
  if (first === 0xe0) return [0xa0, 0xbf];
  if (first === 0xed) return [0x80, 0x9f];
  if (first === 0xf0) return [0x90, 0xbf];
  return first === 0xf4 ? [0x80, 0x8f] : [0x80, 0xbf];
};
