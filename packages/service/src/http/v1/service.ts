// The `/v1` doors: reads a request in one fixed order, hands it to its handler, and answers every failure (spec 5).
import { type Json, PypesError, toPypesError } from '@pypes/contract';
import type { RunsRoute, RunsRouteId } from '@pypes/contract/runs';
import type { ServiceAuth } from '../auth.ts';
import type { LogEntry } from '../log.ts';
import { answerFailure } from './answers.ts';
import { createReadCaller } from './auth/caller.ts';
import { createReadBody } from './body.ts';
import type { RunsOptions } from './door.ts';
import { RUNS_HANDLERS } from './handlers/index.ts';
import { readQuery } from './query.ts';
import { matchRunsRoute } from './router.ts';

/** The doors. Never rejects. */
export interface RunsService {
  fetch(request: Request): Promise<Response>;
  /** The answer to a request that the gate did not let in. */
  refuse(error: unknown): Response;
}

const BODY_BYTES = 2 * 1024 * 1024;
const EVAL_BODY_BYTES = 16 * 1024 * 1024;

/** The `/v1` doors over a run library. */
export function createRunsService(
  options: RunsOptions,
  { auth, log }: { readonly auth: ServiceAuth; readonly log: (entry: LogEntry) => void },
): RunsService {
  const readCaller = createReadCaller(options.auth, auth);
  const readBody = createReadBody(options.schemas);
  const mostBytes = (id: string) =>
    id === 'evaluate' ? (options.evalBodyBytes ?? EVAL_BODY_BYTES) : (options.bodyBytes ?? BODY_BYTES);

  async function answer(request: Request, matched: ReturnType<typeof matchRunsRoute>): Promise<Response> {
    const { route, id, path } = matched;
    // Who may not ask learns nothing of what else is wrong.
    const { tenant } = route.scope === undefined ? { tenant: '' } : await readCaller(request, route.scope);
    const query = route.scope === undefined ? new Map() : readQuery(matched.query, route);
    const body = await readBody(request, route, mostBytes(route.id));
    const ref = { tenant, run_id: id };
    return RUNS_HANDLERS[route.id as RunsRouteId]({ request, route, options, tenant, ref, path, query, body });
  }

  function failed(thrown: unknown, route?: RunsRoute): Response {
    const error = toPypesError(thrown);
    const response = answerFailure(error.code === 'internal' ? unsaid(error) : error, route);
    const { status } = response;
    const level = error.code === 'internal' ? 'error' : status >= 500 ? 'warn' : 'debug';
    const stack: { readonly stack?: Json } =
      error.code === 'internal' && thrown instanceof Error ? { stack: thrown.stack ?? '' } : {};
    const { code, message } = error;
    log({ level, event: 'runs.request.failed', route: route?.id ?? 'none', status, code, message, ...stack });
    return response;
  }

  return {
    async fetch(request) {
      let route: RunsRoute | undefined;
      try {
        const matched = matchRunsRoute(request.method, request.url);
        route = matched.route;
        return forMethod(request, await answer(request, matched));
      } catch (error) {
        return forMethod(request, failed(error, route));
      }
    },
    refuse: (error) => failed(error),
  };
}

/** HEAD has the headers of GET. */
async function forMethod(request: Request, response: Response): Promise<Response> {
  if (request.method !== 'HEAD' || response.body === null) return response;
  await response.body.cancel();
  return new Response(null, response);
}

/** What broke inside may name what is nobody's business; the log has it. */
function unsaid(error: PypesError): PypesError {
  return new PypesError('internal', 'The service failed; its log says why', { cause: error });
}
