// The blueprints that an operator offers to runs: those of a folder and single files, looked for whenever one is asked for.
import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PypesError, toPypesError } from '@pypes/contract';
import { loadBlueprint } from '@pypes/host/blueprints/run';
import { stampOf } from './stamp.ts';

/** A folder with `*.toml` and `<any>/agent.toml`, and single files by name. */
export type BlueprintPlaces = { readonly folder?: string; readonly files: { readonly [name: string]: string } };

/** What a file calls itself, or why it is no blueprint. */
type Named = { readonly stamp: string; readonly name?: string; readonly error?: string };

/** Finds the file of a blueprint. A file is read again when it was touched. */
export function createFileOf({ folder, files }: BlueprintPlaces): (name: string) => Promise<string> {
  const known = new Map<string, Named>();

  async function nameOf(path: string): Promise<Named> {
    const stamp = stampOf(path);
    const before = known.get(path);
    if (before?.stamp === stamp) return before;
    const named = await readName(path, stamp);
    known.set(path, named);
    return named;
  }

  /** @throws PypesError `not_found`, with the names that there are and what is wrong with the other files */
  return async (wanted) => {
    const own = Object.hasOwn(files, wanted) ? files[wanted] : undefined;
    if (own !== undefined) return own;
    const paths = folder === undefined ? [] : filesOf(folder);
    const all = await Promise.all(paths.map(async (path) => ({ path, ...(await nameOf(path)) })));
    const found = all.find(({ name }) => name === wanted);
    if (found !== undefined) return found.path;
    const available = [...Object.keys(files), ...all.flatMap(({ name }) => name ?? [])];
    const refused = all.flatMap(({ error }) => error ?? []);
    const none = folder === undefined ? '; [blueprints] folder in pypes.toml offers those of a folder' : '';
    throw new PypesError('not_found', `No blueprint "${wanted}" is offered here${none}`, {
      details: { available, ...(refused.length === 0 ? {} : { refused }) },
    });
  };
}

async function readName(path: string, stamp: string): Promise<Named> {
  try {
    const { name } = await loadBlueprint(await readFile(path, 'utf8'), path);
    return { stamp, name };
  } catch (error) {
    return { stamp, error: toPypesError(error).message };
  }
}

/** Sorted: where two have one name, the first counts. */
function filesOf(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !/^[._]/.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const own = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.toml'));
  const nested = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name, 'agent.toml'));
  return [
    ...own.map(({ name }) => join(folder, name)),
    ...nested.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true),
  ];
}
