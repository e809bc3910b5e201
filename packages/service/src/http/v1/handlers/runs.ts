// Runs over HTTP: accept, show, list, cancel, repeat.
import { isJsonObject, PypesError } from '@pypes/contract';
import {
  type RunAccepted,
  type RunList,
  type RunRecord,
  type RunStatus,
  runsPath,
  toRunSummary,
  toRunView,
} from '@pypes/contract/runs';
import { answerJson } from '../answers.ts';
import { readInteger } from '../query.ts';
import { type RunsCall, withRun } from './handler.ts';

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-|$)/;

/** A cursor of events begins with a digit or a small letter: neither is taken for the other. */
const LIST_CURSOR = 'B.';

export async function create({ request, options, tenant, body }: RunsCall): Promise<Response> {
  return answerAccepted(await options.runs.create(body, { tenant, ...readAsked(request) }));
}

export async function get(call: RunsCall): Promise<Response> {
  return answerJson(toRunView(await withRun(call, (ref) => call.options.runs.get(ref))));
}

export async function list({ route, options, tenant, query }: RunsCall): Promise<Response> {
  const limit = readInteger(query, route, 'limit');
  const cursor = query.get('cursor');
  const agent = query.get('agent');
  const status = query.get('status') as RunStatus | undefined;
  const only = { ...(status === undefined ? {} : { status }), ...(agent === undefined ? {} : { agent }) };
  const records = await options.runs.list(tenant, {
    ...only,
    limit,
    ...(cursor === undefined ? {} : { before: readListCursor(cursor) }),
  });
  const last = records.at(-1)?.run_id;
  // A full page may be the last one.
  const isFull = last !== undefined && records.length === limit;
  const hasMore = isFull && (await options.runs.list(tenant, { ...only, limit: 1, before: last })).length > 0;
  const page: RunList = {
    runs: records.map(toRunSummary),
    ...(hasMore ? { next_cursor: `${LIST_CURSOR}${last}` } : {}),
  };
  return answerJson(page);
}

export async function cancel(call: RunsCall): Promise<Response> {
  return answerJson(toRunView(await withRun(call, (ref) => call.options.runs.cancel(ref))), 202);
}

export async function replay(call: RunsCall): Promise<Response> {
  const { input, recorded_calls } = call.body;
  const record = await withRun(call, (ref) =>
    call.options.runs.replay(ref, {
      ...readAsked(call.request),
      recordedCalls: recorded_calls === true,
      ...(isJsonObject(input) ? { input } : {}),
    }),
  );
  return answerAccepted(record);
}

function answerAccepted({ run_id }: RunRecord): Response {
  const accepted: RunAccepted = {
    run_id,
    status_url: runsPath('get', run_id),
    events_url: runsPath('events', run_id),
    artifact_url: runsPath('artifact', run_id),
  };
  return answerJson(accepted, 202, { location: accepted.status_url });
}

function readAsked({ headers }: Request): { readonly idempotencyKey?: string; readonly traceparent?: string } {
  const idempotencyKey = headers.get('idempotency-key');
  const traceparent = headers.get('traceparent');
  if (idempotencyKey !== null && !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) {
    throw new PypesError('invalid_request', 'Idempotency-Key has to be 1 to 255 visible characters without spaces');
  }
  return {
    ...(idempotencyKey === null ? {} : { idempotencyKey }),
    // A trace context that is none is left out, as its standard asks.
    ...(traceparent !== null && TRACEPARENT.test(traceparent) ? { traceparent } : {}),
  };
}

function readListCursor(cursor: string): string {
  const before = cursor.startsWith(LIST_CURSOR) ? cursor.slice(LIST_CURSOR.length) : '';
  if (/^[\w-]{1,64}$/.test(before)) return before;
  throw new PypesError('invalid_request', `"${cursor.slice(0, 100)}" is no cursor; take next_cursor of an answer`);
}
