// A process that executes runs which others accept: the host of this machine, without a door.
import type { Limits, LogLevel } from '@pypes/contract';
import { createLocalPacks } from './blueprints/local-packs.ts';
import { createLogger, type Logger } from './logger.ts';
import { createNodeHost } from './node-host.ts';
import { openServiceRuns, type ServiceRunsOptions } from './runs/service-runs.ts';

/** What a worker needs to know. */
export type NodeWorkerOptions = {
  readonly folders: readonly string[];
  readonly root: string;
  readonly version: string;
  readonly limits?: Partial<Limits>;
  readonly policyFile?: string;
  readonly logLevel?: LogLevel;
  readonly readableLogs?: boolean;
  readonly runs: Pick<ServiceRunsOptions, 'config' | 'environment'> & Required<Pick<ServiceRunsOptions, 'worker'>>;
};

/** A worker at work. */
export interface NodeWorker {
  readonly log: Logger;
  /** Lets runs end for `graceMs`, then leaves them to others. */
  close(graceMs?: number): Promise<void>;
}

/** @throws PypesError where the store or the engine cannot be reached, or the policies cannot be read */
export async function startNodeWorker(options: NodeWorkerOptions): Promise<NodeWorker> {
  const log = createLogger({ level: options.logLevel ?? 'info', readable: options.readableLogs ?? false });
  const localPacks = createLocalPacks();
  const host = createNodeHost({ ...options, packs: localPacks.over, log });
  try {
    await host.ready;
    const runs = await openServiceRuns({ ...options, ...options.runs, host, localPacks, log });
    const close = async (graceMs = 10_000) => {
      await runs.close(graceMs);
      await host.close(0);
      log.flush();
    };
    // A worker that its engine does not know would wait for ever, and nobody would notice.
    await runs.runs.recover().catch(async (error: unknown) => {
      await close(0);
      throw error;
    });
    return { log, close };
  } catch (error) {
    await host.close(0);
    throw error;
  }
}
