// pypes eject: an agent as one file that runs with nothing but its language's own runtime.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { splitFile } from '../local.ts';
import { style } from '../style.ts';
import { toStandardOutput } from '../terminal.ts';

type EjectOptions = { readonly out?: string; readonly force?: boolean; readonly json?: boolean };

/** Adds the command. */
export function registerEject(program: Command): void {
  program
    .command('eject')
    .summary('write an agent as one file that runs alone')
    .description(
      'Writes an agent as one self-contained file: python3, node or lua runs it with arguments as JSON, --agent prints ' +
        'AGENT, and any host can still load it. A LisPy agent becomes a module that carries its interpreter.',
    )
    .argument('<file>', 'agent file in Python, JavaScript, TypeScript, LisPy or Lua')
    .option('-o, --out <file>', 'write it there instead of to standard output')
    .option('--force', 'with --out: replace a file that exists')
    .option('--json', 'as JSON')
    .action(run);
}

async function run(file: string, options: EjectOptions): Promise<void> {
  const { filename } = splitFile(file);
  const [{ eject }, { writeWhole }] = await Promise.all([import('@pypes/translate/eject'), import('@pypes/translate')]);
  const ejected = eject({ filename, text: await readFile(file, 'utf8') });
  if (options.out !== undefined) await writeWhole(options.out, ejected.text, options.force === true);
  if (options.json === true) {
    console.log(JSON.stringify({ status: 'ok', ...(options.out === undefined ? ejected : { file: options.out }) }));
  } else if (options.out === undefined) toStandardOutput(ejected.text);
  else
    console.log(
      `${style('green', 'Wrote')} ${options.out}\nrun it   ${commandOf(ejected.filename)} ${options.out} '{}'`,
    );
}

function commandOf(filename: string): string {
  if (filename.endsWith('.py')) return 'python3';
  return filename.endsWith('.lua') ? 'lua' : 'node';
}
