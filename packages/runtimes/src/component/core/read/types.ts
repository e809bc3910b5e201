// The types of a core module: functions as they are, everything else only passed over.
import type { FunctionType } from '../abi.ts';
import { CoreModuleError } from './errors.ts';
import type { Reader } from './reader.ts';

const VALUE_TYPES: { readonly [code: number]: string } = {
  127: 'i32',
  126: 'i64',
  125: 'f32',
  124: 'f64',
  123: 'v128',
};
const GROUP = 0x4e;
const FINAL = 0x4f;
const OPEN = 0x50;
const ARRAY = 0x5e;
const STRUCT = 0x5f;
const FUNCTION = 0x60;
const REFERENCE = 0x64;
const NULLABLE_REFERENCE = 0x63;

/** The type section: undefined for what is no function. */
export function readTypes(reader: Reader): (FunctionType | undefined)[] {
  return reader.list(() => readGroup(reader)).flat();
}

export function readValueType(reader: Reader): string {
  const code = reader.byte();
  if (code === REFERENCE || code === NULLABLE_REFERENCE) reader.s32();
  return VALUE_TYPES[code] ?? 'ref';
}

function readGroup(reader: Reader): (FunctionType | undefined)[] {
  const form = reader.byte();
  return form === GROUP ? reader.list(() => readSubtype(reader, reader.byte())) : [readSubtype(reader, form)];
}

function readSubtype(reader: Reader, form: number): FunctionType | undefined {
  if (form !== OPEN && form !== FINAL) return readComposite(reader, form);
  reader.list(() => reader.u32());
  return readComposite(reader, reader.byte());
}

function readComposite(reader: Reader, form: number): FunctionType | undefined {
  switch (form) {
    case FUNCTION:
      return { params: reader.list(() => readValueType(reader)), results: reader.list(() => readValueType(reader)) };
    case STRUCT:
      reader.list(() => readField(reader));
      return undefined;
    case ARRAY:
      readField(reader);
      return undefined;
    default:
      throw new CoreModuleError(`The module has a type of an unknown form (0x${form.toString(16)})`, {
        offset: reader.at,
      });
  }
}

function readField(reader: Reader): void {
  readValueType(reader);
  reader.byte();
}
