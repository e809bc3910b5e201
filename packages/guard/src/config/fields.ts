// Reads the fields of one table of a configuration, and collects everything that is wrong with it.
import type { Json, JsonObject, Violation } from '@pypes/contract';

/** A table that is being read. Every field that is read is known; what is left over is reported at the end. */
export interface Fields {
  readonly pointer: string;
  text(name: string): string | undefined;
  texts(name: string): readonly string[] | undefined;
  /** A whole number of at least `least`. */
  whole(name: string, least: number): number | undefined;
  number(name: string, least: number): number | undefined;
  flag(name: string): boolean | undefined;
  oneOf<const T extends string>(name: string, choices: readonly T[]): T | undefined;
  listOf<const T extends string>(name: string, choices: readonly T[]): readonly T[] | undefined;
  any(name: string): Json | undefined;
  /** Reports that a field is missing. */
  require(...names: readonly string[]): void;
  /** Reports something about a field; an empty name means the table. */
  report(name: string, message: string): void;
}

/** Reads a table; violations are added to `found`. */
export function readFields(table: JsonObject, pointer: string, found: Violation[]): Fields & { end(): void } {
  const known = new Set<string>();
  const report = (name: string, message: string) => {
    found.push({ path: name === '' ? pointer : `${pointer}/${name}`, message });
  };
  const take = (name: string): Json | undefined => {
    known.add(name);
    return Object.hasOwn(table, name) ? table[name] : undefined;
  };

  function typed<T extends Json>(name: string, is: (value: Json) => value is T, what: string): T | undefined {
    const value = take(name);
    if (value === undefined) return undefined;
    if (is(value)) return value;
    report(name, `takes ${what}, got ${JSON.stringify(value)}`);
    return undefined;
  }

  return {
    pointer,
    report,
    any: take,
    text: (name) => typed(name, isText, 'a text'),
    texts: (name) => typed(name, isTexts, 'a list of texts'),
    whole: (name, least) =>
      typed(
        name,
        (value): value is number => Number.isSafeInteger(value) && (value as number) >= least,
        `a whole number of at least ${least}`,
      ),
    number: (name, least) =>
      typed(
        name,
        (value): value is number => typeof value === 'number' && value >= least,
        `a number of at least ${least}`,
      ),
    flag: (name) => typed(name, (value): value is boolean => typeof value === 'boolean', 'true or false'),
    oneOf: <const T extends string>(name: string, choices: readonly T[]) =>
      typed(name, (value): value is T => choices.includes(value as T), quoted(choices)),
    listOf: <const T extends string>(name: string, choices: readonly T[]) => {
      const texts = typed(name, isTexts, `a list of ${quoted(choices)}`);
      const strange = texts?.filter((text) => !choices.includes(text as T)) ?? [];
      for (const text of strange) report(name, `has "${text}"; ${suggest(text, choices)}`);
      return strange.length > 0 ? undefined : (texts as readonly T[] | undefined);
    },
    require(...names) {
      for (const name of names) if (!Object.hasOwn(table, name)) report('', `needs "${name}"`);
    },
    end() {
      for (const name of Object.keys(table)) {
        if (!known.has(name)) report(name, `is not known here; ${suggest(name, [...known])}`);
      }
    },
  };
}

/** "did you mean", or what there is. */
export function suggest(word: string, choices: readonly string[]): string {
  const near = choices
    .map((choice) => ({ choice, distance: distanceOf(word.toLowerCase(), choice.toLowerCase()) }))
    .filter(({ choice, distance }) => distance <= Math.max(1, Math.floor(choice.length / 3)))
    .sort((a, b) => a.distance - b.distance)[0];
  return near === undefined ? `there are ${choices.join(', ')}` : `did you mean "${near.choice}"?`;
}

/** How many characters have to change. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function isText(value: Json): value is string {
  return typeof value === 'string';
}

function isTexts(value: Json): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function quoted(choices: readonly string[]): string {
  const words = choices.map((choice) => `"${choice}"`);
  return words.length === 1 ? (words[0] as string) : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
