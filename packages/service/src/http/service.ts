// The service: one fetch handler over a host, which every back end mounts (spec 2).
import {
  httpStatus,
  PypesError,
  SWARM_BASE,
  toPypesError,
  WIRE_BASE,
  WIRE_ROUTES,
  type WireRouteId,
} from '@pypes/contract';
import type { Host } from '@pypes/host';
import { Hono } from 'hono';
import { answerError, answerJson } from './answers.ts';
import type { ServiceAuth } from './auth.ts';
import { addCorsHeaders, answerPreflight, checkGate, type GateOptions } from './gate.ts';
import type { LogEntry } from './log.ts';
import { toSwarmAnswer } from './spelling.ts';
import { WIRE_HANDLERS, type WireContext } from './wire.ts';

/** What a service needs to know. */
export type ServiceOptions = GateOptions & {
  readonly version: string;
  /** What the service calls itself in healthz. */
  readonly hostName: string;
  readonly auth?: ServiceAuth;
  readonly log?: (entry: LogEntry) => void;
};

/** A web-standard request handler. Never rejects. */
export interface Service {
  fetch(request: Request): Promise<Response>;
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
  };
  const app = new Hono();
  for (const route of WIRE_ROUTES) {
    const path = route.path.replace('{guid}', ':guid');
    app.on(route.method, WIRE_BASE + path, (c) => answer(route.id, c.req.raw, c.req.param('guid') ?? '', 'pack'));
    app.on(route.method, SWARM_BASE + path, (c) => answer(route.id, c.req.raw, c.req.param('guid') ?? '', 'swarm'));
  }
  app.notFound((c) => answerError(noRoute(c.req.method, c.req.path)));
  app.onError((error) => failed(error, 'unrouted'));

  async function answer(
    id: WireRouteId,
    request: Request,
    guid: string,
    spelling: 'pack' | 'swarm',
  ): Promise<Response> {
    try {
      const body = await WIRE_HANDLERS[id](request, guid, context);
      if (id === 'deploy' || id === 'remove') log({ level: 'info', event: `pack.${id}`, status: 200, pack: guid });
      return answerJson(spelling === 'swarm' ? toSwarmAnswer(body) : body);
    } catch (error) {
      return failed(error, id);
    }
  }

  function failed(error: unknown, route: string): Response {
    const failure = toPypesError(error);
    const status = httpStatus(failure.code, 'wire');
    const level = failure.code === 'internal' ? 'error' : status >= 500 ? 'warn' : 'debug';
    const stack = failure.code === 'internal' && error instanceof Error ? { stack: error.stack ?? '' } : {};
    log({ level, event: 'request.failed', route, status, code: failure.code, message: failure.message, ...stack });
    return answerError(failure);
  }

  return {
    async fetch(request) {
      let origin: string | undefined;
      try {
        origin = checkGate(request, options).origin;
      } catch (error) {
        return failed(error, 'gate');
      }
      if (origin === undefined) return app.fetch(request);
      if (request.method === 'OPTIONS') return answerPreflight(request, origin);
      return addCorsHeaders(await app.fetch(request), origin);
    },
  };
}

function noRoute(method: string, path: string): PypesError {
  const known = WIRE_ROUTES.filter((route) => matches(route.path, path)).map((route) => route.method);
  if (known.length === 0)
    return new PypesError('not_found', `Nothing is at ${path}; GET ${WIRE_BASE}/healthz says what is`);
  return new PypesError('method_not_allowed', `${path} does not take ${method}, it takes ${known.join(', ')}`, {
    details: { allowed: known },
  });
}

function matches(pattern: string, path: string): boolean {
  const base = path.startsWith(SWARM_BASE) ? SWARM_BASE : WIRE_BASE;
  const wanted = (base + pattern).split('/');
  const got = path.split('/');
  return (
    wanted.length === got.length &&
    wanted.every((part, index) => part === got[index] || (part === '{guid}' && !LITERALS.has(got[index] ?? '')))
  );
}

/** Path parts that are never a guid. */
const LITERALS = new Set(WIRE_ROUTES.flatMap((route) => route.path.split('/')).filter((part) => !part.includes('{')));
