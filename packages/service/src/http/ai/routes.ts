// The AI gateway's door, as OpenAI's clients know it: /v1/models and /v1/chat/completions, streamed or whole.
import { httpStatus, type Json, type JsonObject, PypesError, toPypesError } from '@pypes/contract';
import { type AiDoor, noModels } from '@pypes/host';
import { readCredentials } from '../auth.ts';
import { checkDepth, readJsonObject } from '../body.ts';
import type { WireContext } from '../wire.ts';

const MODELS = '/v1/models';
const COMPLETIONS = '/v1/chat/completions';
const BODY_BYTES = 16 * 1024 * 1024;

/** Whether the address is one of this door's. */
export function isAiPath(url: string): boolean {
  const at = url.indexOf('/', url.indexOf('//') + 2);
  return url.startsWith('/v1/', at);
}

/** Answers a request; never rejects. */
export async function answerAi(request: Request, context: WireContext): Promise<Response> {
  try {
    (await readCredentials(request, context.auth)).checkOperator();
    return await route(request, context.host.ai);
  } catch (error) {
    return answerOpenAiError(error);
  }
}

async function route(request: Request, ai: AiDoor | undefined): Promise<Response> {
  const { pathname } = new URL(request.url);
  const methods: { readonly [path: string]: string } = { [MODELS]: 'GET', [COMPLETIONS]: 'POST' };
  const wanted = Object.hasOwn(methods, pathname) ? methods[pathname] : undefined;
  if (wanted === undefined && !pathname.startsWith(`${MODELS}/`)) {
    throw new PypesError('not_found', `Nothing is at ${pathname}; there are ${MODELS} and ${COMPLETIONS}`);
  }
  if (request.method !== (wanted ?? 'GET')) {
    throw new PypesError(
      'method_not_allowed',
      `${pathname} does not take ${request.method}, it takes ${wanted ?? 'GET'}`,
    );
  }
  if (ai === undefined) throw noModels();
  return wanted === 'POST' ? complete(request, ai) : answerModels(pathname, ai);
}

async function answerModels(pathname: string, ai: AiDoor): Promise<Response> {
  const models = (await ai.models()).map((model) => ({ ...model, object: 'model', created: 0 }));
  if (pathname === MODELS) return Response.json({ object: 'list', data: models });
  const id = decodeURIComponent(pathname.slice(MODELS.length + 1));
  const model = models.find((one) => one.id === id);
  if (model === undefined) throw new PypesError('not_found', `There is no model "${id}"`);
  return Response.json(model);
}

async function complete(request: Request, ai: AiDoor): Promise<Response> {
  const body = checkDepth(await readJsonObject(request, BODY_BYTES));
  if (body.stream !== true) return Response.json(await ai.complete(body, 'http', request.signal));
  const controller = new AbortController();
  request.signal.addEventListener('abort', () => controller.abort(), { once: true });
  const chunks = ai.stream(body, 'http', controller.signal)[Symbol.asyncIterator]();
  // What fails before the first chunk is a status, as without a stream.
  const first = await chunks.next();
  return new Response(toEvents(first, chunks, controller), {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
  });
}

function toEvents(
  first: IteratorResult<JsonObject>,
  chunks: AsyncIterator<JsonObject>,
  controller: AbortController,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const event = (data: string) => encoder.encode(`data: ${data}\n\n`);
  let next: IteratorResult<JsonObject> | undefined = first;
  return new ReadableStream({
    async pull(stream) {
      try {
        const result = next ?? (await chunks.next());
        next = undefined;
        if (result.done !== true) return stream.enqueue(event(JSON.stringify(result.value)));
        stream.enqueue(event('[DONE]'));
      } catch (error) {
        stream.enqueue(event(JSON.stringify(toOpenAiError(toPypesError(error)))));
      }
      stream.close();
    },
    async cancel() {
      controller.abort();
      await chunks.return?.();
    },
  });
}

function answerOpenAiError(thrown: unknown): Response {
  const error = toPypesError(thrown);
  const response = Response.json(toOpenAiError(error), { status: httpStatus(error.code, 'service') });
  if (error.code === 'unauthorized') response.headers.set('www-authenticate', 'Bearer');
  return response;
}

const TYPES: { readonly [code: string]: string } = {
  unauthorized: 'authentication_error',
  forbidden: 'permission_error',
  policy_denied: 'permission_error',
  rate_limited: 'rate_limit_error',
  resource_exhausted: 'insufficient_quota',
  internal: 'server_error',
  unavailable: 'server_error',
  timeout: 'server_error',
};

function toOpenAiError({ code, message }: PypesError): { readonly [key: string]: Json } {
  return { error: { message, type: TYPES[code] ?? 'invalid_request_error', code, param: null } };
}
