// Cases laid out as in wasm-tools' crates/wit-parser/tests/ui: files or folders beside what has to come of them.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { WitDependency } from '../parse-wit.ts';
import type { WitSource } from '../source.ts';

export type WitCase = {
  readonly name: string;
  /** The path by which errors name the input. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly mustFail: boolean;
  /** The file with the resolved JSON, or the rendered error; a failure may have none. */
  readonly golden: string | undefined;
  readonly load: () => LoadedCase;
};

export type LoadedCase = {
  readonly sources: readonly WitSource[];
  readonly dependencies: readonly WitDependency[];
  /** The path of each dependency, and whether it is a folder. */
  readonly places: readonly { readonly path: string; readonly isFolder: boolean }[];
};

/** All cases of a folder whose input is there. */
export const findCases = (folder: string): readonly WitCase[] => [
  ...casesIn(folder, '', '.wit.json'),
  ...(existsSync(join(folder, 'parse-fail')) ? casesIn(folder, 'parse-fail/', '.wit.result') : []),
];

const casesIn = (folder: string, inside: 'parse-fail/' | '', suffix: string): readonly WitCase[] => {
  const entries = readdirSync(join(folder, inside)).sort();
  const mustFail = inside !== '';
  const names = new Set(
    entries.flatMap((entry) => {
      if (entry.endsWith(suffix)) return [entry.slice(0, -suffix.length)];
      if (!mustFail) return [];
      if (statSync(join(folder, inside, entry)).isDirectory()) return [entry];
      return entry.endsWith('.wit') ? [entry.slice(0, -'.wit'.length)] : [];
    }),
  );
  return [...names].flatMap((name) => {
    const input = ['', '.wit', '.wat', '.wasm'].map((end) => name + end).find((entry) => entries.includes(entry));
    if (input === undefined) return [];
    const file = join(folder, inside, input);
    const path = `tests/ui/${inside}${input}`;
    const golden = join(folder, inside, name + suffix);
    const isFolder = statSync(file).isDirectory();
    const load = () => (isFolder ? loadFolder(file, path) : loadFile(file, path));
    return [{ name: inside + name, path, isFolder, mustFail, golden: existsSync(golden) ? golden : undefined, load }];
  });
};

const loadFolder = (folder: string, path: string): LoadedCase => {
  const found = loadDependencies(folder, path);
  return {
    sources: loadSources(folder, path),
    dependencies: found.map(({ dependency }) => dependency),
    places: found.map(({ place }) => place),
  };
};

const loadFile = (file: string, path: string): LoadedCase => {
  if (path.endsWith('.wit')) return { sources: [toSource(file, path)], dependencies: [], places: [] };
  // A binary is no text to parse: it stands as the dependency of an empty package.
  return { sources: [], dependencies: [{ path, bytes: readFileSync(file) }], places: [{ path, isFolder: false }] };
};

const toSource = (file: string, path: string): WitSource => ({ path, text: readFileSync(file, 'utf8') });

const loadSources = (folder: string, path: string): readonly WitSource[] =>
  readdirSync(folder)
    .filter((entry) => entry.endsWith('.wit') && statSync(join(folder, entry)).isFile())
    .map((entry) => toSource(join(folder, entry), `${path}/${entry}`));

const loadDependencies = (folder: string, path: string) => {
  const deps = join(folder, 'deps');
  if (!existsSync(deps)) return [];
  return readdirSync(deps)
    .sort()
    .flatMap((entry) => {
      const dependency = loadDependency(join(deps, entry), `${path}/deps/${entry}`);
      const isFolder = statSync(join(deps, entry)).isDirectory();
      return dependency === undefined ? [] : [{ dependency, place: { path: `${path}/deps/${entry}`, isFolder } }];
    });
};

const loadDependency = (file: string, path: string): WitDependency | undefined => {
  if (statSync(file).isDirectory()) return loadSources(file, path);
  if (path.endsWith('.wit')) return [toSource(file, path)];
  return /\.wa(t|sm)$/.test(path) ? { path, bytes: readFileSync(file) } : undefined;
};
