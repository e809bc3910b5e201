// Each optional part as a project that npm can install exactly: its packages, pinned with all that these need.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PARTS, type Part } from '../../packages/cli/src/parts/table.ts';
import { closureOf, type Lock, type Locked, nameOf } from './lockfile.ts';

/** What says how an entry was reached in the project, which is another way here. */
const OF_THE_PROJECT = ['dev', 'devOptional', 'optional', 'peer', 'resolved', 'extraneous'];
const MODULES = 'node_modules/';

/** Writes `parts/<name>/package.json` and its lockfile; the lock's paths of what the parts bring, by part. */
export function writePartLocks(lock: Lock, folder: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    PARTS.map((part) => {
      const { manifest, lockfile, paths } = toProject(lock, part);
      const target = join(folder, 'parts', part.name);
      mkdirSync(target, { recursive: true });
      writeFileSync(join(target, 'package.json'), toText(manifest));
      writeFileSync(join(target, 'package-lock.json'), toText(lockfile));
      return [part.name, paths];
    }),
  );
}

/** @throws Error where a package of the part is not in the lockfile */
export function toProject(lock: Lock, { name, packages }: Part) {
  const roots = packages.map((each) => [each, findRoot(lock, each)] as const);
  const dependencies = Object.fromEntries(roots.map(([each, path]) => [each, lock[path]?.version ?? '']));
  const closure = closureOf(
    lock,
    roots.map(([, path]) => path),
  );
  const paths = [...closure.keys()].sort();
  const entries = paths.map((path): [string, Locked] => {
    const kept = Object.entries(lock[path] ?? {}).filter(([key]) => !OF_THE_PROJECT.includes(key));
    const optional = closure.get(path) === true ? { optional: true } : {};
    return [path.slice(path.indexOf(MODULES)), { ...Object.fromEntries(kept), ...optional }];
  });
  if (new Set(entries.map(([path]) => path)).size < entries.length) {
    throw new Error(`The part "${name}" needs two versions of a package at one place of its folder`);
  }
  const manifest = { name: `pypes-part-${name}`, version: '0.0.0', private: true, dependencies };
  const { private: _private, ...root } = manifest;
  return {
    manifest,
    lockfile: {
      name: root.name,
      version: root.version,
      lockfileVersion: 3,
      requires: true,
      packages: Object.fromEntries([['', root], ...entries]),
    },
    paths,
  };
}

/** At the root, or below the one workspace that has it for itself. */
function findRoot(lock: Lock, name: string): string {
  const found = Object.keys(lock).filter((path) => nameOf(path) === name && path.split(MODULES).length === 2);
  const path = found.find((each) => each.startsWith(MODULES)) ?? found[0];
  if (path === undefined) throw new Error(`"${name}" is not in the lockfile; run npm ci`);
  return path;
}

function toText(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
