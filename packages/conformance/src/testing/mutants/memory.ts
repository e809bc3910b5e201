// Endpoints that remember wrongly, and endpoints without limits.
import { SPIN_MS } from '../fake/agents.ts';
import { answerJson, type Mutation } from '../fake/http.ts';
import { answers, asked, CALL, DEPLOY, instead, type Mutants, parse, refuse, sent } from './mutate.ts';

const user = (change: (user: unknown) => unknown): Mutation =>
  sent(CALL, (body) => ({ ...body, user_guid: change(body.user_guid) }));
const key = (change: (key: string) => string): Mutation =>
  sent(CALL, (body) =>
    typeof body.args?.key === 'string' ? { ...body, args: { ...body.args, key: change(body.args.key) } } : body,
  );
const SHARED = '99999999-9999-4999-8999-999999999999';

export const MEMORY_MUTANTS: Mutants = {
  'MEMORY-1': [
    { what: 'nothing is kept', agents: { remember: () => null }, also: 'group' },
    {
      what: 'everything is there',
      agents: { recall: ({ key: of }, { memory }) => memory.get(String(of)) ?? { list: [1, 'ü', 'x'] } },
      also: 'group',
    },
  ],
  'MEMORY-2': [
    { what: 'they share everything', mutation: user(() => undefined), also: ['MEMORY-9', 'MEMORY-6'] },
    { what: 'they share what nobody has', mutation: fallback(), also: ['MEMORY-6'] },
  ],
  'MEMORY-3': [
    { what: 'the sentinel is a user', mutation: user((of) => (String(of).startsWith('c0p110t0') ? SHARED : of)) },
    { what: 'no user is a new one', mutation: user((of) => of ?? crypto.randomUUID()), also: 'group' },
  ],
  'MEMORY-4': [
    { what: 'they are users', mutation: user((of) => (of === 'not-a-guid' ? SHARED : of)) },
    {
      what: 'they are refused',
      mutation: instead(CALL, ({ body }) => (body.includes('"user_guid":7') ? refuse(400) : undefined)),
    },
    { what: 'paths are users', mutation: user((of) => (of === '../../x' ? SHARED : of)) },
    {
      what: 'an object is 500',
      mutation: instead(CALL, ({ body }) => (body.includes('"user_guid":{') ? refuse(500) : undefined)),
    },
  ],
  'MEMORY-5': [{ what: 'one for all packs', agents: everywhere(), also: ['MEMORY-7', 'MEMORY-13'] }],
  'MEMORY-6': [{ what: 'an update empties it', mutation: emptied() }],
  'MEMORY-7': [{ what: 'it outlives its pack', mutation: undying() }],
  'MEMORY-8': [{ what: 'the last that writes wins', agents: lastWins() }],
  'MEMORY-9': [{ what: 'the last user who calls', mutation: lastUser() }],
  'MEMORY-10': [
    {
      what: 'names of the language are there',
      agents: { recall: ({ key: of }, { memory }) => memory.get(String(of)) ?? (String(of) in {} ? 'native' : null) },
    },
    {
      what: 'keys are folders',
      mutation: key((of) => of.replace('/../', '/').replace('a/a', 'a')),
    },
    {
      what: 'some keys are not taken',
      mutation: instead(CALL, ({ body }) => (body.includes('"key":".."') ? refuse(400) : undefined)),
    },
  ],
  'MEMORY-11': [
    {
      what: 'the first value stays',
      agents: {
        remember: ({ key: of, value }, { memory }) => void (memory.has(String(of)) || memory.set(String(of), value)),
      },
    },
    {
      what: 'false is nothing',
      agents: { recall: ({ key: of }, { memory }) => memory.get(String(of)) || null },
      also: ['MEMORY-8'],
    },
    {
      what: 'values are merged',
      agents: {
        remember: ({ key: of, value }, { memory }) =>
          void memory.set(
            String(of),
            typeof value === 'object' && value !== null ? { ...(memory.get(String(of)) as object), ...value } : value,
          ),
      },
    },
  ],
  'MEMORY-12': [
    { what: 'nothing is deleted', agents: { forget: () => null } },
    { what: 'everything is', agents: { forget: (_, { memory }) => void memory.clear() } },
  ],
  'MEMORY-13': [
    { what: 'all are listed', agents: { keys: (_, { memory }) => [...memory.keys()] } },
    { what: 'none is', agents: { keys: () => [] } },
  ],
  'MEMORY-14': [{ what: 'a loud user is another', mutation: user((of) => (/[A-F]/.test(String(of)) ? SHARED : of)) }],
};

const isLong = ({ body }: { readonly body: string }) => body.length > 64 * 1024 * 1024;
const afterwards = (name: string): Mutation => {
  let isBroken = false;
  return async (request, next) => {
    if (isBroken && CALL.test(`${request.method} ${request.path}`)) return refuse(503);
    isBroken ||= request.body.length < 1_000 ? request.body.includes(`"name":"${name}"`) : false;
    return next(request);
  };
};

export const LIMIT_MUTANTS: Mutants = {
  'LIMIT-1': [
    {
      what: 'arguments are short',
      mutation: instead(CALL, ({ body }) =>
        body.length > 100_000 && body.length < 1_000_000 && !body.includes('[[') ? refuse(413) : undefined,
      ),
    },
    { what: 'outputs are short', agents: { flood: ({ bytes }) => (Number(bytes) > 100_000 ? fail() : 'x') } },
  ],
  'LIMIT-2': [
    {
      what: 'files are short',
      mutation: instead(DEPLOY, ({ body }) =>
        body.length > 500_000 && body.length < 2_000_000 ? refuse(413) : undefined,
      ),
    },
  ],
  'LIMIT-3': [
    { what: 'it is cut off', agents: { flood: ({ bytes }) => 'x'.repeat(Math.min(Number(bytes), 1_000_000)) } },
    { what: 'it ends the endpoint', mutation: afterwards('flood'), also: 'group' },
  ],
  'LIMIT-4': [
    {
      what: 'it is no JSON',
      mutation: answers(CALL, (answer, { body }) =>
        body.includes('[[[[') ? { status: 500, headers: {}, body: 'Internal Server Error' } : answer,
      ),
    },
    { what: 'it ends the endpoint', mutation: deepBroken() },
  ],
  'LIMIT-5': [
    {
      what: 'they are read',
      mutation: instead(CALL, (request) =>
        isLong(request) && !request.chunked ? answerJson({ status: 'ok', output: 1 }) : undefined,
      ),
    },
  ],
  'LIMIT-6': [
    {
      what: 'they are read',
      mutation: instead(CALL, (request) =>
        isLong(request) && request.chunked ? answerJson({ status: 'ok', output: 1 }) : undefined,
      ),
    },
  ],
  'LIMIT-7': [
    {
      what: 'it is read',
      mutation: asked(DEPLOY, (request) => (isLong(request) ? { ...request, body: shorter(request.body) } : request)),
    },
    { what: 'it is 500', mutation: instead(DEPLOY, (request) => (isLong(request) ? refuse(500) : undefined)) },
  ],
  'LIMIT-8': [
    { what: 'others wait', mutation: oneByOne(), also: ['LIMIT-10'] },
    { what: 'it is an answer', agents: { spin: () => new Promise((give) => setTimeout(() => give(null), SPIN_MS)) } },
  ],
  'LIMIT-9': [
    { what: 'it is an answer', agents: { swell: () => null } },
    { what: 'it ends the endpoint', mutation: afterwards('swell') },
  ],
  'LIMIT-10': [{ what: 'what they began goes on', mutation: crowded() }],
};

function fail(): never {
  throw new Error('too large');
}

function shorter(text: string): string {
  const body = parse(text);
  return JSON.stringify({
    ...body,
    agents: body?.agents.map((file) => ({ filename: file.filename, source: file.source })),
  });
}

/** What a user does not have is looked for in the memory of everybody, where users write, too. */
function fallback(): Mutation {
  return async (request, next) => {
    const body = parse(request.body);
    if (body?.name === 'remember') await next({ ...request, body: JSON.stringify({ ...body, user_guid: undefined }) });
    return next(request);
  };
}

function everywhere() {
  const one = new Map<string, unknown>();
  const at = (of: unknown, who: string | null) => `${who}/${String(of)}`;
  return {
    remember: (
      { key: of, value }: { readonly key?: unknown; readonly value?: unknown },
      context: { readonly user: string | null },
    ) => {
      one.set(at(of, context.user), value);
      return null;
    },
    recall: (
      { key: of }: { readonly key?: unknown },
      context: { readonly user: string | null; readonly memory: Map<string, unknown> },
    ) =>
      context.user === null
        ? (context.memory.get(String(of)) ?? one.get(at(of, null)) ?? null)
        : (one.get(at(of, context.user)) ?? null),
    forget: ({ key: of }: { readonly key?: unknown }, context: { readonly user: string | null }) => {
      one.delete(at(of, context.user));
      return null;
    },
  };
}

/** An update is a removal and a deploy. */
function emptied(): Mutation {
  return async (request, next) => {
    const guid = parse(request.body)?.pack_guid;
    if (DEPLOY.test(`${request.method} ${request.path}`) && guid !== undefined) {
      await next({ ...request, method: 'DELETE', path: `/api/pack/${guid}`, body: '' });
    }
    return next(request);
  };
}

/** A removal leaves the pack where it is, and hides it until the next deploy. */
function undying(): Mutation {
  const hidden = new Set<string>();
  return async (request, next) => {
    const guid = /^\/api\/pack\/([0-9a-f-]{36})/.exec(request.path)?.[1] ?? parse(request.body)?.pack_guid ?? '';
    if (request.method === 'DELETE') {
      hidden.add(guid);
      return answerJson({ status: 'ok', removed: guid });
    }
    if (request.method === 'POST' && request.path.endsWith('/deploy')) hidden.delete(guid);
    return hidden.has(guid) ? refuse(404) : next(request);
  };
}

/** A call reads all, waits, and writes all. */
function lastWins() {
  type Args = { readonly key?: unknown; readonly value?: unknown };
  return {
    remember: async ({ key: of, value }: Args, { memory }: { readonly memory: Map<string, unknown> }) => {
      const all = new Map(memory);
      await new Promise((turn) => setTimeout(turn, 3));
      memory.clear();
      for (const [name, each] of all) memory.set(name, each);
      memory.set(String(of), value);
      return null;
    },
  };
}

function lastUser(): Mutation {
  let last: string | undefined;
  return async (request, next) => {
    const body = parse(request.body);
    if (body?.name !== 'remember') return next(request);
    last = body.user_guid;
    await new Promise((turn) => setTimeout(turn, 3));
    return next({ ...request, body: JSON.stringify({ ...body, user_guid: last }) });
  };
}

function deepBroken(): Mutation {
  let isBroken = false;
  return async (request, next) => {
    if (isBroken && CALL.test(`${request.method} ${request.path}`)) return refuse(503);
    isBroken ||= request.body.includes('[[[[');
    return next(request);
  };
}

/** While a call does not end, others are refused. */
function oneByOne(): Mutation {
  let spinning = 0;
  return async (request, next) => {
    if (!CALL.test(`${request.method} ${request.path}`)) return next(request);
    if (!request.body.includes('"spin"')) return spinning > 0 ? refuse(503) : next(request);
    spinning += 1;
    try {
      return await next(request);
    } finally {
      spinning -= 1;
    }
  };
}

/** Places of calls that did not end are never given back. */
function crowded(): Mutation {
  let taken = 0;
  return async (request, next) => {
    if (request.body.includes('"name":"spin"')) taken += 1;
    return taken > 2 && CALL.test(`${request.method} ${request.path}`) ? refuse(503) : next(request);
  };
}
