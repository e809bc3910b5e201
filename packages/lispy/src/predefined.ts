/** The names that every program knows: builtins, constants, and what its profile adds. */
import { builtins } from './builtins/index.ts';
import { internals } from './builtins/internals.ts';
import type { Profile } from './profiles/profile.ts';
import type { Value } from './values/value.ts';

const constants: ReadonlyMap<string, Value> = new Map([
  ['pi', Math.PI],
  ['e', Math.E],
]);

/** Looks names up as a program of this profile does; `%name` is what special forms call. */
export const predefinedIn =
  (profile: Profile | undefined) =>
  (name: string): Value | undefined => {
    if (name.charCodeAt(0) === 37 && name.length > 1)
      return internals.get(name.slice(1)) ?? builtins.get(name.slice(1));
    return profile?.bindings.get(name) ?? builtins.get(name) ?? constants.get(name);
  };

/** All predefined names, for did-you-mean. */
export const predefinedNames = (profile: Profile | undefined): Iterable<string> => [
  ...builtins.keys(),
  ...constants.keys(),
  ...(profile?.bindings.keys() ?? []),
];
