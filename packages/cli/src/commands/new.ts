// pypes new: a first agent in the language of choice, with an example that passes.
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PypesError } from '@pypes/contract';
import type { Command } from 'commander';
import { style } from '../style.ts';
import { TEMPLATES } from '../templates.ts';

type NewOptions = { readonly lang: string; readonly dir: string; readonly json?: boolean };

const SAFE_NAME = /^[a-z][a-z0-9_-]{0,63}$/i;

/** Adds the command. */
export function registerNew(program: Command): void {
  program
    .command('new')
    .summary('write a new agent')
    .description('Writes a new agent file that runs, with an example that passes `pypes test`.')
    .argument('<name>', 'name of the agent')
    .option('--lang <language>', Object.keys(TEMPLATES).join(', '), 'python')
    .option('--dir <folder>', 'where to write it', '.')
    .option('--json', 'as JSON')
    .action(create);
}

async function create(name: string, options: NewOptions): Promise<void> {
  if (!SAFE_NAME.test(name)) {
    throw new PypesError(
      'invalid_request',
      `"${name}" is no name: a letter first, then letters, digits, - and _, at most 64`,
    );
  }
  const template = Object.hasOwn(TEMPLATES, options.lang) ? TEMPLATES[options.lang] : undefined;
  if (template === undefined) {
    throw new PypesError('invalid_request', `--lang takes ${Object.keys(TEMPLATES).join(', ')}, got "${options.lang}"`);
  }
  const path = join(options.dir, template.filename(name));
  const file = await open(path, 'wx', template.executable === true ? 0o755 : 0o644).catch((error: unknown) => {
    throw refusal(path, options.dir, error);
  });
  try {
    await file.writeFile(template.source(name));
  } catch (error) {
    // Half a template would be in the way of the next try.
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  if (options.json === true) console.log(JSON.stringify({ status: 'ok', file: path }));
  else
    console.log(
      `${style('green', 'Wrote')} ${path}\ntry it   pypes call ${path} '{"who":"world"}'\ntest it  pypes test ${path}`,
    );
}

function refusal(path: string, folder: string, error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  if (code === 'EEXIST')
    return new PypesError('conflict', `"${path}" exists already; choose another name or remove it first`);
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new PypesError('invalid_request', `The folder "${folder}" does not exist`);
  return error;
}
