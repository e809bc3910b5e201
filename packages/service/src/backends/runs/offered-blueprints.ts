// The blueprints that an operator offers to runs: those of a folder and single files, found anew whenever one is
// asked for.
import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PypesError, toPypesError } from '@pypes/contract';
import { loadBlueprint } from '@pypes/host/blueprints/run';

/** A blueprint's file, by the name that it gives itself. */
export type OfferedBlueprint = { readonly name: string; readonly path: string };

/** What lies in a folder: blueprints, and files named `agent.toml` that are none, with the reason. */
export type Offered = {
  readonly blueprints: readonly OfferedBlueprint[];
  readonly refused: readonly { readonly path: string; readonly error: string }[];
};

/** `<folder>/<any>.toml` and `<folder>/<any>/agent.toml`; the first of a name counts. */
export async function listBlueprints(folders: readonly string[]): Promise<Offered> {
  const found = new Map<string, OfferedBlueprint>();
  const refused: { path: string; error: string }[] = [];
  for (const path of folders.flatMap(filesOf)) {
    try {
      const { name } = await loadBlueprint(await readFile(path, 'utf8'), path);
      const first = found.get(name);
      if (first === undefined) found.set(name, { name, path });
      else refused.push({ path, error: `"${name}" is the name of ${first.path} already` });
    } catch (error) {
      refused.push({ path, error: toPypesError(error).message });
    }
  }
  return { blueprints: [...found.values()], refused };
}

/** What an operator offers: a folder, and single files by name. */
export type BlueprintPlaces = { readonly folder?: string; readonly files: { readonly [name: string]: string } };

/** The file of a blueprint. @throws PypesError `not_found`, with the names that there are */
export async function fileOfBlueprint({ folder, files }: BlueprintPlaces, name: string): Promise<string> {
  const named = Object.hasOwn(files, name) ? files[name] : undefined;
  if (named !== undefined) return named;
  const { blueprints, refused } = await listBlueprints(folder === undefined ? [] : [folder]);
  const found = blueprints.find((each) => each.name === name);
  if (found !== undefined) return found.path;
  const names = [...Object.keys(files), ...blueprints.map((each) => each.name)];
  const none =
    folder === undefined && names.length === 0 ? '; [blueprints] folder in pypes.toml offers those of a folder' : '';
  throw new PypesError('not_found', `No blueprint "${name}" is offered here${none}`, {
    details: { available: names, ...(refused.length === 0 ? {} : { refused: refused.map(({ error }) => error) }) },
  });
}

function filesOf(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const nested = entries
    .filter((entry) => entry.isDirectory() && !/^[._]/.test(entry.name))
    .map((entry) => join(folder, entry.name, 'agent.toml'));
  const own = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.toml') && !/^[._]/.test(entry.name))
    .map((entry) => join(folder, entry.name));
  return [...own, ...nested.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)];
}
