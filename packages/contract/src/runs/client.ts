// The typed client of the `/v1` doors: what programs start, follow and read runs with (spec 5).
import { ERRORS, type ErrorCode, PypesError } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { ArtifactIndex, EvalAnswer, EvalRequest, ReplayRequest, RunEvents, RunList } from './answers.ts';
import type { ByteRange } from './artifacts.ts';
import { type FollowedEvent, followRun } from './follow.ts';
import type { RunStatus } from './record.ts';
import type { RunRequest } from './request.ts';
import { type RunsRouteId, runsPath, runsRoute, runsStatus } from './routes.ts';
import type { RunAccepted, RunView } from './wire.ts';

/** Where a service is and for whom it is asked. */
export type RunsClientOptions = {
  /** `http://127.0.0.1:7080` */
  readonly baseUrl: string;
  readonly token?: string;
  readonly tenant?: string;
  /** Defaults to the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** How `follow` waits before it connects again; defaults to a timer. */
  readonly pause?: (ms: number) => Promise<void>;
};

type Signal = { readonly signal?: AbortSignal };
/** The same key with the same request gives the same run, however often it is sent. */
type Asked = { readonly idempotencyKey?: string; readonly traceparent?: string };

/** One service. Every method throws PypesError with the service's own code, message and details. */
export interface RunsClient {
  create(request: RunRequest, options?: Signal & Asked): Promise<RunAccepted>;
  get(runId: string, options?: Signal): Promise<RunView>;
  list(
    query?: Signal & {
      readonly status?: RunStatus;
      readonly agent?: string;
      readonly limit?: number;
      readonly cursor?: string;
    },
  ): Promise<RunList>;
  /** One page; `wait` is in seconds, at most 60. */
  events(
    runId: string,
    query?: Signal & { readonly cursor?: string; readonly limit?: number; readonly wait?: number },
  ): Promise<RunEvents>;
  /** Every event behind the cursor until the run has ended, each exactly once, across lost connections. */
  follow(runId: string, options?: Signal & { readonly cursor?: string }): AsyncIterable<FollowedEvent>;
  cancel(runId: string, options?: Signal): Promise<RunView>;
  replay(runId: string, request?: ReplayRequest, options?: Signal & Asked): Promise<RunAccepted>;
  readonly artifact: {
    list(runId: string, options?: Signal): Promise<ArtifactIndex>;
    file(
      runId: string,
      path: string,
      options?: Signal & { readonly range?: ByteRange },
    ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly digest: string; readonly mediaType: string }>;
    /** The bundle as it arrives. */
    zip(runId: string, options?: Signal): Promise<ReadableStream<Uint8Array>>;
  };
  evaluate(request: EvalRequest, options?: Signal): Promise<EvalAnswer>;
}

/**
 * A client of the `/v1` doors.
 *
 * @example
 * const runs = createRunsClient({ baseUrl: 'http://127.0.0.1:7080' });
 * const { run_id } = await runs.create({ agent: 'unit-convert', input: { value: 3, from: 'km', to: 'mi' } });
 * for await (const { event } of runs.follow(run_id)) console.log(event.event_type);
 */
export function createRunsClient(options: RunsClientOptions): RunsClient {
  const send = createSend(options);
  const pause = options.pause ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const json = async <Answer>(id: RunsRouteId, sent: Sent): Promise<Answer> => {
    const response = await send(id, sent);
    return (await readJson(response, sent.signal)) as Answer;
  };

  return {
    create: (request, { idempotencyKey, traceparent, signal } = {}) =>
      json('create', { body: request, headers: { 'idempotency-key': idempotencyKey, traceparent }, signal }),
    get: (runId, { signal } = {}) => json('get', { runId, signal }),
    list: ({ signal, ...query } = {}) => json('list', { query, signal }),
    events: (runId, { signal, ...query } = {}) => json('events', { runId, query, signal }),
    follow: (runId, { cursor, signal } = {}) =>
      followRun(
        runId,
        {
          pause,
          async open(lastEventId, own) {
            const headers = { accept: 'text/event-stream', 'last-event-id': lastEventId };
            const response = await send('stream', { runId, headers, signal: own });
            return response.status === 204 ? undefined : response;
          },
          poll: (from, own) =>
            json('events', { runId, query: { cursor: from, limit: 500, wait: POLL_SECONDS }, signal: own }),
        },
        { cursor, signal },
      ),
    cancel: (runId, { signal } = {}) => json('cancel', { runId, signal }),
    replay: (runId, request = {}, { idempotencyKey, traceparent, signal } = {}) =>
      json('replay', { runId, body: request, headers: { 'idempotency-key': idempotencyKey, traceparent }, signal }),
    artifact: {
      list: (runId, { signal } = {}) => json('artifact', { runId, query: { list: '1' }, signal }),
      async file(runId, path, { range, signal } = {}) {
        const wanted = range === undefined ? undefined : `bytes=${range.start}-${range.end - 1}`;
        const response = await send('file', { runId, path, headers: { accept: '*/*', range: wanted }, signal });
        return {
          bytes: new Uint8Array(await received(response.arrayBuffer(), signal)),
          digest: (response.headers.get('etag') ?? '').replaceAll('"', ''),
          mediaType: response.headers.get('content-type') ?? '',
        };
      },
      async zip(runId, { signal } = {}) {
        const response = await send('artifact', { runId, headers: { accept: 'application/zip' }, signal });
        return response.body ?? new ReadableStream();
      },
    },
    evaluate: (request, { signal } = {}) => json('evaluate', { body: request, signal }),
  };
}

const POLL_SECONDS = 30;

type Sent = {
  readonly runId?: string;
  readonly path?: string;
  readonly query?: { readonly [name: string]: string | number | undefined };
  readonly headers?: { readonly [name: string]: string | undefined };
  readonly body?: RunRequest | ReplayRequest | EvalRequest;
  readonly signal?: AbortSignal | undefined;
};

/** Sends one request; an answer that is a failure is thrown. */
function createSend({ baseUrl, token, tenant, ...options }: RunsClientOptions) {
  const base = baseUrl.replace(/\/+$/, '');
  const request = options.fetch ?? globalThis.fetch;
  return async (id: RunsRouteId, { runId = '', path = '', query, headers, body, signal }: Sent): Promise<Response> => {
    checkParts(runId, path);
    const url = base + runsPath(id, runId, path) + toQuery(query);
    const sent = defined({
      accept: 'application/json',
      'content-type': body === undefined ? undefined : 'application/json',
      authorization: token === undefined ? undefined : `Bearer ${token}`,
      'x-tenant-id': tenant === '' ? undefined : tenant,
      ...headers,
    });
    let response: Response;
    try {
      response = await request(url, {
        method: runsRoute(id).method,
        headers: sent,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      if (signal?.aborted === true) throw new PypesError('canceled', `The request for ${url} was canceled`);
      throw new PypesError('unavailable', `Nothing answers at ${base}; start it with: pypes serve`, { cause: error });
    }
    if (!response.ok) throw await toError(response, url);
    return response;
  };
}

/** An address drops what would lead out of it, so that it would name something else. */
function checkParts(runId: string, path: string): void {
  const wrong = [runId, ...path.split('/')].find((part) => part === '.' || part === '..');
  if (wrong !== undefined) throw new PypesError('invalid_request', `"${wrong}" is no part of an address`);
}

function toQuery(query: Sent['query'] = {}): string {
  const text = new URLSearchParams(
    Object.entries(defined(query)).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return text === '' ? '' : `?${text}`;
}

function defined<Value>(values: { readonly [name: string]: Value | undefined }): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

async function readJson(response: Response, signal: AbortSignal | undefined): Promise<Json> {
  const text = await received(response.text(), signal);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new PypesError('unavailable', `An answer with status ${response.status} is no JSON`, { cause: error });
  }
}

/** A body that breaks off is a service that went away. */
async function received<Body>(body: Promise<Body>, signal: AbortSignal | undefined): Promise<Body> {
  try {
    return await body;
  } catch (error) {
    if (signal?.aborted === true) throw new PypesError('canceled', 'The request was canceled');
    throw new PypesError('unavailable', 'The connection broke before the answer had arrived', { cause: error });
  }
}

async function toError(response: Response, url: string): Promise<PypesError> {
  const text = await response.text().catch(() => '');
  const said = `${url} answered ${response.status}`;
  const error = readEnvelope(text);
  const code = codeOf(error?.type, response.status);
  if (error === undefined) return new PypesError(code, said);
  const details = isJsonObject(error.details) ? { details: error.details } : {};
  return new PypesError(code, typeof error.message === 'string' ? error.message : said, details);
}

function readEnvelope(text: string): JsonObject | undefined {
  try {
    const body = JSON.parse(text) as Json;
    return isJsonObject(body) && isJsonObject(body.error) ? body.error : undefined;
  } catch {
    return undefined;
  }
}

/** The service's own code; what stands between us and it has none, and is told from the status. */
function codeOf(type: Json | undefined, status: number): ErrorCode {
  if (typeof type === 'string' && Object.hasOwn(ERRORS, type)) return type as ErrorCode;
  const codes = Object.keys(ERRORS) as ErrorCode[];
  if (status === 502) return 'unavailable';
  if (status === 400 || status === 415 || status === 416) return 'invalid_request';
  return codes.find((code) => runsStatus(code) === status) ?? (status >= 500 ? 'internal' : 'invalid_request');
}
