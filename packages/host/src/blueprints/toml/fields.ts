// Reads fields of located tables, taking note of everything that is wrong instead of stopping at the first.
import type { Json } from '@pypes/contract';
import { suggestion } from '../did-you-mean.ts';
import type { Where } from '../guard-check.ts';
import type { Located, LocatedEntry, LocatedList, LocatedTable, LocatedText, Problem } from './located.ts';

/** A value with its place. */
export type At<T> = { readonly value: T; readonly where: Where };

/** Takes note of a problem. */
export type Note = (where: Where, message: string) => void;

/** A place to take notes in. */
export function createNotes(): { readonly problems: Problem[]; readonly note: Note } {
  const problems: Problem[] = [];
  return { problems, note: (where, message) => problems.push({ where, message }) };
}

/** A table with only these keys; a key that is not among them is noted with what was meant. */
export function readTable(
  value: Located | undefined,
  what: string,
  known: readonly string[],
  note: Note,
): LocatedTable | undefined {
  if (value === undefined) return undefined;
  if (value.kind !== 'table') {
    note(value.where, `${what} takes a table, got ${describe(value)}`);
    return undefined;
  }
  for (const [key, entry] of value.entries) {
    if (!known.includes(key)) note(entry.where, `${what} has no key "${key}"${suggestion(key, known)}`);
  }
  return value;
}

/** A list of tables, `[[name]]`. */
export function readTables(entry: LocatedEntry | undefined, what: string, note: Note): readonly LocatedTable[] {
  if (entry === undefined) return [];
  if (entry.value.kind !== 'list') {
    note(entry.where, `${what} takes a list of tables, write [[${what}]]`);
    return [];
  }
  return entry.value.items.flatMap((item) => {
    if (item.kind === 'table') return [item];
    note(item.where, `${what} takes a list of tables, got ${describe(item)}`);
    return [];
  });
}

/** A text of a table that is not empty. */
export function readText(
  table: LocatedTable | undefined,
  key: string,
  note: Note,
  required = false,
): LocatedText | undefined {
  const value = table?.entries.get(key)?.value;
  if (value === undefined) {
    if (required && table !== undefined) note(table.where, `"${key}" is missing; it takes a text`);
    return undefined;
  }
  if (value.kind === 'text' && value.value !== '') return value;
  note(value.where, `"${key}" takes a text that is not empty, got ${describe(value)}`);
  return undefined;
}

/** A whole number of a table within bounds. */
export function readInteger(
  table: LocatedTable | undefined,
  key: string,
  note: Note,
  [least, most]: readonly [number, number],
): At<number> | undefined {
  const value = table?.entries.get(key)?.value;
  return value === undefined ? undefined : toInteger(value, `"${key}"`, note, [least, most]);
}

/** The same for a value that is at hand. */
export function toInteger(
  value: Located,
  what: string,
  note: Note,
  [least, most]: readonly [number, number],
): At<number> | undefined {
  if (value.kind === 'scalar' && Number.isSafeInteger(value.value)) {
    const number = Number(value.value);
    if (number >= least && number <= most) return { value: number, where: value.where };
  }
  note(value.where, `${what} takes a whole number from ${least} to ${most}, got ${describe(value)}`);
  return undefined;
}

/** A truth value of a table. */
export function readBoolean(table: LocatedTable | undefined, key: string, note: Note): At<boolean> | undefined {
  const value = table?.entries.get(key)?.value;
  if (value === undefined) return undefined;
  if (value.kind === 'scalar' && typeof value.value === 'boolean') return { value: value.value, where: value.where };
  note(value.where, `"${key}" takes true or false, got ${describe(value)}`);
  return undefined;
}

/** A list of texts of a table; undefined where there is none. */
export function readTexts(
  table: LocatedTable | undefined,
  key: string,
  note: Note,
): readonly LocatedText[] | undefined {
  const value = table?.entries.get(key)?.value;
  return value === undefined ? undefined : toTexts(value, `"${key}"`, note);
}

/** The same for a value that is at hand. */
export function toTexts(value: Located, what: string, note: Note): readonly LocatedText[] {
  if (value.kind !== 'list') {
    note(value.where, `${what} takes a list of texts, got ${describe(value)}`);
    return [];
  }
  return (value as LocatedList).items.flatMap((item) => {
    if (item.kind === 'text' && item.value !== '') return [item];
    note(item.where, `${what} takes texts that are not empty, got ${describe(item)}`);
    return [];
  });
}

/** One of a few words. */
export function toChoice<T extends string>(
  choices: readonly T[],
  text: LocatedText,
  what: string,
  note: Note,
): T | undefined {
  if ((choices as readonly string[]).includes(text.value)) return text.value as T;
  note(text.where, `${what} takes one of ${choices.join(', ')}, got "${text.value}"${nearestOf(text.value, choices)}`);
  return undefined;
}

/** A list of a few words. */
export function readChoices<T extends string>(
  choices: readonly T[],
  table: LocatedTable | undefined,
  key: string,
  note: Note,
): readonly T[] | undefined {
  return readTexts(table, key, note)?.flatMap((text) => toChoice(choices, text, `"${key}"`, note) ?? []);
}

/** A located value as plain JSON. */
export function toJson(value: Located): Json {
  switch (value.kind) {
    case 'list':
      return value.items.map(toJson);
    case 'table':
      return Object.fromEntries([...value.entries].map(([key, entry]) => [key, toJson(entry.value)]));
    default:
      return value.value;
  }
}

/** A value in words. */
export function describe(value: Located): string {
  if (value.kind === 'table') return 'a table';
  if (value.kind === 'list') return 'a list';
  return JSON.stringify(value.value).slice(0, 80);
}

function nearestOf(written: string, choices: readonly string[]): string {
  const text = suggestion(written, choices);
  return text.startsWith('; did') ? text : '';
}
