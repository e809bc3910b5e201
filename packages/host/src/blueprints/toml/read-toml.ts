// Reads TOML into located data; what is no TOML is one problem with its place.
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import type { Edit, Where } from '../guard-check.ts';
import type { Located, LocatedEntry, LocatedTable, Problem } from './located.ts';
import { createPlaces, offsetsOf } from './positions.ts';

/** What was read, or why not. */
export type ReadToml = { readonly table: LocatedTable; readonly problems: readonly Problem[]; readonly end: Where };

const MOST_CHARACTERS = 4 * 1024 * 1024;

/** Reads TOML 1.0. */
export function readToml(text: string, path: string): ReadToml {
  const place = createPlaces(path, text);
  const end = place(text.length);
  const fail = (where: Where, message: string): ReadToml => ({
    table: { kind: 'table', entries: new Map(), where: place(0) },
    problems: [{ where, message }],
    end,
  });
  if (text.length > MOST_CHARACTERS) return fail(place(0), `It has more than ${MOST_CHARACTERS} characters`);
  try {
    const problems: Problem[] = [];
    const table = readTables(parseTOML(text, { tomlVersion: '1.0' }).body[0], text, place, problems);
    return { table, problems, end };
  } catch (error) {
    if (error instanceof RangeError) return fail(place(0), 'It is nested too deep');
    if (!(error instanceof ParseError)) throw error;
    const where = place(error.index);
    return fail(where, explain(error.message, text, error.index));
  }
}

function explain(message: string, text: string, index: number): string {
  if (text[index] === ';') return 'TOML takes one key on a line; write what follows the ";" on the next line';
  return `It is no TOML here: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

type Draft = {
  readonly where: Where;
  readonly entries: Map<string, { where: Where; value: Draft | DraftList | Located; remove?: Edit }>;
};
type DraftList = { readonly where: Where; readonly tables: Draft[] };

function readTables(
  top: AST.TOMLTopLevelTable,
  text: string,
  place: (offset: number) => Where,
  problems: Problem[],
): LocatedTable {
  const root: Draft = { where: place(0), entries: new Map() };
  for (const node of top.body) {
    if (node.type === 'TOMLKeyValue') put(root, node);
    else {
      const table = open(root, node);
      for (const pair of node.body) put(table, pair);
    }
  }
  return finish(root);

  /** The table that a header opens. */
  function open(from: Draft, header: AST.TOMLTable): Draft {
    let at = from;
    const keys = header.key.keys;
    keys.forEach((key, index) => {
      const name = nameOf(key);
      const where = place(key.range[0]);
      const last = index === keys.length - 1;
      const found = at.entries.get(name)?.value;
      if (last && header.kind === 'array') {
        const list: DraftList = found !== undefined && 'tables' in found ? found : { where, tables: [] };
        const table: Draft = { where: place(header.range[0]), entries: new Map() };
        list.tables.push(table);
        at.entries.set(name, { where, value: list });
        at = table;
        return;
      }
      at = into(at, name, where);
    });
    return at;
  }

  function into(at: Draft, name: string, where: Where): Draft {
    const found = at.entries.get(name)?.value;
    if (found !== undefined && 'tables' in found) return found.tables.at(-1) as Draft;
    if (found !== undefined && 'entries' in found && !('kind' in found)) return found;
    const made: Draft = { where, entries: new Map() };
    at.entries.set(name, { where, value: made });
    return made;
  }

  function put(table: Draft, { key, value, range, parent }: AST.TOMLKeyValue): void {
    let at = table;
    for (const part of key.keys.slice(0, -1)) at = into(at, nameOf(part), place(part.range[0]));
    const last = key.keys.at(-1) as AST.TOMLBare | AST.TOMLQuoted;
    const remove = parent.type === 'TOMLInlineTable' ? undefined : lineEdit(range);
    at.entries.set(nameOf(last), {
      where: place(last.range[0]),
      value: read(value),
      ...(remove === undefined ? {} : { remove }),
    });
  }

  function read(node: AST.TOMLContentNode): Located {
    const where = place(node.range[0]);
    if (node.type === 'TOMLArray') return { kind: 'list', where, items: node.elements.map(read) };
    if (node.type === 'TOMLInlineTable') {
      const table: Draft = { where, entries: new Map() };
      for (const pair of node.body) put(table, pair);
      return finish(table);
    }
    switch (node.kind) {
      case 'string': {
        let offsets: readonly number[] | undefined;
        const at = (offset: number) => {
          offsets ??= offsetsOf(text, node.range[0], node.range[1]);
          return place(offsets[offset] ?? node.range[1] - 1);
        };
        return { kind: 'text', where, value: node.value, at };
      }
      case 'integer':
        if (!Number.isSafeInteger(node.value))
          problems.push({ where, message: `${node.number} is too large for a number` });
        return { kind: 'scalar', where, value: node.value };
      case 'float':
        if (!Number.isFinite(node.value)) problems.push({ where, message: `${node.number} is no number of JSON` });
        return { kind: 'scalar', where, value: node.value };
      case 'boolean':
        return { kind: 'scalar', where, value: node.value };
      default:
        return { kind: 'text', where, value: node.datetime, at: (offset) => place(node.range[0] + offset) };
    }
  }

  function lineEdit([begin, end]: readonly [number, number]): Edit | undefined {
    const next = text.indexOf('\n', end);
    const [start, stop] = [place(begin), next === -1 ? end : next + 1];
    // Only where nothing else stands on the line.
    if (text.slice(end, next === -1 ? undefined : next).trim() !== '' || start.column !== 1) return undefined;
    return { path: start.path, start, end: place(stop), text: '' };
  }
}

function finish({ where, entries }: Draft): LocatedTable {
  const done = new Map<string, LocatedEntry>();
  for (const [name, entry] of entries) {
    const { value } = entry;
    const located: Located =
      'tables' in value
        ? { kind: 'list', where: value.where, items: value.tables.map(finish) }
        : 'kind' in value
          ? value
          : finish(value);
    done.set(name, {
      where: entry.where,
      value: located,
      ...(entry.remove === undefined ? {} : { remove: entry.remove }),
    });
  }
  return { kind: 'table', where, entries: done };
}

function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}
