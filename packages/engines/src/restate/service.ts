// The service that Restate knows: one handler that executes a run, and one that interrupts it.
import { PypesError } from '@pypes/contract';
import type { RunRef } from '@pypes/contract/runs';
import { type Context, type internal, RetryableError, rpc, service, TerminalError } from '@restatedev/restate-sdk/node';
import { BusyError, type Executions } from './executions.ts';
import type { RestateEngineOptions } from './options.ts';

/** A month: what runs longer is executed again, and goes on from its record. Never reached by what has a time limit. */
const LONGEST_MS = 30 * 24 * 3600 * 1000;
/** Restate gives up, and pauses, where it counts to its own limit: what gives up here is the run service, not the queue. */
const ATTEMPTS = 1_000_000_000;

type Handlers = {
  readonly run: (context: Context, ref: RunRef) => Promise<void>;
  readonly cancel: (context: Context, ref: RunRef) => Promise<void>;
};

/** For typed clients. */
export type RunService = ReturnType<typeof defineService>;

export function serviceName(options: RestateEngineOptions): string {
  const { service: name = 'pypes_runs' } = options;
  if (/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name)) return name;
  throw new PypesError('invalid_request', `"${name}" cannot be a service's name; take letters, digits and "_"`);
}

/** What makes two submissions one. A tenant has no `/` in it (spec 5). */
export function keyOf(ref: RunRef): string {
  return `${ref.tenant}/${ref.run_id}`;
}

/**
 * The handler of a run has no steps of its own in Restate's journal, so there is nothing to replay there: an attempt asks
 * the run store. Nothing is kept of a run that has ended, so that it can be handed on again where the store knows better.
 */
export function defineService(options: RestateEngineOptions, executions: Executions) {
  const { retry = { firstMs: 100, mostMs: 5000 } } = options;
  const name = serviceName(options);
  const handlers: Handlers = {
    async run(context, given) {
      const ref = toRef(given);
      if (!hasEnded(context)) await executeRun(context, ref, executions);
    },
    async cancel(context, given) {
      const ref = toRef(given);
      const { invocationId } = context
        .serviceSendClient<RunService>({ name })
        .run(ref, rpc.sendOpts({ idempotencyKey: keyOf(ref) }));
      context.cancel(await invocationId);
    },
  };
  return service({
    name,
    handlers,
    options: {
      explicitCancellation: true,
      inactivityTimeout: LONGEST_MS,
      abortTimeout: LONGEST_MS,
      idempotencyRetention: 0,
      journalRetention: 0,
      retryPolicy: {
        initialInterval: retry.firstMs,
        maxInterval: retry.mostMs,
        exponentiationFactor: 2,
        maxAttempts: ATTEMPTS,
      },
    },
  });
}

/**
 * Whether an earlier attempt has said that it is done, and the node that heard it died before it could forget the run. The
 * end is the only thing that the handler of a run writes down, so an attempt that has something to repeat repeats its end:
 * whatever it awaited before that, Restate would refuse as a mismatch, again and again.
 */
function hasEnded(context: Context): boolean {
  return !(context as internal.ContextInternal).isProcessing();
}

async function executeRun(context: Context, ref: RunRef, executions: Executions): Promise<void> {
  const canceled = new AbortController();
  const lost = new AbortController();
  const completed = context.request().attemptCompletedSignal;
  const onCompleted = (): void =>
    lost.abort(new PypesError('unavailable', 'Restate has let go of this attempt; another one follows'));
  completed.addEventListener('abort', onCompleted, { once: true });
  // As of 1.17 the one way to hear of a cancellation while something else is awaited.
  (context as internal.ContextInternal).cancellation().then(
    () => canceled.abort(new PypesError('canceled', 'The run was asked to cancel')),
    () => undefined,
  );
  try {
    await executions.perform(ref, { canceled: canceled.signal, lost: lost.signal });
  } catch (error) {
    if (error instanceof BusyError) throw new RetryableError(error.message, { retryAfter: error.retryAfterMs });
    throw error;
  } finally {
    completed.removeEventListener('abort', onCompleted);
  }
}

function toRef(given: unknown): RunRef {
  const { tenant, run_id } = (given ?? {}) as Partial<Record<keyof RunRef, unknown>>;
  if (typeof tenant === 'string' && typeof run_id === 'string') return { tenant, run_id };
  throw new TerminalError('The request names no run; send {"tenant": "…", "run_id": "…"}', { errorCode: 400 });
}
