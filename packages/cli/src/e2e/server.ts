// A real `pypes serve` process for tests: started on a free port, spoken to over HTTP, killed in the middle.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Json, JsonObject } from '@pypes/contract';
import { PYPES } from './command.ts';

/** Why tests that need Python are skipped, where they are. */
export const noPython =
  process.env.CI === undefined && spawnSync('python3', ['--version']).status !== 0
    ? 'python3 is not installed'
    : undefined;

/** Why tests that need a sandbox for Python are skipped, where they are. */
export const noSandbox =
  noPython ??
  (process.env.CI === undefined && spawnSync('bwrap', ['--version']).status !== 0
    ? 'bwrap is not installed'
    : undefined);

/** A running service. */
export interface Server {
  readonly url: string;
  readonly folder: string;
  readonly root: string;
  readonly process: ChildProcess;
  /** Everything logged so far. */
  readonly logs: readonly JsonObject[];
  write(name: string, text: string, mode?: number): void;
  post(path: string, body: Json | string, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  call(pack: string, name: string, args?: JsonObject, rest?: JsonObject): Promise<Answer>;
  deploy(files: { readonly [filename: string]: string }, rest?: JsonObject): Promise<Answer>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export type Answer = { readonly status: number; readonly body: JsonObject };

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'pypes-e2e-'));

const running = new Set<Server>();

/** Ends every server that a test left running. */
export async function stopServers(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop('SIGKILL')));
}

/** Starts `pypes serve`; `agents` are written into its folder first. */
export async function startServer(
  agents: { readonly [path: string]: string } = {},
  options: {
    readonly args?: readonly string[];
    readonly root?: string;
    readonly folder?: string;
    readonly env?: Record<string, string>;
  } = {},
): Promise<Server> {
  const folder = options.folder ?? join(newFolder(), 'agents');
  const root = options.root ?? join(newFolder(), 'data');
  const write = (name: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, { mode });
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(agents)) write(name, text);
  const child = spawn(
    process.execPath,
    [PYPES, 'serve', folder, '--port', '0', '--root', root, '--json', ...(options.args ?? [])],
    {
      stdio: ['ignore', 'inherit', 'pipe'],
      env: { ...process.env, ...options.env },
    },
  );
  const logs: JsonObject[] = [];
  const url = await new Promise<string>((started, failed) => {
    const text: string[] = [];
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      text.push(line);
      const entry = line.startsWith('{') ? (JSON.parse(line) as JsonObject) : { event: 'text', line };
      logs.push(entry);
      if (entry.event === 'service.started') started(String(entry.url));
    });
    child.once('exit', (code) => failed(new Error(`pypes serve ended with ${code}: ${text.join('\n')}`)));
  });

  async function send(
    method: string,
    path: string,
    body: Json | string | undefined,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const response = await fetch(url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as JsonObject };
  }

  const server: Server = {
    url,
    folder,
    root,
    process: child,
    logs,
    write,
    post: (path, body, headers = {}) => send('POST', path, body, headers),
    get: (path, headers = {}) => send('GET', path, undefined, headers),
    call: (pack, name, args = {}, rest = {}) => send('POST', `/api/pack/${pack}/agent`, { name, args, ...rest }, {}),
    deploy: (files, rest = {}) => {
      const list = Object.entries(files).map(([filename, source]) => ({ filename, source }));
      return send('POST', '/api/pack/deploy', { schema: 'pack/1.0', agents: list, ...rest }, {});
    },
    stop(signal = 'SIGTERM') {
      running.delete(server);
      if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
      return new Promise((ended) => {
        child.once('exit', (code) => ended(code));
        child.kill(signal);
      });
    },
  };
  running.add(server);
  return server;
}
