// Reads [[declassify]] and [[endorse]]: where, of which type, how many bits, and why.
import { isJsonObject, type JsonSchema } from '@pypes/contract';
import type { ReleaseEntry, ReleasePlace } from '../blueprint.ts';
import { type Note, readTable, readTables, readText, toInteger, toJson } from '../toml/fields.ts';
import type { LocatedEntry, LocatedTable, LocatedText } from '../toml/located.ts';

const KEYS = ['where', 'type', 'bits', 'reason'];
const SCALARS = ['boolean', 'integer', 'number', 'string', 'null', 'array', 'object'];
const MOST_BITS = 1_000_000_000;

/** Both kinds of releases. */
export function readReleases(
  declassify: LocatedEntry | undefined,
  endorse: LocatedEntry | undefined,
  note: Note,
): readonly ReleaseEntry[] {
  return (
    [
      ['private', 'declassify', declassify],
      ['untrusted', 'endorse', endorse],
    ] as const
  ).flatMap(([mark, name, entry]) =>
    readTables(entry, name, note).flatMap((table) => {
      readTable(table, `[[${name}]]`, KEYS, note);
      const [where, reason] = [readText(table, 'where', note, true), readText(table, 'reason', note, true)];
      const bits = readBits(table, note);
      const place = where === undefined ? undefined : toPlace(where, note);
      const type = readType(table, note);
      if (where === undefined || place === undefined || bits === undefined) return [];
      return [
        {
          mark,
          place,
          text: where.value,
          ...(type === undefined ? {} : { type }),
          bits,
          reason: reason?.value ?? '',
          where: where.where,
        },
      ];
    }),
  );
}

function readBits(table: LocatedTable, note: Note): number | undefined {
  const value = table.entries.get('bits')?.value;
  if (value === undefined) {
    note(table.where, '"bits" is missing; it takes how many bits of a run are let through, or "unlimited"');
    return undefined;
  }
  if (value.kind === 'text' && value.value === 'unlimited') return Number.POSITIVE_INFINITY;
  return toInteger(value, '"bits", where it is not "unlimited",', note, [0, MOST_BITS])?.value;
}

function readType(table: LocatedTable, note: Note): JsonSchema | undefined {
  const value = table.entries.get('type')?.value;
  if (value === undefined) return undefined;
  if (value.kind === 'text' && SCALARS.includes(value.value)) return { type: value.value };
  const schema = toJson(value);
  if (isJsonObject(schema)) return schema;
  if (Array.isArray(schema) && schema.length > 0) return { enum: schema };
  note(value.where, `"type" takes one of ${SCALARS.join(', ')}, a list of values, or a JSON Schema`);
  return undefined;
}

function toPlace(text: LocatedText, note: Note): ReleasePlace | undefined {
  const parts = text.value.split('.');
  const [first = '', second] = parts;
  const last = parts.at(-1);
  if (parts.length > 2 && (last === 'arguments' || last === 'reply')) {
    return { kind: last, component: first, import: parts.slice(1, -1).join('.') };
  }
  if (second === 'input')
    return {
      kind: 'input',
      step: first,
      field: parts
        .slice(2)
        .map((part) => `/${part}`)
        .join(''),
    };
  if ((second === 'when' || second === 'foreach') && parts.length === 2) return { kind: second, step: first };
  note(
    text.where,
    `"${text.value}" is no place; write STEP.input.FIELD, STEP.when, STEP.foreach, COMPONENT.IMPORT.arguments or COMPONENT.IMPORT.reply`,
  );
  return undefined;
}
