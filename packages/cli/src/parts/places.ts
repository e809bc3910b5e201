// Where parts are: what they consist of lies in the package, what was added in a folder of the user's.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export type PartPlaces = {
  /** A folder for each part: its package.json and its lockfile. */
  readonly wanted: string;
  /** A folder for each part that was added. */
  readonly added: string;
};

type Environment = { readonly [name: string]: string | undefined };

/** Undefined in the project itself, where npm ci brings all parts. */
export function findPartPlaces(env: Environment = process.env): PartPlaces | undefined {
  const wanted = resolve(import.meta.dirname, '../../../../parts');
  return existsSync(wanted) ? { wanted, added: addedFolder(env) } : undefined;
}

/** `PYPES_PARTS`, else `pypes/parts` in the user's folder of data. */
export function addedFolder(env: Environment): string {
  const own = env.PYPES_PARTS;
  if (own !== undefined && own !== '') return resolve(own);
  const data = env.XDG_DATA_HOME;
  return join(data === undefined || data === '' ? join(homedir(), '.local/share') : data, 'pypes/parts');
}

/** What a person types to get it: the command is not on the path of who came through npx. */
export function commandFor(part: string, env: Environment = process.env): string {
  return `${env.npm_command === 'exec' ? 'npx ' : ''}pypes parts add ${part}`;
}
