// The wire routes as data: the service mounts them, the client calls them, the documentation lists them (spec 2).

/** One route of the wire contract. */
export type WireRoute = {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `{guid}` stands for a pack guid. */
  readonly path: string;
  readonly summary: string;
  /** Every status that the route may answer, success first. */
  readonly statuses: readonly number[];
};

/** What the paths begin with. */
export const WIRE_BASE = '/api/pack';
/** The older spelling of {@link WIRE_BASE}: the same routes with `swarm` for `pack` in path and keys. */
export const SWARM_BASE = '/api/swarm';

export const WIRE_ROUTES = [
  {
    id: 'deploy',
    method: 'POST',
    path: '/deploy',
    summary: 'Deploy a pack/1.0 bundle, new or in place',
    statuses: [200, 400, 401, 403, 413, 423, 429, 500],
  },
  {
    id: 'call',
    method: 'POST',
    path: '/{guid}/agent',
    summary: 'Call an agent of a pack',
    statuses: [200, 400, 401, 403, 404, 413, 429, 500, 501, 504],
  },
  {
    id: 'health',
    method: 'GET',
    path: '/healthz',
    summary: 'The host and its packs',
    statuses: [200],
  },
  {
    id: 'packHealth',
    method: 'GET',
    path: '/{guid}/healthz',
    summary: 'A pack, its agents and its quarantined files',
    statuses: [200, 401, 403, 404],
  },
  {
    id: 'bundle',
    method: 'GET',
    path: '/{guid}/bundle',
    summary: 'A deployed pack as the bundle it came as',
    statuses: [200, 401, 403, 404],
  },
  {
    id: 'remove',
    method: 'DELETE',
    path: '/{guid}',
    summary: 'Remove a pack with its memory',
    statuses: [200, 401, 403, 404, 423],
  },
] as const satisfies readonly WireRoute[];

/** The id of a wire route. */
export type WireRouteId = (typeof WIRE_ROUTES)[number]['id'];

/** The path of a route for one pack. */
export function wirePath(id: WireRouteId, guid = ''): string {
  const route = WIRE_ROUTES.find((candidate) => candidate.id === id);
  return WIRE_BASE + (route?.path ?? '').replace('{guid}', encodeURIComponent(guid));
}
