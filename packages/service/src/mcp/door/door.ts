// The MCP door over HTTP: one address, both protocols. 2026-07-28 is served request by request, 2025-11-25 in sessions.
import {
  createMcpHandler,
  InMemoryServerEventBus,
  isJsonContentType,
  isLegacyRequest,
  isSpecType,
  type McpHttpHandler,
} from '@modelcontextprotocol/server';
import { httpStatus, isJsonObject, type Json, PypesError, toPypesError } from '@pypes/contract';
import type { Host } from '@pypes/host';
import { type Answer, isWhole, toResponse } from '../../http/answers.ts';
import type { ServiceAuth } from '../../http/auth.ts';
import type { WireRequest } from '../../http/wire-request.ts';
import { type McpCaller, ownerOf } from '../caller.ts';
import { createChangeWatch } from '../changes.ts';
import { createMcpCore, type McpOptions } from '../core.ts';
import type { ListMode } from '../server/lists.ts';
import { createMcpServer } from '../server/server.ts';
import { idOf, refuse } from './answers.ts';
import { callInSession, callModern } from './direct.ts';
import { listModern } from './direct-list.ts';
import { identify } from './identify.ts';
import { readBody } from './read-body.ts';
import { createSessions, type Session, type SessionLimits } from './sessions.ts';
import { whenEnded } from './streams.ts';

/** How the door is served. */
export type McpDoorOptions = McpOptions & {
  readonly auth?: ServiceAuth;
  readonly sessions?: Partial<SessionLimits>;
  /** How many streams of changes may be open at once. Default 256. */
  readonly mostSubscriptions?: number;
  /** How often packs are looked at while somebody listens for changes. Default 2 seconds. */
  readonly lookEveryMs?: number;
};

/** The door. Nothing of it rejects; whoever mounts it checks Host and Origin. */
export interface McpDoor {
  fetch(request: Request): Promise<Response>;
  /**
   * The same for what can be answered without a Request. Undefined: this cannot, nothing has happened yet, and it goes
   * to `fetch`.
   */
  answer(request: WireRequest): Promise<Answer | Response | undefined>;
  close(): Promise<void>;
}

const MOST_SUBSCRIPTIONS = 256;
const MOST_SCOPES = 64;
const ENVELOPE_BYTES = 65_536;
const SESSION_HEADER = 'mcp-session-id';

type Scope = {
  readonly handler: McpHttpHandler;
  caller: McpCaller;
  mode: ListMode;
  streams: number;
  unfollow?: () => void;
};

/**
 * MCP over a host.
 *
 * @example
 * const door = createMcpDoor(host, { version: '0.1.0' });
 * const service = createService(host, { version: '0.1.0', hostName: 'node', mcp: door.fetch });
 */
export function createMcpDoor(host: Host, options: McpDoorOptions): McpDoor {
  const core = createMcpCore(host, options);
  const watch = createChangeWatch(core, options.lookEveryMs);
  const sessions = createSessions(core, watch, options.sessions);
  const auth = options.auth ?? { required: false };
  const mostBytes = host.limits.argumentBytes + ENVELOPE_BYTES;
  const scopes = new Map<string, Scope>();

  async function route(request: Request): Promise<Response> {
    const caller = await identify(request, auth, host);
    const mode = modeOf(request.url);
    if (request.method !== 'POST') return serveSession(request, caller, undefined);
    if (!isJsonContentType(request.headers.get('content-type'))) {
      return refuse(415, -32_000, 'The Content-Type has to be application/json');
    }
    const read = await readBody(request, mostBytes);
    if (read.kind === 'too-large') return refuse(413, -32_000, `The body has more than ${mostBytes} bytes`);
    if (read.kind === 'no-json') return refuse(400, -32_700, 'The body is no JSON');
    const { body } = read;
    const direct = await answerDirectly(request, caller, mode, body);
    if (direct !== undefined) return isWhole(direct) ? toResponse(direct) : direct;
    if (await isLegacyRequest(request, body)) return serveLegacy(request, caller, mode, body);
    return serveModern(request, caller, mode, body);
  }

  /** Plain calls and lists go past the SDK's server. */
  function answerDirectly(
    request: WireRequest,
    caller: McpCaller,
    mode: ListMode,
    body: Json,
  ): Promise<Answer | Response | undefined> {
    // A call may have changed what there is.
    const called = () => watch.poke(caller.scope);
    return (
      callModern(core, request, caller, body, called) ??
      callInOpenSession(request, caller, body, called) ??
      listModern(core, request, caller, mode, body)
    );
  }

  async function serveModern(request: Request, caller: McpCaller, mode: ListMode, body: Json): Promise<Response> {
    const scope = scopeOf(caller, mode);
    if (!isListen(body)) return scope.handler.fetch(request, { parsedBody: body });
    scope.streams += 1;
    scope.unfollow ??= watch.follow(caller, ({ tools, prompts, resources, updated }) => {
      const { notify } = scope.handler;
      if (tools) notify.toolsChanged();
      if (prompts) notify.promptsChanged();
      if (resources) notify.resourcesChanged();
      for (const uri of updated) notify.resourceUpdated(uri);
    });
    const response = await scope.handler.fetch(request, { parsedBody: body });
    return whenEnded(response, () => {
      scope.streams -= 1;
      if (scope.streams > 0) return;
      scope.unfollow?.();
      delete scope.unfollow;
    });
  }

  /** Who may see the same tools shares a handler: a change of a list is told to nobody else. */
  function scopeOf(caller: McpCaller, mode: ListMode): Scope {
    const key = `${ownerOf(caller)} ${mode}`;
    const known = scopes.get(key);
    if (known !== undefined) {
      known.caller = caller;
      scopes.delete(key);
      scopes.set(key, known);
      return known;
    }
    const scope: Scope = { handler: createHandler(() => scope), caller, mode, streams: 0 };
    scopes.set(key, scope);
    for (const [oldest, { streams, handler }] of scopes) {
      if (scopes.size <= MOST_SCOPES) break;
      if (streams > 0) continue;
      scopes.delete(oldest);
      void handler.close();
    }
    return scope;
  }

  function createHandler(scope: () => Scope): McpHttpHandler {
    return createMcpHandler(
      () => {
        const { caller, mode } = scope();
        const called = () => watch.poke(caller.scope);
        return createMcpServer(core, {
          caller,
          owner: ownerOf(caller),
          era: 'modern',
          mode,
          followed: new Set(),
          called,
        });
      },
      {
        legacy: 'reject',
        bus: new InMemoryServerEventBus(),
        maxSubscriptions: options.mostSubscriptions ?? MOST_SUBSCRIPTIONS,
        onerror: (error) => core.log({ level: 'debug', event: 'mcp.refused', message: error.message }),
      },
    );
  }

  async function serveLegacy(request: Request, caller: McpCaller, mode: ListMode, body: Json): Promise<Response> {
    const isFirst = isJsonObject(body) && body.method === 'initialize';
    if (!isFirst || request.headers.get(SESSION_HEADER) !== null) return serveSession(request, caller, body);
    const session = await sessions.begin(caller, mode);
    if (session === undefined) return refuse(503, -32_000, 'There are too many sessions; try again later', idOf(body));
    const response = await inSession(session, request, body);
    sessions.settle(session);
    return response;
  }

  async function serveSession(request: Request, caller: McpCaller, body: Json | undefined): Promise<Response> {
    const id = request.headers.get(SESSION_HEADER);
    if (request.method !== 'GET' && request.method !== 'POST' && request.method !== 'DELETE') {
      return new Response(null, { status: 405, headers: { allow: 'GET, POST, DELETE' } });
    }
    if (id === null) return refuse(400, -32_000, 'Bad Request: Mcp-Session-Id header is required', idOf(body));
    const session = sessions.find(caller, id);
    if (session === undefined) return refuse(404, -32_001, 'Session not found', idOf(body));
    const direct = body === undefined ? undefined : past(session, body);
    return direct ?? inSession(session, request, body);
  }

  function callInOpenSession(
    request: WireRequest,
    caller: McpCaller,
    body: Json,
    called: () => void,
  ): Promise<Answer | Response> | undefined {
    const id = request.headers.get(SESSION_HEADER);
    const session = id === null ? undefined : sessions.find(caller, id);
    return session === undefined ? undefined : callInSession(core, request, session, id as string, body, called);
  }

  /** So do their cancellations; and what the server is told is looked at. */
  function past(session: Session, body: Json): Response | undefined {
    if (!isJsonObject(body) || !isJsonObject(body.params)) return undefined;
    if (body.method === 'logging/setLevel' && isSpecType.LoggingLevel(body.params.level)) {
      session.logLevel = body.params.level;
    }
    if (body.method !== 'notifications/cancelled') return undefined;
    const call = session.calls.get(body.params.requestId as string | number);
    if (call === undefined) return undefined;
    call.cancel(new PypesError('canceled', 'The client canceled the call'));
    return new Response(null, { status: 202 });
  }

  async function inSession(session: Session, request: Request, body: Json | undefined): Promise<Response> {
    session.open += 1;
    const response = await session.transport
      .handleRequest(request, body === undefined ? {} : { parsedBody: body })
      .catch((error: unknown) => {
        session.open -= 1;
        throw error;
      });
    // Changes are told on the one stream that a client opens for them.
    const unfollow = request.method === 'GET' && response.ok ? session.follow() : undefined;
    return whenEnded(response, () => {
      session.open -= 1;
      unfollow?.();
    });
  }

  return {
    async answer(request) {
      if (!isJsonContentType(request.headers.get('content-type'))) return undefined;
      try {
        const identified = identify(request, auth, host);
        const caller = identified instanceof Promise ? await identified : identified;
        const text = request.text();
        const body = JSON.parse(typeof text === 'string' ? text : await text) as Json;
        return await answerDirectly(request, caller, modeOf(request.url), body);
      } catch {
        // What is wrong with it is said by `fetch`.
        return undefined;
      }
    },
    async fetch(request) {
      try {
        return await route(request);
      } catch (error) {
        const failure = toPypesError(error);
        const status = httpStatus(failure.code, 'service');
        if (status >= 500)
          core.log({ level: 'error', event: 'mcp.failed', code: failure.code, message: failure.message });
        const response = refuse(status, status >= 500 ? -32_603 : -32_000, failure.message);
        if (failure.code === 'unauthorized') response.headers.set('www-authenticate', 'Bearer');
        return response;
      }
    },
    async close() {
      watch.close();
      core.tasks.end();
      await sessions.close();
      await Promise.all([...scopes.values()].map(({ handler }) => handler.close()));
      scopes.clear();
    },
  };
}

function isListen(body: Json): boolean {
  return isJsonObject(body) && body.method === 'subscriptions/listen';
}

/** `/mcp?tools=all` lists every tool, `/mcp?tools=search` none but the search. */
function modeOf(url: string): ListMode {
  const at = url.indexOf('?');
  const wanted = at < 0 ? null : new URLSearchParams(url.slice(at + 1)).get('tools');
  return wanted === 'all' || wanted === 'search' ? wanted : 'auto';
}
