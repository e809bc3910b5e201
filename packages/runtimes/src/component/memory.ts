// Bounds what core modules may allocate, by rewriting their own sections: no limit of a thread bounds WebAssembly.
import { PypesError } from '@pypes/contract';
import { createReader, joinBytes, readSections } from './read/bytes.ts';

const PAGE = 65_536;
const TABLE = 4;
const MEMORY = 5;
/** Of all tables together. An entry costs the engine a few words. */
const MOST_ENTRIES = 100_000;
const HAS_MAXIMUM = 1;
const SHARED = 2;
const WIDE = 4;
const KNOWN_FLAGS = HAS_MAXIMUM | WIDE;

type Modules<Bytes = Uint8Array> = { readonly [name: string]: Bytes };

export type Bounded = {
  readonly modules: Modules<Uint8Array<ArrayBuffer>>;
  /** Modules with memories or tables of their own: the bounds hold if each of them is instantiated once. */
  readonly once: readonly string[];
};

/**
 * The modules with a maximum for each memory and table that they define. All memories share `bytes`, all tables a
 * number of entries: each may grow to its own beginning and an equal part of what is left. What a module imports is
 * bounded where it is defined.
 *
 * @throws PypesError `agent_broken` where the beginning alone is too large, or is of a kind that cannot be bounded
 */
export function boundModules(modules: Modules, bytes: number, path: string): Bounded {
  const refuse = (message: string): never => {
    throw new PypesError('agent_broken', message, { details: { file: path } });
  };
  const parsed = Object.entries(modules).map(([name, module]) => ({ name, parts: readParts(module, refuse) }));
  const all = parsed.flatMap(({ parts }) => parts);
  const shares = {
    [MEMORY]: shareOf(all, MEMORY, Math.floor(bytes / PAGE)),
    [TABLE]: shareOf(all, TABLE, MOST_ENTRIES),
  };
  for (const [id, unit] of [
    [MEMORY, 'pages of memory'],
    [TABLE, 'table entries'],
  ] as const) {
    const { started, most, rest } = shares[id];
    if (rest < 0) refuse(`The component begins with ${started} ${unit}, at most ${most} are allowed`);
  }
  return {
    modules: Object.fromEntries(parsed.map(({ name, parts }) => [name, writeParts(parts, shares)])),
    once: parsed.filter(({ parts }) => parts.some(({ items }) => items.length > 0)).map(({ name }) => name),
  };
}

/** The same for a module that is alone. */
export function boundModule(module: Uint8Array, bytes: number, path: string): Uint8Array<ArrayBuffer> {
  return boundModules({ module }, bytes, path).modules.module as Uint8Array<ArrayBuffer>;
}

/** A piece of a module: as it is, or the definitions of one section. */
type Part = { readonly id: number; readonly bytes: Uint8Array; readonly items: readonly Item[] };

/** `head` is the type of a table's entries. */
type Item = {
  readonly head: Uint8Array;
  readonly flags: number;
  readonly minimum: number;
  readonly maximum: number | undefined;
};

type Share = { readonly started: number; readonly most: number; readonly rest: number; readonly each: number };
type Shares = { readonly [MEMORY]: Share; readonly [TABLE]: Share };

function shareOf(parts: readonly Part[], wanted: number, most: number): Share {
  const items = parts.flatMap((part) => (part.id === wanted ? part.items : []));
  const started = items.reduce((sum, { minimum }) => sum + minimum, 0);
  const rest = most - started;
  return { started, most, rest, each: Math.floor(rest / Math.max(1, items.length)) };
}

function readParts(module: Uint8Array, refuse: (message: string) => never): Part[] {
  const sections = readSections(module, () => refuse('A core module of the component is cut off'));
  return [
    { id: 0, bytes: module.subarray(0, 8), items: [] },
    ...sections.map(({ id, from, start, end }) => ({
      id,
      bytes: module.subarray(from, end),
      items: id === MEMORY || id === TABLE ? readItems(module.subarray(start, end), id, refuse) : [],
    })),
  ];
}

const NOTHING = new Uint8Array();
const FUNCREF = 0x70;
const EXTERNREF = 0x6f;

function readItems(section: Uint8Array, id: number, refuse: (message: string) => never): Item[] {
  const reader = createReader(section, () => refuse('A core module of the component is cut off'));
  const count = reader.leb();
  if (count > section.length) refuse('A core module of the component is cut off');
  const items: Item[] = [];
  for (let index = 0; index < count; index++) {
    const head = id === TABLE ? Uint8Array.of(reader.byte()) : NOTHING;
    if (id === TABLE && head[0] !== FUNCREF && head[0] !== EXTERNREF) {
      refuse('The component has a table of a kind that cannot be bounded');
    }
    const flags = reader.byte();
    if ((flags & SHARED) !== 0) refuse('The component has a shared memory, which is not supported');
    if ((flags & ~KNOWN_FLAGS) !== 0)
      refuse('The component has a memory with pages of its own size, which is not supported');
    const minimum = reader.leb();
    const maximum = (flags & HAS_MAXIMUM) === 0 ? undefined : reader.leb();
    items.push({ head, flags, minimum, maximum });
  }
  if (reader.at !== section.length) refuse('A core module of the component is cut off');
  return items;
}

function writeParts(parts: readonly Part[], shares: Shares): Uint8Array<ArrayBuffer> {
  return joinBytes(
    parts.flatMap(({ id, bytes, items }) => {
      if (id !== MEMORY && id !== TABLE) return [bytes];
      const content = [leb(items.length)];
      for (const { head, flags, minimum, maximum } of items) {
        const most = minimum + shares[id].each;
        const bound = Math.min(maximum ?? most, most);
        content.push(head, Uint8Array.of(flags | HAS_MAXIMUM), leb(minimum), leb(bound));
      }
      const body = joinBytes(content);
      return [Uint8Array.of(id), leb(body.length), body];
    }),
  );
}

function leb(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}
