// Many machines on one: services and workers as processes over Postgres, S3 and nodes of Restate, each of which can be killed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Balancer, startBalancer } from '../../../engines/src/testing/balancer.ts';
import { freePorts } from '../../../engines/src/testing/free-ports.ts';
import { type RestateCluster, startRestate, whyNoRestate } from '../../../engines/src/testing/restate-server.ts';
import { type PostgresServer, postgresSkipReason, startPostgres } from '../../../stores/src/testing/postgres.ts';
import { type S3Server, startS3 } from '../../../stores/src/testing/s3.ts';
import { type PypesProcess, startPypes } from './cluster-process.fixtures.ts';

/** Why there can be no such cluster here; undefined where there can. In CI nothing is skipped. */
export const noCluster = postgresSkipReason ?? whyNoRestate();

/** A `pypes serve`, which comes back where it was. */
export type ClusterService = { readonly url: string; process: PypesProcess; readonly start: () => Promise<void> };
export type ClusterWorker = { process: PypesProcess; readonly start: () => Promise<void> };

export type Cluster = {
  readonly services: readonly ClusterService[];
  readonly workers: readonly ClusterWorker[];
  readonly restate: RestateCluster;
  /** Where the runs are kept. */
  readonly database: string;
  /** Whether Restate takes runs: without it, services and workers go on by themselves. */
  readonly reach: (isReachable: boolean) => void;
  /** What `pypes.toml` and the agents lie in. */
  readonly folder: string;
  readonly stop: () => Promise<void>;
};

export type ClusterOptions = {
  readonly services: number;
  readonly workers: number;
  readonly nodes: 1 | 3;
  /** Files below `agents/`, and below `blueprints/`. */
  readonly files: { readonly [path: string]: string };
  readonly concurrency?: number;
  readonly leaseMs?: number;
};

/** Everything at work; what was started is ended again where something does not start. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-cluster-'));
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })];
  /** What was started last ends first. */
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  const kept = <T>(thing: T, end: (thing: T) => unknown): T => {
    ends.push(() => end(thing));
    return thing;
  };
  try {
    for (const [path, text] of Object.entries(options.files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const [postgres, s3, restate] = await together([
      startPostgres().then((server) => kept(server, ({ stop: end }) => end())),
      startS3().then((server) => kept(server, ({ stop: end }) => end())),
      startRestate(options.nodes).then((cluster) => kept(cluster, ({ stop: end }) => end())),
    ] as const);
    const ports = await freePorts(options.services + options.workers);
    const workerPorts = ports.slice(options.services);
    const before = async (targets: () => readonly number[]) =>
      kept(await startBalancer(targets), (balancer) => balancer.close());
    const portsOf = (urls: readonly string[]) => urls.map((url) => Number(new URL(url).port));
    let isReachable = true;
    const [ingress, admin, door] = [
      await before(() => (isReachable ? portsOf(restate.ingressUrls) : [])),
      await before(() => portsOf(restate.nodes.map(({ adminUrl }) => adminUrl))),
      await before(() => workerPorts),
    ];
    writeFileSync(join(folder, 'pypes.toml'), configOf(options, { s3, ingress, admin, door }));
    const environment = environmentOf(postgres, s3);
    const run = async (command: 'serve' | 'worker', root: string, more: readonly string[]) => {
      const args = [command, join(folder, 'agents'), '--config', join(folder, 'pypes.toml')];
      return startPypes([...args, '--root', join(folder, root), ...more], {
        started: command === 'serve' ? 'service.started' : 'worker.started',
        env: environment,
      });
    };
    const startable = async (start: () => Promise<PypesProcess>) => {
      const machine = {
        process: await start(),
        start: async (): Promise<void> => {
          machine.process = await start();
        },
      };
      return kept(machine, ({ process }) => process.stop('SIGKILL'));
    };
    const workers = await together(
      workerPorts.map((port, index) =>
        startable(() => run('worker', `worker-${index}`, ['--listen', String(port), '--url', door.url])),
      ),
    );
    const services = await together(
      ports.slice(0, options.services).map(async (port, index) => {
        const machine = await startable(() => run('serve', `serve-${index}`, ['--port', String(port)]));
        return Object.assign(machine, { url: `http://127.0.0.1:${port}` });
      }),
    );
    const reach = (wanted: boolean): void => {
      isReachable = wanted;
      ingress.cut();
    };
    return { services, workers, restate, database: postgres.connectionString, reach, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for all of them also where one fails: what is under way could not be ended. @throws what the first one threw */
async function together<T extends readonly unknown[]>(
  starting: T,
): Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> {
  await Promise.allSettled(starting);
  return Promise.all(starting);
}

type Places = {
  readonly s3: S3Server;
  readonly ingress: Balancer;
  readonly admin: Balancer;
  readonly door: Balancer;
};

function configOf({ concurrency = 16, leaseMs = 15_000 }: ClusterOptions, places: Places): string {
  const { s3, ingress, admin, door } = places;
  return `
[service]
log_level = "info"

[limits]
call_ms = 600000
concurrent_calls = 1000

[store]
kind = "postgres"
url_env = "TEST_DATABASE"

[artifacts]
kind = "s3"
bucket = "${s3.bucket}"
region = "us-east-1"
endpoint = "${s3.endpoint}"

[engine]
kind = "restate"
ingress_url = "${ingress.url}"
admin_url = "${admin.url}"
worker_url = "${door.url}"
concurrency = ${concurrency}
lease_ms = ${leaseMs}
# Nodes of Restate that suspect each other on a busy machine hand runs around.
max_attempts = 10

[blueprints]
folder = "blueprints"
`;
}

function environmentOf(postgres: PostgresServer, { credentials }: S3Server): { readonly [name: string]: string } {
  return {
    TEST_DATABASE: postgres.connectionString,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}
