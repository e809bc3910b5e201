// Finds the route of a request in contract's table, from the address as it was sent.
import { PypesError } from '@pypes/contract';
import { RUNS_ROUTES, type RunsRoute } from '@pypes/contract/runs';

/** What a request asks for. */
export type RunsMatch = {
  readonly route: RunsRoute;
  readonly id: string;
  readonly path: string;
  readonly query: string;
};

const ROUTES: readonly RunsRoute[] = RUNS_ROUTES;
const TABLE = ROUTES.map((route) => ({ route, segments: route.path.slice(1).split('/') }));

/** Whether the address is one of this door's; the AI gateway has some of `/v1` for itself. */
export function isRunsPath(url: string): boolean {
  // Most requests are for other doors: they are told apart without cutting up the address.
  const at = url.indexOf('/', url.indexOf('//') + 2);
  if (!['/v1/', '/openapi.json', '/metrics'].some((start) => url.startsWith(start, at))) return false;
  const { path } = split(url);
  if (path === '/openapi.json' || path === '/metrics') return true;
  return path.startsWith('/v1/') && !/^\/v1\/(models|chat)(\/|$)/.test(path);
}

/**
 * The route of a request; HEAD is answered like GET.
 *
 * @throws PypesError `not_found`, `method_not_allowed` with the methods that there are, `invalid_request`
 */
export function matchRunsRoute(method: string, url: string): RunsMatch {
  const { path, query } = split(url);
  const segments = path.slice(1).split('/');
  const wanted = method === 'HEAD' ? 'GET' : method;
  const fitting = TABLE.filter((row) => fits(row.segments, segments));
  const found = fitting.find(({ route }) => route.method === wanted);
  if (found !== undefined) {
    const rest = found.segments.includes('{path}') ? segments.slice(found.segments.length - 1) : [];
    const id = found.segments.includes('{id}') ? decode(segments[2] as string) : '';
    return { route: found.route, id, path: rest.map(decode).join('/'), query };
  }
  if (fitting.length === 0) {
    throw new PypesError('not_found', `Nothing is at ${path.slice(0, 200)}; GET /openapi.json says what is`);
  }
  const allowed = fitting
    .flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]))
    .join(', ');
  throw new PypesError('method_not_allowed', `${path.slice(0, 200)} does not take ${method}, it takes ${allowed}`, {
    details: { allowed },
  });
}

function fits(wanted: readonly string[], got: readonly string[]): boolean {
  const isOpen = wanted.at(-1) === '{path}';
  if (isOpen ? got.length < wanted.length : got.length !== wanted.length) return false;
  return wanted.every((segment, index) => {
    const given = got[index] as string;
    return segment.startsWith('{') ? given !== '' : segment === given;
  });
}

/** Path and query of an absolute address, nothing of it changed. */
function split(url: string): { readonly path: string; readonly query: string } {
  const start = url.indexOf('/', url.indexOf('//') + 2);
  const rest = start < 0 ? '/' : (url.slice(start).split('#')[0] as string);
  const mark = rest.indexOf('?');
  return mark < 0 ? { path: rest, query: '' } : { path: rest.slice(0, mark), query: rest.slice(mark + 1) };
}

function decode(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new PypesError('invalid_request', `"${segment.slice(0, 100)}" is no part of an address`);
  }
}
