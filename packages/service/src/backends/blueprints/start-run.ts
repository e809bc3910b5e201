// A blueprint's run by a command: a host of its own with the blueprint's components, and a durable run over it.
import { type Approval, ERRORS, type ErrorCode, type JsonObject, PypesError } from '@pypes/contract';
import type { RunRecord } from '@pypes/contract/runs';
import type { CallEvent } from '@pypes/host';
import type { BlueprintResult, StepEvent } from '@pypes/host/blueprints/run';
import type { LogEntry } from '../../http/log.ts';
import { createNodeHost } from '../node-host.ts';
import { versionsOf } from '../runs/blueprint-runner.ts';
import { createCommandRuns } from '../runs/command-runs.ts';
import { executeBlueprint } from './execute-blueprint.ts';
import { createLocalPacks } from './local-packs.ts';
import type { OpenedBlueprint } from './open-blueprint.ts';

/** What is to run, and who is told. */
export type StartRun = OpenedBlueprint & {
  readonly root: string;
  readonly version: string;
  readonly input: JsonObject;
  readonly allowUnsafe: readonly string[];
  readonly signal: AbortSignal;
  readonly parallel?: number;
  /** Whose memory the run sees. */
  readonly userGuid?: string;
  /** The same input gives the same bundle. */
  readonly isDeterministic?: boolean;
  /** The same key with the same request is the same run. */
  readonly idempotencyKey?: string;
  /** It was accepted. */
  readonly onStart?: (run: string) => void;
  readonly onStep: (event: StepEvent) => void;
  readonly onEvent: (event: CallEvent) => void;
  readonly onApproval: (request: Approval) => void;
  /** Each event of the run, as it was stored. */
  readonly onLine?: (line: string) => void;
  readonly log: (entry: LogEntry) => void;
};

/** What came of it, and under which id it is kept. What it took is known where it ran just now. */
export type RunOutcome = Pick<BlueprintResult, 'output'> & Partial<BlueprintResult> & { readonly run: string };

/**
 * Runs a blueprint that has no error which is not allowed; what was opened is what runs.
 *
 * @throws PypesError what the run failed with, with `run` in its details
 */
export async function startRun(start: StartRun): Promise<RunOutcome> {
  const { blueprint, opened, schemas, root, allowUnsafe, parallel, idempotencyKey, signal, version, log } = start;
  const localPacks = createLocalPacks();
  localPacks.offer(opened.local);
  const host = createNodeHost({ folders: [], root, packs: localPacks.over, log, onEvent: start.onEvent });
  let result: BlueprintResult | undefined;
  const { runs } = createCommandRuns({
    host,
    root,
    version,
    blueprints: {
      find: async () => versionsOf(start),
      async start(_name, { onStep, onEvent, onApproval, tenant: _tenant, ...run }) {
        result = await executeBlueprint(host, {
          ...run,
          blueprint,
          opened,
          schemas,
          from: 'cli',
          allowUnsafe,
          ...(parallel === undefined ? {} : { parallel }),
          onStep: both(onStep, start.onStep),
          onEvent: both(onEvent, start.onEvent),
          onApproval: both(onApproval, start.onApproval),
        });
        return result.output;
      },
    },
    log,
  });
  try {
    await host.ready;
    signal.throwIfAborted();
    const { run_id: run } = await runs.create(toRequest(start), idempotencyKey === undefined ? {} : { idempotencyKey });
    const ref = { tenant: '', run_id: run };
    const cancel = () => void runs.cancel(ref).catch(() => undefined);
    signal.addEventListener('abort', cancel, { once: true });
    start.onStart?.(run);
    for await (const { line } of runs.follow(ref)) start.onLine?.(line);
    signal.removeEventListener('abort', cancel);
    if (result !== undefined) return { ...result, run };
    const record = await runs.get(ref);
    if (record.status === 'finished') return { output: record.result ?? null, run };
    throw failureOf(record);
  } finally {
    await runs.close(0);
    await host.close(signal.aborted ? 0 : undefined);
  }
}

function toRequest({ blueprint, input, allowUnsafe, userGuid, isDeterministic }: StartRun): JsonObject {
  return {
    blueprint: blueprint.name,
    input,
    ...(userGuid === undefined ? {} : { context: { user_guid: userGuid } }),
    // Where the file lies belongs to the machine, not to what is the same on all of them.
    metadata: { ...(isDeterministic === true ? {} : { blueprint: blueprint.path }), allow_unsafe: [...allowUnsafe] },
    ...(isDeterministic === true ? { mode: 'deterministic' } : {}),
  };
}

function both<T>(one: (value: T) => void, two: (value: T) => void): (value: T) => void {
  return (value) => {
    one(value);
    two(value);
  };
}

function failureOf({ run_id: run, status, error }: RunRecord): PypesError {
  if (status === 'canceled') return new PypesError('canceled', 'The run was canceled', { details: { run } });
  const { type = 'internal', message = 'The run failed', details } = error ?? {};
  const code = Object.hasOwn(ERRORS, type) ? (type as ErrorCode) : 'internal';
  return new PypesError(code, message, { details: { ...details, run } });
}
