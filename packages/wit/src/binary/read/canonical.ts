// Canonical definitions: of all of them only a lifted function matters to types, but each has to be read to find the next.

import { BinaryError, hex } from '../errors.ts';
import type { Declaration } from './declarations.ts';
import { type Reader, readByte, readList, readU32 } from './reader.ts';
import { readTypeRef } from './values.ts';

/** An operand: an index, a flag of one byte, canonical options, the type of a value, the result of a task. */
type Operand = 'index' | 'flag' | 'options' | 'core-value' | 'result';

const one = (...operands: readonly Operand[]): readonly Operand[] => operands;

/** The operands of every canonical definition but `lift`, by opcode. */
const OPERANDS: ReadonlyMap<number, readonly Operand[]> = new Map([
  [0x01, one('flag', 'index', 'options')], // lower
  [0x02, one('index')], // resource.new
  [0x03, one('index')], // resource.drop
  [0x04, one('index')], // resource.rep
  [0x05, one()], // task.cancel
  [0x06, one('flag')], // subtask.cancel
  [0x07, one('index')], // resource.drop, async
  [0x08, one()], // backpressure.set
  [0x09, one('result', 'options')], // task.return
  [0x0a, one('core-value', 'index')], // context.get
  [0x0b, one('core-value', 'index')], // context.set
  [0x0c, one('flag')], // thread.yield
  [0x0d, one()], // subtask.drop
  [0x0e, one('index')], // stream.new
  [0x0f, one('index', 'options')], // stream.read
  [0x10, one('index', 'options')], // stream.write
  [0x11, one('index', 'flag')], // stream.cancel-read
  [0x12, one('index', 'flag')], // stream.cancel-write
  [0x13, one('index')], // stream.drop-readable
  [0x14, one('index')], // stream.drop-writable
  [0x15, one('index')], // future.new
  [0x16, one('index', 'options')], // future.read
  [0x17, one('index', 'options')], // future.write
  [0x18, one('index', 'flag')], // future.cancel-read
  [0x19, one('index', 'flag')], // future.cancel-write
  [0x1a, one('index')], // future.drop-readable
  [0x1b, one('index')], // future.drop-writable
  [0x1c, one('options')], // error-context.new
  [0x1d, one('options')], // error-context.debug-message
  [0x1e, one()], // error-context.drop
  [0x1f, one()], // waitable-set.new
  [0x20, one('flag', 'index')], // waitable-set.wait
  [0x21, one('flag', 'index')], // waitable-set.poll
  [0x22, one()], // waitable-set.drop
  [0x23, one()], // waitable.join
  [0x24, one()], // backpressure.inc
  [0x25, one()], // backpressure.dec
  [0x26, one()], // thread.index
  [0x27, one('index', 'index')], // thread.new-indirect
  [0x28, one()], // thread.resume-later
  [0x29, one('flag')], // thread.suspend
  [0x2a, one('flag')], // thread.suspend-then-resume
  [0x2b, one('flag')], // thread.yield-then-resume
  [0x2c, one('flag')], // thread.suspend-then-promote
  [0x2d, one('flag')], // thread.yield-then-promote
  [0x40, one('index')], // thread.spawn-ref
  [0x41, one('index', 'index')], // thread.spawn-indirect
  [0x42, one()], // thread.available-parallelism
]);

/** The options that an index follows: memory, realloc, post-return, callback, core type. */
const OPTIONS_WITH_INDEX: ReadonlySet<number> = new Set([0x03, 0x04, 0x05, 0x07, 0x08]);
/** The others: string encodings, async, gc. */
const OPTIONS_ALONE: ReadonlySet<number> = new Set([0x00, 0x01, 0x02, 0x06, 0x09]);

/** One canonical definition; undefined for those that make core functions. */
export const readCanonical = (reader: Reader): Declaration | undefined => {
  const at = reader.at;
  const opcode = readByte(reader, 'a canonical definition');
  if (opcode === 0x00) {
    readByte(reader, 'a sort');
    readU32(reader, 'a function index');
    readOptions(reader);
    return { op: 'lift', at, type: readU32(reader, 'a type index') };
  }
  const operands = OPERANDS.get(opcode);
  if (operands === undefined) throw new BinaryError(`Expected a canonical definition, found ${hex(opcode)}`, at);
  for (const operand of operands) readOperand(reader, operand);
  return undefined;
};

const readOperand = (reader: Reader, operand: Operand): void => {
  if (operand === 'index') readU32(reader, 'an index');
  else if (operand === 'options') readOptions(reader);
  else if (operand === 'result') readResult(reader);
  else readByte(reader, 'a flag');
};

const readOptions = (reader: Reader): void => {
  readList(reader, 'canonical options', (from) => {
    const at = from.at;
    const option = readByte(from, 'a canonical option');
    if (OPTIONS_WITH_INDEX.has(option)) readU32(from, 'an index');
    else if (!OPTIONS_ALONE.has(option)) {
      throw new BinaryError(`Expected a canonical option, found ${hex(option)}`, at);
    }
  });
};

const readResult = (reader: Reader): void => {
  const at = reader.at;
  const kind = readByte(reader, 'the result of a task');
  if (kind === 0) readTypeRef(reader);
  else if (kind === 1) readU32(reader, 'the count of results');
  else throw new BinaryError(`Expected the result of a task, found ${hex(kind)}`, at);
};
