// pypes lispy: runs a LisPy program, or reads one line after another.
import type { Command } from 'commander';
import type { LispyOptions } from '../lispy/options.ts';

/** Adds the command. */
export function registerLispy(program: Command): void {
  program
    .command('lispy')
    .summary('run a LisPy program, or a REPL')
    .description('Runs FILE (- for standard input) and prints its value; without FILE: a REPL.')
    .argument('[file]', 'a LisPy program')
    .option('--profile <name>', 'dialect: mars, verse or rappterbook (default: what the first line says)')
    .option('--max-steps <n>', 'limit of steps (default: 1000000)')
    .option('--json', '{value, stdout, error} with canonical values')
    .action(async (file: string | undefined, options: LispyOptions) => {
      if (file === undefined) await (await import('../lispy/repl.ts')).repl(options);
      else await (await import('../lispy/run-file.ts')).runFile(file, options);
    });
}
