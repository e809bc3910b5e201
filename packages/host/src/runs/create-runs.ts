// Durable runs in process: accepted, executed, taken over, shown (spec 5). A door adds HTTP, and nothing else.
import { canonicalJson, type JsonObject, PypesError } from '@pypes/contract';
import { isTerminal, type RunRecord, type RunRef } from '@pypes/contract/runs';
import { listFiles, readBundleFile, zipBundle } from './bundle/index.ts';
import { cancelRun } from './cancel-run.ts';
import { createEmbeddedEngine } from './engine/embedded-engine.ts';
import { handOnAgain } from './engine/hand-on-again.ts';
import { createExecutor } from './execution/executor.ts';
import { persist } from './execution/persist.ts';
import { createRunIds, createSpanIds, randomBytes } from './ids.ts';
import type { CreateOptions, Runs, RunsOptions } from './options.ts';
import { followEvents } from './reading/follow-events.ts';
import { MOST_EVENTS, readEvents } from './reading/read-events.ts';
import { checkVersions, toReplay } from './replay-run.ts';
import { checkRequest } from './request/check-request.ts';
import { findTarget, type Versions } from './request/find-target.ts';
import { checkTenant, isRunId, newRecord, noSuchRun } from './request/new-record.ts';
import { digestOfText } from './sha256.ts';

const LEASE_MS = 10_000;
const MOST_ATTEMPTS = 3;
const CONCURRENCY = 64;
const USUAL_RUNS = 50;
const GRACE_MS = 10_000;

/**
 * Durable runs over a host.
 *
 * @example
 * const runs = createRuns({ host, store: createMemoryRunStore(), artifacts: createMemoryArtifactStore() });
 * const { run_id } = await runs.create({ agent: 'echo', input: { text: 'hi' } });
 * for await (const { line } of runs.follow({ tenant: '', run_id })) console.log(line);
 */
export function createRuns(options: RunsOptions): Runs {
  const { host, store, artifacts, configuration, observe, works = true } = options;
  const { now = Date.now, random = randomBytes, leaseMs = LEASE_MS, maxAttempts = MOST_ATTEMPTS } = options;
  const newSpan = createSpanIds(random);
  const newId = options.newId ?? createRunIds(now, random);
  const owner = options.owner ?? newId();
  const onTrouble = options.onTrouble ?? (() => undefined);
  const digests = new WeakMap<JsonObject, string>();
  const watched = observe === undefined ? {} : { observe };
  let isClosed = false;

  const executor = createExecutor({
    ...options,
    owner,
    leaseMs,
    maxAttempts,
    newSpan,
    now,
    onTrouble,
    ...watched,
    configurationDigest: () =>
      configuration === undefined ? undefined : digestOfConfiguration(configuration.snapshot()),
  });
  const embedded =
    options.engine === undefined
      ? createEmbeddedEngine({
          store,
          owner,
          concurrency: options.concurrency ?? CONCURRENCY,
          leaseMs,
          now,
          onTrouble,
          execute: executor.executeClaimed,
          onChange: () => void executor.renew(),
        })
      : undefined;
  const engine = embedded ?? (options.engine as NonNullable<RunsOptions['engine']>);
  const stopHandingOn =
    embedded === undefined ? handOnAgain({ store, engine, everyMs: leaseMs, now, onTrouble }) : () => undefined;
  const started = works ? engine.work(executor.execute) : Promise.resolve();
  started.catch((error: unknown) => onTrouble({ what: 'claim', error, failures: 1 }));

  function digestOfConfiguration(snapshot: JsonObject): string {
    const known = digests.get(snapshot);
    if (known !== undefined) return known;
    const digest = digestOfText(canonicalJson(snapshot));
    digests.set(snapshot, digest);
    return digest;
  }

  async function find(ref: RunRef): Promise<RunRecord> {
    const record = isRunId(ref) ? await store.get(ref) : undefined;
    if (record === undefined) throw noSuchRun(ref);
    return record;
  }

  /** Stored first, then handed on. An engine that fails is asked again, as long as this process lives. */
  async function accept(record: RunRecord): Promise<RunRecord> {
    const { record: stored, isNew } = await store.create(record);
    if (!isNew && !isSameRun(stored, record)) {
      throw new PypesError(
        'conflict',
        `The Idempotency-Key "${record.idempotency_key ?? ''}" was used for another request; take a new key`,
        { details: { run_id: stored.run_id } },
      );
    }
    if (!isNew && stored.status !== 'queued') return stored;
    const ref = { tenant: stored.tenant, run_id: stored.run_id };
    const submit = () => engine.submit(ref);
    await submit().catch((error: unknown) => {
      const onFailure = (again: unknown, failures: number) =>
        onTrouble({ ref, what: 'submit', error: again, failures: failures + 1 });
      onTrouble({ ref, what: 'submit', error, failures: 1 });
      void persist(submit, { onFailure, isOver: () => isClosed, tries: Number.POSITIVE_INFINITY }).catch(
        () => undefined,
      );
    });
    return stored;
  }

  function checkOpen(): void {
    if (isClosed) throw new PypesError('unavailable', 'The service is shutting down; try again in a moment');
  }

  async function create(
    given: Parameters<Runs['create']>[0],
    about: CreateOptions,
    replay?: { readonly of: RunRecord['replay_of']; readonly check: (versions: Versions) => void },
  ): Promise<RunRecord> {
    checkOpen();
    const request = checkRequest(given, host.limits);
    const versions = await findTarget(options, request);
    replay?.check(versions);
    const replayOf = replay?.of === undefined ? {} : { replayOf: replay.of };
    return accept(newRecord({ ...about, ...replayOf, request, versions }, { newId, newSpan, now }));
  }

  const bundleParts = {
    store,
    artifacts,
    ...(configuration === undefined ? {} : { configuration: { ...configuration, digestOf: digestOfConfiguration } }),
  };

  return {
    create: (request, about = {}) => create(request, about),
    get: find,
    async list(tenant, query = {}) {
      checkTenant(tenant);
      const { limit = USUAL_RUNS } = query;
      if (!Number.isInteger(limit) || limit < 1 || limit > MOST_EVENTS) {
        throw new PypesError(
          'invalid_request',
          `limit has to be a whole number from 1 to ${MOST_EVENTS}, got ${limit}`,
        );
      }
      return store.list(tenant, { ...query, limit });
    },
    events: (ref, query) => readEvents(store, ref, query),
    follow: (ref, cursor, signal) => followEvents(store, ref, cursor, signal),
    async cancel(ref) {
      if (!isRunId(ref)) throw noSuchRun(ref);
      const interrupt = () => {
        // A run that was claimed a moment ago may not have begun yet.
        if (!executor.cancel(ref)) void embedded?.recover().then(() => executor.cancel(ref));
        // Where the engine does not hear it, the worker learns it when it renews its lease.
        engine.cancel(ref).catch((error: unknown) => onTrouble({ ref, what: 'submit', error, failures: 1 }));
      };
      return cancelRun({ store, now, interrupt, ...watched }, ref);
    },
    async replay(ref, replay = {}) {
      const { recordedCalls = false, anyVersion = false, input: _input, ...about } = replay;
      const original = await find(ref);
      const request = toReplay(original, replay);
      return create(
        request as unknown as JsonObject,
        { ...about, tenant: ref.tenant },
        {
          of: { run_id: ref.run_id, recorded_calls: recordedCalls },
          check: (versions) => {
            if (!anyVersion) checkVersions(original, versions);
          },
        },
      );
    },
    artifacts: async (ref) => listFiles(bundleParts, await find(ref)),
    artifact: async (ref, path, range) => readBundleFile(bundleParts, await find(ref), path, range),
    bundle: async (ref) => zipBundle(bundleParts, await find(ref)),
    async toCase(ref) {
      const { run_id: id, status, request, result = null } = await find(ref);
      if (status !== 'finished') {
        const why = isTerminal(status) ? 'only one that finished has a result to expect' : 'wait until it has finished';
        throw new PypesError('conflict', `The run "${id}" is ${status}; ${why}`);
      }
      return {
        id,
        ...(request.agent === undefined ? {} : { agent: request.agent }),
        input: request.input,
        expect: result,
      };
    },
    async recover() {
      await started;
      await Promise.all([embedded?.recover(), executor.renew()]);
    },
    get active() {
      return executor.active;
    },
    get troubled() {
      return executor.troubled;
    },
    async close(graceMs = GRACE_MS) {
      isClosed = true;
      await started.catch(() => undefined);
      stopHandingOn();
      // An engine of its own has to stop giving runs to this process before they are given back.
      await engine.close();
      await executor.close(embedded === undefined ? 0 : graceMs);
    },
  };
}

function isSameRun(stored: RunRecord, asked: RunRecord): boolean {
  const replayOf = ({ replay_of: replay }: RunRecord) => `${replay?.run_id} ${replay?.recorded_calls}`;
  return stored.request_digest === asked.request_digest && replayOf(stored) === replayOf(asked);
}
