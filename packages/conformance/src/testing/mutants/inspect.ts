// Endpoints that say the wrong things of themselves and their packs.
import { randomUUID } from 'node:crypto';
import { answerJson } from '../fake/http.ts';
import {
  answers,
  asked,
  type Body,
  HEALTH,
  headers,
  instead,
  json,
  type Mutants,
  PACK,
  REMOVE,
  refuse,
  status,
} from './mutate.ts';

const own = (change: (pack: Body) => unknown) =>
  json(HEALTH, (body) => ({ ...body, packs: body.packs.map((pack: Body) => change(pack)) }));
const without = (key: string) => (body: Body) => ({ ...body, [key]: undefined });

export const INSPECT_MUTANTS: Mutants = {
  'HEALTH-1': [
    ...['status', 'schema', 'version', 'host', 'pack_count'].map((key) => ({
      what: `no ${key}`,
      mutation: json(HEALTH, without(key)),
    })),
    ...['name', 'purpose', 'agent_count'].map((key) => ({ what: `packs without ${key}`, mutation: own(without(key)) })),
    ...['created_at', 'created_by'].map((key) => ({
      what: `packs without ${key}`,
      mutation: own(without(key)),
      also: ['HEALTH-6'],
    })),
    { what: 'a count of its own', mutation: json(HEALTH, (body) => ({ ...body, pack_count: body.pack_count + 1 })) },
  ] as never,
  'HEALTH-2': [
    {
      what: 'a runtime without a name',
      mutation: laterHealth((body) => ({ ...body, runtimes: [...body.runtimes, ''] })),
    },
    { what: 'one twice', mutation: json(HEALTH, (body) => ({ ...body, runtimes: [...body.runtimes, 'lispy'] })) },
    { what: 'none later', mutation: laterHealth((body) => ({ ...body, runtimes: undefined })) },
  ],
  'HEALTH-3': [
    { what: 'agents unsorted', mutation: json(PACK, (body) => ({ ...body, agents: [...body.agents].reverse() })) },
    ...['status', 'name', 'purpose', 'agent_count'].map((key) => ({
      what: `no ${key}`,
      mutation: json(PACK, without(key)),
    })),
    { what: 'no guid', mutation: json(PACK, without('pack_guid')), also: ['HEALTH-5'] },
  ] as never,
  'HEALTH-4': [
    { what: 'every pack is there', mutation: json(PACK, () => ({ status: 'ok' }), [404]), also: ['REMOVE-1'] },
    { what: 'no envelope', mutation: json(PACK, ({ message }) => ({ message }), [404]) },
    { what: 'no guid is 500', mutation: instead(/no-guid/, () => refuse(500)) },
  ],
  'HEALTH-5': [
    {
      what: 'lower case alone',
      mutation: instead(/^GET \/api\/pack\/[0-9A-F-]{36}\/healthz/, ({ path }) =>
        /[A-F]/.test(path) ? refuse(404) : undefined,
      ),
    },
  ],
  'HEALTH-6': [
    { what: 'always somebody else', mutation: own((pack) => ({ ...pack, created_by: 'me' })) },
    { what: 'always now', mutation: own((pack) => ({ ...pack, created_at: new Date().toISOString() })) },
  ],
  'HEALTH-7': [
    {
      what: 'the newest pack is not listed',
      mutation: json(HEALTH, (body) => ({
        ...body,
        packs: body.packs.slice(1),
        pack_count: body.packs.slice(1).length,
      })),
      also: ['HEALTH-1', 'HEALTH-6'],
    },
    { what: 'removed packs are listed', mutation: remembering() },
  ],
  'HEALTH-8': [
    { what: 'HEAD is refused', mutation: instead(/^HEAD/, () => refuse(405)) },
    { what: 'HEAD has a body', mutation: answers(/^HEAD/, (answer) => ({ ...answer, body: 'x' })) },
  ],
  'REMOVE-1': [
    {
      what: 'nothing is removed',
      mutation: instead(REMOVE, ({ path }) => answerJson({ status: 'ok', removed: path.slice(10) })),
      also: ['REMOVE-2', 'REMOVE-3'],
    },
    { what: 'it does not say what', mutation: json(REMOVE, () => ({ status: 'ok' })) },
    { what: 'a removal is 204', mutation: status(REMOVE, 200, 204), also: ['REMOVE-3'] },
  ],
  'REMOVE-2': [
    {
      what: 'what is not there is removed',
      mutation: answers(REMOVE, (answer) => (answer.status === 404 ? answerJson({ status: 'ok' }) : answer)),
      also: ['REMOVE-1'],
    },
    { what: 'no guid is 500', mutation: instead(/^DELETE .*no-guid/, () => refuse(500)) },
  ],
  'REMOVE-3': [
    {
      what: 'lower case alone',
      mutation: instead(REMOVE, ({ path }) => (/[A-F]/.test(path) ? refuse(404) : undefined)),
    },
  ],
  'ROUTE-1': [
    {
      what: 'another address is 200',
      mutation: instead(/\/api\/nothing/, () => answerJson({ status: 'error', message: 'no' })),
    },
    {
      what: 'a page in HTML',
      mutation: answers(/\/a\/b\/c\/d/, () => ({
        status: 404,
        headers: { 'content-type': 'text/html' },
        body: '<h1>no</h1>',
      })),
    },
  ],
  'ROUTE-2': [
    { what: 'PUT is GET', mutation: asked(/^PUT/, (request) => ({ ...request, method: 'GET' })) },
    { what: 'it does not say which', mutation: json(/^PUT/, (body) => ({ ...body, allowed: [] }), [405]) },
  ],
  'ROUTE-3': [
    { what: 'an address finds a file', mutation: instead(/%2f\.\.%2f/, () => answerJson({ status: 'ok' })) },
    { what: 'a zero is 500', mutation: instead(/%00/, () => refuse(500)) },
    { what: 'an address makes a header', mutation: headers(/%0d%0a/, (_, given) => ({ ...given, x: 'y' })) },
  ],
  'ROUTE-4': [
    { what: 'half an escape is 500', mutation: instead(/\/%\//, () => refuse(500)) },
    { what: 'it is an endpoint', mutation: instead(/%ff/, () => answerJson({ status: 'ok' })) },
  ],
  'ROUTE-5': [{ what: 'a query is another address', mutation: instead(/healthz\?/, () => refuse(404)) }],
  'ROUTE-6': [
    {
      what: 'GET calls',
      mutation: asked(/^GET .*\/agent$/, (request) => ({ ...request, method: 'POST', body: '{"name":"echo"}' })),
    },
    { what: 'GET deploys', mutation: instead(/^GET .*\/deploy$/, () => answerJson({ status: 'ok' })) },
  ],
  'ROUTE-7': [{ what: 'an unread body is the next request', mutation: leftovers() }],
  'ROUTE-8': [
    {
      what: 'a body in pieces is empty',
      mutation: asked(/./, (request) => (request.chunked ? { ...request, body: '' } : request)),
    },
    { what: 'a length is asked for', mutation: instead(/./, ({ chunked }) => (chunked ? refuse(411) : undefined)) },
  ],
  'ROUTE-9': [
    { what: 'it is 500', mutation: instead(/./, ({ body }) => (body.includes('\uFFFD') ? refuse(500) : undefined)) },
  ],
};

/** The first healthz, with which an endpoint is met, is right. */
function laterHealth(change: (body: Body) => unknown) {
  let asked = 0;
  return json(HEALTH, (body) => (++asked === 1 ? body : change(body)));
}

/** Packs that were listed once stay listed. */
function remembering() {
  const seen = new Map<string, Body>();
  return json(HEALTH, (body) => {
    for (const pack of body.packs) seen.set(pack.pack_guid, pack);
    return { ...body, packs: [...seen.values()], pack_count: seen.size };
  });
}

/** Where a body was not read, the next request on its connection begins with it. */
function leftovers(): NonNullable<Mutants[string][number]['mutation']> {
  const spoiled = new WeakSet<object>();
  return async (request, next) => {
    if (spoiled.has(request.connection)) return refuse(400);
    const answer = await next(request);
    if (request.method === 'POST' && answer.status === 404) spoiled.add(request.connection);
    return answer;
  };
}

export const SPELLING_MUTANTS: Mutants = {
  'SPELLING-1': [
    { what: 'the newer keys', mutation: newer(/^POST \/api\/swarm\/deploy/), also: 'group' },
    {
      what: 'both keys',
      mutation: json(/^POST \/api\/swarm\/deploy/, (body) => ({ ...body, pack_guid: body.swarm_guid })),
    },
    { what: 'no address', mutation: json(/^POST \/api\/swarm\/deploy/, (body) => ({ ...body, swarm_url: undefined })) },
    {
      what: 'the older schema is refused',
      mutation: instead(/^POST \/api\/swarm\/deploy/, () => refuse(400)),
      also: 'group',
    },
  ],
  'SPELLING-2': [
    { what: 'no calls in it', mutation: instead(/^POST \/api\/swarm\/.*\/agent/, () => refuse(404)), also: 'group' },
    { what: 'the newer keys in health', mutation: newer(/^GET \/api\/swarm\/.*\/healthz/) },
    { what: 'no removal in it', mutation: instead(/^DELETE \/api\/swarm/, () => refuse(404)) },
  ],
  'SPELLING-3': [
    {
      what: 'no list of agents',
      mutation: json(/^POST \/api\/swarm\/.*\/agent/, (body) => ({ ...body, available: undefined }), [404]),
    },
    { what: 'a call without a name is 500', mutation: status(/^POST \/api\/swarm\/.*\/agent/, 400, 500) },
    {
      what: 'any schema is taken',
      mutation: asked(/^POST \/api\/swarm\/deploy/, (request) => ({
        ...request,
        body: request.body.replace('rapp-swarm/9.0', 'rapp-swarm/1.0'),
      })),
    },
  ],
  'SPELLING-4': [{ what: 'packs of its own', mutation: forgetting() }],
  'SPELLING-5': [
    {
      what: 'swarm_guid is not read',
      mutation: asked(/^POST \/api\/swarm\/deploy/, (request) => ({
        ...request,
        body: request.body.replace('"swarm_guid"', '"other_guid"'),
      })),
      also: ['SPELLING-1'],
    },
  ],
  'SPELLING-6': [
    {
      what: 'outputs are renamed',
      mutation: answers(/^POST \/api\/swarm\/.*\/agent/, (answer) => ({
        ...answer,
        body: String(answer.body).replaceAll('pack_guid', 'swarm_guid'),
      })),
    },
  ],
  'SPELLING-7': [{ what: 'the newer keys in healthz', mutation: newer(/^GET \/api\/swarm\/healthz/) }],
};

function newer(pattern: RegExp) {
  return answers(pattern, (answer) => ({ ...answer, body: String(answer.body).replaceAll('swarm_', 'pack_') }));
}

/** A pack of the older spelling is another one than that of the newer. */
function forgetting(): NonNullable<Mutants[string][number]['mutation']> {
  const other = new Map<string, string>();
  return (request, next) => {
    const body = request.path.startsWith('/api/pack/deploy')
      ? request.body.replace(/"pack_guid":"([^"]+)"/, (whole, guid: string) =>
          other.has(guid) ? `"pack_guid":"${other.get(guid)}"` : whole,
        )
      : request.body;
    const [, guid] = /"swarm_guid":"([^"]+)"/.exec(request.body) ?? [];
    if (guid !== undefined) other.set(guid, randomUUID());
    return next({ ...request, body });
  };
}
