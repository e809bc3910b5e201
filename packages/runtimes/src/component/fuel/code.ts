// Writes the charges into the functions of a module.
import type { Charges } from './charges.ts';
import { type Cursor, cut, readIndex } from './cursor.ts';
import { findPlaces, type Place } from './regions.ts';
import type { Shape } from './shape.ts';
import { skipValueType } from './types.ts';
import { createWriter, sizeOfUnsigned, type Writer } from './writer.ts';

/** The content of the section of code, metered. */
export function meterCode(cursor: Cursor, shape: Shape, charges: Charges): Uint8Array {
  const { end } = cursor;
  const writer = createWriter(Math.ceil((end - cursor.at) * GROWTH));
  const count = readIndex(cursor);
  if (count !== shape.functions.length) cursor.refuse(`declares ${shape.functions.length} functions, but has ${count}`);
  writer.unsigned(count);
  for (const type of shape.functions) {
    const size = readIndex(cursor);
    if (size > end - cursor.at) cut(cursor);
    cursor.end = cursor.at + size;
    meterFunction(cursor, shape, type, charges, writer);
    cursor.end = end;
  }
  if (cursor.at !== end) cursor.refuse('has bytes behind a section');
  return writer.written();
}

const GROWTH = 1.7;
/** How many locals cost what one instruction does: each is made zero. */
const LOCALS_FOR_ONE = 2;
/** Far above what any engine takes. */
const MOST_LOCALS = 1_000_000;

function meterFunction(cursor: Cursor, shape: Shape, type: number, charges: Charges, writer: Writer): void {
  const { bytes } = cursor;
  const signature = shape.types[type] ?? cursor.refuse(`has a function of a type ${type}, which it does not define`);
  const groups = readIndex(cursor);
  const start = cursor.at;
  let locals = signature.parameters;
  for (let count = groups; count > 0; count--) {
    locals += readIndex(cursor);
    skipValueType(cursor);
  }
  if (locals > MOST_LOCALS) cursor.refuse(`has a function with ${locals} local variables`);
  const code = cursor.at;
  const entry = 1 + signature.size + Math.ceil(locals / LOCALS_FOR_ONE);
  const places = findPlaces(cursor, shape, locals, entry, charges).filter(({ instead }) => instead === undefined);
  const needsLocal = places.some((place) => place.bytes !== undefined);
  const declared = needsLocal ? groups + 1 : groups;

  writer.unsigned(sizeOfUnsigned(declared) + (needsLocal ? 2 : 0) + cursor.end - start + sizeOfPlaces(places, charges));
  writer.unsigned(declared);
  writer.copy(bytes, start, code);
  if (needsLocal) {
    writer.byte(1);
    writer.byte(I64);
  }
  let from = code;
  for (const place of places) {
    writer.copy(bytes, from, place.at);
    from = place.at;
    if (place.bytes === undefined) charges.write(writer, place.amount);
    else writer.copy(place.bytes, 0, place.bytes.length);
  }
  writer.copy(bytes, from, cursor.end);
}

const I64 = 0x7e;

function sizeOfPlaces(places: readonly Place[], charges: Charges): number {
  let size = 0;
  for (const place of places) size += place.bytes?.length ?? charges.sizeOf(place.amount);
  return size;
}
