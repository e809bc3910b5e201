// Cases laid out as in wasm-tools' crates/wit-parser/tests/ui: files or folders beside what has to come of them.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
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
  readonly load: () => { readonly sources: readonly WitSource[]; readonly dependencies: readonly WitDependency[] };
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
      return mustFail && entry.endsWith('.wit') ? [entry.slice(0, -'.wit'.length)] : [];
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

const loadFolder = (folder: string, path: string): ReturnType<WitCase['load']> => ({
  sources: loadSources(folder, path),
  dependencies: loadDependencies(folder, path),
});

const loadFile = (file: string, path: string): ReturnType<WitCase['load']> => {
  if (path.endsWith('.wit')) return { sources: [{ path, text: readFileSync(file, 'utf8') }], dependencies: [] };
  // A binary is no text to parse: it stands as the dependency of an empty package.
  return { sources: [], dependencies: [{ path, bytes: readFileSync(file) }] };
};

const loadSources = (folder: string, path: string): readonly WitSource[] =>
  readdirSync(folder)
    .filter((entry) => entry.endsWith('.wit') && statSync(join(folder, entry)).isFile())
    .map((entry) => ({ path: `${path}/${entry}`, text: readFileSync(join(folder, entry), 'utf8') }));

const loadDependencies = (folder: string, path: string): readonly WitDependency[] => {
  const deps = join(folder, 'deps');
  if (!existsSync(deps)) return [];
  return readdirSync(deps)
    .sort()
    .flatMap((entry): readonly WitDependency[] => {
      const [file, name] = [join(deps, entry), `${path}/deps/${entry}`];
      if (statSync(file).isDirectory()) return [loadSources(file, name)];
      if (entry.endsWith('.wit')) return [[{ path: name, text: readFileSync(file, 'utf8') }]];
      return /\.wa(t|sm)$/.test(basename(file)) ? [{ path: name, bytes: readFileSync(file) }] : [];
    });
};
