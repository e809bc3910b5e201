// The configuration as people see it: every setting with its value and where that came from, and no secret.
import type { Environment, Origin, ReadValues } from './read-values.ts';
import { SECTIONS, type Section } from './sections.ts';
import type { ConfigToken } from './tokens.ts';

/** One setting. */
export type ShownSetting = {
  /** `section.key`. */
  readonly name: string;
  /** As it could stand in the file; empty where there is none. */
  readonly value: string;
  readonly origin: Origin;
};

/** All settings in the order of the reference. What names an environment variable says whether that is set. */
export function showSettings(read: ReadValues, environment: Environment): readonly ShownSetting[] {
  const values: { readonly [section: string]: { readonly [key: string]: unknown } } = read.values;
  const settings = Object.entries<Section>(SECTIONS).flatMap(([section, { settings: known }]) =>
    Object.entries(known).map(([key, { initially }]): ShownSetting => {
      const name = `${section}.${key}`;
      const origin = read.originOf(name);
      const value = values[section]?.[key];
      if (origin.from === 'default' && initially !== undefined) return { name, value: initially, origin };
      const isSet = key.endsWith('_env') && typeof value === 'string' && Boolean(environment[value]);
      return { name, value: `${toText(value)}${isSet ? ' (is set)' : ''}`, origin };
    }),
  );
  const tokens = read.tokens.map((token, index): ShownSetting => {
    const origin = read.originOf('auth.token');
    return { name: `auth.token[${index}]`, value: tokenText(token), origin };
  });
  const at = settings.findIndex(({ name }) => name === 'auth.mode') + 1;
  return [...settings.slice(0, at), ...tokens, ...settings.slice(at)];
}

/** A value as TOML. */
export function toText(value: unknown): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return `[${value.map(toText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, each]) => `${key} = ${toText(each)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

/** A token given by a digest shows so much of it that two can be told apart. */
function tokenText({ name, sha256, env, scopes, tenants }: ConfigToken): string {
  const held = env === undefined ? { sha256: `${sha256.slice(0, SHOWN_DIGITS)}…` } : { env };
  return toText({ name, ...held, scopes, tenants });
}

const SHOWN_DIGITS = 8;
