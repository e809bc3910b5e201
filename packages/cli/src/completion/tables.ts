// The described program as the rows that every shell's script looks up: a key, and what is said for it.
import type { Described, DescribedCommand, Value } from './describe.ts';

export type Tables = {
  /** Path → commands. */
  readonly commands: readonly (readonly [string, readonly Described[]])[];
  /** Path → options. */
  readonly options: readonly (readonly [string, readonly Described[]])[];
  /** Path and option → what its value is; flags have no row. */
  readonly values: readonly (readonly [string, string])[];
  /** Path and place, from 0 → what that argument is; `variadic`: and all after it. */
  readonly arguments: readonly {
    readonly path: string;
    readonly place: number;
    readonly variadic: boolean;
    readonly value: string;
  }[];
};

export function toTables(described: readonly DescribedCommand[]): Tables {
  return {
    commands: described.filter((each) => each.commands.length > 0).map((each) => [each.path, each.commands]),
    options: described.map((each) => [each.path, each.options]),
    values: described.flatMap(({ path, options }) =>
      options.flatMap(({ name, value }) => (value === undefined ? [] : [[`${path} ${name}`, encode(value)] as const])),
    ),
    arguments: described.flatMap(({ path, arguments: places }) =>
      places.map(({ value, variadic }, place) => ({ path, place, variadic, value: encode(value) })),
    ),
  };
}

/** Words as they are; what has to be looked up begins with `@`. */
function encode(value: Value): string {
  return typeof value === 'string' ? `@${value}` : value.join(' ');
}

/** A text in single quotes, as bash, zsh and (with `fish`) fish read it. */
export function quote(text: string, shell: 'posix' | 'fish'): string {
  if (shell === 'posix') return `'${text.replaceAll("'", `'\\''`)}'`;
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** One line, short enough for a menu. */
export function toBrief(description: string): string {
  const line = description.replaceAll(/\s+/g, ' ');
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
