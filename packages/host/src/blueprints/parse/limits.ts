// Reads [max_payload_size], [[forbid]] and [flow].
import type { Blueprint, ForbidEntry } from '../blueprint.ts';
import type { Where } from '../guard-check.ts';
import {
  type At,
  type Note,
  readInteger,
  readTable,
  readTables,
  readText,
  toChoice,
  toInteger,
} from '../toml/fields.ts';
import type { LocatedEntry } from '../toml/located.ts';

const DEFAULT_PAYLOAD = 65_536;
const MOST_BYTES = 1024 * 1024 * 1024;
const MOST_BITS = 1_000_000_000;

/** `default`, and one number for each wire or step. */
export function readMaxPayload(entry: LocatedEntry | undefined, otherwise: Where, note: Note): Blueprint['maxPayload'] {
  const edges = new Map<string, At<number>>();
  let byDefault: At<number> = { value: DEFAULT_PAYLOAD, where: entry?.where ?? otherwise };
  if (entry !== undefined && entry.value.kind !== 'table')
    note(entry.where, '[max_payload_size] takes default = BYTES');
  for (const [name, item] of entry?.value.kind === 'table' ? entry.value.entries : []) {
    const bytes = toInteger(item.value, `"${name}"`, note, [1, MOST_BYTES]);
    if (bytes === undefined) continue;
    if (name === 'default') byDefault = bytes;
    else edges.set(name, { value: bytes.value, where: item.where });
  }
  return { default: byDefault, edges };
}

/** Forbidden pairs. */
export function readForbidden(entry: LocatedEntry | undefined, note: Note): readonly ForbidEntry[] {
  return readTables(entry, 'forbid', note).flatMap((table) => {
    readTable(table, '[[forbid]]', ['from', 'to', 'flow', 'max_bits', 'reason'], note);
    const [from, to] = [readText(table, 'from', note, true), readText(table, 'to', note, true)];
    const flow = readText(table, 'flow', note);
    readText(table, 'reason', note);
    if (from === undefined || to === undefined) return [];
    return [
      {
        from: from.value,
        to: to.value,
        flow:
          (flow === undefined ? undefined : toChoice(['forward', 'both'] as const, flow, '"flow"', note)) ?? 'unstated',
        maxBits: readInteger(table, 'max_bits', note, [0, MOST_BITS])?.value ?? 0,
        where: table.where,
      },
    ];
  });
}

/** Bits that may flow where they are refused. */
export function readFreeBits(entry: LocatedEntry | undefined, note: Note): Blueprint['freeBits'] {
  const table = readTable(entry?.value, '[flow]', ['max_private_bits', 'max_untrusted_bits'], note);
  return {
    private: readInteger(table, 'max_private_bits', note, [0, MOST_BITS])?.value ?? 0,
    untrusted: readInteger(table, 'max_untrusted_bits', note, [0, MOST_BITS])?.value ?? 0,
  };
}
