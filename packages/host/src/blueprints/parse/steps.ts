// Reads [input], [[workflow.steps]] and [output].
import { isJsonObject } from '@pypes/contract';
import { type Blueprint, type InputValue, MARKS, type Step } from '../blueprint.ts';
import type { Where } from '../guard-check.ts';
import {
  type Note,
  readChoices,
  readInteger,
  readTable,
  readTables,
  readText,
  readTexts,
  toJson,
} from '../toml/fields.ts';
import type { Located, LocatedEntry, LocatedTable } from '../toml/located.ts';
import { isName, NAME_RULE } from './names.ts';
import { readExpression, toInput } from './template-of.ts';

const KEYS = [
  'id',
  'component',
  'function',
  'input',
  'when',
  'foreach',
  'max_items',
  'on_error',
  'retries',
  'middleware',
  'after',
];
const RESERVED = ['input', 'item', 'index', 'and', 'or', 'not', 'in', 'true', 'false', 'null'];
const MOST_RETRIES = 10;
const MOST_ITEMS = 1_000_000;

/** Every step. */
export function readSteps(entry: LocatedEntry | undefined, note: Note): readonly Step[] {
  const seen = new Set<string>();
  return readTables(entry, 'workflow.steps', note).flatMap((table) => {
    readTable(table, 'A step', KEYS, note);
    const [id, component] = [readText(table, 'id', note, true), readText(table, 'component', note, true)];
    if (id === undefined || component === undefined) return [];
    if (!isName(id.value)) note(id.where, `"${id.value}" is no id of a step; it takes ${NAME_RULE}`);
    else if (RESERVED.includes(id.value))
      note(id.where, `"${id.value}" means something else in templates; take another id`);
    else if (seen.has(id.value)) note(id.where, `There is another step "${id.value}"; each id stands once`);
    seen.add(id.value);
    const called = readText(table, 'function', note);
    const [when, foreach] = [readExpression(table, 'when', note), readExpression(table, 'foreach', note)];
    const maxItems = readInteger(table, 'max_items', note, [0, MOST_ITEMS]);
    if (maxItems !== undefined && !table.entries.has('foreach'))
      note(maxItems.where, '"max_items" stands beside "foreach"');
    return [
      {
        id: id.value,
        component: component.value,
        ...(called === undefined ? {} : { function: called.value }),
        input: readArguments(table, note),
        ...(when === undefined ? {} : { when }),
        ...(foreach === undefined ? {} : { foreach }),
        ...(maxItems === undefined ? {} : { maxItems: maxItems.value }),
        onError: readOnError(table, note),
        retries: readInteger(table, 'retries', note, [0, MOST_RETRIES])?.value ?? 0,
        middleware: (readTexts(table, 'middleware', note) ?? []).map(({ value, where }) => ({ value, where })),
        after: (readTexts(table, 'after', note) ?? []).map(({ value }) => value),
        where: table.where,
        componentWhere: component.where,
        functionWhere: called?.where ?? component.where,
      },
    ];
  });
}

function readArguments(table: LocatedTable, note: Note): InputValue {
  const value = table.entries.get('input')?.value;
  if (value === undefined) return { kind: 'object', where: table.where, entries: new Map() };
  const input = toInput(value, note);
  if (input.kind === 'object' || input.kind === 'template') return input;
  note(value.where, '"input" takes a table of arguments, or a template that gives one');
  return { kind: 'object', where: value.where, entries: new Map() };
}

function readOnError(table: LocatedTable, note: Note): Step['onError'] {
  const value = table.entries.get('on_error')?.value;
  if (value === undefined) return { kind: 'stop' };
  if (value.kind === 'text' && (value.value === 'stop' || value.value === 'continue')) return { kind: value.value };
  const other =
    value.kind === 'table' ? readTable(value, '"on_error"', ['value'], note)?.entries.get('value') : undefined;
  if (other !== undefined) return { kind: 'value', value: toJson(other.value) };
  note(value.where, '"on_error" takes "stop", "continue" or { value = … }');
  return { kind: 'stop' };
}

/** What a run is given. */
export function readInput(entry: LocatedEntry | undefined, otherwise: Where, note: Note): Blueprint['input'] {
  if (entry === undefined) return { labels: [], where: otherwise };
  const table = readTable(entry.value, '[input]', ['schema', 'labels'], note);
  const schema = table?.entries.get('schema');
  const value = schema === undefined ? undefined : toJson(schema.value);
  if (schema !== undefined && !isJsonObject(value)) note(schema.where, '"schema" takes a JSON Schema as a table');
  return {
    ...(isJsonObject(value) ? { schema: value } : {}),
    labels: readChoices(MARKS, table, 'labels', note) ?? [],
    where: entry.where,
  };
}

/** What a run gives back. */
export function readOutput(value: Located | undefined, note: Note): Blueprint['output'] {
  const table = readTable(value, '[output]', ['value', 'refuses'], note);
  if (table === undefined) return undefined;
  const given = table.entries.get('value')?.value;
  if (given === undefined) note(table.where, '"value" is missing; it takes a template, or JSON with templates');
  return {
    value: given === undefined ? { kind: 'constant', value: null, where: table.where } : toInput(given, note),
    refuses: readChoices(MARKS, table, 'refuses', note) ?? [],
    where: table.where,
  };
}
