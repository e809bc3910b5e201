// Reads the keys of one object of a suite and takes note of everything that is wrong instead of stopping at the first.
import { isJsonObject, type Json, type JsonObject } from '@pypes/contract';
import { suggestion } from '../../blueprints/did-you-mean.ts';
import type { Path } from './read-document.ts';

/** Takes note of what is wrong with the value, or with the key, at a path. */
export type Note = (path: Path, message: string, what?: 'key' | 'value') => void;

/** An object that is being read. Every key that was asked for is known; `end` notes the others. */
export type Fields = {
  readonly path: Path;
  has(key: string): boolean;
  any(key: string): Json | undefined;
  /** A text that is not empty and has at most so many characters. */
  text(key: string, most: number): string | undefined;
  number(key: string, least: number, most: number): number | undefined;
  object(key: string): JsonObject | undefined;
  list(key: string): readonly Json[] | undefined;
  oneOf<const T extends string>(key: string, choices: readonly T[]): T | undefined;
  /** Notes keys that are not there. */
  need(...keys: readonly string[]): void;
  end(): void;
};

/** Fields of a value that has to be an object; undefined, and noted, where it is none. */
export function readFields(value: Json | undefined, path: Path, what: string, note: Note): Fields | undefined {
  if (!isJsonObject(value)) {
    note(path, `${what} takes an object, got ${shown(value)}`);
    return undefined;
  }
  const known = new Set<string>();
  const any = (key: string): Json | undefined => {
    known.add(key);
    return Object.hasOwn(value, key) ? value[key] : undefined;
  };
  const typed = <T extends Json>(key: string, is: (found: Json) => found is T, wanted: string): T | undefined => {
    const found = any(key);
    if (found === undefined || is(found)) return found;
    note([...path, key], `"${key}" takes ${wanted}, got ${shown(found)}`);
    return undefined;
  };
  return {
    path,
    has: (key) => any(key) !== undefined,
    any,
    text: (key, most) =>
      typed(key, (found): found is string => isText(found, most), `a text of 1 to ${most} characters`),
    number: (key, least, most) =>
      typed(key, (found): found is number => isWithin(found, least, most), numberIn(least, most)),
    object: (key) => typed(key, isJsonObject, 'an object'),
    list: (key) => typed(key, (found): found is readonly Json[] => Array.isArray(found), 'a list'),
    oneOf<const T extends string>(key: string, choices: readonly T[]) {
      const found = any(key);
      if (found === undefined || choices.includes(found as T)) return found as T | undefined;
      const meant = typeof found === 'string' ? suggestion(found, choices) : `; there are ${choices.join(', ')}`;
      note([...path, key], `"${key}" is ${shown(found)}, which is not known${meant}`);
      return undefined;
    },
    need(...keys) {
      for (const key of keys) if (!Object.hasOwn(value, key)) note(path, `${what} needs "${key}"`);
    },
    end() {
      for (const key of Object.keys(value)) {
        if (!known.has(key)) note([...path, key], `${what} has no key "${key}"${suggestion(key, known)}`, 'key');
      }
    },
  };
}

/** A value in a few characters. */
export function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value).slice(0, LONGEST_SHOWN);
}

const LONGEST_SHOWN = 80;

function isText(value: Json, most: number): boolean {
  return typeof value === 'string' && value !== '' && value.length <= most;
}

function isWithin(value: Json, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most;
}

function numberIn(least: number, most: number): string {
  if (Number.isFinite(least))
    return Number.isFinite(most) ? `a number from ${least} to ${most}` : `a number of at least ${least}`;
  return 'a number';
}
