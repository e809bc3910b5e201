// What runs of a service stand on, as the configuration names it. What a configuration does not name is not even loaded.
import { PypesError } from '@pypes/contract';
import type { ArtifactStore, RunEngine, RunStore } from '@pypes/contract/runs';
import type { LogEntry } from '../../http/log.ts';
import type { Config } from '../config/index.ts';

/** Absent: this machine's own. */
export type Backing = {
  readonly store?: RunStore;
  readonly artifacts?: ArtifactStore;
  readonly engine?: RunEngine;
};

/** Where a worker listens for its engine, where that is not as the configuration has it. */
export type WorkerAddress = { readonly host?: string; readonly port?: number; readonly url?: string };

/** @throws PypesError `invalid_request` where what is configured does not go together */
export async function openBacking(
  { store, artifacts, engine }: Pick<Config, 'store' | 'artifacts' | 'engine'>,
  {
    environment,
    worker,
    log,
  }: {
    readonly environment: { readonly [name: string]: string | undefined };
    readonly worker?: WorkerAddress;
    readonly log: (entry: LogEntry) => void;
  },
): Promise<Backing> {
  if (engine.kind === 'restate' && store.kind === 'filesystem') {
    throw new PypesError(
      'invalid_request',
      'Workers on several machines need a store that all of them reach: set [store] kind = "postgres", or leave the engine embedded',
    );
  }
  return {
    ...(store.kind === 'postgres' ? { store: await openPostgres(store, environment[store.urlEnv] ?? '', log) } : {}),
    ...(artifacts.kind === 's3' ? { artifacts: await openS3(artifacts) } : {}),
    ...(engine.kind === 'restate' ? { engine: await openRestate(engine, worker, log) } : {}),
  };
}

async function openPostgres({ schema }: { readonly schema: string }, connectionString: string, log: Log) {
  const { createPostgresRunStore } = await import('@pypes/stores/postgres');
  return createPostgresRunStore({
    connectionString,
    schema,
    onError: ({ message }) => log({ level: 'warn', event: 'runs.postgres', message }),
  });
}

async function openS3({ kind: _, ...place }: Extract<Config['artifacts'], { readonly kind: 's3' }>) {
  const { createS3ArtifactStore } = await import('@pypes/stores/s3');
  return createS3ArtifactStore({ ...place, forcePathStyle: place.endpoint !== undefined });
}

async function openRestate(
  { ingressUrl, adminUrl, concurrency, worker: configured }: Extract<Config['engine'], { readonly kind: 'restate' }>,
  worker: WorkerAddress | undefined,
  log: Log,
) {
  const { createRestateEngine } = await import('@pypes/engines/restate');
  return createRestateEngine({
    ingressUrl,
    adminUrl,
    worker: { ...configured, ...worker, concurrency },
    log: (level, message) => log({ level, event: 'runs.restate', message }),
  });
}

type Log = (entry: LogEntry) => void;
