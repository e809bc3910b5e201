// One setting of pypes.toml as data: what it takes, what it is when nobody says, and what is written about it.

import { resolve } from 'node:path';
import type { LogLevel } from '@pypes/contract';
import { describe, type Located, type LocatedTable, type Note, toChoice, toInteger, toTexts } from '@pypes/host/toml';

/** Where a value is read: its name for messages, and the folder that its paths begin in. */
export type Reading = { readonly what: string; readonly folder: string; readonly note: Note };

/** One key of a section. */
export interface Setting<T> {
  /** In words, for the reference. */
  readonly takes: string;
  readonly about: string;
  readonly initial: T;
  /** The default in words, where it is no value. */
  readonly initially?: string;
  /** Undefined where it is wrong, which has been noted. */
  readonly read: (value: Located, reading: Reading) => T | undefined;
  /** What a text of the environment stands for. */
  readonly parse: (text: string, where: Located['where']) => Located;
}

type About<T> = { readonly about: string; readonly initial: T; readonly initially?: string };

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

type Form = { readonly takes?: string; readonly fits?: (value: string) => boolean };

/** A text that is not empty, and fits. */
export function text(about: About<string> & Form): Setting<string> {
  return { ...about, ...asText(about) };
}

/** The same, with no default. */
export function optionalText(about: About<undefined> & Form): Setting<string | undefined> {
  return { ...about, ...asText(about) };
}

function asText({ takes = 'a text', fits }: Form): Omit<Setting<string>, keyof About<string>> {
  return {
    takes,
    parse: toText,
    read(value, { what, note }) {
      if (value.kind === 'text' && value.value !== '' && fits?.(value.value) !== false) return value.value;
      note(value.where, `${what} takes ${takes}, got ${describe(value)}`);
      return undefined;
    },
  };
}

/** The name of an environment variable that holds a secret. What was given instead is not repeated: it may be the secret. */
export function environmentName(about: About<undefined>): Setting<string | undefined> {
  const takes = 'the name of an environment variable';
  return {
    ...about,
    takes,
    parse: toText,
    read(value, { what, note }) {
      if (value.kind === 'text' && ENVIRONMENT_NAME.test(value.value)) return value.value;
      note(value.where, `${what} takes ${takes}, such as PYPES_STORE_ADDRESS, never what stands in it`);
      return undefined;
    },
  };
}

/** An http or https address without a user and a password. */
export function url(about: About<undefined>): Setting<string | undefined> {
  const takes = 'an address that begins with http:// or https://';
  return {
    ...about,
    takes,
    parse: toText,
    read(value, { what, note }) {
      const parsed = value.kind === 'text' && URL.canParse(value.value) ? new URL(value.value) : undefined;
      if (parsed !== undefined && parsed.username + parsed.password !== '') {
        note(value.where, `${what} takes no user and password: this file and what is shown of it hold no secrets`);
        return undefined;
      }
      if (value.kind === 'text' && parsed !== undefined && /^https?:$/.test(parsed.protocol)) return value.value;
      note(value.where, `${what} takes ${takes}, got ${describe(value)}`);
      return undefined;
    },
  };
}

/** A whole number within bounds. */
export function integer({
  least,
  most,
  ...about
}: About<number> & { readonly least: number; readonly most: number }): Setting<number> {
  return {
    ...about,
    takes: `a whole number from ${least} to ${most}`,
    parse: (given, where) =>
      /^-?\d+$/.test(given.trim()) ? { kind: 'scalar', value: Number(given), where } : toText(given, where),
    read: (value, { what, note }) => toInteger(value, what, note, [least, most])?.value,
  };
}

/** `true` or `false`. */
export function flag(about: About<boolean>): Setting<boolean> {
  return {
    ...about,
    takes: 'true or false',
    parse: (given, where) =>
      given === 'true' || given === 'false' ? { kind: 'scalar', value: given === 'true', where } : toText(given, where),
    read(value, { what, note }) {
      if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
      note(value.where, `${what} takes true or false, got ${describe(value)}`);
      return undefined;
    },
  };
}

/** One of a few words. */
export function choice<const T extends string>(choices: readonly T[], about: About<NoInfer<T>>): Setting<T> {
  return {
    ...about,
    takes: choices.map((word) => `\`"${word}"\``).join(' or '),
    parse: toText,
    read(value, { what, note }) {
      if (value.kind === 'text') return toChoice(choices, value, what, note);
      note(value.where, `${what} takes one of ${choices.join(', ')}, got ${describe(value)}`);
      return undefined;
    },
  };
}

/** How much is logged. */
export function level(about: About<LogLevel>): Setting<LogLevel> {
  return choice(LEVELS, about);
}

/** A list of texts; in the environment they are separated by commas. */
export function texts({
  takes = 'a list of texts',
  fits = () => true,
  ...about
}: About<readonly string[]> & { readonly takes?: string; readonly fits?: (value: string) => boolean }): Setting<
  readonly string[]
> {
  return {
    ...about,
    takes,
    parse: toList,
    read(value, { what, note }) {
      const found = toTexts(value, what, note);
      const wrong = found.filter((each) => !fits(each.value));
      for (const each of wrong) note(each.where, `${what} takes ${takes}, got ${describe(each)}`);
      return value.kind === 'list' && found.length === value.items.length && wrong.length === 0
        ? found.map((each) => each.value)
        : undefined;
    },
  };
}

/** A file or a folder; one in the file of settings is meant from where that file is. */
export function path(about: About<string>): Setting<string> {
  return { ...about, ...asPath() };
}

/** The same, with no default. */
export function optionalPath(about: About<undefined>): Setting<string | undefined> {
  return { ...about, ...asPath() };
}

function asPath(): Omit<Setting<string>, keyof About<string>> {
  const plain = asText({ takes: 'a path' });
  return {
    ...plain,
    read(value, reading) {
      const found = plain.read(value, reading);
      return found === undefined ? undefined : resolve(reading.folder, found);
    },
  };
}

/** A list of them. */
export function paths(about: About<readonly string[]>): Setting<readonly string[]> {
  const plain = texts({ ...about, takes: 'a list of paths' });
  return {
    ...plain,
    read: (value, reading) => plain.read(value, reading)?.map((each) => resolve(reading.folder, each)),
  };
}

/** Paths by name: a table; `name=path` with commas between them in the environment. */
export function namedPaths(
  about: About<{ readonly [name: string]: string }>,
): Setting<{ readonly [name: string]: string }> {
  const takes = 'a table of names and paths';
  return {
    ...about,
    takes,
    parse(given, where) {
      const pairs = split(given).map(
        (pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const,
      );
      if (pairs.some(([name]) => name === '')) return toText(given, where);
      return {
        kind: 'table',
        where,
        entries: new Map(pairs.map(([name, value]) => [name, { where, value: toText(value, where) }])),
      };
    },
    read(value, { what, folder, note }) {
      if (value.kind !== 'table') {
        note(value.where, `${what} takes ${takes}, got ${describe(value)}`);
        return undefined;
      }
      return readPaths(value, { what, folder, note });
    },
  };
}

function readPaths(table: LocatedTable, { what, folder, note }: Reading): { readonly [name: string]: string } {
  const one = asPath();
  return Object.fromEntries(
    [...table.entries].flatMap(([name, { where, value }]) => {
      if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name)) {
        note(where, `"${name}" in ${what} is no name of a blueprint; use small letters, digits, "-" and "_"`);
        return [];
      }
      const found = one.read(value, { what: `"${name}" in ${what}`, folder, note });
      return found === undefined ? [] : [[name, found]];
    }),
  );
}

function split(given: string): readonly string[] {
  return given
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function toText(value: string, where: Located['where']): Located {
  return { kind: 'text', value, where, at: () => where };
}

function toList(given: string, where: Located['where']): Located {
  return { kind: 'list', where, items: split(given).map((each) => toText(each, where)) };
}
