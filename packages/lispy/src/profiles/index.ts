/** The profiles that come with the language, and how a source or a host chooses one. */
import { LispyError } from '../errors.ts';
import { mars } from './mars.ts';
import type { Profile } from './profile.ts';
import { rappterbook } from './rappterbook.ts';
import { verse } from './verse.ts';

/** The bundled profiles by name. */
export const profiles: ReadonlyMap<string, Profile> = new Map(
  [mars, rappterbook, verse].map((profile) => [profile.name, profile]),
);

/** The profile that a source names on a first line `; profile: mars`. */
const profileNameOf = (source: string): string | undefined => {
  const end = source.indexOf('\n');
  const line = end < 0 ? source : source.slice(0, end);
  return /^\s*;+\s*profile:\s*([a-z][a-z0-9-]*)\s*$/.exec(line.slice(0, 200))?.[1];
};

/** The host's choice, or else the source's own. */
export const profileOf = (choice: Profile | string | undefined, source: string): Profile | undefined => {
  const name = choice ?? profileNameOf(source);
  if (typeof name !== 'string') return name;
  const profile = profiles.get(name);
  if (!profile)
    throw new LispyError('syntax', `Unknown profile "${name}": known are ${[...profiles.keys()].join(', ')}`);
  return profile;
};
