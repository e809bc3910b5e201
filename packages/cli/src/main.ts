// The `pypes` command: one file per subcommand, one place for errors and exit codes.
import { Command, CommanderError } from 'commander';
import { registerApprovals } from './commands/approvals.ts';
import { registerAudit } from './commands/audit.ts';
import { registerBundle } from './commands/bundle.ts';
import { registerCall } from './commands/call.ts';
import { registerCheck } from './commands/check.ts';
import { registerContract } from './commands/contract.ts';
import { registerDeploy } from './commands/deploy.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEject } from './commands/eject.ts';
import { registerGrant } from './commands/grant.ts';
import { registerGuard } from './commands/guard.ts';
import { registerInstall } from './commands/install.ts';
import { registerLispy } from './commands/lispy.ts';
import { registerList } from './commands/list.ts';
import { registerNew } from './commands/new.ts';
import { registerPublish } from './commands/publish.ts';
import { registerRegistry } from './commands/registry/registry.ts';
import { registerRun } from './commands/run.ts';
import { registerServe } from './commands/serve.ts';
import { registerTest } from './commands/test.ts';
import { registerTranslate } from './commands/translate.ts';
import { registerVault } from './commands/vault.ts';
import { EXIT, reportError } from './exit.ts';
import { VERSION } from './version.ts';

/** Runs the command line; sets the exit code: 0 done, 2 usage or configuration or policy, 3 runtime, 4 gate failed. */
export async function main(args: readonly string[]): Promise<void> {
  const program = createProgram();
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
      return;
    }
    process.exitCode = reportError(error, args.includes('--json'));
  }
}

function createProgram(): Command {
  const program = new Command('pypes')
    .description('A browser for agent skills: a file with two exports becomes a safe, typed, callable tool.')
    .version(VERSION)
    .showHelpAfterError('(pypes --help lists the commands)')
    .configureHelp({ sortSubcommands: false })
    .exitOverride();
  for (const register of COMMANDS) register(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}

const COMMANDS = [
  registerServe,
  registerList,
  registerCall,
  registerNew,
  registerTest,
  registerCheck,
  registerContract,
  registerRun,
  registerBundle,
  registerDeploy,
  registerGrant,
  registerInstall,
  registerPublish,
  registerRegistry,
  registerVault,
  registerApprovals,
  registerAudit,
  registerGuard,
  registerTranslate,
  registerEject,
  registerLispy,
  registerDoctor,
];
