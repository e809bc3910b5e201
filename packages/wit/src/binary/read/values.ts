// Value types, function types and resource types, as the bytes have them.

import type { Primitive } from '../../resolved.ts';
import { BinaryError, hex } from '../errors.ts';
import { checkDistinct, checkLabel } from '../names.ts';
import type { Shape } from '../shape.ts';
import type { ParameterSyntax, TypeRef, TypeSyntax } from './declarations.ts';
import {
  peekByte,
  type Reader,
  readByte,
  readCount,
  readList,
  readOptional,
  readText,
  readTypeIndex,
  readU32,
} from './reader.ts';

const PRIMITIVES: ReadonlyMap<number, Primitive> = new Map([
  [0x7f, 'bool'],
  [0x7e, 's8'],
  [0x7d, 'u8'],
  [0x7c, 's16'],
  [0x7b, 'u16'],
  [0x7a, 's32'],
  [0x79, 'u32'],
  [0x78, 's64'],
  [0x77, 'u64'],
  [0x76, 'f32'],
  [0x75, 'f64'],
  [0x74, 'char'],
  [0x73, 'string'],
  [0x64, 'error-context'],
]);

const I32 = 0x7f;
const I64 = 0x7e;

/** An inner type: an opcode of a primitive, or a type index. */
export const readTypeRef = (reader: Reader): TypeRef => {
  const primitive = PRIMITIVES.get(peekByte(reader) ?? -1);
  if (primitive === undefined) return readTypeIndex(reader);
  reader.at += 1;
  return primitive;
};

const readLabel = (reader: Reader, what: string): string => {
  const at = reader.at;
  return checkLabel(readText(reader, what), what, at);
};

const readField = (reader: Reader): ParameterSyntax => ({
  name: readLabel(reader, 'the name of a field'),
  type: readTypeRef(reader),
});

const readCase = (reader: Reader): { readonly name: string; readonly type: TypeRef | null } => {
  const name = readLabel(reader, 'the name of a case');
  const type = readOptional(reader, readTypeRef);
  const at = reader.at;
  // Once the place of `refines`, which is gone from the format.
  if (readByte(reader) !== 0) throw new BinaryError('Expected a case that refines no other', at);
  return { name, type };
};

const notEmpty = <T>(items: readonly T[], what: string, at: number): readonly T[] => {
  if (items.length === 0) throw new BinaryError(`Expected at least one ${what}`, at);
  return items;
};

const distinct = <T extends { readonly name: string }>(items: readonly T[], what: string, at: number): readonly T[] => {
  checkDistinct(
    items.map(({ name }) => name),
    what,
    at,
  );
  return items;
};

const readNames = (reader: Reader, what: string, at: number): readonly { readonly name: string }[] =>
  distinct(
    notEmpty(
      readList(reader, `${what}s`, (from) => ({ name: readLabel(from, `the name of a ${what}`) })),
      what,
      at,
    ),
    what,
    at,
  );

const readFixedList = (reader: Reader, at: number): Shape<TypeRef> => {
  const item = readTypeRef(reader);
  const length = readU32(reader, 'the length of a list');
  if (length === 0) throw new BinaryError('Expected a list of a fixed length above 0', at);
  return { 'fixed-length-list': [item, length] };
};

const SHAPES: ReadonlyMap<number, (reader: Reader, at: number) => Shape<TypeRef>> = new Map<
  number,
  (reader: Reader, at: number) => Shape<TypeRef>
>([
  [
    0x72,
    (reader, at) => ({
      record: { fields: distinct(notEmpty(readList(reader, 'fields', readField), 'field', at), 'field', at) },
    }),
  ],
  [
    0x71,
    (reader, at) => ({
      variant: { cases: distinct(notEmpty(readList(reader, 'cases', readCase), 'case', at), 'case', at) },
    }),
  ],
  [0x70, (reader) => ({ list: readTypeRef(reader) })],
  [0x6f, (reader, at) => ({ tuple: { types: notEmpty(readList(reader, 'types', readTypeRef), 'type', at) } })],
  [0x6e, (reader, at) => ({ flags: { flags: readNames(reader, 'flag', at) } })],
  [0x6d, (reader, at) => ({ enum: { cases: readNames(reader, 'case', at) } })],
  [0x6b, (reader) => ({ option: readTypeRef(reader) })],
  [0x6a, (reader) => ({ result: { ok: readOptional(reader, readTypeRef), err: readOptional(reader, readTypeRef) } })],
  [0x69, (reader) => ({ handle: { own: readU32(reader, 'a type index') } })],
  [0x68, (reader) => ({ handle: { borrow: readU32(reader, 'a type index') } })],
  [0x67, readFixedList],
  [0x66, (reader) => ({ stream: readOptional(reader, readTypeRef) })],
  [0x65, (reader) => ({ future: readOptional(reader, readTypeRef) })],
  [0x63, (reader) => ({ map: [readTypeRef(reader), readTypeRef(reader)] })],
]);

/** The rest of a value, function or resource type whose opcode was read; undefined if it is the opcode of none. */
export const readPlainType = (reader: Reader, opcode: number, at: number): TypeSyntax | undefined => {
  const primitive = PRIMITIVES.get(opcode);
  if (primitive !== undefined) return { form: 'value', shape: { type: primitive } };
  const readShape = SHAPES.get(opcode);
  if (readShape !== undefined) return { form: 'value', shape: readShape(reader, at) };
  if (opcode === 0x40 || opcode === 0x43) return readFunction(reader, opcode === 0x43, at);
  if (opcode === 0x3f || opcode === 0x3e) return readResource(reader, opcode === 0x3e);
  return undefined;
};

const readFunction = (reader: Reader, async: boolean, at: number): TypeSyntax => {
  const params = distinct(readList(reader, 'parameters', readField), 'parameter', at);
  const place = reader.at;
  const kind = readByte(reader, 'the result of a function');
  if (kind === 0) return { form: 'function', async, params, result: readTypeRef(reader) };
  if (kind === 1 && readCount(reader, 'results') === 0) return { form: 'function', async, params, result: null };
  throw new BinaryError('Expected a function with one result without a name, or none', place);
};

const readResource = (reader: Reader, async: boolean): TypeSyntax => {
  const at = reader.at;
  const representation = readByte(reader, 'the representation of a resource');
  if (representation !== I32 && representation !== I64) {
    throw new BinaryError(`Expected a resource represented by i32 or i64, found ${hex(representation)}`, at);
  }
  if (async) {
    readU32(reader, 'the index of a destructor');
    readOptional(reader, (from) => readU32(from, 'the index of a callback'));
  } else {
    readOptional(reader, (from) => readU32(from, 'the index of a destructor'));
  }
  return { form: 'resource' };
};
