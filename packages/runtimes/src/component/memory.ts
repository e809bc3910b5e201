// Bounds what a core module may allocate, by rewriting its own sections: no limit of a thread bounds WebAssembly.
import { PypesError } from '@pypes/contract';

const PAGE = 65_536;
const TABLE = 4;
const MEMORY = 5;
/** Of one table. An entry costs the engine a few words. */
const MOST_ENTRIES = 100_000;
const HAS_MAXIMUM = 1;
const SHARED = 2;
const WIDE = 4;
const KNOWN_FLAGS = HAS_MAXIMUM | WIDE;

/**
 * The module with a maximum for each memory and table that it defines. Its memories share `bytes`: each may grow to
 * its own beginning and an equal part of what is left.
 *
 * @throws PypesError `agent_broken` where the beginning alone is too large, or is of a kind that cannot be bounded
 */
export function boundModule(module: Uint8Array<ArrayBuffer>, bytes: number, path: string): Uint8Array<ArrayBuffer> {
  const refuse = (message: string): never => {
    throw new PypesError('agent_broken', message, { details: { file: path } });
  };
  const sections = readSections(module, () => refuse('A core module of the component is cut off'));
  const budget = Math.floor(bytes / PAGE);
  const out: Uint8Array[] = [module.subarray(0, 8)];
  for (const { id, from, start, end } of sections) {
    if (id !== MEMORY && id !== TABLE) {
      out.push(module.subarray(from, end));
      continue;
    }
    const items = readItems(module.subarray(start, end), id, refuse);
    const started = items.reduce((sum, { minimum }) => sum + minimum, 0);
    if (id === MEMORY && started > budget) {
      refuse(`The component begins with ${started} pages of memory, at most ${budget} are allowed`);
    }
    const share = id === MEMORY ? Math.floor((budget - started) / Math.max(1, items.length)) : 0;
    const content = [leb(items.length)];
    for (const item of items) {
      const most = id === MEMORY ? item.minimum + share : MOST_ENTRIES;
      if (item.minimum > most)
        refuse(`The component begins with a table of ${item.minimum} entries, at most ${most} are allowed`);
      const maximum = Math.min(item.maximum ?? most, most);
      content.push(item.head, Uint8Array.of(item.flags | HAS_MAXIMUM), leb(item.minimum), leb(maximum), item.tail);
    }
    const body = join(content);
    out.push(Uint8Array.of(id), leb(body.length), body);
  }
  return join(out);
}

type Section = { readonly id: number; readonly from: number; readonly start: number; readonly end: number };

function readSections(module: Uint8Array, cut: () => never): Section[] {
  const sections: Section[] = [];
  const reader = createReader(module, cut);
  reader.at = 8;
  while (reader.at < module.length) {
    const from = reader.at;
    const id = reader.byte();
    const size = reader.leb();
    const start = reader.at;
    if (start + size > module.length) cut();
    reader.at = start + size;
    sections.push({ id, from, start, end: reader.at });
  }
  return sections;
}

/** `head` is the type of a table's entries, `tail` the expression that fills it. */
type Item = {
  readonly head: Uint8Array;
  readonly flags: number;
  readonly minimum: number;
  readonly maximum: number | undefined;
  readonly tail: Uint8Array;
};

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
    items.push({ head, flags, minimum, maximum, tail: NOTHING });
  }
  return items;
}

function createReader(bytes: Uint8Array, cut: () => never) {
  return {
    at: 0,
    byte(): number {
      return bytes[this.at++] ?? cut();
    },
    /** Up to 2^53, which no memory reaches. */
    leb(): number {
      let value = 0;
      for (let shift = 1; ; shift *= 128) {
        const byte = this.byte();
        value += (byte & 0x7f) * shift;
        if (byte < 0x80) return value;
        if (shift > 2 ** 56) return cut();
      }
    },
  };
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

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
