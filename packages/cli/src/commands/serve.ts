// pypes serve: the wire contract on this machine, over folders of agent files.
import { isatty } from 'node:tty';
import { type Limits, type LogLevel, PypesError } from '@pypes/contract';
import type { Command } from 'commander';
import { collect, parseWhole } from '../input.ts';
import { DEFAULT_ROOT, foldersOrDefault } from '../local.ts';
import { VERSION } from '../version.ts';

type ServeOptions = {
  readonly port: string;
  readonly host: string;
  readonly root: string;
  readonly authRequired?: boolean;
  readonly trustDeployed?: boolean;
  readonly origin: readonly string[];
  readonly allowHost: readonly string[];
  readonly timeout?: string;
  readonly policy?: string;
  readonly record?: boolean;
  readonly logLevel: string;
  readonly json?: boolean;
};

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);
const LEVELS = ['debug', 'info', 'warn', 'error'];
const STANDARD_ERROR = 2;
const LONGEST_CALL_MS = 86_400_000;

/** Adds the command. */
export function registerServe(program: Command): void {
  program
    .command('serve')
    .summary('serve folders of agents over HTTP')
    .description('Serves the agents in FOLDERs, and packs that are deployed, at http://127.0.0.1:7080.')
    .argument('[folder...]', 'folders of agent files (default: agents, else the current folder)')
    .option('--port <n>', 'port; 0 takes a free one', process.env.PYPES_PORT ?? '7080')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--root <folder>', 'where packs, memory and the audit log are kept', DEFAULT_ROOT)
    .option('--auth-required', 'deployed packs get a token; folders ask for the operator token in PYPES_TOKEN')
    .option('--trust-deployed', 'DANGEROUS: deployed packs run with all the power of this account, without a sandbox')
    .option('--origin <origin>', 'a web page that may call, beside those of this machine', collect, [])
    .option('--allow-host <name>', 'a Host name that requests may use, beside those of this machine', collect, [])
    .option('--policy <file>', 'policies of the guard (default: policy.toml below the root, where there is one)')
    .option('--record', 'write down calls, with arguments and answers, for: pypes guard replay')
    .option('--timeout <ms>', 'time limit of a call in milliseconds (default: 60000)')
    .option('--log-level <level>', 'debug, info, warn or error', 'info')
    .option('--json', 'logs as JSON lines, also on a terminal')
    .action(serve);
}

async function serve(named: readonly string[], options: ServeOptions): Promise<void> {
  const operatorToken = process.env.PYPES_TOKEN;
  const isOpen = !LOOPBACK.has(options.host);
  if (isOpen && (options.authRequired !== true || operatorToken === undefined || operatorToken === '')) {
    throw new PypesError(
      'invalid_request',
      `Listening on ${options.host} lets other machines run code here; use --auth-required and set PYPES_TOKEN, or leave --host out`,
    );
  }
  if (!LEVELS.includes(options.logLevel)) {
    throw new PypesError('invalid_request', `--log-level takes ${LEVELS.join(', ')}, got "${options.logLevel}"`);
  }
  const limits: Partial<Limits> =
    options.timeout === undefined ? {} : { callMs: parseWhole(options.timeout, '--timeout', 1, LONGEST_CALL_MS) };
  const { startNodeService } = await import('@pypes/service/node');
  const service = await listen(options, () =>
    startNodeService({
      folders: foldersOrDefault(named),
      root: options.root,
      version: VERSION,
      port: parseWhole(options.port, '--port', 0, 65_535),
      address: options.host,
      origins: options.origin,
      hosts: options.allowHost.map((name) => name.toLowerCase()),
      limits,
      ...(options.policy === undefined ? {} : { policyFile: options.policy }),
      record: options.record === true,
      trustDeployed: options.trustDeployed === true,
      logLevel: options.logLevel as LogLevel,
      readableLogs: options.json !== true && isatty(STANDARD_ERROR),
      auth: {
        required: options.authRequired === true,
        openDeploy: !isOpen,
        ...(operatorToken === undefined ? {} : { operatorToken }),
      },
    }),
  );
  const { log, url, host } = service;
  const packs = (await host.list()).map((pack) => `${pack.manifest.name} ${pack.guid}`);
  log({ level: 'info', event: 'service.started', url, packs });
  if (options.trustDeployed === true) {
    const message = 'Whoever can deploy a pack here can do whatever this account can: --trust-deployed is on';
    log({ level: 'error', event: 'service.trust_deployed', message });
  }

  await new Promise<void>((stopped) => {
    let stopping = false;
    const stop = (signal: NodeJS.Signals) => {
      if (stopping) process.exit(3);
      stopping = true;
      log({ level: 'info', event: 'service.stopping', signal, calls_in_flight: host.inFlight });
      void service.close().then(() => stopped());
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
  log({ level: 'info', event: 'service.stopped' });
  log.flush();
}

async function listen<T>(options: ServeOptions, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'EADDRINUSE') {
      throw new PypesError(
        'invalid_request',
        `Port ${options.port} is taken; stop what uses it, or choose another: --port 0`,
      );
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new PypesError('invalid_request', `"${options.host}" is no address of this machine`);
    }
    if (code === 'EACCES')
      throw new PypesError('invalid_request', `Port ${options.port} may not be used; take one above 1023`);
    throw error;
  }
}
