// Restate servers for tests: one node or several, in temporary folders on free ports, gone when the test's process is.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from './free-ports.ts';

const TOOLS = resolve(import.meta.dirname, '../../../../.tools');
const INSTALL =
  'npm install --no-save --ignore-scripts --prefix .tools/restate @restatedev/restate-server-linux-x64@1.7.12';
const READY_WITHIN_MS = 60_000;

/** One server of a cluster. */
export type RestateNode = {
  readonly ingressUrl: string;
  readonly adminUrl: string;
  readonly folder: string;
  /** As a machine that loses its power. */
  readonly kill: () => Promise<void>;
};

/** What a test asks for besides; `invoker` is TOML for the section `[worker.invoker]`. */
export type RestateSettings = { readonly invoker?: string; readonly streamsPerConnection?: number };

export type RestateCluster = {
  readonly nodes: readonly RestateNode[];
  readonly ingressUrls: readonly string[];
  readonly adminUrl: string;
  /** Ends every node, and removes what they wrote. */
  readonly stop: () => Promise<void>;
};

/** The server's program: of the PATH, or as installed below `.tools`. */
export function findRestateServer(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = folders.map((folder) => join(folder, 'restate-server'));
  const installed = [TOOLS, ...subfolders(TOOLS)].flatMap((folder) =>
    subfolders(join(folder, 'node_modules/@restatedev'))
      .filter((name) => name.includes('/restate-server-'))
      .map((name) => join(name, 'bin/restate-server')),
  );
  // npm's wrapper of the same name starts the program as its child, which would outlive a kill.
  return [...installed, ...onPath].find((path) => existsSync(path) && !path.includes('/.bin/'));
}

/**
 * Why tests with a server cannot run here, or undefined where they can.
 *
 * @throws Error in CI, where nothing may be skipped
 */
export function whyNoRestate(): string | undefined {
  if (findRestateServer() !== undefined) return undefined;
  const reason = `No restate-server is on the PATH or below .tools; install one with: ${INSTALL}`;
  if (process.env.CI !== undefined) throw new Error(reason);
  return reason;
}

/** Starts `count` nodes that form one cluster; with three, each entry of its log lies on two of them. */
export async function startRestate(count: 1 | 3, settings: RestateSettings = {}): Promise<RestateCluster> {
  const program = findRestateServer();
  if (program === undefined) throw new Error(whyNoRestate());
  const folder = await mkdtemp(join(tmpdir(), 'pypes-restate-'));
  const ports = await freePorts(count * 3);
  const places = Array.from({ length: count }, (_, index) => ({
    name: `n${index + 1}`,
    fabric: `127.0.0.1:${ports[index * 3]}`,
    admin: `127.0.0.1:${ports[index * 3 + 1]}`,
    ingress: `127.0.0.1:${ports[index * 3 + 2]}`,
  }));
  const nodes = await Promise.all(
    places.map(async (place) => {
      const base = join(folder, place.name);
      await writeFile(`${base}.toml`, nodeConfig(place, places, base, settings));
      const kill = startNode(program, base);
      return { ingressUrl: `http://${place.ingress}`, adminUrl: `http://${place.admin}`, folder: base, kill };
    }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.kill()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(nodes.map((node) => whenReady(node)));
  } catch (error) {
    await stop();
    throw error;
  }
  const [first] = nodes;
  return { nodes, ingressUrls: nodes.map((node) => node.ingressUrl), adminUrl: first!.adminUrl, stop };
}

type Place = { readonly name: string; readonly fabric: string; readonly admin: string; readonly ingress: string };

function nodeConfig(place: Place, places: readonly Place[], folder: string, settings: RestateSettings): string {
  return `
cluster-name = "pypes-test"
node-name = "${place.name}"
auto-provision = ${place === places[0]}
default-replication = ${Math.min(2, places.length)}
default-num-partitions = 8
base-dir = "${folder}"
bind-address = "${place.fabric}"
advertised-address = "http://${place.fabric}"
listen-mode = "tcp"
roles = ["worker", "admin", "metadata-server", "log-server", "http-ingress"]
disable-telemetry = true
log-disable-ansi-codes = true
rocksdb-total-memory-size = "256 MiB"
gossip-suspect-interval = "1s"
[metadata-client]
addresses = [${places.map((each) => `"http://${each.fabric}"`).join(', ')}]
[admin]
bind-address = "${place.admin}"
advertised-admin-endpoint = "http://${place.admin}"
[ingress]
bind-address = "${place.ingress}"
[worker.invoker]
http2-streams-per-connection-limit = ${settings.streamsPerConnection ?? 1}
${settings.invoker ?? ''}
`;
}

/** The shell ends the server and removes its files when its standard input ends: as told, or with this process. */
function startNode(program: string, base: string): () => Promise<void> {
  const script =
    '"$0" --config-file "$1.toml" --no-logo >"$1.log" 2>&1 & read -r _; kill -9 $!; wait $!; rm -rf "$1" "$1".*; rmdir "$2"';
  const shell = spawn('sh', ['-c', script, program, base, dirname(base)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, DO_NOT_TRACK: '1' },
  });
  return () => ended(shell);
}

function ended(shell: ChildProcess): Promise<void> {
  if (shell.exitCode !== null || shell.signalCode !== null) return Promise.resolve();
  return new Promise((settle) => {
    shell.once('exit', () => settle());
    shell.stdin?.end();
  });
}

async function whenReady(node: RestateNode): Promise<void> {
  const end = Date.now() + READY_WITHIN_MS;
  while (!(await isReady(node))) {
    if (Date.now() > end) {
      const log = await readFile(`${node.folder}.log`, 'utf8').catch(() => '');
      throw new Error(`A Restate node was not ready within ${READY_WITHIN_MS} ms: ${log.slice(-2000)}`);
    }
    await sleep(50);
  }
}

/** A node is healthy before its cluster takes invocations: only once each partition has a leader can they be counted. */
async function isReady({ adminUrl, ingressUrl }: RestateNode): Promise<boolean> {
  if (!(await isOk(`${ingressUrl}/restate/health`))) return false;
  return isOk(`${adminUrl}/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: 'SELECT count(*) FROM sys_invocation_status' }),
  });
}

async function isOk(url: string, request: RequestInit = {}): Promise<boolean> {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

function subfolders(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => join(folder, name));
}
