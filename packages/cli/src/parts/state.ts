// What there is of each part, for people: where it is, in which version, how large.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join, sep } from 'node:path';
import { checkAdded } from './added.ts';
import type { PartPlaces } from './places.ts';
import { PARTS, type Part } from './table.ts';

export type PartState = Part & {
  /** `here`: installed beside Pypes; `added`: with `pypes parts add`. */
  readonly state: 'here' | 'added' | 'outdated' | 'missing';
  /** Package → the version that is there, else the one that would be added. */
  readonly versions: { readonly [name: string]: string };
  /** On the disk; of what was added only. */
  readonly bytes: number | undefined;
};

type Manifest = { readonly version?: string; readonly dependencies?: { readonly [name: string]: string } };

/** @param places undefined in the project itself */
export function readParts(places: PartPlaces | undefined): readonly PartState[] {
  return PARTS.map((part) => readPart(part, places));
}

function readPart(part: Part, places: PartPlaces | undefined): PartState {
  const beside = part.packages.map((name) => [name, versionBeside(name)] as const);
  if (beside.every((found): found is readonly [string, string] => found[1] !== undefined)) {
    return { ...part, state: 'here', versions: Object.fromEntries(beside), bytes: undefined };
  }
  if (places === undefined) return { ...part, state: 'missing', versions: {}, bytes: undefined };
  const { dependencies: versions = {} } = readManifest(join(places.wanted, part.name, 'package.json'));
  const state = checkAdded(places, part.name);
  if (state === 'missing') return { ...part, state, versions, bytes: undefined };
  const bytes = sizeOf(join(places.added, part.name));
  return { ...part, state: state === 'ready' ? 'added' : state, versions, bytes };
}

/** As a module of this package finds it. */
function versionBeside(name: string): string | undefined {
  const path = findBeside(name);
  return path === undefined ? undefined : readManifest(path).version;
}

function findBeside(name: string): string | undefined {
  try {
    return findPackageJSON(name, import.meta.url);
  } catch {
    return undefined;
  }
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(parentPath + sep + name).size, 0);
}
