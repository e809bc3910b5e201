// Writes a counter of fuel into core modules, because where neither a thread nor a clock ends a call it must end itself.
//
// At the edge clocks stand still within a call, there are no threads, and nothing from outside ends a loop. What was set
// aside: Binaryen (megabytes, and none of its passes counts), wasm-instrument (Rust; knows neither exceptions nor what is
// collected, and calls a function for each charge). Here a charge is ten instructions in place, one for about 64: a
// module grows by a fifth, and real code takes a fifth to a third longer (docs/decisions).
import { PypesError } from '@pypes/contract';
import { readSections, type Section } from '../read/bytes.ts';
import { createAssembly, written } from './assembly.ts';
import { createCharges } from './charges.ts';
import { meterCode } from './code.ts';
import { type Cursor, createCursor, readIndex, readText } from './cursor.ts';
import { createShape, EXPORTS, GLOBALS, readSection } from './shape.ts';
import { hex } from './types.ts';
import type { Writer } from './writer.ts';

/** The export under which a metered module shows what it has left: a mutable global of 64 bits. */
export const FUEL_EXPORT = 'pypes:fuel';

/** What a module may use before the host has set its fuel: its start function. In instructions, roughly. */
export const INITIAL_FUEL = 100_000_000n;

/**
 * The module with one more global, its fuel. Every function and every turn of a loop takes from it what it is about to
 * do, and traps as `unreachable` once it is below zero: from then on every entry of the module does, until the host
 * sets the global again. One unit is about one instruction; what works on a length is charged for that, too.
 *
 * @throws PypesError `agent_broken` where a module uses an instruction or section that is not known, or the name
 * @example
 * const { exports } = new WebAssembly.Instance(new WebAssembly.Module(meterModule(bytes, 'skills/sum.wasm')));
 * exports[FUEL_EXPORT].value = 1_000_000_000n;
 */
export function meterModule(module: Uint8Array, path: string): Uint8Array<ArrayBuffer> {
  const refuse = (problem: string): never => {
    throw new PypesError('agent_broken', `A core module of the component ${problem}`, { details: { file: path } });
  };
  if (MAGIC.some((byte, index) => module[index] !== byte)) refuse('is no WebAssembly of version 1');
  const sections = readSections(module, () => refuse('is cut off'));
  checkOrder(sections, refuse);
  const shape = createShape();
  const cursorOf = ({ start, end }: Section) => createCursor(module, start, end, refuse);
  for (const section of sections) {
    if (section.id !== CODE) readSection(section.id, cursorOf(section), shape, FUEL_EXPORT);
  }

  const assembly = createAssembly(module);
  assembly.keep(0, MAGIC.length);
  const items = new Map([
    [GLOBALS, written(writeFuel)],
    [EXPORTS, written((writer) => writeExport(writer, shape.globals))],
  ]);
  /** The sections that the module does not have, where they belong. */
  const addBefore = (rank: number) => {
    for (const [id, item] of items) {
      if (rankOf(id) >= rank) continue;
      items.delete(id);
      assembly.add(id, [ONE, item]);
    }
  };
  for (const section of sections) {
    const { id, from, end } = section;
    if (id === CUSTOM) {
      if (!isStale(readText(cursorOf(section)))) assembly.keep(from, end);
      continue;
    }
    addBefore(rankOf(id));
    const item = items.get(id);
    items.delete(id);
    if (id === CODE) assembly.add(CODE, [meterCode(cursorOf(section), shape, createCharges(shape.globals))]);
    else if (item === undefined) assembly.keep(from, end);
    else assembly.add(id, withItem(cursorOf(section), item));
  }
  addBefore(ORDER.length);
  return assembly.join();
}

/** {@link meterModule} for each module of a component. Each has fuel of its own. */
export function meterModules(
  modules: { readonly [name: string]: Uint8Array },
  path: string,
): { readonly [name: string]: Uint8Array<ArrayBuffer> } {
  return Object.fromEntries(Object.entries(modules).map(([name, module]) => [name, meterModule(module, path)]));
}

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const CUSTOM = 0;
const CODE = 10;
/** Types, imports, functions, tables, memories, tags, globals, exports, start, elements, count of data, code, data. */
const ORDER: readonly number[] = [1, 2, 3, 4, 5, 13, GLOBALS, EXPORTS, 8, 9, 12, CODE, 11];

const rankOf = (id: number) => ORDER.indexOf(id);

function checkOrder(sections: readonly Section[], refuse: (problem: string) => never): void {
  let last = -1;
  for (const { id } of sections) {
    if (id === CUSTOM) continue;
    const rank = rankOf(id);
    if (rank < 0) refuse(`has a section ${hex(id)}, which is unknown`);
    if (rank <= last) refuse(`has its section ${hex(id)} in the wrong place`);
    last = rank;
  }
}

/** Sections of tools that name places in the code, which move. */
function isStale(name: string): boolean {
  return /^(\.debug_|metadata\.code\.|reloc\.)/.test(name);
}

const ONE = Uint8Array.of(1);
const I64 = 0x7e;
const MUTABLE = 1;
const I64_CONST = 0x42;
const END = 0x0b;
const GLOBAL_KIND = 3;

function writeFuel(writer: Writer): void {
  for (const byte of [I64, MUTABLE, I64_CONST]) writer.byte(byte);
  writer.signed(Number(INITIAL_FUEL));
  writer.byte(END);
}

function writeExport(writer: Writer, index: number): void {
  const name = new TextEncoder().encode(FUEL_EXPORT);
  writer.unsigned(name.length);
  writer.copy(name, 0, name.length);
  writer.byte(GLOBAL_KIND);
  writer.unsigned(index);
}

/** A vector with one item more behind its others. */
function withItem(cursor: Cursor, item: Uint8Array): Uint8Array[] {
  const count = readIndex(cursor) + 1;
  return [written((writer) => writer.unsigned(count)), cursor.bytes.subarray(cursor.at, cursor.end), item];
}
