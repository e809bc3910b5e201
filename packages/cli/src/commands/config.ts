// pypes config: what counts for the service on this machine, where each of it comes from, and whether it is right.
import type { ConfigReading, ShownSetting } from '@pypes/service/config';
import type { Command } from 'commander';
import { DEFAULT_ROOT } from '../local.ts';
import { style, toTable } from '../style.ts';

type Options = { readonly file?: string; readonly root: string; readonly json?: boolean };

/** Adds the command. */
export function registerConfig(program: Command): void {
  const config = program
    .command('config')
    .summary('show and check pypes.toml')
    .description(
      'Shows the configuration of the service: pypes.toml, the environment, the defaults. docs/reference/config.md has every setting.',
    );
  const command = (name: string, summary: string, isDefault = false) =>
    config
      .command(name, { isDefault })
      .summary(summary)
      .description(summary)
      .option('--file <path>', 'the configuration (default: PYPES_CONFIG, else pypes.toml here or below the root)')
      .option('--root <folder>', 'where packs and records are kept when nothing else says so', DEFAULT_ROOT)
      .option('--json', 'as JSON')
      .exitOverride();
  command('show', 'show every setting, and where it comes from', true).action(show);
  command('check', 'check the configuration, every mistake with its place').action(check);
}

async function show(options: Options): Promise<void> {
  const { settings, file } = await read(options);
  if (options.json === true) {
    console.log(JSON.stringify({ status: 'ok', file: file ?? null, settings }));
    return;
  }
  console.log(toTable(settings.map((setting) => [setting.name, setting.value, style('dim', originOf(setting, file))])));
}

async function check(options: Options): Promise<void> {
  const { settings, file } = await read(options);
  const given = settings.filter(({ origin }) => origin.from !== 'default').length;
  if (options.json === true) console.log(JSON.stringify({ status: 'ok', file: file ?? null, given }));
  else
    console.log(
      `${file ?? 'Without a file, it'} is right: ${given} settings are given, the others have their defaults`,
    );
}

/** Loaded when wanted: it brings the parser. */
async function read({ file, root }: Options): Promise<ConfigReading> {
  const { readConfig } = await import('@pypes/service/config');
  return readConfig({ environment: process.env, root, ...(file === undefined ? {} : { file }) });
}

function originOf({ origin }: ShownSetting, file: string | undefined): string {
  if (origin.from === 'file') return `${file ?? ''}:${origin.line}`;
  return origin.from === 'environment' ? origin.name : 'default';
}
