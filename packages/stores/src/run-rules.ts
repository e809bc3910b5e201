// What every store of runs decides alike: what a new run may be, who may change one, and what a worker gets (spec 5).
import { PypesError } from '@pypes/contract';
import {
  type ClaimOptions,
  isTerminal,
  type RenewedLeases,
  type RunLines,
  type RunQuery,
  type RunRecord,
  type RunRef,
} from '@pypes/contract/runs';

/** @throws PypesError `invalid_request` where a run cannot begin like this */
export function checkNewRun({ run_id, tenant, version }: RunRecord): void {
  if (!/^[\w-]{1,64}$/.test(run_id)) {
    throw new PypesError('invalid_request', `"${run_id.slice(0, 100)}" is no id of a run: 1 to 64 of A-Z a-z 0-9 _ -`);
  }
  if (!/^[\w.-]{0,64}$/.test(tenant)) {
    throw new PypesError('invalid_request', `"${tenant.slice(0, 100)}" is no tenant: at most 64 of A-Z a-z 0-9 . _ -`);
  }
  if (version !== 1) throw new PypesError('invalid_request', `A new run has version 1, not ${version}`);
}

/** The error where the tenant has a run with this id already. */
export function runExists({ run_id }: RunRef): PypesError {
  return new PypesError('conflict', `The run "${run_id}" exists already; give the new one another id`);
}

/** @throws PypesError `invalid_request` where `after` is not the next version of the same run */
export function checkNextVersion(before: RunRecord, after: RunRecord): void {
  if (after.run_id === before.run_id && after.tenant === before.tenant && after.version === before.version + 1) return;
  throw new PypesError(
    'invalid_request',
    `An update of "${before.run_id}" has to be its version ${before.version + 1}, not version ${after.version} of "${after.run_id}"`,
  );
}

/** @throws PypesError `invalid_request` for a line that would be two */
export function checkLines({ lines }: RunLines): void {
  for (const line of lines) {
    if (line.includes('\n')) throw new PypesError('invalid_request', 'A line of a run is one JSON text on one line');
  }
}

/** Whether `before` is still what is known, so that it may be replaced. Nothing changes a run that has ended. */
export function isCurrent(current: RunRecord, before: RunRecord): boolean {
  return current.version === before.version && !isTerminal(current.status);
}

/** Whether the worker of that attempt still has the run. */
export function hasAttempt(current: RunRecord, attempt: number): boolean {
  return current.status === 'running' && current.attempt === attempt;
}

/**
 * `after` with the lease that `current` got by renewal since `before` was read: whoever asks to cancel a run writes what
 * they read, and must not take time from its worker.
 */
export function keepLease(current: RunRecord, before: RunRecord, after: RunRecord): RunRecord {
  const isUntouched = after.owner === before.owner && after.lease_until === before.lease_until;
  if (!isUntouched || current.lease_until === undefined || current.lease_until === after.lease_until) return after;
  return { ...after, lease_until: current.lease_until };
}

/** Whether nobody has it at `now`. */
export function isFree(record: RunRecord, now: number): boolean {
  return record.status === 'queued' || (record.status === 'running' && (record.lease_until ?? 0) <= now);
}

/** The run as the worker gets it. */
export function toClaimed(record: RunRecord, owner: string, options: Omit<ClaimOptions, 'limit'>): RunRecord {
  return {
    ...record,
    status: 'running',
    version: record.version + 1,
    attempt: record.attempt + 1,
    started_at: record.started_at ?? new Date(options.now).toISOString(),
    owner,
    lease_until: options.now + options.leaseMs,
  };
}

/** Whether a list with this query has the run. */
export function isListed(record: RunRecord, { status, agent, before }: RunQuery): boolean {
  if (status !== undefined && record.status !== status) return false;
  if (agent !== undefined && record.request.agent !== agent) return false;
  return before === undefined || record.run_id < before;
}

/** Renews what `find` says that `owner` still has. */
export function renewLeases(
  owner: string,
  runs: readonly RunRef[],
  {
    find,
    renew,
  }: { readonly find: (ref: RunRef) => RunRecord | undefined; readonly renew: (record: RunRecord) => void },
): RenewedLeases {
  const lost: string[] = [];
  const canceled: string[] = [];
  for (const ref of runs) {
    const record = find(ref);
    if (record?.status !== 'running' || record.owner !== owner) {
      lost.push(ref.run_id);
      continue;
    }
    renew(record);
    if (record.cancel_requested_at !== undefined) canceled.push(ref.run_id);
  }
  return { lost, canceled };
}
