// From a file and the environment to a value for every setting, each with where it came from.

import { dirname, resolve } from 'node:path';
import {
  createNotes,
  type Located,
  type LocatedTable,
  type Note,
  type Problem,
  readTable,
  readToml,
  suggestion,
} from '@pypes/host/toml';
import { environmentOf, SECTIONS, type Section, type SectionName, type Values } from './sections.ts';
import { type ConfigToken, noteBehind, parseTokens, readTokens } from './tokens.ts';

/** Where a value came from. */
export type Origin =
  | { readonly from: 'file'; readonly line: number }
  | { readonly from: 'environment'; readonly name: string }
  | { readonly from: 'default' };

export type Environment = { readonly [name: string]: string | undefined };

/** What was read, and everything that is wrong with it. `where` and `originOf` take `section.key`. */
export type ReadValues = {
  readonly values: Values;
  readonly tokens: readonly ConfigToken[];
  readonly problems: Problem[];
  readonly note: Note;
  readonly originOf: (name: string) => Origin;
  readonly whereOf: (name: string) => Problem['where'];
};

/** The variable for all tokens. */
export const TOKENS_VARIABLE = 'PYPES_AUTH_TOKENS';

const UNKNOWN_SECRETS: { readonly [name: string]: string } = {
  'store.url': 'the address holds a password: put it into an environment variable, and its name into url_env',
  'artifacts.access_key_id':
    'keys are no part of this file: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use a profile',
  'artifacts.secret_access_key':
    'keys are no part of this file: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use a profile',
  'remote.key': 'the key is a secret: put it into a file, and its path into key_file, or set PYPES_REMOTE_KEY',
  'telemetry.headers': 'headers hold keys: put them into an environment variable, and its name into otlp_headers_env',
};

/** Reads the file where there is one; the environment goes before it, the defaults behind. */
export function readValues(
  file: { readonly path: string; readonly text: string } | undefined,
  environment: Environment,
  folder: string,
): ReadValues {
  const { problems, note } = createNotes();
  const { table, problems: syntax } = readToml(file?.text ?? '', file?.path ?? 'pypes.toml');
  problems.push(...syntax);
  const document = syntax.length > 0 && table.entries.size === 0 ? table : readDocument(table, note);
  const origins = new Map<string, Origin>();
  const wheres = new Map<string, Problem['where']>();
  const base = file === undefined ? folder : dirname(resolve(folder, file.path));

  function put(name: string, where: Problem['where'], origin: Origin): void {
    origins.set(name, origin);
    wheres.set(name, where);
  }

  /** The value that counts, and the folder that its paths begin in. */
  function find(
    section: LocatedTable | undefined,
    name: string,
    key: string,
    parse: Section['settings'][string]['parse'],
  ) {
    const variable = environmentOf(name, key);
    const given = environment[variable];
    if (given !== undefined && given !== '') {
      const where = { path: variable, line: 0, column: 0 };
      put(`${name}.${key}`, where, { from: 'environment', name: variable });
      return { value: parse(given, where), from: folder };
    }
    const entry = section?.entries.get(key);
    if (entry === undefined) return undefined;
    put(`${name}.${key}`, entry.value.where, { from: 'file', line: entry.where.line });
    return { value: entry.value, from: base };
  }

  const values = Object.fromEntries(
    Object.entries<Section>(SECTIONS).map(([name, { settings }]) => {
      const section = readSection(document.entries.get(name)?.value, name as SectionName, note);
      if (section !== undefined) wheres.set(name, document.entries.get(name)?.where ?? section.where);
      const read = Object.entries(settings).map(([key, setting]) => {
        const found = find(section, name, key, setting.parse);
        const what = `"${key}" of [${name}]`;
        const value = found === undefined ? undefined : setting.read(found.value, { what, folder: found.from, note });
        return [key, value ?? setting.initial];
      });
      return [name, Object.fromEntries(read)];
    }),
  ) as unknown as Values;

  return {
    values,
    tokens: findTokens(document.entries.get('auth')?.value, environment, put, note),
    problems,
    note,
    originOf: (name) => origins.get(name) ?? { from: 'default' },
    whereOf: (name) =>
      wheres.get(name) ??
      wheres.get(name.split('.')[0] ?? '') ?? { path: file?.path ?? 'pypes.toml', line: 1, column: 1 },
  };
}

function readDocument(table: LocatedTable, note: Note): LocatedTable {
  for (const [name, { where, value }] of table.entries) {
    const known = Object.keys(SECTIONS);
    if (known.includes(name)) continue;
    const what = value.kind === 'table' ? `no section [${name}]` : `no key "${name}" outside of a section`;
    note(where, `There is ${what}${suggestion(name, known)}`);
  }
  return table;
}

function readSection(value: Located | undefined, name: SectionName, note: Note): LocatedTable | undefined {
  if (value?.kind !== 'table') return readTable(value, `[${name}]`, [], note);
  const hidden = [...value.entries].filter(([key, { where }]) => {
    const why = UNKNOWN_SECRETS[`${name}.${key}`];
    if (why === undefined) return true;
    note(where, `[${name}] has no "${key}": ${why}`);
    return false;
  });
  const keys = [...Object.keys(SECTIONS[name].settings), ...(name === 'auth' ? ['token'] : [])];
  return readTable({ ...value, entries: new Map(hidden) }, `[${name}]`, keys, note);
}

function findTokens(
  auth: Located | undefined,
  environment: Environment,
  put: (name: string, where: Problem['where'], origin: Origin) => void,
  note: Note,
): readonly ConfigToken[] {
  const given = environment[TOKENS_VARIABLE];
  if (given !== undefined && given !== '') {
    put('auth.token', { path: TOKENS_VARIABLE, line: 0, column: 0 }, { from: 'environment', name: TOKENS_VARIABLE });
    const list = parseTokens(given, TOKENS_VARIABLE, note);
    return list === undefined ? [] : readTokens(list, environment, noteBehind(note));
  }
  const entry = auth?.kind === 'table' ? auth.entries.get('token') : undefined;
  if (entry === undefined) return [];
  put('auth.token', entry.where, { from: 'file', line: entry.where.line });
  return readTokens(entry.value, environment, note);
}
