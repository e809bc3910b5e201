// Executes one run that this worker has: goes on where an earlier attempt ended, and ends it (spec 5, crash rules).
import { type Json, PypesError, toGuid, toPypesError } from '@pypes/contract';
import type { RunEvent, RunRecord } from '@pypes/contract/runs';
import type { RunsOptions } from '../options.ts';
import { findTarget, type Versions } from '../request/find-target.ts';
import type { ActiveRun } from './active-run.ts';
import { changeRecord } from './change-record.ts';
import { type Ending, toEnded, toFailed, toLastEvent } from './ending.ts';
import { createEventLog, type EventLog, isoTime, toEvent } from './event-log.ts';
import { NOTHING_RECORDED, readJournal } from './journal.ts';
import { keepObjects } from './keep-objects.ts';
import { LineWriter } from './line-writer.ts';
import { NOTHING_SAID, readPastEvents } from './past-events.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { type CallWatch, watchCalls } from './watch-calls.ts';
import { within } from './within.ts';

/** What executing needs. */
export type ExecuteParts = Pick<RunsOptions, 'host' | 'store' | 'artifacts' | 'blueprints'> & {
  readonly maxAttempts: number;
  readonly newSpan: () => string;
  readonly now: () => number;
  readonly configurationDigest: () => string | undefined;
  readonly observe?: (record: RunRecord, event: RunEvent) => void;
  /** Does it again where the store fails, as long as the run is this worker's. */
  readonly persist: <T>(run: ActiveRun, what: 'append' | 'update' | 'read', work: () => Promise<T>) => Promise<T>;
};

const LINGER_MS = 2;
const FROM = 'runs';
/** What is being performed when the worker shuts down gets so long to be recorded. */
const RECORD_MS = 1_000;

/** Resolves when the run has ended. @throws PypesError `unavailable` where it was left to another worker */
export async function executeRun(run: ActiveRun, parts: ExecuteParts): Promise<void> {
  const { record, ref } = run;
  const { store, now, newSpan } = parts;
  const isFirst = record.attempt === 1;
  const read = <T>(work: () => Promise<T>) => parts.persist(run, 'read', work);
  const past = isFirst ? NOTHING_SAID : await read(() => readPastEvents(store, ref));
  const own = isFirst ? NOTHING_RECORDED : await read(() => readJournal(store, ref));
  const { replay_of: replay } = record;
  const repeated = replay?.recorded_calls
    ? await read(() => readJournal(store, { tenant: ref.tenant, run_id: replay.run_id }))
    : NOTHING_RECORDED;
  const writerOf = (stream: 'events' | 'calls', first: number, along?: LineWriter) =>
    new LineWriter({
      store,
      ref,
      attempt: record.attempt,
      stream,
      first,
      lingerMs: stream === 'events' ? LINGER_MS : 0,
      ...(along === undefined ? {} : { along }),
      persist: (work) => parts.persist(run, 'append', work),
      onLost: () => run.stop('lost'),
    });
  const writer = writerOf('events', past.last + 1);
  const events = createEventLog({
    record,
    writer,
    past,
    now,
    ...(parts.observe === undefined ? {} : { observe: parts.observe }),
  });
  const recorder = createRecorder({
    own,
    repeated,
    writer: writerOf('calls', own.lines + 1, writer),
    now,
    check: () => run.check(),
    keep: keepObjects(parts.artifacts, ref),
  });
  const watch = watchCalls({
    events,
    recorder,
    eventWriter: writer,
    trace: record.trace,
    isAgent: record.request.agent !== undefined,
    isDeterministic: record.request.mode === 'deterministic',
    lastCall: Math.max(past.lastCall, own.lastCall),
    newSpan,
    now,
  });

  const begun = record.attempt - 1 - past.handovers;
  const outcome = await perform(run, parts, events, watch, begun);
  if (!run.isLeft && (await end(run, parts, writer, outcome))) return;
  if (run.reason === 'handover') await handOver(run, parts, writer, recorder);
  throw new PypesError('unavailable', `The run "${ref.run_id}" was left to another worker`);
}

type Outcome = { readonly ending: Ending; readonly versions?: Versions };

/** Never rejects. `begun`: how many workers began it, and neither ended it nor gave it up. */
async function perform(
  run: ActiveRun,
  parts: ExecuteParts,
  events: EventLog,
  watch: CallWatch,
  begun: number,
): Promise<Outcome> {
  const { record } = run;
  const { attempt, request } = record;
  if (record.cancel_requested_at !== undefined) return { ending: { status: 'canceled' } };
  if (begun >= parts.maxAttempts) return { ending: toFailed(tooOften(parts.maxAttempts)) };
  let versions: Versions | undefined;
  try {
    versions = await versionsNow(record, parts);
  } catch (error) {
    return { ending: toFailed(toPypesError(error)) };
  } finally {
    const { agent, blueprint } = request;
    const attrs = { ...(agent === undefined ? {} : { agent }), ...(blueprint === undefined ? {} : { blueprint }) };
    events.say({
      type: 'run.started',
      actor: 'engine',
      attrs: { attempt, ...attrs, ...(versions === undefined ? {} : { versions }) },
    });
    if (attempt > 1) {
      const message = `Attempt ${attempt}: another worker goes on with the run`;
      events.add({ type: 'log', severity: 'warn', actor: 'engine', attrs: { message, attempt, taken_over: true } });
    }
  }
  try {
    run.check();
    const result = await start(run, parts, watch);
    return { ending: { status: 'finished', result }, versions };
  } catch (error) {
    return { ending: run.reason === 'cancel' ? { status: 'canceled' } : toFailed(toPypesError(error)), versions };
  }
}

/** What runs now: the pack that was found when the run was accepted, as it is today. */
async function versionsNow(record: RunRecord, parts: ExecuteParts): Promise<Versions> {
  const { request, versions } = record;
  const pack = versions?.pack ?? request.pack;
  const found = await findTarget(parts, { ...request, ...(pack === undefined ? {} : { pack }) });
  const configuration = parts.configurationDigest();
  return { ...found, ...(configuration === undefined ? {} : { configuration }) };
}

function start(
  run: ActiveRun,
  { host, blueprints }: ExecuteParts,
  { around, onEvent, onStep, onApproval }: CallWatch,
): Promise<Json> {
  const { record, signal } = run;
  const { request, tenant, run_id: id, versions } = record;
  const userGuid = toGuid(request.context?.user_guid);
  const user = userGuid === undefined ? {} : { userGuid };
  if (request.agent !== undefined) {
    return host.call(versions?.pack ?? request.pack ?? '', {
      agent: request.agent,
      args: request.input,
      from: FROM,
      scope: id,
      tenant,
      signal,
      around,
      onEvent,
      ...user,
    });
  }
  if (blueprints === undefined || request.blueprint === undefined) {
    throw new PypesError('unsupported', 'This host offers no blueprints');
  }
  const { blueprint, input } = request;
  return blueprints.start(blueprint, { ...user, run: id, tenant, input, signal, around, onStep, onEvent, onApproval });
}

/** One step ends it. False where it is no longer this worker's to end. */
async function end(run: ActiveRun, parts: ExecuteParts, writer: LineWriter, outcome: Outcome): Promise<boolean> {
  const { record, ref } = run;
  const rest = await writer.drain();
  if (run.isLeft) return false;
  const time = parts.now();
  let last: RunEvent | undefined;
  let isTried = false;
  const persist = <T>(work: () => Promise<T>) => parts.persist(run, 'update', work);
  const changed = await changeRecord({ store: parts.store, persist }, record, ref, (before) => {
    // The same version is refused only where the events have gone on without this worker.
    if (before.attempt !== record.attempt || (isTried && before.version === record.version)) return undefined;
    isTried = true;
    const isCanceled = before.cancel_requested_at !== undefined;
    const ending: Ending = isCanceled ? { status: 'canceled' } : outcome.ending;
    last = toEvent(record, toLastEvent(ending, record.attempt), time)(rest.first + rest.lines.length);
    return {
      after: toEnded(before, ending, outcome.versions, isoTime(time)),
      events: { first: rest.first, lines: [...rest.lines, JSON.stringify(last)] },
    };
  });
  if (changed?.isChanged !== true || last === undefined) {
    run.stop('lost');
    return false;
  }
  rest.stored();
  parts.observe?.(changed.record, last);
  return true;
}

/** What is known is stored, then the lease is given back. What fails of it, the next worker finds out by itself. */
async function handOver(run: ActiveRun, parts: ExecuteParts, writer: LineWriter, recorder: Recorder): Promise<void> {
  const { record, ref } = run;
  await within(RECORD_MS, Promise.allSettled([...recorder.underWay]));
  const rest = await writer.drain();
  const message = 'This worker let go of the run; another one goes on with it';
  const attrs = { message, attempt: record.attempt, handed_over: true };
  const last = toEvent(record, { type: 'log', actor: 'engine', attrs }, parts.now())(rest.first + rest.lines.length);
  const lines = [...rest.lines, JSON.stringify(last)];
  const isStored = await parts.persist(run, 'append', () =>
    parts.store.append({ ...ref, attempt: record.attempt }, 'events', { first: rest.first, lines }),
  );
  if (!isStored) return;
  rest.stored();
  parts.observe?.(record, last);
  await parts.store.renew(record.owner ?? '', [ref], 0);
}

function tooOften(most: number): PypesError {
  return new PypesError(
    'resource_exhausted',
    `${most} workers began the run and none of them ended it: each was lost while it ran; it is not tried again`,
    { details: { limit: 'run_attempts', maximum: most } },
  );
}
