// A service over fake runs, without a socket, that checks every answer against what its route documents.
import { type Json, PypesError, type SchemaCheck } from '@pypes/contract';
import {
  type ArtifactIndex,
  type EvalAnswer,
  RUNS_ROUTES,
  type RunAccepted,
  type RunError,
  type RunEvents,
  type RunList,
  type RunsRoute,
  type RunsSchemaName,
  type RunView,
  runsSchema,
} from '@pypes/contract/runs';
import type { Host } from '@pypes/host';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import type { LogEntry } from '../../log.ts';
import { createService, type ServiceOptions } from '../../service.ts';
import type { RunsOptions } from '../door.ts';
import { createFakeRuns, type FakeRuns } from './fake-runs.ts';

const compiler = createAjvCompiler();
const checks = new Map<RunsSchemaName, SchemaCheck>();

/** Whatever a body may be, at once: tests look where they expect something. */
type Body = RunAccepted &
  RunView &
  RunList &
  RunEvents &
  ArtifactIndex &
  EvalAnswer & {
    readonly error: RunError & { readonly code: string };
    readonly code: string;
    readonly openapi: string;
  };

/** What came back; `json` where it is JSON. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Body;
};

export type Sent = {
  readonly body?: Json | ReadableStream<Uint8Array>;
  readonly text?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly signal?: AbortSignal;
};

/** `seen` has every route and status that was answered: `create 202`. */
export function setup(
  options: Partial<RunsOptions> = {},
  rest: Partial<ServiceOptions> = {},
): {
  readonly fake: FakeRuns;
  readonly logged: LogEntry[];
  readonly seen: Set<string>;
  fetch(request: Request): Promise<Response>;
  send(method: string, path: string, sent?: Sent): Promise<Answer>;
} {
  const fake = createFakeRuns();
  const logged: LogEntry[] = [];
  const seen = new Set<string>();
  const service = createService({} as Host, {
    version: '1.2.3',
    hostName: 'test',
    log: (entry) => logged.push(entry),
    ...rest,
    runs: { runs: fake, schemas: compiler, ...options },
  });
  async function send(method: string, path: string, { body, text, headers = {}, signal }: Sent = {}): Promise<Answer> {
    const isStream = body instanceof ReadableStream;
    const json = body === undefined || isStream ? text : JSON.stringify(body);
    const request = new Request(`http://127.0.0.1:7080${path}`, {
      method,
      headers: {
        host: '127.0.0.1:7080',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: json }),
      ...(isStream ? ({ body, duplex: 'half' } as RequestInit) : {}),
      ...(signal === undefined ? {} : { signal }),
    });
    const response = await service.fetch(request);
    const answer = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const isJson = type.startsWith('application/json') && response.status !== 206;
    const parsed = isJson && answer !== '' ? JSON.parse(answer) : undefined;
    const route = routeOf(method, path);
    if (route !== undefined) {
      seen.add(`${route.id} ${response.status}`);
      checkAnswer(route, response, parsed, method);
    }
    return { status: response.status, headers: response.headers, text: answer, json: parsed };
  }
  return { fake, logged, seen, send, fetch: service.fetch };
}

/** @throws Error where the route does not document what was answered */
function checkAnswer(route: RunsRoute, response: Response, json: Json, method: string): void {
  const { status, headers } = response;
  const documented = route.answers[status];
  if (documented === undefined) throw new Error(`${route.id} answered ${status}, which is not documented`);
  for (const { name } of documented.headers ?? []) {
    if (!headers.has(name)) throw new Error(`${route.id} answered ${status} without ${name}`);
  }
  const type = (headers.get('content-type') ?? '').split(';')[0];
  if (documented.schema !== undefined && type === 'application/json' && method !== 'HEAD') {
    const errors = checkOf(documented.schema)(json);
    if (errors.length > 0) throw new PypesError('internal', `${route.id} ${status}: ${JSON.stringify(errors)}`);
  } else if (
    documented.schema !== undefined &&
    documented.mediaTypes?.includes(String(type)) !== true &&
    method !== 'HEAD'
  ) {
    throw new Error(`${route.id} answered ${status} as ${type}`);
  }
}

function checkOf(name: RunsSchemaName): SchemaCheck {
  const check = checks.get(name) ?? compiler.compile(runsSchema(name));
  checks.set(name, check);
  return check;
}

/** Told from the address by other means than the service does. */
function routeOf(method: string, path: string): RunsRoute | undefined {
  const routes: readonly RunsRoute[] = RUNS_ROUTES;
  const [address = ''] = path.split('?');
  return routes.find((route) => {
    const pattern = route.path.replace('{id}', '[^/]+').replace('{path}', '.+');
    return route.method === (method === 'HEAD' ? 'GET' : method) && new RegExp(`^${pattern}$`).test(address);
  });
}
