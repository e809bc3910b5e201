// The routes of `/v1` as data: the service mounts them, the client calls them, OpenAPI is made of them (spec 5).
import { type ErrorCode, httpStatus } from '../errors.ts';
import type { JsonSchema } from '../json.ts';
import { RUN_STATUSES } from './record.ts';
import type { RunsSchemaName } from './schemas.ts';

/** What a token may be allowed. `admin` is all of them. */
export const RUNS_SCOPES = ['runs:read', 'runs:write', 'eval', 'metrics', 'admin'] as const;
export type RunsScope = (typeof RUNS_SCOPES)[number];

/** A query value, a header or a part of the path. */
export type RunsParameter = { readonly name: string; readonly description: string; readonly schema: JsonSchema };

/** What a status means for one route. Failures have `ErrorAnswer` as their body. */
export type RunsAnswer = {
  readonly description: string;
  readonly schema?: RunsSchemaName;
  /** Where it is no JSON. */
  readonly mediaTypes?: readonly string[];
  readonly headers?: readonly RunsParameter[];
};

/** One route. */
export type RunsRoute = {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** `{id}` is a run's id, `{path}` the rest of the address. */
  readonly path: string;
  readonly summary: string;
  /** What its token has to be allowed; absent: everybody may. */
  readonly scope?: RunsScope;
  readonly query?: readonly RunsParameter[];
  readonly headers?: readonly RunsParameter[];
  readonly body?: { readonly schema: RunsSchemaName; readonly required: boolean };
  /** Every status that it may answer. */
  readonly answers: { readonly [status: number]: RunsAnswer };
};

const integer = (minimum: number, maximum: number, fallback: number): JsonSchema => ({
  type: 'integer',
  minimum,
  maximum,
  default: fallback,
});

const failure = (description: string, ...headers: readonly RunsParameter[]): RunsAnswer => ({
  description,
  schema: 'ErrorAnswer',
  ...(headers.length === 0 ? {} : { headers }),
});

const RETRY_AFTER = { name: 'Retry-After', description: 'Seconds', schema: { type: 'integer', minimum: 0 } };
const ETAG = { name: 'ETag', description: "The file's digest, in quotes", schema: { type: 'string' } };
const LOCATION = { name: 'Location', description: "The run's address", schema: { type: 'string' } };
const CONTENT_RANGE = { name: 'Content-Range', description: '`bytes start-end/size`', schema: { type: 'string' } };
const CHALLENGE = { name: 'WWW-Authenticate', description: '`Bearer`', schema: { type: 'string' } };

/** What may happen to every request that is let in at all. */
const COMMON = {
  400: failure('A query value, a header, a cursor or the configuration is wrong'),
  401: failure('The token is missing or not known', CHALLENGE),
  403: failure('The token may not do this, or not for this tenant; or a policy said no'),
  429: failure('Too much at once', RETRY_AFTER),
  500: failure('The service failed'),
  503: failure('The service cannot do this now', RETRY_AFTER),
};
const NO_RUN = { 404: failure('The tenant has no such run') };
const NOT_THERE = { 404: failure('There is no such thing as the request names') };
const BODY = {
  413: failure('The body is too large, or nested too deep'),
  415: failure('The body is no application/json'),
  422: failure('The body has another shape; details.errors lists every violation with its JSON pointer'),
};
const WORK = {
  501: failure('This service cannot do such a thing'),
  504: failure('It took too long'),
};

const CURSOR = { name: 'cursor', description: 'next_cursor of an earlier answer', schema: { type: 'string' } };
const TENANT = {
  name: 'X-Tenant-Id',
  description: 'Whose runs; without it those of no tenant, or of the one that the token is bound to',
  schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$' },
};
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  description: 'The same key with the same request gives the same run, at most 255 visible characters',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};
const TRACEPARENT = { name: 'traceparent', description: 'W3C trace context', schema: { type: 'string' } };
const LAST_EVENT_ID = {
  name: 'Last-Event-ID',
  description: 'The id of the last event that arrived; goes before cursor',
  schema: { type: 'string' },
};
const RANGE = { name: 'Range', description: 'One range of bytes', schema: { type: 'string' } };
const IF_NONE_MATCH = { name: 'If-None-Match', description: 'ETags', schema: { type: 'string' } };
const IF_RANGE = { name: 'If-Range', description: 'An ETag', schema: { type: 'string' } };

export const RUNS_ROUTES = [
  {
    id: 'create',
    method: 'POST',
    path: '/v1/runs',
    summary: 'Accept a run; it is kept before this is answered',
    scope: 'runs:write',
    headers: [TENANT, IDEMPOTENCY_KEY, TRACEPARENT],
    body: { schema: 'RunRequest', required: true },
    answers: {
      202: { description: 'Accepted', schema: 'RunAccepted', headers: [LOCATION] },
      ...COMMON,
      ...NOT_THERE,
      409: failure('The Idempotency-Key was used for another request'),
      ...BODY,
      ...WORK,
    },
  },
  {
    id: 'list',
    method: 'GET',
    path: '/v1/runs',
    summary: 'Runs, newest first, without their results',
    scope: 'runs:read',
    headers: [TENANT],
    query: [
      { name: 'status', description: 'Only these', schema: { enum: [...RUN_STATUSES] } },
      {
        name: 'agent',
        description: 'Only those of this agent',
        schema: { type: 'string', minLength: 1, maxLength: 300 },
      },
      { name: 'limit', description: 'At most', schema: integer(1, 500, 100) },
      CURSOR,
    ],
    answers: { 200: { description: 'A page', schema: 'RunList' }, ...COMMON },
  },
  {
    id: 'get',
    method: 'GET',
    path: '/v1/runs/{id}',
    summary: 'One run with its result or error',
    scope: 'runs:read',
    headers: [TENANT],
    answers: { 200: { description: 'The run', schema: 'RunView' }, ...COMMON, ...NO_RUN },
  },
  {
    id: 'events',
    method: 'GET',
    path: '/v1/runs/{id}/events',
    summary: 'Events after a cursor; waits for some where asked to',
    scope: 'runs:read',
    headers: [TENANT],
    query: [
      CURSOR,
      { name: 'limit', description: 'At most', schema: integer(1, 500, 100) },
      { name: 'wait', description: 'Seconds to wait for an event', schema: integer(0, 60, 0) },
    ],
    answers: {
      200: { description: 'Events; complete where none will follow', schema: 'RunEvents' },
      ...COMMON,
      ...NO_RUN,
    },
  },
  {
    id: 'stream',
    method: 'GET',
    path: '/v1/runs/{id}/events/stream',
    summary: 'The same events as server-sent events: id is the cursor, data the event; ends after the last one',
    scope: 'runs:read',
    headers: [TENANT, LAST_EVENT_ID],
    query: [CURSOR],
    answers: {
      200: { description: 'Events', mediaTypes: ['text/event-stream'] },
      204: { description: 'The run has ended and everything after the cursor was read: do not connect again' },
      ...COMMON,
      ...NO_RUN,
    },
  },
  {
    id: 'cancel',
    method: 'POST',
    path: '/v1/runs/{id}/cancel',
    summary: 'Ask a run to end; its agent is interrupted',
    scope: 'runs:write',
    headers: [TENANT],
    answers: {
      202: { description: 'The run as it is now; one that has ended stays as it is', schema: 'RunView' },
      ...COMMON,
      ...NO_RUN,
    },
  },
  {
    id: 'artifact',
    method: 'GET',
    path: '/v1/runs/{id}/artifact',
    summary: 'The bundle as a zip, or with list=1 (or Accept: application/json) its index',
    scope: 'runs:read',
    headers: [TENANT],
    query: [{ name: 'list', description: '1: the index', schema: { enum: ['1'] } }],
    answers: {
      200: { description: 'The bundle', schema: 'ArtifactIndex', mediaTypes: ['application/zip', 'application/json'] },
      ...COMMON,
      ...NO_RUN,
    },
  },
  {
    id: 'file',
    method: 'GET',
    path: '/v1/runs/{id}/artifact/{path}',
    summary: 'One file of the bundle, or a part of it; {path} may hold slashes',
    scope: 'runs:read',
    headers: [TENANT, RANGE, IF_RANGE, IF_NONE_MATCH],
    answers: {
      200: { description: 'The file', mediaTypes: ['application/octet-stream'], headers: [ETAG] },
      206: { description: 'The part', mediaTypes: ['application/octet-stream'], headers: [ETAG, CONTENT_RANGE] },
      304: { description: 'It is the one that the client has', headers: [ETAG] },
      ...COMMON,
      404: failure('The tenant has no such run, or the run no such file'),
      416: failure('The file has no such part', CONTENT_RANGE),
    },
  },
  {
    id: 'replay',
    method: 'POST',
    path: '/v1/runs/{id}/replay',
    summary: 'A new run of the same request on the same version; recorded_calls answers host calls from the record',
    scope: 'runs:write',
    headers: [TENANT, IDEMPOTENCY_KEY, TRACEPARENT],
    body: { schema: 'ReplayRequest', required: false },
    answers: {
      202: { description: 'Accepted', schema: 'RunAccepted', headers: [LOCATION] },
      ...COMMON,
      ...NO_RUN,
      409: failure('The run cannot be repeated as it is now'),
      ...BODY,
      ...WORK,
    },
  },
  {
    id: 'evaluate',
    method: 'POST',
    path: '/v1/eval',
    summary: 'Score a run or a configuration with a suite, and decide its gate',
    scope: 'eval',
    headers: [TENANT],
    body: { schema: 'EvalRequest', required: true },
    answers: {
      200: { description: 'Scored', schema: 'EvalAnswer' },
      ...COMMON,
      ...NOT_THERE,
      409: failure('The run has not ended'),
      ...BODY,
      ...WORK,
    },
  },
  {
    id: 'openapi',
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description',
    answers: { 200: { description: 'OpenAPI 3.1', mediaTypes: ['application/json'] } },
  },
  {
    id: 'metrics',
    method: 'GET',
    path: '/metrics',
    summary: 'Measurements as text, for the operator',
    scope: 'metrics',
    answers: {
      200: { description: 'Prometheus text', mediaTypes: ['text/plain'] },
      ...COMMON,
      404: failure('This service measures nothing'),
    },
  },
] as const satisfies readonly RunsRoute[];

/** The id of a route of `/v1`. */
export type RunsRouteId = (typeof RUNS_ROUTES)[number]['id'];

/** The route with that id. */
export function runsRoute(id: RunsRouteId): RunsRoute {
  return RUNS_ROUTES.find((route) => route.id === id) as RunsRoute;
}

/** The path of a route; a file's path keeps its slashes. */
export function runsPath(id: RunsRouteId, runId = '', file = ''): string {
  const rest = file.split('/').map(encodeURIComponent).join('/');
  return runsRoute(id)
    .path.replace('{id}', encodeURIComponent(runId))
    .replace('{path}', () => rest);
}

/**
 * The status of a code at this door: that of the error table, but 422 for a body of another shape (spec 5, errors).
 */
export function runsStatus(code: ErrorCode): number {
  return code === 'invalid_input' ? 422 : httpStatus(code, 'service');
}
