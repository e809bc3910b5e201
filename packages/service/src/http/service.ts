// The service: one fetch handler over a host, which every back end mounts (spec 2).
import { type ApprovalStore, httpStatus, isJsonObject, toPypesError } from '@pypes/contract';
import { isRemotePath } from '@pypes/contract/remote';
import type { Host } from '@pypes/host';
import { answerAi, isAiPath } from './ai/routes.ts';
import { type Answer, errorAnswer, jsonAnswer, toResponse } from './answers.ts';
import { answerApprovals, isApprovalsPath } from './approvals/routes.ts';
import type { ServiceAuth } from './auth.ts';
import { addCorsHeaders, answerPreflight, checkGate, type GateOptions } from './gate.ts';
import type { LogEntry } from './log.ts';
import { matchRoute } from './router.ts';
import { toSwarmAnswer } from './spelling.ts';
import { createRunsService, isRunsPath, type RunsOptions } from './v1/index.ts';
import { WIRE_HANDLERS, type WireContext } from './wire.ts';
import type { WireRequest } from './wire-request.ts';

/** What a service needs to know. */
export type ServiceOptions = GateOptions & {
  readonly version: string;
  /** What the service calls itself in healthz. */
  readonly hostName: string;
  readonly auth?: ServiceAuth;
  readonly log?: (entry: LogEntry) => void;
  /** Requests for a person's yes; absent: nobody can be asked. */
  readonly approvals?: ApprovalStore;
  /** The run library behind `/v1`, `/openapi.json` and `/metrics`; absent: they are not there. */
  readonly runs?: RunsOptions;
  /** The MCP door behind `/mcp`, which never rejects; absent: it is not there. */
  readonly mcp?: (request: Request) => Promise<Response>;
  /** What of it needs no Request; undefined: this does. Never rejects. */
  readonly mcpAnswer?: (request: WireRequest) => Promise<Answer | Response | undefined>;
  /**
   * What begins with `/api/remote/`, which never rejects: the door at which other hosts run files, or the one at which
   * an endpoint that runs files for this host asks their contexts. Absent: it is not there.
   */
  readonly remote?: (request: Request) => Promise<Response>;
  /**
   * Resolves when the requests that arrived together have all been read: then their calls run one after another, and
   * their answers leave one after another. A processor that stays with one kind of work is a third faster at it.
   */
  readonly gather?: () => Promise<void>;
};

/** A web-standard request handler. */
export interface Service {
  /** Never rejects. */
  fetch(request: Request): Promise<Response>;
  /**
   * The same for a request of the wire contract, or to the MCP door, that names no Origin, without a Request and a
   * Response, which cost a back end as much as the rest of a small call. A Response where it comes bit by bit.
   * Undefined: nothing has happened yet, and `fetch` has to answer it. Never rejects.
   */
  answer(request: WireRequest): Promise<Answer | Response | undefined>;
}

/**
 * The service over a host.
 *
 * @example
 * const service = createService(host, { version: '0.1.0', hostName: 'node' });
 * const response = await service.fetch(new Request('http://127.0.0.1/api/pack/healthz'));
 */
export function createService(host: Host, options: ServiceOptions): Service {
  const log = options.log ?? (() => undefined);
  const context: WireContext = {
    host,
    auth: options.auth ?? { required: false },
    version: options.version,
    hostName: options.hostName,
    offers: ['bundles', ...(options.runs === undefined ? [] : ['runs']), ...(options.mcp === undefined ? [] : ['mcp'])],
    ...(options.gather === undefined ? {} : { gather: options.gather }),
  };

  const runs = options.runs === undefined ? undefined : createRunsService(options.runs, { auth: context.auth, log });

  async function route(request: WireRequest): Promise<Answer> {
    let route = 'none';
    try {
      const { id, guid, spelling } = matchRoute(request.method, request.url);
      route = id;
      const body = await WIRE_HANDLERS[id](request, guid, context);
      if (id === 'deploy' || id === 'remove') {
        const pack = isJsonObject(body) ? String(body.pack_guid ?? guid) : guid;
        log({ level: 'info', event: `pack.${id}`, status: 200, pack });
      }
      return jsonAnswer(spelling === 'swarm' ? toSwarmAnswer(body) : body);
    } catch (error) {
      return failed(error, route);
    }
  }

  function failed(error: unknown, route: string): Answer {
    const failure = toPypesError(error);
    const status = httpStatus(failure.code, 'wire');
    const level = failure.code === 'internal' ? 'error' : status >= 500 ? 'warn' : 'debug';
    const stack = failure.code === 'internal' && error instanceof Error ? { stack: error.stack ?? '' } : {};
    log({ level, event: 'request.failed', route, status, code: failure.code, message: failure.message, ...stack });
    return errorAnswer(failure);
  }

  /** The answer of whichever door the address is of. No promise of its own: that would cost every request some turns. */
  function answerOf(request: Request, origin: string | undefined, isRuns: boolean): Promise<Response> {
    if (runs !== undefined && isRuns) return runs.fetch(request);
    if (options.mcp !== undefined && isMcpPath(request.url)) return options.mcp(request);
    // Signed by other hosts, which are no web pages.
    if (options.remote !== undefined && origin === undefined && isRemotePath(request.url)) {
      return options.remote(request);
    }
    if (isAiPath(request.url) && request.method !== 'OPTIONS') return answerAi(request, context);
    if (isApprovalsPath(request.url) && request.method !== 'OPTIONS') {
      return answerApprovals(request, { auth: context.auth, approvals: options.approvals });
    }
    return route(request).then((answered) => {
      const response = toResponse(answered);
      return request.method === 'HEAD' ? new Response(null, response) : response;
    });
  }

  return {
    answer(request) {
      try {
        checkGate(request, options);
      } catch (error) {
        return Promise.resolve(failed(error, 'gate'));
      }
      return isMcpPath(request.url) ? (options.mcpAnswer?.(request) ?? NOTHING) : route(request);
    },
    fetch(request) {
      const isRuns = runs !== undefined && isRunsPath(request.url);
      let origin: string | undefined;
      try {
        origin = checkGate(request, options).origin;
      } catch (error) {
        return Promise.resolve((isRuns ? runs?.refuse(error) : undefined) ?? toResponse(failed(error, 'gate')));
      }
      if (origin === undefined) return answerOf(request, origin, isRuns);
      const page = origin;
      if (request.method === 'OPTIONS') return Promise.resolve(answerPreflight(request, page));
      return answerOf(request, page, isRuns).then((answered) => addCorsHeaders(answered, page));
    },
  };
}

const NOTHING = Promise.resolve(undefined);

/** `/mcp`, with or without a query. */
function isMcpPath(url: string): boolean {
  const at = url.indexOf('/', url.indexOf('//') + 2);
  return url.startsWith('/mcp', at) && (url.length === at + 4 || url[at + 4] === '?');
}
