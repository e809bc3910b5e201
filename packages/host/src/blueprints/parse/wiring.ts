// Reads [wiring]: which import of a component is which function of another one.
import { isJsonObject, type JsonObject } from '@pypes/contract';
import type { Wire } from '../blueprint.ts';
import { type Note, readInteger, readTable, readText, readTexts, toJson } from '../toml/fields.ts';
import type { LocatedEntry, LocatedTable, LocatedText } from '../toml/located.ts';
import { splitName } from './names.ts';

const KEYS = ['provider', 'middleware', 'fixed', 'max_calls'];
const MOST_CALLS = 1_000_000;

/** Every wire. */
export function readWires(entry: LocatedEntry | undefined, note: Note): readonly Wire[] {
  if (entry === undefined) return [];
  if (entry.value.kind !== 'table') {
    note(entry.where, '[wiring] takes "COMPONENT.IMPORT" = "PROVIDER.FUNCTION"');
    return [];
  }
  return flatten(entry.value, '').flatMap(([name, item]) => readWire(name, item, note));
}

/** `a.f = …` without quotes is a table in a table; it means the same. */
function flatten(table: LocatedTable, prefix: string): readonly (readonly [string, LocatedEntry])[] {
  return [...table.entries].flatMap(([name, item]) => {
    const whole = `${prefix}${name}`;
    const isWire = item.value.kind !== 'table' || item.value.entries.has('provider') || whole.includes('.');
    return isWire || item.value.kind !== 'table' ? [[whole, item] as const] : flatten(item.value, `${whole}.`);
  });
}

function readWire(name: string, { where, value, remove }: LocatedEntry, note: Note): readonly Wire[] {
  const [component, imported] = splitName(name);
  if (imported === undefined || imported === '') {
    note(where, `"${name}" is no import; write "COMPONENT.IMPORT" = "PROVIDER.FUNCTION"`);
    return [];
  }
  const table = value.kind === 'text' ? undefined : readTable(value, `The wire "${name}"`, KEYS, note);
  const provider = value.kind === 'text' ? value : readText(table, 'provider', note, true);
  if (provider === undefined) return [];
  const maxCalls = readInteger(table, 'max_calls', note, [0, MOST_CALLS]);
  return [
    {
      component,
      import: imported,
      provider: toProvider(provider, note),
      middleware: (readTexts(table, 'middleware', note) ?? []).map(({ value: use, where: at }) => ({
        value: use,
        where: at,
      })),
      fixed: readFixed(table, note),
      ...(maxCalls === undefined ? {} : { maxCalls }),
      where,
      providerWhere: provider.where,
      ...(remove === undefined ? {} : { remove }),
    },
  ];
}

function toProvider(text: LocatedText, note: Note): Wire['provider'] {
  const [component, called] = splitName(text.value);
  if (called === '') note(text.where, `"${text.value}" names no function; write "COMPONENT.FUNCTION"`);
  return { component, ...(called === undefined || called === '' ? {} : { function: called }) };
}

function readFixed(table: LocatedTable | undefined, note: Note): JsonObject {
  const entry = table?.entries.get('fixed');
  if (entry === undefined) return {};
  const value = toJson(entry.value);
  if (isJsonObject(value)) return value;
  note(entry.where, '"fixed" takes a table of arguments: { to = "me@example.com" }');
  return {};
}
