// Durable runs on this machine: the library over its host, its stores and its blueprints.
import { join } from 'node:path';
import type { ArtifactStore, RunEngine, RunEvent, RunRecord, RunStore } from '@pypes/contract/runs';
import { type BlueprintRunner, createRuns, type Runs } from '@pypes/host/runs';
import { createFilesystemArtifactStore, createFilesystemRunStore } from '@pypes/stores/filesystem';
import type { LogEntry } from '../../http/log.ts';
import type { NodeHost } from '../node-host.ts';
import { configurationOf } from './configuration.ts';

/** What runs of this machine need to know. */
export type NodeRunsOptions = {
  readonly host: NodeHost;
  /** Below it runs are kept, in `runs/` and `artifacts/`. */
  readonly root: string;
  readonly blueprints: BlueprintRunner;
  readonly version: string;
  /** Where runs are kept instead. */
  readonly store?: RunStore;
  readonly artifacts?: ArtifactStore;
  /** Who executes them instead of this process. */
  readonly engine?: RunEngine;
  readonly works?: boolean;
  readonly concurrency?: number;
  readonly leaseMs?: number;
  readonly maxAttempts?: number;
  readonly observe?: (record: RunRecord, event: RunEvent) => void;
  readonly log: (entry: LogEntry) => void;
};

/** Runs with what they are kept in. */
export type NodeRuns = { readonly runs: Runs; readonly store: RunStore; readonly artifacts: ArtifactStore };

/** `close` of the runs also closes what they are kept in. */
export function createNodeRuns(options: NodeRunsOptions): NodeRuns {
  const { host, root, blueprints, version, log } = options;
  const store = options.store ?? openRunStore(root, log);
  const artifacts = options.artifacts ?? createFilesystemArtifactStore(root);
  const { engine, works, concurrency, leaseMs, maxAttempts, observe } = options;
  const runs = createRuns({
    host,
    store,
    artifacts,
    blueprints,
    configuration: configurationOf(host, version, { root, log }),
    onTrouble: ({ ref, what, error, failures }) =>
      log({
        level: failures > 1 ? 'error' : 'warn',
        event: 'run.trouble',
        what,
        failures,
        reason: String(error),
        ...(ref === undefined ? {} : { run: ref.run_id }),
      }),
    ...(engine === undefined ? {} : { engine }),
    ...(works === undefined ? {} : { works }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(leaseMs === undefined ? {} : { leaseMs }),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(observe === undefined ? {} : { observe }),
  });
  const close = runs.close;
  return {
    store,
    artifacts,
    runs: Object.assign(runs, {
      close: async (graceMs?: number) => {
        await close(graceMs);
        await Promise.all([store.close(), artifacts.close()]);
      },
    }),
  };
}

/** `adopts`: whether unfinished runs of dead processes are taken over, or left to a service. */
export function openRunStore(root: string, log: (entry: LogEntry) => void, adopts = true): RunStore {
  return createFilesystemRunStore({
    folder: join(root, 'runs'),
    adopts,
    onError: ({ level, message }) => log({ level, event: 'runs.store', message }),
  });
}
