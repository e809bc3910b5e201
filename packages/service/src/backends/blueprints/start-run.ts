// A blueprint's run by a command: a host of its own with the blueprint's components, and a durable run over it.
import { type Approval, ERRORS, type ErrorCode, type JsonObject, PypesError } from '@pypes/contract';
import type { RunRecord } from '@pypes/contract/runs';
import type { CallEvent } from '@pypes/host';
import type { BlueprintResult, StepEvent } from '@pypes/host/blueprints/run';
import type { LogEntry } from '../../http/log.ts';
import { createNodeHost } from '../node-host.ts';
import { versionsOf } from '../runs/blueprint-runner.ts';
import { createDirectEngine } from '../runs/direct-engine.ts';
import { createNodeRuns } from '../runs/node-runs.ts';
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
  /** It was accepted. */
  readonly onStart?: (run: string) => void;
  readonly onStep: (event: StepEvent) => void;
  readonly onEvent: (event: CallEvent) => void;
  readonly onApproval: (request: Approval) => void;
  /** Each event of the run, as it was stored. */
  readonly onLine?: (line: string) => void;
  readonly log: (entry: LogEntry) => void;
};

/** What came of it, and under which id it is kept. */
export type RunOutcome = BlueprintResult & { readonly run: string };

/**
 * Runs a blueprint that has no error which is not allowed; what was opened is what runs.
 *
 * @throws PypesError what the run failed with, with `run` in its details
 */
export async function startRun(start: StartRun): Promise<RunOutcome> {
  const { blueprint, opened, root, input, allowUnsafe, parallel, signal, version, log } = start;
  const localPacks = createLocalPacks();
  localPacks.offer(opened.local);
  const host = createNodeHost({ folders: [], root, packs: localPacks.over, log, onEvent: start.onEvent });
  let result: BlueprintResult | undefined;
  const { runs } = createNodeRuns({
    host,
    root,
    version,
    engine: createDirectEngine(),
    blueprints: {
      find: async () => versionsOf(start),
      async start(_name, { onStep, onEvent, onApproval, tenant: _tenant, ...run }) {
        result = await executeBlueprint(host, {
          ...run,
          blueprint,
          opened,
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
    const metadata = { blueprint: blueprint.path, allow_unsafe: [...allowUnsafe] };
    const { run_id: run } = await runs.create({ blueprint: blueprint.name, input, metadata });
    const ref = { tenant: '', run_id: run };
    const cancel = () => void runs.cancel(ref).catch(() => undefined);
    signal.addEventListener('abort', cancel, { once: true });
    start.onStart?.(run);
    for await (const { line } of runs.follow(ref)) start.onLine?.(line);
    signal.removeEventListener('abort', cancel);
    if (result !== undefined) return { ...result, run };
    throw failureOf(await runs.get(ref));
  } finally {
    await runs.close(0);
    await host.close(signal.aborted ? 0 : undefined);
  }
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
