// The `pypes` command: one file per subcommand (commands.ts), one place for errors and exit codes.
import { flushCompileCache } from 'node:module';
import { Command, CommanderError } from 'commander';
import { loadCommands, type Register } from './commands.ts';
import { EXIT, reportError, reportUsage } from './exit.ts';
import { findParts } from './parts/hook.ts';
import { findPartPlaces } from './parts/places.ts';
import { guardConsole } from './terminal.ts';
import { VERSION } from './version.ts';

/** A service may be killed: what it compiled until then would be lost. */
const KEEP_COMPILED_MS = 3_000;

/** Runs the command line; sets the exit code: 0 done, 2 usage or configuration or policy, 3 runtime, 4 gate failed. */
export async function main(args: readonly string[]): Promise<void> {
  setTimeout(flushCompileCache, KEEP_COMPILED_MS).unref();
  guardConsole();
  process.stdout.on('error', endWhereNobodyReads);
  // What could be said of it would be said there.
  process.stderr.on('error', () => undefined);
  const places = findPartPlaces();
  if (places !== undefined) findParts(places);
  try {
    // The version needs no command.
    const program = createProgram(isVersion(args) ? [] : await loadCommands(args));
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : reportUsage(error.message, args.includes('--json'));
      return;
    }
    process.exitCode = reportError(error, args.includes('--json'));
  }
}

/** As in `pypes list | head -1`: it ends without a word, and not as if all had been said: what it found may matter. */
function endWhereNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.runtime);
  console.error(`Standard output cannot be written: ${error.message}`);
  process.exit(EXIT.runtime);
}

function isVersion(args: readonly string[]): boolean {
  return args[0] === '--version' || args[0] === '-V';
}

function createProgram(commands: readonly Register[]): Command {
  const program = new Command('pypes')
    .description('A browser for agent skills: a file with two exports becomes a safe, typed, callable tool.')
    .version(VERSION)
    .showHelpAfterError('(pypes --help lists the commands)')
    .configureHelp({ sortSubcommands: false })
    .exitOverride();
  for (const register of commands) register(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}
