// A core module as far as this ABI looks at it, read from its bytes: nothing is compiled, nothing runs.
import { AGENT_SECTION, type FunctionType } from '../abi.ts';
import { readConstant } from './constants.ts';
import { CoreModuleError } from './errors.ts';
import { createReader, type Reader } from './reader.ts';
import { readTypes, readValueType } from './types.ts';

export type ExternKind = 'function' | 'table' | 'memory' | 'global' | 'tag';

export type CoreImport = {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternKind;
  readonly type?: FunctionType;
};

export type CoreExport = { readonly name: string; readonly kind: ExternKind; readonly index: number };

/** Pages of a memory or entries of a table; the flags are those of the binary format. */
export type CoreLimits = { readonly flags: number; readonly minimum: number };

export type CoreGlobal = { readonly type: string; readonly isMutable: boolean; readonly value: number | undefined };

/** `at` is undefined where only running the module could tell it. */
export type CoreData = { readonly at: number | undefined; readonly bytes: Uint8Array };

export type CoreModule = {
  readonly imports: readonly CoreImport[];
  readonly exports: readonly CoreExport[];
  readonly memories: readonly CoreLimits[];
  readonly tables: readonly CoreLimits[];
  /** What is copied to memory when the module is instantiated, in that order. */
  readonly data: readonly CoreData[];
  /** The custom sections that hold metadata. */
  readonly agents: readonly Uint8Array[];
  /** Code runs when the module is instantiated. */
  readonly starts: boolean;
  functionType(index: number): FunctionType | undefined;
  /** Undefined for an imported one. */
  global(index: number): CoreGlobal | undefined;
};

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const KINDS: readonly ExternKind[] = ['function', 'table', 'memory', 'global', 'tag'];

/** Whether the header says core module: version 1 of layer 0. Says nothing about the rest. */
export function isCoreModule(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => bytes[index] === byte);
}

/** More sections than any compiler writes would only keep the host busy. */
const MOST_SECTIONS = 10_000;

/** @throws CoreModuleError for bytes that cannot be read as a module */
export function readModule(bytes: Uint8Array): CoreModule {
  const draft = createDraft();
  const reader = createReader(bytes, MAGIC.length);
  for (let count = 0; !reader.isDone; count++) {
    if (count === MOST_SECTIONS) throw new CoreModuleError(`The module has more than ${MOST_SECTIONS} sections`);
    const id = reader.byte();
    const { from, to } = reader.part(reader.u32());
    SECTIONS[id]?.(createReader(bytes, from, to), draft);
  }
  const { types, declared, imports, globals } = draft;
  const imported = imports.filter(({ kind }) => kind === 'function');
  const importedGlobals = imports.filter(({ kind }) => kind === 'global').length;
  return {
    ...draft,
    functionType: (index) => {
      const own = declared[index - imported.length];
      return own === undefined ? imported[index]?.type : types[own];
    },
    global: (index) => globals[index - importedGlobals],
  };
}

type Draft = {
  -readonly [key in keyof Omit<CoreModule, 'functionType' | 'global'>]: CoreModule[key];
} & {
  types: readonly (FunctionType | undefined)[];
  /** The types of the module's own functions. */
  declared: readonly number[];
  globals: readonly CoreGlobal[];
};

function createDraft(): Draft {
  return {
    types: [],
    imports: [],
    declared: [],
    tables: [],
    memories: [],
    globals: [],
    exports: [],
    data: [],
    agents: [],
    starts: false,
  };
}

type ReadSection = (reader: Reader, draft: Draft) => void;

/** The sections that matter here, by their numbers. One that comes twice is the engine's to refuse. */
const SECTIONS: { readonly [id: number]: ReadSection } = {
  0: (reader, draft) => {
    if (reader.name() === AGENT_SECTION) draft.agents = [...draft.agents, reader.rest()];
  },
  1: (reader, draft) => {
    draft.types = readTypes(reader);
  },
  2: (reader, draft) => {
    draft.imports = reader.list(() => readImport(reader, draft));
  },
  3: (reader, draft) => {
    draft.declared = reader.list(() => reader.u32());
  },
  4: (reader, draft) => {
    draft.tables = reader.list(() => readTable(reader));
  },
  5: (reader, draft) => {
    draft.memories = reader.list(() => readLimits(reader));
  },
  6: (reader, draft) => {
    draft.globals = reader.list(() => readGlobal(reader));
  },
  7: (reader, draft) => {
    draft.exports = reader.list(() => readExport(reader));
  },
  8: (_reader, draft) => {
    draft.starts = true;
  },
  11: (reader, draft) => {
    draft.data = reader.list(() => readData(reader)).flat();
  },
};

function readImport(reader: Reader, { types }: Draft): CoreImport {
  const module = reader.name();
  const name = reader.name();
  const kind = readKind(reader);
  if (kind === 'function') {
    const type = types[reader.u32()];
    return { module, name, kind, ...(type === undefined ? {} : { type }) };
  }
  if (kind === 'table') readTable(reader);
  if (kind === 'memory') readLimits(reader);
  if (kind === 'global') {
    readValueType(reader);
    reader.byte();
  }
  if (kind === 'tag') {
    reader.byte();
    reader.u32();
  }
  return { module, name, kind };
}

function readExport(reader: Reader): CoreExport {
  return { name: reader.name(), kind: readKind(reader), index: reader.u32() };
}

function readKind(reader: Reader): ExternKind {
  const code = reader.byte();
  const kind = KINDS[code];
  if (kind !== undefined) return kind;
  throw new CoreModuleError(`The module imports or exports something of an unknown kind (${code})`, {
    offset: reader.at,
  });
}

const WITH_INITIAL = 0x40;

function readTable(reader: Reader): CoreLimits {
  const { at } = reader;
  if (reader.byte() === WITH_INITIAL) {
    reader.byte();
    readValueType(reader);
    const limits = readLimits(reader);
    readConstant(reader);
    return limits;
  }
  reader.at = at;
  readValueType(reader);
  return readLimits(reader);
}

const HAS_MAXIMUM = 1;
const HAS_PAGE_SIZE = 8;

function readLimits(reader: Reader): CoreLimits {
  const flags = reader.byte();
  const minimum = reader.u32();
  if ((flags & HAS_MAXIMUM) !== 0) reader.u32();
  if ((flags & HAS_PAGE_SIZE) !== 0) reader.u32();
  return { flags, minimum };
}

function readGlobal(reader: Reader): CoreGlobal {
  return { type: readValueType(reader), isMutable: reader.byte() !== 0, value: readConstant(reader) };
}

const PASSIVE = 1;
const WITH_MEMORY = 2;

function readData(reader: Reader): CoreData[] {
  const flags = reader.u32();
  if (flags === WITH_MEMORY) reader.u32();
  const at = flags === PASSIVE ? undefined : readConstant(reader);
  const bytes = reader.bytes(reader.u32());
  return flags === PASSIVE ? [] : [{ at, bytes }];
}
