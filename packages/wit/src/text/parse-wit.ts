// The door: the texts of a package and of those that it needs, as resolved WIT.
import type { ResolvedWit } from '../resolved.ts';
import { WitError, type WitErrorOrigin } from './errors.ts';
import { createArena } from './link/arena.ts';
import { addDecoded } from './link/decoded.ts';
import { linkPackage } from './link/link-package.ts';
import { sortPackages } from './link/order.ts';
import { toResolvedWit } from './link/output.ts';
import { type PackageGroup, readGroup } from './package/read-group.ts';
import type { WitSource } from './source.ts';

/** A package in a file that is no text: `bytes` are handed to `decodePackage`. */
export type WitBinary = { readonly path: string; readonly bytes: Uint8Array };

/** One entry of a `deps` folder: the `.wit` files of a folder or a single file, or a binary. */
export type WitDependency = readonly WitSource[] | WitBinary;

export type ParseWitOptions = {
  /** Which `@unstable` features are there; none unless told. */
  readonly features?: 'all' | readonly string[];
  /** What the package needs, in the order of their file names; they are sorted by what needs what. */
  readonly dependencies?: readonly WitDependency[];
  /** Reads a binary; without it a binary is an error. */
  readonly decodePackage?: (bytes: Uint8Array, path: string) => ResolvedWit;
};

/**
 * Parses and resolves one package, with the packages nested in its files and its dependencies.
 * Arenas, keys and messages are those of wasm-tools' wit-parser.
 * @throws {WitError} for anything that is not valid WIT; `origin` tells in which group of files.
 * @example
 * const source = 'package a:b; interface greeter { greet: func(name: string) -> string; }';
 * parseWit([{ path: 'greeter.wit', text: source }]).packages[0].name // 'a:b'
 */
export const parseWit = (sources: readonly WitSource[], options: ParseWitOptions = {}): ResolvedWit => {
  const { features = [], dependencies = [], decodePackage } = options;
  const arena = createArena(features);
  const groups: PackageGroup[] = [withOrigin({ stage: 'package', group: 0 }, () => readGroup(sources))];
  for (const [index, dependency] of dependencies.entries()) {
    withOrigin({ stage: 'package', group: index + 1 }, () => {
      if (!('bytes' in dependency)) groups.push(readGroup(dependency));
      else if (decodePackage !== undefined) addDecoded(arena, decodePackage(dependency.bytes, dependency.path));
      else throw new WitError(`no way was given to decode the binary package ${dependency.path}`);
    });
  }
  return withOrigin({ stage: 'link' }, () => {
    for (const draft of sortPackages(groups)) linkPackage(arena, draft);
    return toResolvedWit(arena);
  });
};

const withOrigin = <Result>(origin: WitErrorOrigin, work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    if (error instanceof WitError) error.origin = origin;
    throw error;
  }
};
