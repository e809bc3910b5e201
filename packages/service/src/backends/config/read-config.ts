// pypes.toml as a whole: found, read, put together with the environment and the defaults, and checked.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PypesError } from '@pypes/contract';
import type { Problem } from '@pypes/host/toml';
import { checkConfig } from './check.ts';
import type { Config } from './config.ts';
import { type Environment, type ReadValues, readValues } from './read-values.ts';
import { type ShownSetting, showSettings } from './show.ts';

/** Where to look. */
export type ReadConfigOptions = {
  /** Has to be there. Absent: what `PYPES_CONFIG` names, else `pypes.toml` in the folder or the root, where there is one. */
  readonly file?: string;
  /** Where packs and records are kept when nothing says so; the settings may name another. */
  readonly root?: string;
  /** The current folder. */
  readonly folder?: string;
  readonly environment: Environment;
};

/** What came of it. */
export type ConfigReading = {
  readonly config: Config;
  /** Each setting as it is shown: its value, and where that came from. Never a secret. */
  readonly settings: readonly ShownSetting[];
  /** Absent where there was none. */
  readonly file?: string;
};

const NAME = 'pypes.toml';

/**
 * Reads the configuration. The environment goes before the file, the file before the defaults.
 *
 * @throws PypesError `invalid_request` with every problem in details `{problems: [{path, line, column, message}]}`
 * @example
 * const { config } = await readConfig({ environment: process.env });
 */
export async function readConfig(options: ReadConfigOptions): Promise<ConfigReading> {
  const { environment, root, folder = process.cwd() } = options;
  const file = await findFile(options, folder);
  const read = withRoot(readValues(file, environment, folder), root);
  const config = checkConfig(read, environment);
  if (read.problems.length > 0) throw refusal(read.problems);
  return { config, settings: showSettings(read, environment), ...(file === undefined ? {} : { file: file.path }) };
}

async function findFile({ file, root, environment }: ReadConfigOptions, folder: string) {
  const named = file ?? (environment.PYPES_CONFIG || undefined);
  if (named !== undefined) {
    const text = await readIfThere(resolve(folder, named), named);
    if (text !== undefined) return { path: named, text };
    throw new PypesError('invalid_request', `The configuration "${named}" does not exist; make it, or leave it out`);
  }
  for (const path of [NAME, ...(root === undefined ? [] : [join(root, NAME)])]) {
    const text = await readIfThere(resolve(folder, path), path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

async function readIfThere(path: string, shown: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'ENOENT') return undefined;
    throw new PypesError('invalid_request', `The configuration "${shown}" cannot be read: ${String(error)}`, {
      cause: error,
    });
  }
}

/** What the caller has for a root counts where nobody else says. */
function withRoot(read: ReadValues, root: string | undefined): ReadValues {
  if (root === undefined || read.originOf('service.root').from !== 'default') return read;
  return { ...read, values: { ...read.values, service: { ...read.values.service, root } } };
}

const MOST_IN_MESSAGE = 20;

function refusal(problems: readonly Problem[]): PypesError {
  const shown = problems.slice(0, MOST_IN_MESSAGE).map(problemText).join('\n');
  const more = problems.length > MOST_IN_MESSAGE ? `\nand ${problems.length - MOST_IN_MESSAGE} more` : '';
  return new PypesError('invalid_request', `The configuration cannot be used:\n${shown}${more}`, {
    details: { problems: problems.map(({ where, message }) => ({ ...where, message })) },
  });
}

/** An environment variable has no lines. */
function problemText({ where: { path, line, column }, message }: Problem): string {
  return line === 0 ? `${path}: ${message}` : `${path}:${line}:${column}: ${message}`;
}
