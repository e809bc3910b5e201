// The names inside a component that become part of its glue: the transpiler writes them between single quotes as they
// are, so a name with a quote in it would be code.
import { PypesError } from '@pypes/contract';
import { type ByteReader, createReader, readSections } from './bytes.ts';

/** Printed characters of ASCII that end neither a literal nor a comment. */
const PLAIN = /^[A-Za-z0-9_$.:/@#[\]|+~!?=<>%&^,;()* -]*$/;
const ENDS_COMMENT = '*/';

const DEEPEST = 100;
const SECTIONS = { coreModule: 1, coreInstance: 2, component: 4, instance: 5, alias: 6 };
const IMPORTS = 2;
const EXPORTS = 7;

/**
 * Looks at every name by which core modules and instances inside a component are tied together.
 *
 * @throws PypesError `agent_broken` for a name that is more than letters, digits and common signs
 */
export function checkCoreNames(component: Uint8Array, path: string): void {
  const refuse = (message: string): never => {
    throw new PypesError('agent_broken', message, { details: { file: path } });
  };
  walkComponent(component, 0, {
    cut: () => refuse('The component cannot be read: a section inside is cut off, or of a kind that is not known'),
    name(name) {
      if (PLAIN.test(name) && !name.includes(ENDS_COMMENT)) return;
      refuse(`The component has a core name with characters that are not allowed in one: ${JSON.stringify(name)}`);
    },
  });
}

type Visitor = { cut(): never; name(name: string): void };

function walkComponent(bytes: Uint8Array, depth: number, visitor: Visitor): void {
  if (depth > DEEPEST) visitor.cut();
  for (const { id, start, end } of readSections(bytes, visitor.cut)) {
    const inside = bytes.subarray(start, end);
    if (id === SECTIONS.coreModule) walkModule(inside, visitor);
    else if (id === SECTIONS.component) walkComponent(inside, depth + 1, visitor);
    else if (id === SECTIONS.coreInstance) eachItem(inside, visitor, readCoreInstance);
    else if (id === SECTIONS.instance) eachItem(inside, visitor, readInstance);
    else if (id === SECTIONS.alias) eachItem(inside, visitor, readAlias);
  }
}

type ReadItem = (reader: ByteReader, visitor: Visitor) => void;

function eachItem(section: Uint8Array, visitor: Visitor, read: ReadItem): void {
  const reader = createReader(section, visitor.cut);
  for (let left = reader.leb(); left > 0; left--) read(reader, visitor);
  if (reader.at !== section.length) visitor.cut();
}

function walkModule(module: Uint8Array, visitor: Visitor): void {
  for (const { id, start, end } of readSections(module, visitor.cut)) {
    if (id === IMPORTS) eachItem(module.subarray(start, end), visitor, readCoreImport);
    else if (id === EXPORTS) eachItem(module.subarray(start, end), visitor, readCoreExport);
  }
}

function readCoreExport(reader: ByteReader, visitor: Visitor): void {
  visitor.name(reader.text());
  reader.byte();
  reader.leb();
}

function readCoreImport(reader: ByteReader, visitor: Visitor): void {
  visitor.name(reader.text());
  visitor.name(reader.text());
  const kind = reader.byte();
  if (kind === 0) reader.leb();
  else if (kind === 1) {
    skipValueType(reader);
    skipLimits(reader);
  } else if (kind === 2) skipLimits(reader);
  else if (kind === 3) {
    skipValueType(reader);
    reader.byte();
  } else if (kind === 4) {
    reader.byte();
    reader.leb();
  } else visitor.cut();
}

const REFERENCE = 0x63;
const NULLABLE_REFERENCE = 0x64;

function skipValueType(reader: ByteReader): void {
  const opcode = reader.byte();
  if (opcode === REFERENCE || opcode === NULLABLE_REFERENCE) reader.leb();
}

const HAS_MAXIMUM = 1;
const HAS_PAGE_SIZE = 8;

function skipLimits(reader: ByteReader): void {
  const flags = reader.byte();
  reader.leb();
  if ((flags & HAS_MAXIMUM) !== 0) reader.leb();
  if ((flags & HAS_PAGE_SIZE) !== 0) reader.leb();
}

/** A module with what it is given, or a bundle of what is there already. */
function readCoreInstance(reader: ByteReader, visitor: Visitor): void {
  const kind = reader.byte();
  if (kind === 0) reader.leb();
  else if (kind !== 1) visitor.cut();
  for (let left = reader.leb(); left > 0; left--) {
    visitor.name(reader.text());
    reader.byte();
    reader.leb();
  }
}

function readInstance(reader: ByteReader, visitor: Visitor): void {
  const kind = reader.byte();
  if (kind === 0) reader.leb();
  else if (kind !== 1) visitor.cut();
  for (let left = reader.leb(); left > 0; left--) {
    if (kind === 1) readExternName(reader, visitor);
    else visitor.name(reader.text());
    readSort(reader);
    reader.leb();
  }
}

/** The older form has a mark for names with a slash; a newer one has options behind the name. */
function readExternName(reader: ByteReader, visitor: Visitor): void {
  const form = reader.byte();
  if (form > 2) visitor.cut();
  visitor.name(reader.text());
  if (form !== 2) return;
  for (let left = reader.leb(); left > 0; left--) {
    reader.byte();
    visitor.name(reader.text());
  }
}

function readSort(reader: ByteReader): void {
  if (reader.byte() === 0) reader.byte();
}

const ALIAS = { export: 0, coreExport: 1, outer: 2 };

function readAlias(reader: ByteReader, visitor: Visitor): void {
  readSort(reader);
  const kind = reader.byte();
  reader.leb();
  if (kind === ALIAS.outer) reader.leb();
  else if (kind === ALIAS.export || kind === ALIAS.coreExport) visitor.name(reader.text());
  else visitor.cut();
}
