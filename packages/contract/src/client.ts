// The typed client of the wire contract: what the CLI, the console and other hosts call endpoints with.
import { ERRORS, type ErrorCode, PypesError } from './errors.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { PackBundle } from './pack.ts';
import { WIRE_ROUTES, type WireRouteId, wirePath } from './routes.ts';
import type { CallAnswer, DeployAnswer, HostHealth, PackHealth, RemoveAnswer } from './wire.ts';

/** Where an endpoint is and how to reach it. */
export type ClientOptions = {
  /** `http://127.0.0.1:7080`, with or without a path before `/api/pack`. */
  readonly baseUrl: string;
  /** A pack token or the operator's token. */
  readonly token?: string;
  /** Defaults to the platform's. */
  readonly fetch?: typeof globalThis.fetch;
};

/** One endpoint, whatever stands behind it. Every method throws PypesError with the endpoint's own code and message. */
export interface Client {
  deploy(bundle: PackBundle): Promise<DeployAnswer>;
  call(guid: string, name: string, args?: JsonObject, options?: CallOptions): Promise<Json>;
  health(): Promise<HostHealth>;
  packHealth(guid: string): Promise<PackHealth>;
  /** A deployed pack as the bundle it came as. */
  bundle(guid: string): Promise<PackBundle>;
  remove(guid: string): Promise<RemoveAnswer>;
}

/** Options of one call. */
export type CallOptions = { readonly userGuid?: string; readonly signal?: AbortSignal };

/**
 * A client of one endpoint.
 *
 * @example
 * const client = createClient({ baseUrl: 'http://127.0.0.1:7080' });
 * const output = await client.call(packGuid, 'unit-convert', { value: 3, from: 'km', to: 'mi' });
 */
export function createClient(options: ClientOptions): Client {
  const base = options.baseUrl.replace(/\/+$/, '');
  const request = options.fetch ?? globalThis.fetch;

  async function send(id: WireRouteId, guid: string, body?: unknown, signal?: AbortSignal): Promise<Json> {
    const url = base + wirePath(id, guid);
    const init: RequestInit = { method: methodOf(id), headers: headersOf(options.token, body !== undefined) };
    if (body !== undefined) init.body = JSON.stringify(body);
    if (signal !== undefined) init.signal = signal;
    let response: Response;
    try {
      response = await request(url, init);
    } catch (error) {
      if (signal?.aborted === true) throw new PypesError('canceled', `The call of ${url} was canceled`);
      throw new PypesError('unavailable', `Nothing answers at ${base}; start it with: pypes serve`, { cause: error });
    }
    return readAnswer(response, url);
  }

  return {
    deploy: async (bundle) => (await send('deploy', '', bundle)) as DeployAnswer,
    call: async (guid, name, args = {}, call = {}) => {
      const body = { name, args, ...(call.userGuid === undefined ? {} : { user_guid: call.userGuid }) };
      return ((await send('call', guid, body, call.signal)) as CallAnswer).output;
    },
    health: async () => (await send('health', '')) as HostHealth,
    packHealth: async (guid) => (await send('packHealth', guid)) as PackHealth,
    bundle: async (guid) => (await send('bundle', guid)) as unknown as PackBundle,
    remove: async (guid) => (await send('remove', guid)) as RemoveAnswer,
  };
}

function methodOf(id: WireRouteId): string {
  return WIRE_ROUTES.find((route) => route.id === id)?.method ?? 'GET';
}

function headersOf(token: string | undefined, hasBody: boolean): Record<string, string> {
  return {
    accept: 'application/json',
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
}

async function readAnswer(response: Response, url: string): Promise<Json> {
  const text = await response.text();
  let answer: Json;
  try {
    answer = JSON.parse(text) as Json;
  } catch {
    throw new PypesError('internal', `${url} answered ${response.status} with a body that is no JSON`);
  }
  if (response.ok) return answer;
  if (!isJsonObject(answer)) throw new PypesError('internal', `${url} answered ${response.status} without an envelope`);
  const { message, code, status: _status, ...details } = answer;
  throw new PypesError(
    codeOf(code, response.status),
    typeof message === 'string' ? message : `${url} answered ${response.status}`,
    {
      details: details as { readonly [key: string]: Json },
    },
  );
}

/** The endpoint's own code; one that another implementation made up, or left out, is told from the status. */
function codeOf(code: Json | undefined, status: number): ErrorCode {
  if (typeof code === 'string' && Object.hasOwn(ERRORS, code)) return code as ErrorCode;
  const known: { readonly [status: number]: ErrorCode } = {
    400: 'invalid_request',
    401: 'unauthorized',
    403: 'forbidden',
    404: 'not_found',
    409: 'conflict',
    413: 'too_large',
    423: 'sealed',
    429: 'rate_limited',
    501: 'unsupported',
    503: 'unavailable',
    504: 'timeout',
  };
  return known[status] ?? 'internal';
}
