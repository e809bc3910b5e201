// Runs of this machine for a command: the same client as for a service elsewhere, over a door in this very process.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LIMITS, PypesError } from '@pypes/contract';
import { createRunsClient, type RunsClient } from '@pypes/contract/runs';
import { createRuns } from '@pypes/host/runs';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import { createFilesystemArtifactStore, openRunReader } from '@pypes/stores/filesystem';
import type { LogEntry } from '../../http/log.ts';
import { createRunsService } from '../../http/v1/index.ts';
import { createLocalPacks } from '../blueprints/local-packs.ts';
import { createNodeHost } from '../node-host.ts';
import { createBlueprintRunner } from './blueprint-runner.ts';
import { createCommandRuns } from './command-runs.ts';
import { keptConfigurations } from './configuration.ts';
import { createDirectEngine } from './direct-engine.ts';
import { openRunStore } from './node-runs.ts';
import { createFileOf } from './offered-blueprints.ts';

/** Runs that a command can start, follow and look at. */
export interface LocalRuns {
  readonly client: RunsClient;
  close(): Promise<void>;
}

type Places = { readonly root: string; readonly version: string; readonly log: (entry: LogEntry) => void };

/** Executes what is started through it, and nothing that others have begun. */
export async function openLocalRuns(
  options: Places & { readonly folders: readonly string[]; readonly blueprints?: string },
): Promise<LocalRuns> {
  const { root, folders, log, blueprints: folder } = options;
  const localPacks = createLocalPacks();
  const host = createNodeHost({ folders, root, packs: localPacks.over, log, onEvent: () => undefined });
  const { runs } = createCommandRuns({
    ...options,
    host,
    blueprints: createBlueprintRunner({
      host,
      root,
      localPacks,
      fileOf: createFileOf({ files: {}, ...(folder === undefined ? {} : { folder }) }),
      log,
    }),
  });
  await host.ready;
  return {
    client: clientOf(runs, log),
    async close() {
      await runs.close(0);
      await host.close(0);
    },
  };
}

/**
 * Looks at runs, and cancels them where `changes` is true; nothing can be started. A canceled run that no process has any
 * more is ended here.
 */
export function readLocalRuns({ root, log, changes }: Places & { readonly changes: boolean }): LocalRuns {
  const refuse = () => Promise.reject(new PypesError('unsupported', 'Nothing is started here'));
  // Whoever cancels a run where there is none makes no folder for it.
  const isWritable = changes && existsSync(join(root, 'runs'));
  const store = isWritable
    ? openRunStore(root, log, false)
    : {
        ...openRunReader({ folder: join(root, 'runs') }),
        create: refuse,
        update: refuse,
        append: refuse,
        claim: refuse,
        take: refuse,
        renew: refuse,
      };
  const artifacts = createFilesystemArtifactStore(root);
  const engine = createDirectEngine({ cancels: true });
  const runs = createRuns({
    host: { call: refuse, get: refuse, list: refuse, limits: DEFAULT_LIMITS },
    store,
    artifacts,
    engine,
    works: isWritable,
    configuration: keptConfigurations(root),
  });
  return {
    client: clientOf(runs, log),
    async close() {
      await engine.idle();
      await runs.close(0);
      await Promise.all([store.close(), artifacts.close()]);
    },
  };
}

function clientOf(runs: ReturnType<typeof createRuns>, log: (entry: LogEntry) => void): RunsClient {
  const door = createRunsService(
    { runs, schemas: createAjvCompiler(), auth: { type: 'none' } },
    { auth: { required: false }, log },
  );
  return createRunsClient({
    baseUrl: 'http://127.0.0.1',
    fetch: (input, init) => door.fetch(new Request(input, init)),
  });
}
