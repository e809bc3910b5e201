// run.json and config.snapshot.json: what was asked for, what it ran on, and what came of it.
import { isJsonObject } from '@pypes/contract';
import { isTerminal, type RunError, type RunRecord } from '@pypes/contract/runs';
import { type BundleParts, sortedJson } from './bundle-parts.ts';
import { STILL, standInIds, stillVersions } from './stand-ins.ts';

/** `paths`: all files of the bundle. */
export function renderRun(record: RunRecord, paths: readonly string[]): Uint8Array {
  const { request, request_digest, status, versions, result } = record;
  const isStill = request.mode === 'deterministic';
  return sortedJson({
    format: 'pypes-run/1',
    status,
    complete: isTerminal(status),
    request,
    request_digest,
    mode: request.mode ?? 'normal',
    paths,
    ...(versions === undefined
      ? {}
      : { versions: isStill ? stillVersions(versions) : versions, config_hash: versions.configuration ?? null }),
    ...(result === undefined ? {} : { result }),
    ...(record.error === undefined ? {} : { error: isStill ? stillError(record.error) : record.error }),
    ...(isStill ? stillFacts(record) : facts(record)),
  });
}

function facts(record: RunRecord) {
  const { run_id, tenant, attempt, trace, replay_of: replay } = record;
  const { created_at, started_at, finished_at, cancel_requested_at } = record;
  return {
    run_id,
    ...(tenant === '' ? {} : { tenant }),
    attempt,
    trace_id: trace.trace_id,
    created_at,
    started_at,
    finished_at,
    cancel_requested_at,
    replay_of: replay,
  };
}

function stillFacts(record: RunRecord) {
  const { started_at, finished_at } = record;
  return {
    ...standInIds(record),
    created_at: STILL,
    ...(started_at === undefined ? {} : { started_at: STILL }),
    ...(finished_at === undefined ? {} : { finished_at: STILL }),
  };
}

/** A request for a person's yes has another id each time, and a time at which it ends. */
function stillError({ details, message, ...error }: RunError): RunError {
  const { approval, ...rest } = details ?? {};
  const id = isJsonObject(approval) && typeof approval.id === 'string' ? approval.id : undefined;
  return {
    ...error,
    message: id === undefined ? message : message.replaceAll(id, 'approval-1'),
    ...(details === undefined ? {} : { details: rest }),
  };
}

/** The configuration that the run ran under; where that was not kept, its digest, and that it is not there. */
export async function renderConfiguration(parts: BundleParts, { versions }: RunRecord): Promise<Uint8Array> {
  const { configuration } = parts;
  if (configuration === undefined) return sortedJson({});
  const { snapshot, find, hide = (whole) => whole, digestOf } = configuration;
  const now = snapshot();
  const wanted = versions?.configuration;
  if (wanted === undefined || wanted === digestOf(now)) return sortedJson(hide(now));
  const then = await find?.(wanted);
  return sortedJson(
    then === undefined
      ? { digest: wanted, missing: 'The configuration has changed since, and was not kept' }
      : hide(then),
  );
}
