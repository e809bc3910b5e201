// tools/call without a detour: requests that are plainly what they should be are answered here, since the SDK spends more
// time on a request than an agent does. Whatever is unusual about one, the SDK decides about it.
import {
  type ClientCapabilities,
  LOG_LEVEL_META_KEY,
  type LoggingLevel,
  MissingRequiredClientCapabilityError,
  PROTOCOL_VERSION_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import { isJsonObject, type Json, type JsonObject } from '@pypes/contract';
import type { CallEvent } from '@pypes/host';
import type { Answer } from '../../http/answers.ts';
import type { WireRequest } from '../../http/wire-request.ts';
import { type EventSink, toListener } from '../call/events.ts';
import type { Exchange, Round } from '../call/exchange.ts';
import { mayDecide } from '../call/invoke.ts';
import { TASKS_EXTENSION, type TaskRequest } from '../call/long.ts';
import { callTool } from '../call/tool.ts';
import { type McpCaller, ownerOf } from '../caller.ts';
import type { McpCore } from '../core.ts';
import { toCreated } from '../server/task-wire.ts';
import { createCancellation } from './cancellation.ts';
import { type Answering, beginAnswer } from './event-stream.ts';
import { capabilitiesIn, MODERN } from './plain.ts';
import { type Session, taskOwner } from './sessions.ts';

/** A request that is plainly a call of a tool. */
type PlainCall = {
  readonly id: string | number;
  readonly name: string;
  readonly args: JsonObject;
  readonly meta: JsonObject;
};

const METHOD = 'tools/call';
/** jsonrpc, id, method, params. */
const MEMBERS = 4;
const LEVELS: readonly string[] = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];
const NOTHING: JsonObject = {};
const NO_ROUND: Round = { answers: NOTHING };
const JSON_HEADERS = { 'content-type': 'application/json' };

/** Answers a call in 2026-07-28, or says with undefined that it is not plain. */
export function callModern(
  core: McpCore,
  request: WireRequest,
  caller: McpCaller,
  body: Json,
  called: () => void,
): Promise<Answer | Response> | undefined {
  const { headers } = request;
  if (headers.get('mcp-protocol-version') !== MODERN || headers.get('mcp-method') !== METHOD) return undefined;
  const call = plainCall(body);
  if (call === undefined || headers.get('mcp-name') !== call.name || !isPlainTool(core, caller, call.name))
    return undefined;
  const { meta } = call;
  const capabilities = capabilitiesIn(meta);
  if (meta[PROTOCOL_VERSION_META_KEY] !== MODERN || capabilities === undefined) return undefined;
  const level = meta[LOG_LEVEL_META_KEY];
  if (level !== undefined && !(typeof level === 'string' && LEVELS.includes(level))) return undefined;
  const { extensions } = capabilities as { readonly extensions?: JsonObject };
  const tasks = extensions?.[TASKS_EXTENSION] === undefined ? 'none' : 'extension';
  const exchange: Exchange = {
    caller,
    owner: ownerOf(caller),
    capabilities: capabilities as ClientCapabilities,
    signal: () => request.signal,
  };
  if (meta.progressToken === undefined && level === undefined) {
    // Nothing comes before the answer.
    return reply(core, call, exchange, tasks, true).then(({ message, status }) => {
      called();
      return { status, headers: JSON_HEADERS, body: JSON.stringify(message) };
    });
  }
  const answering = beginAnswer();
  const listener = listen(core, call, answering, level as LoggingLevel | undefined);
  const heard: Exchange = {
    ...exchange,
    signal: () => AbortSignal.any([request.signal, answering.gone]),
    ...(listener === undefined ? {} : { onEvent: listener }),
  };
  void reply(core, call, heard, tasks, true).then(({ message, status }) => {
    called();
    answering.end(message, status);
  });
  return answering.response;
}

/** Answers a call in a session of 2025-11-25, or says with undefined that it is not plain. */
export function callInSession(
  core: McpCore,
  request: WireRequest,
  session: Session,
  id: string,
  body: Json,
  called: () => void,
): Promise<Answer | Response> | undefined {
  const { server, caller } = session;
  const version = request.headers.get('mcp-protocol-version');
  if (version !== null && version !== server.getNegotiatedProtocolVersion()) return undefined;
  if (!accepts(request)) return undefined;
  const call = plainCall(body);
  const capabilities = server.getClientCapabilities();
  if (call === undefined || capabilities === undefined || session.calls.has(call.id)) return undefined;
  // Who claims the newer protocol is answered in it, or told what is wrong with the claim.
  if (PROTOCOL_VERSION_META_KEY in call.meta) return undefined;
  if (isJsonObject(body) && isJsonObject(body.params) && body.params.task !== undefined) return undefined;
  const now = caller.current;
  // Whoever may be asked for a yes is asked by a request of the server's, which the SDK sends.
  if (!isPlainTool(core, now, call.name) || mayDecide(core, { caller: now, capabilities })) return undefined;
  const answering = beginAnswer({ 'mcp-session-id': id });
  const listener = listen(core, call, answering, session.logLevel ?? 'debug');
  const cancellation = createCancellation();
  session.calls.set(call.id, cancellation);
  const exchange: Exchange = {
    caller: now,
    owner: taskOwner(session.owner, id),
    capabilities,
    signal: cancellation.signal,
    ...(listener === undefined ? {} : { onEvent: listener }),
  };
  void reply(core, call, exchange, 'none-2025', false).then(({ message, status }) => {
    session.calls.delete(call.id);
    called();
    answering.end(cancellation.canceled ? undefined : message, status);
  });
  return answering.response;
}

type Reply = { readonly message: JsonObject; readonly status: number };

/** What a call is answered with; never rejects. */
async function reply(
  core: McpCore,
  { id, name, args }: PlainCall,
  exchange: Exchange,
  tasks: TaskRequest,
  modern: boolean,
): Promise<Reply> {
  try {
    await core.gather?.();
    const answered = await callTool(core, { name, args, round: NO_ROUND, tasks }, exchange);
    const result = modern ? toModern(core, answered) : toPlain(answered);
    return { message: { jsonrpc: '2.0', id, result }, status: 200 };
  } catch (error) {
    const status = error instanceof MissingRequiredClientCapabilityError ? 400 : 200;
    return { message: { jsonrpc: '2.0', id, error: toWireError(core, error) }, status };
  }
}

type Answered = Awaited<ReturnType<typeof callTool>>;

function toModern(core: McpCore, answered: Answered): JsonObject {
  const { meta: _meta } = core;
  if (answered.kind === 'result') return { ...(answered.result as JsonObject), resultType: 'complete', _meta };
  if (answered.kind === 'task') return { ...toCreated(answered.task), _meta };
  const { requests, requestState } = answered;
  return {
    resultType: 'input_required',
    inputRequests: requests as unknown as Json,
    ...(requestState === undefined ? {} : { requestState }),
    _meta,
  };
}

function toPlain(answered: Answered): JsonObject {
  if (answered.kind === 'result') return answered.result as JsonObject;
  throw new ProtocolError(ProtocolErrorCode.InternalError, 'The call came to a question that cannot be asked here');
}

function toWireError(core: McpCore, error: unknown): JsonObject {
  if (error instanceof ProtocolError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.data === undefined ? {} : { data: error.data as Json }),
    };
  }
  core.log({ level: 'error', event: 'mcp.failed', message: error instanceof Error ? error.message : String(error) });
  return { code: ProtocolErrorCode.InternalError, message: 'Internal error' };
}

/** Notifications go into the answer, which becomes a stream with the first of them. */
function listen(
  core: McpCore,
  { name, meta }: PlainCall,
  answering: Answering,
  level: LoggingLevel | undefined,
): ((event: CallEvent) => void) | undefined {
  const { progressToken } = meta;
  const sink: EventSink = {
    ...(progressToken === undefined
      ? {}
      : { progress: (params) => answering.notify('notifications/progress', { progressToken, ...params }) }),
    ...(level === undefined
      ? {}
      : {
          log: (at, data, logger) => {
            if (LEVELS.indexOf(at) >= LEVELS.indexOf(level))
              answering.notify('notifications/message', { level: at, data, logger });
          },
        }),
  };
  const heard = toListener(sink, name);
  if (heard === undefined) return undefined;
  return (event) => {
    core.onEvent?.(event);
    heard(event);
  };
}

function plainCall(body: Json): PlainCall | undefined {
  if (!isJsonObject(body) || body.jsonrpc !== '2.0' || body.method !== METHOD || !isJsonObject(body.params))
    return undefined;
  // The SDK takes no request that has more in it.
  if (Object.keys(body).length !== MEMBERS) return undefined;
  const { id, params } = body;
  const { name, arguments: args = NOTHING, _meta: meta = NOTHING, inputResponses, requestState } = params;
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) return undefined;
  if (typeof name !== 'string' || !isJsonObject(args) || !isJsonObject(meta)) return undefined;
  if (inputResponses !== undefined || requestState !== undefined) return undefined;
  const token = meta.progressToken;
  if (token !== undefined && typeof token !== 'string' && !Number.isSafeInteger(token)) return undefined;
  return { id: id as string | number, name, args, meta };
}

/** A tool that is known, by its own name, and asks nothing. */
function isPlainTool(core: McpCore, caller: McpCaller, name: string): boolean {
  const offer = core.catalogs.last(caller)?.tools.get(name);
  return offer !== undefined && !offer.options.asks && offer.options.task !== 'required' && offer.entry.name === name;
}

function accepts(request: WireRequest): boolean {
  const accept = request.headers.get('accept') ?? '';
  return accept.includes('application/json') && accept.includes('text/event-stream');
}
