// Finds the wire route of a request: contract's table, matched segment by segment, in either spelling.
import { PypesError, SWARM_BASE, WIRE_BASE, WIRE_ROUTES, type WireRouteId } from '@pypes/contract';

/** What a request asks for. */
export type RouteMatch = {
  readonly id: WireRouteId;
  /** The `{guid}` of the path; empty where it has none. */
  readonly guid: string;
  readonly spelling: 'pack' | 'swarm';
};

const GUID = '{guid}';
const ROUTES = WIRE_ROUTES.map(({ id, method, path }) => ({ id, method, segments: path.slice(1).split('/') }));
/** Segments that are never a guid. */
const LITERALS = new Set(ROUTES.flatMap(({ segments }) => segments).filter((segment) => segment !== GUID));

/**
 * The route of a request; HEAD is answered like GET.
 *
 * @throws PypesError `not_found`, `method_not_allowed` with the methods that there are, `invalid_request`
 */
export function matchRoute(method: string, url: string): RouteMatch {
  const path = pathOf(url);
  if (path.length > LONGEST_KEPT) return findRoute(method, path);
  const asked = `${method} ${path}`;
  let found = foundLately.get(asked);
  if (found === undefined) {
    found = findRoute(method, path);
    if (foundLately.size >= MOST_KEPT) foundLately.clear();
    foundLately.set(asked, found);
  }
  return found;
}

/** Nearly all calls go to a few addresses, and cutting one up costs as much as a policy. Nobody can make it grow. */
const foundLately = new Map<string, RouteMatch>();
const MOST_KEPT = 256;
const LONGEST_KEPT = 128;

function findRoute(method: string, path: string): RouteMatch {
  const spelling = path.startsWith(`${WIRE_BASE}/`) ? 'pack' : path.startsWith(`${SWARM_BASE}/`) ? 'swarm' : undefined;
  if (spelling === undefined) throw nothingAt(path);
  const segments = path.slice((spelling === 'pack' ? WIRE_BASE : SWARM_BASE).length + 1).split('/');
  const wanted = method === 'HEAD' ? 'GET' : method;
  const allowed: string[] = [];
  for (const route of ROUTES) {
    if (!fits(route.segments, segments)) continue;
    if (route.method === wanted) {
      const place = route.segments.indexOf(GUID);
      return { id: route.id, guid: place < 0 ? '' : decode(segments[place] as string), spelling };
    }
    allowed.push(route.method);
  }
  if (allowed.length === 0) throw nothingAt(path);
  throw new PypesError('method_not_allowed', `${path} does not take ${method}, it takes ${allowed.join(', ')}`, {
    details: { allowed },
  });
}

function fits(wanted: readonly string[], got: readonly string[]): boolean {
  if (wanted.length !== got.length) return false;
  for (let index = 0; index < wanted.length; index++) {
    const segment = got[index] as string;
    if (wanted[index] === GUID ? segment === '' || LITERALS.has(segment) : wanted[index] !== segment) return false;
  }
  return true;
}

const QUESTION_MARK = 0x3f;
const NUMBER_SIGN = 0x23;

/** The path of an absolute address, without parsing all of it. */
function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('//') + 2);
  if (start < 0) return '/';
  for (let at = start; at < url.length; at++) {
    const code = url.charCodeAt(at);
    if (code === QUESTION_MARK || code === NUMBER_SIGN) return url.slice(start, at);
  }
  return url.slice(start);
}

function decode(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new PypesError('invalid_request', `"${segment}" is no part of an address`);
  }
}

function nothingAt(path: string): PypesError {
  return new PypesError('not_found', `Nothing is at ${path}; GET ${WIRE_BASE}/healthz says what is`);
}
