// Endpoints that let in whom they should not.
import { get } from 'node:http';
import { LANGUAGES } from '../../agents/agents.ts';
import type { FakeRequest, Mutation } from '../fake/http.ts';
import {
  answers,
  asked,
  CALL,
  DEPLOY,
  HEALTH,
  header,
  headers,
  instead,
  json,
  type Mutant,
  type Mutants,
  parse,
  REMOVE,
  refuse,
} from './mutate.ts';

const ALLOWED = 'access-control-allow-origin';
const isForeign = ({ headers: { origin = '' } }: FakeRequest) =>
  origin !== '' && !/^https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/.test(origin);
/** Pages of other origins are taken for none at all, at these addresses. */
const letIn = (pattern: RegExp, isLet = isForeign): Mutation =>
  asked(pattern, (request) =>
    isLet(request) ? { ...request, headers: { ...request.headers, origin: 'http://localhost' } } : request,
  );
const without =
  (...names: readonly string[]) =>
  (_: FakeRequest, given: { readonly [name: string]: string }) =>
    Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));
const looksLocal = ({ headers: { origin = '' } }: FakeRequest) =>
  isForeign({ headers: { origin } } as never) && /localhost|127\.0\.0\.1/.test(origin);

export const PAGE_MUTANTS: Mutants = {
  'CORS-1': [
    { what: 'nobody may', mutation: headers(/^(GET|HEAD)/, without(ALLOWED)), also: ['CORS-4', 'CORS-6'] },
    {
      what: 'by one name of it alone',
      mutation: headers(HEALTH, (request, given) =>
        request.headers.origin?.includes('127.') ? without(ALLOWED)(request, given) : given,
      ),
    },
    {
      what: 'pages are refused',
      mutation: instead(HEALTH, ({ headers: { origin } }) => (origin === undefined ? undefined : refuse(403))),
      also: ['CORS-6'],
    },
  ],
  'CORS-2': [
    { what: 'OPTIONS is another method', mutation: instead(/^OPTIONS/, () => refuse(405)), also: ['CORS-3'] },
    { what: 'no headers', mutation: headers(/^OPTIONS/, without('access-control-allow-headers')) },
    { what: 'no methods', mutation: headers(/^OPTIONS/, without('access-control-allow-methods')) },
    { what: 'no origin', mutation: headers(/^OPTIONS/, without(ALLOWED)) },
  ],
  'CORS-3': [{ what: 'it is not', mutation: headers(/^OPTIONS/, without('access-control-allow-private-network')) }],
  'CORS-4': [
    {
      what: 'it may not',
      mutation: answers(/./, (answer, request) =>
        answer.status === 404 ? { ...answer, headers: without(ALLOWED)(request, answer.headers) } : answer,
      ),
    },
  ],
  'CORS-5': [
    {
      what: 'no page deploys',
      mutation: instead(DEPLOY, ({ headers: { origin } }) => (origin === undefined ? undefined : refuse(403))),
    },
    {
      what: 'no page calls',
      mutation: instead(CALL, ({ headers: { origin } }) => (origin === undefined ? undefined : refuse(403))),
    },
  ],
  'CORS-6': [{ what: 'it does not', mutation: headers(/./, without('vary')) }],
  'CORS-7': [
    {
      what: 'every page may',
      mutation: headers(/^GET/, ({ headers: { origin } }, given) =>
        origin === undefined ? given : { ...given, [ALLOWED]: origin },
      ),
    },
    {
      what: 'every page may read failures',
      mutation: answers(/^GET/, (answer) =>
        answer.status === 403 ? { ...answer, headers: { ...answer.headers, [ALLOWED]: '*' } } : answer,
      ),
    },
    {
      what: 'a name that looks like it is',
      mutation: headers(/^GET/, (request, given) =>
        looksLocal(request) ? { ...given, [ALLOWED]: request.headers.origin ?? '' } : given,
      ),
    },
    {
      what: 'null is nobody',
      mutation: headers(/^GET/, (request, given) =>
        request.headers.origin === 'null' ? { ...given, [ALLOWED]: 'null' } : given,
      ),
    },
  ],
  'CORS-8': [
    {
      what: 'it is',
      mutation: headers(/^OPTIONS/, (_, given) => ({ ...given, 'access-control-allow-private-network': 'true' })),
    },
    {
      what: 'every origin is told what it may send',
      mutation: headers(/^OPTIONS/, ({ headers: { origin = '' } }, given) => ({ ...given, [ALLOWED]: origin })),
    },
  ],
  'CORS-9': [
    { what: 'it does', mutation: letIn(DEPLOY) },
    {
      what: 'it does as text',
      mutation: letIn(DEPLOY, (request) => isForeign(request) && request.headers['content-type'] === 'text/plain'),
    },
    { what: 'a page of no origin does', mutation: letIn(DEPLOY, ({ headers: { origin } }) => origin === 'null') },
    { what: 'a name that looks like it is does', mutation: letIn(DEPLOY, looksLocal) },
    { what: 'it is refused when it is done', mutation: done(), also: ['CORS-10'] },
  ],
  'CORS-10': [{ what: 'it does', mutation: letIn(/^POST \/api\/swarm\/deploy/) }],
  'CORS-11': [
    { what: 'it calls', mutation: letIn(CALL) },
    { what: 'it removes', mutation: letIn(REMOVE) },
  ],
  'CORS-12': [
    {
      what: 'it is',
      mutation: headers(/^OPTIONS/, (_, given) => ({ ...given, 'access-control-allow-credentials': 'true' })),
    },
  ],
  'HOST-1': [
    { what: 'any name', mutation: header('host', 'localhost'), also: 'group' },
    {
      what: 'names that look like it',
      mutation: asked(HEALTH, (request) =>
        /^(localhost|127)/.test(request.headers.host ?? '')
          ? { ...request, headers: { ...request.headers, host: 'localhost' } }
          : request,
      ),
    },
    {
      what: 'addresses',
      mutation: asked(HEALTH, (request) =>
        /^[\d.]+$/.test(request.headers.host ?? '')
          ? { ...request, headers: { ...request.headers, host: 'localhost' } }
          : request,
      ),
    },
  ],
  'HOST-2': [
    {
      what: 'a page of its own name',
      mutation: asked(DEPLOY, (request) =>
        request.headers.origin === `http://${request.headers.host}`
          ? { ...request, headers: { ...request.headers, host: 'localhost', origin: 'http://localhost' } }
          : request,
      ),
    },
    { what: 'it is refused when it is done', mutation: done() },
  ],
  'HOST-3': [
    {
      what: 'its own port alone',
      mutation: instead(/./, ({ headers: { host = '' } }) => (host.endsWith(':9999') ? refuse(403) : undefined)),
    },
    {
      what: 'small letters alone',
      mutation: instead(/./, ({ headers: { host = '' } }) => (/[A-Z]/.test(host) ? refuse(403) : undefined)),
    },
    {
      what: 'by one name alone',
      mutation: instead(/./, ({ headers: { host = '' } }) => (host.startsWith('localhost:') ? refuse(403) : undefined)),
    },
  ],
};

/** Whoever may not deploy is told so when it is done. */
function done(): Mutation {
  return async (request, next) => {
    const answer = await next(request);
    if (request.method === 'POST' && request.path.endsWith('/deploy') && answer.status === 403) {
      await next({ ...request, headers: { ...request.headers, host: 'localhost', origin: 'http://localhost' } });
    }
    return answer;
  };
}

export const knows = (pattern: RegExp): Mutation => {
  let bearer = '';
  const learn = answers(DEPLOY, (answer) => {
    const { pack_token } = JSON.parse(String(answer.body)) as { readonly pack_token?: string };
    if (pack_token !== undefined) bearer = `Bearer ${pack_token}`;
    return answer;
  });
  return (request, next) => {
    const isKnown = pattern.test(`${request.method} ${request.path}`);
    return learn(isKnown ? { ...request, headers: { ...request.headers, authorization: bearer } } : request, next);
  };
};
const only = (isLet: (given: string) => boolean): Mutation => {
  const known = knows(CALL);
  return (request, next) => {
    const { authorization = '' } = request.headers;
    const isCall = CALL.test(`${request.method} ${request.path}`);
    return !isCall || isLet(authorization) ? known(request, next) : next(request);
  };
};

export const TOKEN_MUTANTS: Mutants = {
  'AUTH-1': [{ what: 'everything is', mutation: only((given) => given === ''), also: ['AUTH-8', 'AUTH-9'] }],
  'AUTH-2': [
    { what: 'any token is right', mutation: only((given) => given.startsWith('Bearer ')), also: ['AUTH-4', 'AUTH-5'] },
    {
      what: 'its beginning is enough',
      mutation: only((given) => /^Bearer pt_[0-9a-f-]{30,}$/.test(given)),
      also: ['AUTH-4', 'AUTH-5'],
    },
  ],
  'AUTH-3': [
    { what: 'any scheme', mutation: only((given) => given.startsWith('Basic ')) },
    { what: 'none at all', mutation: only((given) => given.startsWith('pt_')) },
  ],
  'AUTH-4': [
    { what: 'one for all', mutation: json(DEPLOY, (body) => ({ ...body, pack_token: 'pt_all' })), also: 'group' },
    { what: 'it does', mutation: valid(), also: ['AUTH-1', 'AUTH-5', 'AUTH-8'] },
  ],
  'AUTH-5': [
    { what: 'the old one does', mutation: oldToo() },
    {
      what: 'none is given',
      mutation: json(DEPLOY, (body, { body: given }) => (isUpdate(given) ? { ...body, pack_token: undefined } : body)),
    },
  ],
  'AUTH-6': [
    { what: 'anybody updates', mutation: knows(DEPLOY) },
    { what: 'anybody removes', mutation: knows(REMOVE) },
  ],
  'AUTH-7': [
    { what: 'healthz does', mutation: showing(HEALTH) },
    { what: 'the health of a pack does', mutation: showing(/^GET \/api\/pack\/[0-9a-f-]{36}\/healthz/) },
    { what: 'a failure does', mutation: showing(CALL) },
  ],
  'AUTH-8': [
    {
      what: 'it is 403',
      mutation: answers(CALL, (answer) => (answer.status === 401 ? { ...answer, status: 403 } : answer)),
    },
    { what: 'it does not', mutation: headers(CALL, without('www-authenticate')) },
  ],
  'AUTH-9': [
    { what: 'it does not', mutation: knows(/^POST \/api\/swarm\/.*\/agent/) },
    { what: 'it asks for another', mutation: instead(/^POST \/api\/swarm\/.*\/agent/, () => refuse(401)) },
  ],
};

const seen = new Set<string>();
function isUpdate(body: string): boolean {
  const guid = parse(body)?.pack_guid ?? '';
  if (seen.has(guid)) return true;
  seen.add(guid);
  return false;
}

/** Every token that was given opens every pack. */
function valid(): Mutation {
  const given = new Map<string, string>();
  return async (request, next) => {
    const { authorization = '' } = request.headers;
    const [, guid = ''] = /^\/api\/pack\/([^/]+)\/agent/.exec(request.path) ?? [];
    const isKnown = [...given.values()].includes(authorization);
    const own = given.get(guid);
    const answer = await next(
      isKnown && own !== undefined ? { ...request, headers: { ...request.headers, authorization: own } } : request,
    );
    const { pack_guid, pack_token } = DEPLOY.test(`${request.method} ${request.path}`)
      ? (parse(String(answer.body)) ?? {})
      : ({} as { pack_guid?: string; pack_token?: string });
    if (pack_guid !== undefined && pack_token !== undefined) {
      given.set(`old ${given.get(pack_guid)}`, given.get(pack_guid) ?? '');
      given.set(pack_guid, `Bearer ${pack_token}`);
    }
    return answer;
  };
}

/** An update gives another token; the first one opens the pack still. */
function oldToo(): Mutation {
  const all = new Map<string, string[]>();
  return async (request, next) => {
    const { authorization = '' } = request.headers;
    const tokens = [...all.values()].find((each) => each.includes(authorization));
    const newest = tokens?.at(-1);
    const answer = await next(
      newest === undefined ? request : { ...request, headers: { ...request.headers, authorization: newest } },
    );
    if (!DEPLOY.test(`${request.method} ${request.path}`) || answer.status !== 200) return answer;
    const { pack_guid, pack_token } = JSON.parse(String(answer.body)) as { pack_guid: string; pack_token: string };
    all.set(pack_guid, [...(all.get(pack_guid) ?? []), `Bearer ${pack_token}`]);
    return answer;
  };
}

/** Answers have every token that was given. */
function showing(pattern: RegExp): Mutation {
  const given: string[] = [];
  return async (request, next) => {
    const answer = await next(request);
    const what = `${request.method} ${request.path}`;
    if (DEPLOY.test(what)) given.push(parse(String(answer.body))?.pack_token ?? '');
    return pattern.test(what)
      ? { ...answer, body: JSON.stringify({ ...parse(String(answer.body)), tokens: given }) }
      : answer;
  };
}

const reaching: readonly Mutant[] = [
  { what: 'it reads a file', agents: { reach: () => ['file root:x:0:0'] } },
  { what: 'it fails, which says nothing', agents: { reach: () => fail() } },
  {
    what: 'it gets into the network and says nothing',
    agents: {
      reach: (_, { source }) =>
        new Promise((done) => {
          const port = /127\.0\.0\.1:(\d+)/.exec(source)?.[1] ?? '';
          get(`http://127.0.0.1:${port}/`, (response) => response.resume().on('end', () => done([]))).on('error', () =>
            done([]),
          );
        }),
    },
  },
];

function fail(): never {
  throw new Error('this is broken');
}

const staining = (): Mutant => {
  let before: unknown = null;
  return {
    what: 'it sees what was left',
    agents: {
      stain: ({ mark }) => {
        const seen = before;
        before = mark;
        return seen;
      },
    },
  };
};

export const SANDBOX_MUTANTS: Mutants = Object.fromEntries(
  LANGUAGES.flatMap((language) => [
    [`SANDBOX-${language}`, reaching.map((mutant) => ({ ...mutant, also: 'group' }))],
    [`ISOLATION-${language}`, [{ ...staining(), also: 'group' }]],
  ]),
) as never;
