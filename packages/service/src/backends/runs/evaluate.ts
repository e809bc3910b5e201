// Evaluations behind the service's door: suites of the operator's folder, over durable runs of this service.
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { PypesError } from '@pypes/contract';
import type { RunRecord, RunRequest, RunStore } from '@pypes/contract/runs';
import { askThrough, evaluate, parseEvalRequest } from '@pypes/host/evals';
import type { Runs } from '@pypes/host/runs';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import type { LogEntry } from '../../http/log.ts';
import type { Evaluate } from '../../http/v1/door.ts';
import type { NodeHost } from '../node-host.ts';
import type { NodeRuns } from './node-runs.ts';

/** What evaluations stand on. */
export type EvaluateOptions = NodeRuns & {
  readonly host: NodeHost;
  /** Suites of calls without a tenant lie below it in `shared`, those of a tenant in `tenants/<its name>`. */
  readonly suites?: string;
  readonly log: (entry: LogEntry) => void;
};

export function createEvaluate({ host, runs, store, artifacts, suites, log }: EvaluateOptions): Evaluate {
  const { ai } = host;
  return async (request, about) => {
    return evaluate(parseEvalRequest(request as never), about, {
      scorers: {
        schemas: createAjvCompiler(),
        ...(ai === undefined ? {} : { ask: askThrough(ai) }),
        callAgent: async ({ agent, pack }, args, signal) => {
          const ended = await runToEnd(
            runs,
            store,
            { agent, ...(pack === undefined ? {} : { pack }), input: args },
            { ...about, signal },
          );
          if (ended.status === 'finished') return ended.result ?? null;
          const reason = ended.error?.message ?? `the run is ${ended.status}`;
          throw new PypesError('handler_failed', `The agent that scores failed: ${reason}`);
        },
      },
      runs: {
        start: (target, within) => runToEnd(runs, store, target, within),
        get: (ref) => store.get(ref),
      },
      artifacts,
      async readSuite(path, tenant) {
        const folder = suites === undefined ? undefined : await folderOf(suites, tenant);
        return folder === undefined ? undefined : readBelow(folder, path);
      },
      onEvent: ({ event_type: event, attrs }) => log({ level: 'info', event, ...attrs }),
      now: Date.now,
    });
  };
}

/** By the names that lie there: none leads elsewhere, also on disks that take two names for the same. */
async function folderOf(suites: string, tenant: string): Promise<string | undefined> {
  if (tenant === '') return join(suites, 'shared');
  const tenants = join(suites, 'tenants');
  const names = await unlessMissing(readdir(tenants));
  return names?.includes(tenant) === true ? join(tenants, tenant) : undefined;
}

/** A run from its start to its end; canceled when nobody waits any more. */
async function runToEnd(
  runs: Runs,
  store: RunStore,
  request: RunRequest,
  { tenant, signal }: { readonly tenant: string; readonly signal: AbortSignal },
): Promise<RunRecord> {
  const created = await runs.create(request as never, { tenant });
  const ref = { tenant, run_id: created.run_id };
  const cancel = () => void runs.cancel(ref).catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    for await (const _ of runs.follow(ref, undefined, signal));
    return (await store.get(ref)) ?? created;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** The text of a file; undefined where there is none, or a link leads elsewhere. */
async function readBelow(folder: string, path: string): Promise<string | undefined> {
  const places = await unlessMissing(Promise.all([realpath(folder), realpath(join(folder, path))]));
  if (places === undefined || !places[1].startsWith(places[0] + sep)) return undefined;
  return unlessMissing(readFile(places[1], 'utf8'));
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw error;
  }
}
