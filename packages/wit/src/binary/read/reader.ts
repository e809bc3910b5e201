// A place in the bytes, and how numbers and text are read from there: every read checks its bounds first, because the
// bytes come from a stranger.

import { BinaryError, hex } from '../errors.ts';
import { type Budget, createBudget, spend } from '../limits.ts';

/** A place in bytes; reading moves it. `end` is where what is being read ends, `budget` is what items are taken from. */
export type Reader = { readonly bytes: Uint8Array; at: number; readonly end: number; readonly budget: Budget };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A reader over a part of bytes. */
export const createReader = (
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
  budget: Budget = createBudget(bytes.length),
): Reader => ({ bytes, at: start, end, budget });

/** The next byte, left where it is; undefined at the end. */
export const peekByte = (reader: Reader): number | undefined =>
  reader.at < reader.end ? reader.bytes[reader.at] : undefined;

/** The next byte. */
export const readByte = (reader: Reader, what = 'a byte'): number => {
  const byte = peekByte(reader);
  if (byte === undefined) throw new BinaryError(`Expected ${what}, found the end`, reader.at);
  reader.at += 1;
  return byte;
};

/** An unsigned LEB128 number of up to 32 bits; padded forms of up to five bytes are allowed, as linkers write them. */
export const readU32 = (reader: Reader, what = 'a number'): number => {
  const start = reader.at;
  let value = 0;
  for (let place = 0; place < 5; place += 1) {
    const byte = readByte(reader, what);
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) {
      if (value > 0xffff_ffff) break;
      return value;
    }
  }
  throw new BinaryError(`Expected ${what} of at most 32 bits`, start);
};

/** A signed LEB128 number of 33 bits that is not negative: a type index where an opcode could stand as well. */
export const readTypeIndex = (reader: Reader): number => {
  const start = reader.at;
  let value = 0;
  for (let place = 0; place < 5; place += 1) {
    const byte = readByte(reader, 'a type');
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) {
      if ((byte & 0x40) !== 0 || value > 0xffff_ffff) break;
      return value;
    }
  }
  throw new BinaryError('Expected a value type or a type index', start);
};

/** How many items follow. Each takes a byte or more, so a count beyond the bytes that are left is refused at once. */
export const readCount = (reader: Reader, what: string): number => {
  const start = reader.at;
  const count = readU32(reader, `the count of ${what}`);
  if (count > reader.end - reader.at) {
    throw new BinaryError(
      `Expected at most ${reader.end - reader.at} ${what} in the bytes that are left, found ${count}`,
      start,
    );
  }
  return count;
};

/** A counted list. */
export const readList = <T>(reader: Reader, what: string, readItem: (reader: Reader) => T): T[] => {
  const count = readCount(reader, what);
  spend(reader.budget, count, reader.at);
  const items: T[] = [];
  for (let item = 0; item < count; item += 1) items.push(readItem(reader));
  return items;
};

/** Text: its length in bytes, then UTF-8. */
export const readText = (reader: Reader, what = 'a name'): string => {
  const start = reader.at;
  const length = readU32(reader, `the length of ${what}`);
  if (length > reader.end - reader.at) {
    throw new BinaryError(`Expected ${what} of ${length} bytes, found ${reader.end - reader.at}`, start);
  }
  const from = reader.at;
  reader.at += length;
  return decodeText(reader.bytes.subarray(from, reader.at), what, from);
};

/** Bytes as text; refused unless they are UTF-8. */
export const decodeText = (bytes: Uint8Array, what: string, offset: number): string => {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new BinaryError(`Expected ${what} in UTF-8`, offset);
  }
};

/** Something that may be missing, behind a byte that says so. */
export const readOptional = <T>(reader: Reader, readItem: (reader: Reader) => T): T | null => {
  const start = reader.at;
  const byte = readByte(reader, 'whether something follows');
  if (byte === 0) return null;
  if (byte === 1) return readItem(reader);
  throw new BinaryError(`Expected 0x00 or 0x01, found ${hex(byte)}`, start);
};
