// Back end A: the service as a process of this machine (spec 2, back ends).
import { hostname } from 'node:os';
import type { Limits, LogLevel } from '@pypes/contract';
import type { Host } from '@pypes/host';
import type { ServiceAuth } from '../http/auth.ts';
import { LOOPBACK_HOSTS } from '../http/gate.ts';
import { createService } from '../http/service.ts';
import { createLocalPacks } from './blueprints/local-packs.ts';
import { createGathering } from './gathering.ts';
import { createHttpServer } from './http/server.ts';
import { createLogger, type Logger } from './logger.ts';
import { openMcpDoor } from './mcp-door.ts';
import { createNodeHost } from './node-host.ts';
import { openRemoteDoor } from './remote-door.ts';
import { openServiceRuns, type ServiceRunsOptions } from './runs/service-runs.ts';

export { createLogger, type Logger } from './logger.ts';
export { createNodeHost, type NodeHostOptions } from './node-host.ts';
export { type NodeWorker, type NodeWorkerOptions, startNodeWorker } from './node-worker.ts';
export { openPolicyFile, type PolicyFile } from './policy-file.ts';
export { recordingsFolder } from './recording.ts';

/** How to serve. */
export type NodeServiceOptions = {
  readonly folders: readonly string[];
  readonly root: string;
  readonly version: string;
  /** 0 takes any free port. */
  readonly port?: number;
  readonly address?: string;
  readonly auth?: ServiceAuth;
  /** Host names that requests may name beside those of the loopback interface. */
  readonly hosts?: readonly string[];
  readonly origins?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** The operator's policies; default: `policy.toml` below the root, where there is one. */
  readonly policyFile?: string;
  /** Calls are recorded below the root, for replays. */
  readonly record?: boolean;
  /** Deployed packs run without a sandbox. */
  readonly trustDeployed?: boolean;
  readonly logLevel?: LogLevel;
  readonly readableLogs?: boolean;
  /** Other hosts may have files run here where there is a key: in this file, or in `PYPES_REMOTE_KEY`. */
  readonly remote?: { readonly keyFile?: string; readonly calls?: number };
  /** Durable runs at `/v1`; absent: there are none. */
  readonly runs?: Pick<ServiceRunsOptions, 'config' | 'environment' | 'worker'>;
};

/** A service that answers. */
export interface NodeService {
  readonly url: string;
  readonly host: Host;
  readonly log: Logger;
  /** Stops taking requests, lets calls in flight finish for `graceMs`, then ends everything. */
  close(graceMs?: number): Promise<void>;
}

const KEEP_ALIVE_MS = 65_000;

/**
 * Starts the service.
 *
 * @throws Error of the system where the port is taken (`EADDRINUSE`) or the address is not this machine's
 */
export async function startNodeService(options: NodeServiceOptions): Promise<NodeService> {
  const { port = 7080, address = '127.0.0.1' } = options;
  // As it is written in an address.
  const bare = address.toLowerCase().replace(/%.*$/, '');
  const name = bare.includes(':') ? `[${bare}]` : bare;
  const log = createLogger({ level: options.logLevel ?? 'info', readable: options.readableLogs ?? false });
  const localPacks = createLocalPacks();
  const host = createNodeHost({ ...options, packs: localPacks.over, log });
  await host.ready.catch(async (error: unknown) => {
    await host.close(0);
    throw error;
  });
  const runs =
    options.runs === undefined
      ? undefined
      : await openServiceRuns({ ...options, ...options.runs, host, localPacks, log }).catch(async (error: unknown) => {
          await host.close(0);
          throw error;
        });
  const remote = await openRemoteDoor({ ...options.remote, root: options.root, limits: host.limits, log }).catch(
    async (error: unknown) => {
      await runs?.close(0);
      await host.close(0);
      throw error;
    },
  );
  const gather = createGathering();
  const mcp = openMcpDoor(host, {
    version: options.version,
    log,
    gather,
    ...(options.auth === undefined ? {} : { auth: options.auth }),
  });
  const service = createService(host, {
    version: options.version,
    hostName: hostname(),
    log,
    approvals: host.approvals,
    gather,
    ...(runs === undefined ? {} : { runs: runs.door }),
    mcp: mcp.fetch,
    mcpAnswer: mcp.answer,
    ...(remote === undefined ? {} : { remote: remote.fetch }),
    hosts: [...new Set([...LOOPBACK_HOSTS, name, ...(options.hosts ?? [])])],
    origins: options.origins ?? [],
    ...(options.auth === undefined ? {} : { auth: options.auth }),
  });
  const server = createHttpServer(service, name);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, address, listening);
  }).catch(async (error: unknown) => {
    await remote?.close();
    await runs?.close(0);
    await host.close(0);
    throw error;
  });
  const bound = server.address();
  const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port;
  return {
    url: `http://${name}:${boundPort}`,
    host,
    log,
    async close(graceMs = 10_000) {
      const stopped = new Promise<void>((done) => server.close(() => done()));
      server.closeIdleConnections();
      await mcp.close();
      await remote?.close();
      await runs?.close(graceMs);
      await host.close(graceMs);
      server.closeAllConnections();
      await stopped;
      log.flush();
    },
  };
}
