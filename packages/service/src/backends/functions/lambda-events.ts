// Events of AWS Lambda as requests, and responses as their results: function URLs and HTTP APIs, REST APIs, load balancers.
import { PypesError } from '@pypes/contract';

type Values = { readonly [name: string]: string | undefined };
type MultiValues = { readonly [name: string]: readonly string[] | undefined };

/** What is read of an event; every field may be missing. */
export type LambdaEvent = {
  readonly version?: string;
  readonly rawPath?: string;
  readonly rawQueryString?: string;
  readonly path?: string;
  readonly httpMethod?: string;
  readonly headers?: Values | null;
  readonly multiValueHeaders?: MultiValues | null;
  readonly queryStringParameters?: Values | null;
  readonly multiValueQueryStringParameters?: MultiValues | null;
  readonly cookies?: readonly string[];
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext?: {
    readonly http?: { readonly method?: string };
    readonly stage?: string;
    readonly elb?: unknown;
  };
};

export type LambdaResult = {
  readonly statusCode: number;
  readonly headers?: { readonly [name: string]: string };
  readonly multiValueHeaders?: { readonly [name: string]: readonly string[] };
  readonly cookies?: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
};

/** Methods that no request can be made of. */
const NEVER = new Set(['CONNECT', 'TRACE', 'TRACK']);
const BODILESS = new Set(['GET', 'HEAD']);
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;
const TEXT = /^(text\/|application\/(json|[\w.+-]+\+json|xml|[\w.+-]+\+xml|javascript)\b)/i;

/** @throws PypesError `invalid_request` for an event that is no HTTP request, `method_not_allowed` */
export function toRequest(event: LambdaEvent, signal?: AbortSignal): Request {
  const method = event.requestContext?.http?.method ?? event.httpMethod;
  const path = pathOf(event);
  if (method === undefined || path === undefined) {
    throw new PypesError('invalid_request', 'The event is no HTTP request; call the function by its URL');
  }
  if (NEVER.has(method.toUpperCase())) throw new PypesError('method_not_allowed', `The method ${method} is not served`);
  const headers = headersOf(event);
  const query = queryOf(event);
  const scheme = headers.get('x-forwarded-proto') === 'http' ? 'http' : 'https';
  const host = headers.get('host') ?? '';
  const address = `${scheme}://${host}${path.startsWith('/') ? path : `/${path}`}`;
  const url = query === '' ? address : `${address}?${query}`;
  if (!HOST.test(host) || !URL.canParse(url))
    throw new PypesError('invalid_request', `"${url.slice(0, 200)}" is no address`);
  const body = BODILESS.has(method.toUpperCase()) ? undefined : bodyOf(event);
  if (body !== undefined) headers.set('content-length', String(body.length));
  return new Request(url, { method, headers, ...(body === undefined ? {} : { body }), ...(signal && { signal }) });
}

/** The result in the shape that the event's sender understands. */
export async function toResult(event: LambdaEvent, response: Response): Promise<LambdaResult> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const isText =
    !response.headers.has('content-encoding') && TEXT.test(response.headers.get('content-type') ?? 'text/');
  const body = { body: bytes.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
  const cookies = response.headers.getSetCookie();
  const plain = [...response.headers].filter(([name]) => name !== 'set-cookie');
  const statusCode = response.status;
  if (event.multiValueHeaders) {
    const multi = Object.fromEntries(plain.map(([name, value]) => [name, [value]]));
    return {
      statusCode,
      multiValueHeaders: cookies.length === 0 ? multi : { ...multi, 'set-cookie': cookies },
      ...body,
    };
  }
  const headers = Object.fromEntries(plain);
  if (cookies.length === 0) return { statusCode, headers, ...body };
  if (isVersion2(event)) return { statusCode, headers, cookies, ...body };
  return { statusCode, headers: { ...headers, 'set-cookie': cookies[0] ?? '' }, ...body };
}

function isVersion2(event: LambdaEvent): boolean {
  return event.requestContext?.http !== undefined;
}

/** A stage that is part of the address is none of the service's. */
function pathOf({ rawPath, path, requestContext }: LambdaEvent): string | undefined {
  if (rawPath === undefined) return path;
  const stage = `/${requestContext?.stage ?? '$default'}`;
  return rawPath.startsWith(`${stage}/`) ? rawPath.slice(stage.length) : rawPath;
}

function headersOf({ headers, multiValueHeaders, cookies }: LambdaEvent): Headers {
  const all = new Headers();
  const add = (name: string, value: string) => {
    try {
      all.append(name, value);
    } catch {
      throw new PypesError('invalid_request', `The header "${name.slice(0, 80)}" has a value that no header can have`);
    }
  };
  for (const [name, values = []] of Object.entries(multiValueHeaders ?? {}))
    for (const value of values) add(name, value);
  const known = new Set(all.keys());
  for (const [name, value] of Object.entries(headers ?? {}))
    if (value !== undefined && !known.has(name.toLowerCase())) add(name, value);
  if (cookies !== undefined && cookies.length > 0) all.set('cookie', cookies.join('; '));
  return all;
}

/** A load balancer hands on what was sent, a REST API what that means. */
function queryOf(event: LambdaEvent): string {
  if (event.rawQueryString !== undefined) return event.rawQueryString;
  const isRaw = event.requestContext?.elb !== undefined;
  const encode = isRaw ? (text: string) => text : encodeURIComponent;
  const multi = event.multiValueQueryStringParameters;
  const pairs = multi
    ? Object.entries(multi).flatMap(([name, values = []]) => values.map((value) => [name, value] as const))
    : Object.entries(event.queryStringParameters ?? {}).map(([name, value = '']) => [name, value] as const);
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

function bodyOf({ body, isBase64Encoded }: LambdaEvent): Buffer<ArrayBuffer> | undefined {
  if (body === undefined || body === null) return undefined;
  return Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
}
