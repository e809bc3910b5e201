// pypes worker: executes the runs that an engine gives to this machine (spec 5, stores behind interfaces).
import { isatty } from 'node:tty';
import { PypesError } from '@pypes/contract';
import type { Command } from 'commander';
import { parseWhole } from '../input.ts';
import { DEFAULT_ROOT, foldersOrDefault } from '../local.ts';
import { VERSION } from '../version.ts';

type WorkerOptions = {
  readonly root: string;
  readonly config?: string;
  readonly policy?: string;
  readonly listen?: string;
  readonly address?: string;
  readonly url?: string;
  readonly json?: boolean;
};

const STANDARD_ERROR = 2;

/** Adds the command. */
export function registerWorker(program: Command): void {
  program
    .command('worker')
    .summary('execute runs that other processes accept')
    .description(
      'Executes runs that services accept, from the store and the engine that pypes.toml names. Any number of workers on any number of machines share the work; they serve the same folders as the services. With the engine "restate" it listens for Restate; with Postgres alone it takes what is queued.',
    )
    .argument('[folder...]', 'folders of agent files (default: agents, else the current folder)')
    .option('--root <folder>', 'where packs, memory and the audit log are kept', DEFAULT_ROOT)
    .option('--config <file>', 'the configuration (default: PYPES_CONFIG, else pypes.toml here or below the root)')
    .option('--policy <file>', 'policies of the guard (default: policy.toml below the root, where there is one)')
    .option('--address <address>', 'with Restate: address to listen on (default: 127.0.0.1)')
    .option('--listen <port>', 'with Restate: port to listen on (default: 9080)')
    .option('--url <url>', 'with Restate: where it reaches the workers, the same for all of them')
    .option('--json', 'logs as JSON lines, also on a terminal')
    .action(work);
}

async function work(named: readonly string[], options: WorkerOptions): Promise<void> {
  const { readConfig } = await import('@pypes/service/config');
  const { config } = await readConfig({
    root: options.root,
    environment: process.env,
    ...(options.config === undefined ? {} : { file: options.config }),
  });
  if (config.store.kind === 'filesystem') {
    throw new PypesError(
      'invalid_request',
      'A worker shares a store with the services: set [store] kind = "postgres" in pypes.toml; a service on one machine needs no worker',
    );
  }
  const { startNodeWorker } = await import('@pypes/service/node');
  const worker = await startNodeWorker({
    folders:
      named.length > 0 ? named : config.service.folders.length > 0 ? config.service.folders : foldersOrDefault([]),
    root: config.service.root,
    version: VERSION,
    limits: config.limits,
    logLevel: config.service.logLevel,
    readableLogs: options.json !== true && isatty(STANDARD_ERROR),
    ...(options.policy === undefined ? {} : { policyFile: options.policy }),
    runs: {
      config,
      environment: process.env,
      worker: {
        ...(options.address === undefined ? {} : { host: options.address }),
        ...(options.listen === undefined ? {} : { port: parseWhole(options.listen, '--listen', 0, 65_535) }),
        ...(options.url === undefined ? {} : { url: options.url }),
      },
    },
  });
  worker.log({ level: 'info', event: 'worker.started', engine: config.engine.kind });
  await new Promise<void>((stopped) => {
    let stopping = false;
    const stop = (signal: NodeJS.Signals) => {
      if (stopping) process.exit(3);
      stopping = true;
      worker.log({ level: 'info', event: 'worker.stopping', signal });
      void worker.close().then(() => stopped());
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
