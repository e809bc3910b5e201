// A Postgres server for tests: its own folder, its own port, thrown away afterwards; it can be killed and come back.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';

export type PostgresServer = {
  /** An empty database of its own. */
  readonly connectionString: string;
  /** `kill -9` for the server and all that it started. */
  kill(): Promise<void>;
  /** Again, after `kill`. */
  start(): Promise<void>;
  /** Ends it, and removes all that it had. */
  stop(): Promise<void>;
};

const NOBODY = 65_534;
const START_MS = 60_000;
const DEBIAN = '/usr/lib/postgresql';

const binaries = findBinaries();

/** Why tests with a server are skipped; undefined where they run. In CI they fail instead. */
export const postgresSkipReason: string | undefined =
  binaries === undefined && process.env.CI === undefined ? 'Postgres (initdb, postgres) is not installed' : undefined;

/** @throws Error where there is no server to start */
export async function startPostgres(): Promise<PostgresServer> {
  if (binaries === undefined) throw new Error('No initdb is in PATH nor below /usr/lib/postgresql; install postgresql');
  // The server refuses to run as root.
  const owner = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const root = mkdtempSync(join(tmpdir(), 'pypes-postgres-'));
  if (owner.uid !== undefined) chownSync(root, owner.uid, owner.gid);
  const data = join(root, 'data');
  const options = { ...owner, cwd: root, env: { ...process.env, HOME: root, LC_ALL: 'C' } };
  execFileSync(join(binaries, 'initdb'), ['-D', data, '-U', 'pypes', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...options,
    stdio: 'ignore',
  });
  const port = await freePort();
  const connectionString = `postgres://pypes@127.0.0.1:${port}/postgres`;
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${root}`, 'fsync=off'];
  const flags = ['max_connections=100', 'shared_buffers=64MB', 'logging_collector=off', ...settings];
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const until = Date.now() + START_MS;
    // What was killed may still hold its memory: the server says no until that is gone.
    while (!(server !== undefined && server.exitCode === null && (await answers(connectionString)))) {
      if (Date.now() > until) throw new Error('Postgres did not start within a minute');
      if (server === undefined || server.exitCode !== null || server.signalCode !== null) {
        const args = ['-D', data, ...flags.flatMap((flag) => ['-c', flag])];
        server = spawn(join(binaries ?? '', 'postgres'), args, { ...options, stdio: 'ignore' });
      }
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  async function end(kill: (child: ChildProcess) => void): Promise<void> {
    const child = server;
    server = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    kill(child);
    await gone;
  }

  const onExit = () => server?.kill('SIGKILL');
  process.once('exit', onExit);
  await start();
  return {
    connectionString,
    start,
    kill: () => end(({ pid = 0 }) => [pid, ...childrenOf(pid)].forEach(killHard)),
    async stop() {
      process.off('exit', onExit);
      await end((child) => child.kill('SIGQUIT'));
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function findBinaries(): string | undefined {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...debian.map((version) => join(DEBIAN, version, 'bin')),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => parentOf(child) === pid);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) \S+ /s, '')
        .split(' ')[0],
    );
  } catch {
    return undefined;
  }
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was gone already.
  }
}
