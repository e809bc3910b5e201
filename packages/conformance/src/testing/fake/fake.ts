// An endpoint in memory that passes every check, so that tests can make it wrong in one way at a time.
import { createHash, randomUUID } from 'node:crypto';
import { LANGUAGES } from '../../agents/agents.ts';
import type { Args, FakeAgent } from './agents.ts';
import { answerJson, type FakeAnswer, type FakeRequest, type Handler, type Mutation } from './http.ts';
import { callPack, openFiles, type Pack, Refused, readBundle, toGuid } from './packs.ts';
import { createFakeRuns } from './runs.ts';

export type FakeOptions = {
  readonly mutation?: Mutation | undefined;
  /** Agents of the suite that behave otherwise. */
  readonly agents?: { readonly [name: string]: FakeAgent['run'] } | undefined;
  /** Packs have no tokens. */
  readonly open?: boolean;
};

export type Fake = { readonly handle: Handler; readonly packs: ReadonlyMap<string, Pack> };

const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
const MOST_BYTES = 64 * 1024 * 1024;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const OLDER: Args = { pack_guid: 'swarm_guid', pack_url: 'swarm_url', packs: 'swarms', pack_count: 'swarm_count' };

export function createFake({ mutation, agents = {}, open = false }: FakeOptions = {}): Fake {
  const packs = new Map<string, Pack>();
  const runs = createFakeRuns((guid) => packs.get(toGuid(guid) ?? ''));

  async function route(request: FakeRequest): Promise<FakeAnswer> {
    const { method, path, headers } = request;
    const [address = '', query = ''] = path.split('?');
    if (!LOCAL_HOST.test(headers.host ?? '')) throw new Refused(403, 'another host');
    const { origin } = headers;
    if (origin !== undefined && !LOCAL_ORIGIN.test(origin)) throw new Refused(403, 'another origin');
    if (method === 'OPTIONS') return preflight();
    if (address.startsWith('/v1/') || address === '/openapi.json') return runs.handle(request, address, query);
    const found = /^\/api\/(pack|swarm)\/([^/]+)(?:\/([^/]+))?$/.exec(address);
    if (found === null) throw new Refused(404, 'nothing is here');
    const [, spelling, first = '', second] = found;
    const answer = await wire(request, decode(first), second, spelling as 'pack' | 'swarm');
    return spelling === 'swarm' ? answerJson(older(answer)) : answerJson(answer);
  }

  async function wire(
    { method, body, headers, chunked }: FakeRequest,
    id: string,
    what: string | undefined,
    spelling: string,
  ) {
    if (id === 'healthz' && what === undefined) {
      if (method !== 'GET' && method !== 'HEAD') throw new Refused(405, 'another method', { allowed: ['GET'] });
      return health(spelling);
    }
    if (id === 'deploy' && what === undefined) {
      if (method !== 'POST') throw new Refused(405, 'another method', { allowed: ['POST'] });
      return deploy(readBody(body, chunked), headers, spelling);
    }
    const pack = packs.get(toGuid(id) ?? '');
    if (what === undefined && method === 'DELETE') return remove(find(pack), headers);
    if (what === 'healthz' && method === 'GET') return packHealth(find(pack));
    if (what === 'bundle' && method === 'GET') return bundle(find(pack), headers);
    if (what === 'agent') {
      if (method !== 'POST') throw new Refused(405, 'another method', { allowed: ['POST'] });
      return call(pack, readBody(body, chunked), headers);
    }
    throw new Refused(404, 'nothing is here');
  }

  function deploy(body: Args, headers: Args, spelling: string) {
    const { guid, files, skipped } = readBundle(body);
    const existing = packs.get(guid);
    if (existing !== undefined) authorize(existing, headers);
    const token = open ? {} : { token: `pt_${randomUUID()}` };
    const pack: Pack = {
      guid,
      manifest: { created_at: existing?.manifest.created_at ?? new Date().toISOString(), ...body },
      fileCount: files.size,
      files,
      memories: existing?.memories ?? new Map(),
      ...openFiles(files, agents),
      ...token,
    };
    packs.set(guid, pack);
    return {
      status: 'ok',
      pack_guid: guid,
      name: body.name ?? 'unnamed',
      pack_url: `/api/${spelling}/${guid}/agent`,
      info_url: `/api/${spelling}/${guid}/healthz`,
      agent_count: files.size,
      ...(skipped.length === 0 ? {} : { skipped }),
      ...(pack.token === undefined ? {} : { pack_token: pack.token }),
    };
  }

  async function call(pack: Pack | undefined, body: Args, headers: Args) {
    const found = find(pack);
    authorize(found, headers);
    const { name, args, user_guid } = body;
    if (typeof name !== 'string' || name === '') throw new Refused(400, 'no name');
    return { status: 'ok', output: await callPack(found, name, args, toGuid(user_guid)) };
  }

  function health(spelling: string) {
    const all = [...packs.values()].map(({ guid, manifest, agents: { size } }) => ({
      pack_guid: guid,
      name: manifest.name,
      purpose: manifest.purpose ?? '',
      agent_count: size,
      created_at: manifest.created_at,
      created_by: manifest.created_by ?? '',
    }));
    return {
      status: 'ok',
      schema: spelling === 'swarm' ? 'rapp-swarm/1.0' : 'pack/1.0',
      version: '1',
      host: 'fake',
      runtimes: [...LANGUAGES, 'component'],
      offers: ['bundles', 'runs'],
      pack_count: all.length,
      packs: all,
    };
  }

  function bundle(pack: Pack, headers: Args) {
    authorize(pack, headers);
    const agents = [...pack.files].map(([filename, source]) => ({ filename, source, sha256: sha256(source) }));
    return { ...pack.manifest, schema: 'pack/1.0', pack_guid: pack.guid, agents };
  }

  function remove(pack: Pack, headers: Args) {
    authorize(pack, headers);
    packs.delete(pack.guid);
    return { status: 'ok', removed: pack.guid };
  }

  const handle: Handler = async (request) => {
    let answer: FakeAnswer;
    try {
      answer = await route(request);
    } catch (error) {
      answer = refusal(error, request);
    }
    if (request.method === 'HEAD') answer = { ...answer, body: '' };
    const { origin } = request.headers;
    if (origin === undefined || !LOCAL_ORIGIN.test(origin)) return answer;
    return { ...answer, headers: { ...answer.headers, 'access-control-allow-origin': origin, vary: 'Origin' } };
  };
  return { handle: mutation === undefined ? handle : async (request) => mutation(request, handle), packs };
}

function packHealth({ guid, manifest, agents, quarantined, shadowed }: Pack) {
  return {
    status: 'ok',
    pack_guid: guid,
    name: manifest.name,
    purpose: manifest.purpose ?? '',
    agent_count: agents.size,
    agents: [...agents.keys()].sort(),
    ...(quarantined.length === 0 ? {} : { quarantined }),
    ...(shadowed.length === 0 ? {} : { shadowed }),
  };
}

function readBody(body: string, chunked: boolean): Args {
  if (body.length > MOST_BYTES) throw new Refused(413, chunked ? 'too large, in pieces' : 'too large');
  let value: unknown;
  try {
    value = JSON.parse(body.trim() === '' ? '{}' : body);
  } catch {
    throw new Refused(400, 'no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refused(400, 'no object');
  return value as Args;
}

function find(pack: Pack | undefined): Pack {
  if (pack === undefined) throw new Refused(404, 'unknown pack');
  return pack;
}

function authorize({ token }: Pack, { authorization }: Args): void {
  if (token === undefined || authorization === `Bearer ${token}`) return;
  throw new Refused(/^Bearer +\S/.test(String(authorization)) ? 403 : 401, 'another token');
}

function refusal(error: unknown, { path }: FakeRequest): FakeAnswer {
  const { status = 500, message, more = {} } = error as Partial<Refused> & Error;
  const headers = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
  if (!path.startsWith('/v1/')) return answerJson({ ...more, status: 'error', message }, status, headers);
  const details = Object.keys(more).length === 0 ? {} : { details: more };
  return answerJson(
    { error: { type: `status_${status}`, message, ...details, retryable: false, source: 'fake' } },
    status,
  );
}

function preflight(): FakeAnswer {
  const headers = {
    'access-control-allow-methods': 'GET, POST, DELETE',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-allow-private-network': 'true',
  };
  return { status: 204, headers, body: '' };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refused(400, 'no address');
  }
}

/** Keys by their older names; never those of an output. */
function older(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(older);
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, each]) => [OLDER[key] ?? key, key === 'output' ? each : older(each)]));
}
