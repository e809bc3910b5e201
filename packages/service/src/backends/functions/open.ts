// The service as a function: the same handler as on a machine, over stores that several instances share.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryStore, PackStore, Policy, SchemaCompiler } from '@pypes/contract';
import { createHost, type HostFlow } from '@pypes/host';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import manifest from '../../../package.json' with { type: 'json' };
import { createService } from '../../http/service.ts';
import { createLogger, type Logger } from '../logger.ts';
import { type FreshPacks, withFreshPacks } from './fresh-packs.ts';
import { createFunctionRuntimes } from './runtimes.ts';
import { type Environment, type FunctionSettings, readFunctionSettings } from './settings.ts';

export type FunctionOptions = {
  /** What healthz calls the host. */
  readonly name: string;
  readonly environment: Environment;
  /** Where `policy.toml` and `pypes.toml` may lie: the folder that was deployed. */
  readonly folder: string;
  readonly platformHosts?: readonly string[];
  readonly mostOutputBytes?: number;
  readonly openStores: (options: LeftoverOptions) => FunctionStores;
  readonly write?: (text: string) => void;
};

export type FunctionStores = { readonly packs: PackStore & FreshPacks; readonly memory: MemoryStore };

/** Told what could not be cleaned away. */
export type LeftoverOptions = { readonly onLeftover: (error: unknown) => void };

/** A service that answers. */
export interface FunctionService {
  fetch(request: Request): Promise<Response>;
  readonly log: Logger;
}

/** @throws PypesError `invalid_request` where the environment lacks something; then nothing may be answered */
export async function openFunction(options: FunctionOptions): Promise<FunctionService> {
  const { name, folder, environment } = options;
  const settings = await readFunctionSettings(options);
  const writing = options.write === undefined ? {} : { write: options.write };
  const log = createLogger({ level: settings.logLevel, ...writing });
  // Decisions are written whatever the level is.
  const audit = createLogger(writing);
  const stores = options.openStores({
    onLeftover: (error) => log({ level: 'warn', event: 'pack.leftover', reason: String(error) }),
  });
  const schemas = createAjvCompiler();
  const policies = await openPolicies(folder, schemas, log);
  const host = createHost({
    runtimes: await createFunctionRuntimes(environment.PATH),
    schemas,
    packs: stores.packs,
    memory: stores.memory,
    limits: settings.limits,
    ...(policies === undefined ? {} : { policies }),
    audit: { write: (record) => audit({ level: 'info', event: 'audit', record: { ...record } as never }) },
    onEvent: ({ type, time: _time, ...rest }) =>
      log({ event: `agent.${type}`, ...rest, level: 'level' in rest ? rest.level : 'debug' }),
  });
  const remote = await openRemote(settings, environment, log);
  const service = createService(withFreshPacks(host, stores.packs), {
    version: manifest.version,
    hostName: name,
    log,
    auth: settings.auth,
    hosts: settings.hosts,
    origins: settings.origins,
    ...(remote === undefined ? {} : { remote: remote.fetch }),
  });
  return {
    log,
    async fetch(request) {
      try {
        return await service.fetch(request);
      } finally {
        // An instance may be frozen as soon as it has answered.
        audit.flush();
        log.flush();
      }
    },
  };
}

/** The door for other hosts, over sandboxes apart from those of this function's own packs. */
async function openRemote({ remoteKey: key, limits }: FunctionSettings, { PATH }: Environment, log: Logger) {
  if (key === undefined) return undefined;
  const { createRemoteDoor } = await import('../../http/remote/index.ts');
  const runtimes = await createFunctionRuntimes(PATH);
  return createRemoteDoor({ key, limits, log, runtimes, fetch: (address, init) => fetch(address, init) });
}

/** The operator's policies, loaded only where there are some. */
async function openPolicies(folder: string, schemas: SchemaCompiler, log: Logger) {
  const file = join(folder, 'policy.toml');
  if (!existsSync(file)) return undefined;
  const [{ followPolicies }, { createMemoryApprovalStore }] = await Promise.all([
    import('../operator-policies.ts'),
    import('@pypes/stores/memory'),
  ]);
  return (flow: HostFlow): readonly Policy[] => [
    followPolicies({ root: folder, file, schemas, approvals: createMemoryApprovalStore(), flow, log }).policy,
  ];
}
