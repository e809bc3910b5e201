// `pypes contract` as a process: the command alone, with the exit codes of the whole command line.
import { Command, CommanderError } from 'commander';
import { registerContract } from '../commands/contract.ts';
import { EXIT, reportError } from '../exit.ts';

const program = new Command('pypes').exitOverride();
registerContract(program);
for (const command of program.commands) command.exitOverride();
try {
  await program.parseAsync(process.argv.slice(2), { from: 'user' });
} catch (error) {
  process.exitCode =
    error instanceof CommanderError
      ? error.exitCode === 0
        ? EXIT.done
        : EXIT.usage
      : reportError(error, process.argv.includes('--json'));
}
