// The project's lockfile as data: where a package finds another, and all that it needs.
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

type Names = { readonly [name: string]: string };

/** An entry of npm's lockfile, version 3. */
export type Locked = {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly dependencies?: Names;
  readonly optionalDependencies?: Names;
  readonly peerDependencies?: Names;
  readonly peerDependenciesMeta?: { readonly [name: string]: { readonly optional?: boolean } };
  readonly [key: string]: unknown;
};

export type Lock = { readonly [path: string]: Locked };

const ROOT = join(import.meta.dirname, '../..');
const MODULES = 'node_modules/';

export function readLock(): Lock {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Lock };
  return packages;
}

/** The entry of an installed package's folder. */
export function pathOf(folder: string): string {
  return relative(ROOT, folder).split(sep).join('/');
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(MODULES) + MODULES.length);
}

/** Where a package at `from` finds another, as Node looks; undefined where it is not installed. */
export function findLocked(lock: Lock, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = parentOf(folder)) {
    const path = `${folder === '' ? '' : `${folder}/`}${MODULES}${name}`;
    if (path in lock) return path;
    if (folder === '') return undefined;
  }
}

/** The packages that one needs, with whether it could do without. */
export function needsOf(lock: Lock, path: string): readonly { readonly path: string; readonly optional: boolean }[] {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, ...entry } = lock[path] ?? {};
  const peers = Object.keys(peerDependencies).filter((name) => entry.peerDependenciesMeta?.[name]?.optional !== true);
  const names = new Set([...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers]);
  return [...names].sort().flatMap((name) => {
    const found = findLocked(lock, path, name);
    return found === undefined ? [] : [{ path: found, optional: name in optionalDependencies }];
  });
}

/** Everything that the packages at `paths` need, themselves too: path → whether it can be done without. */
export function closureOf(lock: Lock, paths: readonly string[]): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>();
  const waiting = paths.map((path) => ({ path, optional: false }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, optional } = next;
    const before = found.get(path);
    if (before === false || before === optional) continue;
    found.set(path, optional);
    waiting.push(...needsOf(lock, path).map((need) => ({ ...need, optional: optional || need.optional })));
  }
  return found;
}

function parentOf(folder: string): string {
  const cut = folder.lastIndexOf(`/${MODULES}`);
  return cut < 0 ? '' : folder.slice(0, cut);
}
