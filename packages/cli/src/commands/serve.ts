// pypes serve: the wire contract on this machine, over folders of agent files.
import { isatty } from 'node:tty';
import { type Limits, type LogLevel, PypesError } from '@pypes/contract';
import type { Command } from 'commander';
import { collect, parseWhole } from '../input.ts';
import { startLean } from '../lean.ts';
import { DEFAULT_ROOT, foldersOrDefault } from '../local.ts';
import { VERSION } from '../version.ts';

type ServeOptions = {
  readonly port?: string;
  readonly host?: string;
  readonly root: string;
  readonly config?: string;
  readonly engine?: string;
  readonly blueprints?: string;
  readonly authRequired?: boolean;
  readonly trustDeployed?: boolean;
  readonly origin: readonly string[];
  readonly allowHost: readonly string[];
  readonly timeout?: string;
  readonly policy?: string;
  readonly record?: boolean;
  readonly logLevel?: string;
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
    .option('--config <file>', 'the configuration (default: PYPES_CONFIG, else pypes.toml here or below the root)')
    .option('--port <n>', 'port; 0 takes a free one (default: 7080)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--root <folder>', 'where packs, memory and the audit log are kept', DEFAULT_ROOT)
    .option('--auth-required', 'deployed packs get a token; folders ask for the operator token in PYPES_TOKEN')
    .option('--trust-deployed', 'DANGEROUS: deployed packs run with all the power of this account, without a sandbox')
    .option('--origin <origin>', 'a web page that may call, beside those of this machine', collect, [])
    .option('--allow-host <name>', 'a Host name that requests may use, beside those of this machine', collect, [])
    .option('--policy <file>', 'policies of the guard (default: policy.toml below the root, where there is one)')
    .option('--record', 'write down calls, with arguments and answers, for: pypes guard replay')
    .option('--blueprints <folder>', 'a folder of blueprints that runs may name')
    .option('--engine <kind>', 'who executes runs: embedded, or restate, which needs a pypes worker')
    .option('--timeout <ms>', 'time limit of a call in milliseconds (default: 60000)')
    .option('--log-level <level>', 'debug, info, warn or error (default: info)')
    .option('--json', 'logs as JSON lines, also on a terminal')
    .action(serve);
}

async function serve(named: readonly string[], options: ServeOptions): Promise<void> {
  const operatorToken = process.env.PYPES_TOKEN;
  const config = await configOf(options);
  const { startEarly, toServiceOptions } = await import('@pypes/service/config');
  const configured = toServiceOptions(config, { defaultFolders: foldersOrDefault([]), operatorToken });
  const folders = named.length > 0 ? named : configured.folders;
  await startLean(folders);
  await startEarly(folders);
  const address = options.host ?? configured.address;
  const isOpen = !LOOPBACK.has(address);
  const required = options.authRequired === true || configured.auth.required;
  if (isOpen && (!required || operatorToken === undefined || operatorToken === '')) {
    throw new PypesError(
      'invalid_request',
      `Listening on ${address} lets other machines run code here; use --auth-required and set PYPES_TOKEN, or leave --host out`,
    );
  }
  if (options.logLevel !== undefined && !LEVELS.includes(options.logLevel)) {
    throw new PypesError('invalid_request', `--log-level takes ${LEVELS.join(', ')}, got "${options.logLevel}"`);
  }
  const limits: Partial<Limits> =
    options.timeout === undefined
      ? configured.limits
      : { ...configured.limits, callMs: parseWhole(options.timeout, '--timeout', 1, LONGEST_CALL_MS) };
  const port = options.port === undefined ? configured.port : parseWhole(options.port, '--port', 0, 65_535);
  const { startNodeService } = await import('@pypes/service/node');
  const service = await listen(address, port, () =>
    startNodeService({
      ...configured,
      folders,
      version: VERSION,
      port,
      address,
      origins: [...configured.origins, ...options.origin],
      hosts: [...configured.hosts, ...options.allowHost.map((name) => name.toLowerCase())],
      limits,
      ...(options.policy === undefined ? {} : { policyFile: options.policy }),
      record: options.record === true,
      trustDeployed: options.trustDeployed === true,
      logLevel: (options.logLevel as LogLevel | undefined) ?? configured.logLevel,
      readableLogs: options.json !== true && isatty(STANDARD_ERROR),
      auth: { ...configured.auth, required, openDeploy: !isOpen && configured.auth.openDeploy !== false },
      runs: { config, environment: process.env },
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

/** What the flags say goes before the environment, that before the file. */
async function configOf({ config: file, root, engine, blueprints }: ServeOptions) {
  const { readConfig } = await import('@pypes/service/config');
  const { config } = await readConfig({
    root,
    environment: { ...process.env, ...(engine === undefined ? {} : { PYPES_ENGINE_KIND: engine }) },
    ...(file === undefined ? {} : { file }),
  });
  if (blueprints === undefined) return config;
  return { ...config, blueprints: { ...config.blueprints, folder: blueprints } };
}

async function listen<T>(address: string, port: number, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const { code, syscall } = error as { readonly code?: unknown; readonly syscall?: unknown };
    if (code === 'EADDRINUSE') {
      throw new PypesError('invalid_request', `Port ${port} is taken; stop what uses it, or choose another: --port 0`);
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new PypesError('invalid_request', `"${address}" is no address of this machine`);
    }
    if (code === 'EACCES' && syscall === 'listen')
      throw new PypesError('invalid_request', `Port ${port} may not be used; take one above 1023`);
    throw error;
  }
}
