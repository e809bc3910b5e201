// A run as it is accepted: queued, with the digest of its request and the trace that it belongs to.
import { canonicalJson, type Json, PypesError } from '@pypes/contract';
import type { RunRecord, RunRef, RunRequest } from '@pypes/contract/runs';
import type { CreateOptions } from '../options.ts';
import { digestOfText } from '../sha256.ts';
import { openTrace } from '../trace.ts';
import type { Versions } from './find-target.ts';

/** What a new record needs. */
export type NewRecord = CreateOptions & {
  readonly request: RunRequest;
  readonly versions: Versions;
  readonly replayOf?: RunRecord['replay_of'];
};

const KEY = /^[\x21-\x7e]{1,255}$/;
const TENANT = /^[\w.-]{0,64}$/;

/** @throws PypesError `invalid_request` for a key or a tenant that cannot be one */
export function newRecord(
  { request, versions, replayOf, tenant = '', idempotencyKey, traceparent }: NewRecord,
  { newId, newSpan, now }: { readonly newId: () => string; readonly newSpan: () => string; readonly now: () => number },
): RunRecord {
  if (idempotencyKey !== undefined && !KEY.test(idempotencyKey)) {
    throw new PypesError('invalid_request', 'An Idempotency-Key has 1 to 255 characters, and no spaces');
  }
  checkTenant(tenant);
  return {
    run_id: newId(),
    tenant,
    status: 'queued',
    version: 1,
    attempt: 0,
    request,
    request_digest: digestOfText(canonicalJson(request as unknown as Json)),
    ...(idempotencyKey === undefined ? {} : { idempotency_key: idempotencyKey }),
    trace: openTrace(traceparent, newSpan),
    created_at: new Date(now()).toISOString(),
    ...(replayOf === undefined ? {} : { replay_of: replayOf }),
    versions,
  };
}

/** @throws PypesError `invalid_request` */
export function checkTenant(tenant: string): void {
  if (TENANT.test(tenant)) return;
  throw new PypesError('invalid_request', `"${tenant.slice(0, 100)}" is no tenant: A-Z a-z 0-9 . _ - and at most 64`);
}

/** What is no id of a run is not looked for. */
export function isRunId({ run_id }: RunRef): boolean {
  return /^[\w-]{1,64}$/.test(run_id);
}

/** The same words whether it never was or belongs to somebody else. */
export function noSuchRun({ run_id }: RunRef): PypesError {
  return new PypesError('not_found', `There is no run "${run_id.slice(0, 100)}"; GET /v1/runs lists those that exist`);
}
