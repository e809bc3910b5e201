// Endpoints that call agents wrongly.
import { answerJson, type Mutation } from '../fake/http.ts';
import { answers, asked, CALL, headers, instead, json, type Mutants, parse, refuse, sent, status } from './mutate.ts';

const echoing = (change: (value: unknown) => unknown) => ({ echo: ({ value = null }) => change(value) });
const named = (name: string): RegExp => new RegExp(`"name":"${name}"`);
/** Answers to calls of one agent. */
const of = (name: string, from: number, to: number): Mutation =>
  answers(CALL, (answer, { body }) =>
    named(name).test(body) && answer.status === from ? { ...answer, status: to } : answer,
  );
const fine = (name: string, output: unknown): Mutation =>
  instead(CALL, ({ body }) => (named(name).test(body) ? answerJson({ status: 'ok', output }) : undefined));

export const CALL_MUTANTS: Mutants = {
  'CALL-1': [
    {
      what: 'null is left out',
      mutation: json(CALL, ({ status: code, output }) =>
        output === null ? { status: code } : { status: code, output },
      ),
      also: ['CALL-2'],
    },
    { what: 'nothing is null', agents: echoing((value) => value || null) },
    {
      what: 'an empty list is an object',
      agents: echoing((value) => (Array.isArray(value) && value.length === 0 ? {} : value)),
    },
    {
      what: 'signs beyond the first plane are lost',
      agents: echoing((value) => (typeof value === 'string' ? value.replace(/[\u{10000}-\u{10ffff}]/gu, '?') : value)),
    },
    { what: 'large integers are rounded', agents: echoing((value) => (value === 2 ** 53 - 1 ? 2 ** 53 : value)) },
    { what: 'true is 1', agents: echoing((value) => (value === true ? 1 : value)) },
  ],
  'CALL-2': [
    {
      what: 'the output by another name',
      mutation: json(CALL, ({ output }) => ({ status: 'ok', result: output })),
      also: 'group',
    },
    { what: 'plain text', mutation: headers(CALL, () => ({ 'content-type': 'text/plain' })), also: 'group' },
    {
      what: 'more than was said',
      mutation: json(CALL, (body) => ({ ...body, took_ms: 1 })),
      also: ['CALL-4', 'CALL-9'],
    },
  ],
  'CALL-3': [
    {
      what: 'args are asked for',
      mutation: instead(CALL, ({ body }) => (parse(body)?.args === undefined ? refuse(400) : undefined)),
      also: 'group',
    },
  ],
  'CALL-4': [
    {
      what: 'they are',
      mutation: instead(CALL, ({ body }) => (body.includes('future_key') ? refuse(400) : undefined)),
    },
  ],
  'CALL-5': [
    {
      what: 'an unknown pack is 500',
      mutation: answers(CALL, (answer) =>
        String(answer.body).includes('unknown pack') ? { ...answer, status: 500 } : answer,
      ),
    },
    {
      what: 'an address is decoded as a path',
      mutation: instead(/%2f/, () => answerJson({ status: 'ok', output: 'root' })),
    },
  ],
  'CALL-6': [
    { what: 'another message', mutation: json(CALL, (body) => ({ ...body, message: 'no such agent' }), [404]) },
    { what: 'no list', mutation: json(CALL, (body) => ({ ...body, available: undefined }), [404]) },
    { what: 'it is 400', mutation: of('nobody', 404, 400) },
  ],
  'CALL-7': [
    {
      what: 'any case',
      mutation: asked(CALL, (request) => ({ ...request, body: request.body.replace('"Echo"', '"echo"') })),
    },
    { what: 'a name of the language is 500', mutation: of('__proto__', 404, 500) },
    {
      what: 'names are paths',
      mutation: asked(CALL, (request) => ({ ...request, body: request.body.replace('"../echo"', '"echo"') })),
    },
    {
      what: 'spaces are cut off',
      mutation: asked(CALL, (request) => ({ ...request, body: request.body.replace('"echo "', '"echo"') })),
    },
  ],
  'CALL-8': [
    { what: 'lower case alone', mutation: instead(CALL, ({ path }) => (/[A-F]/.test(path) ? refuse(404) : undefined)) },
  ],
  'CALL-9': [
    { what: 'prints are in the output', agents: { say: () => 'printed\nsaid' } },
    {
      what: 'logs are in the answer',
      mutation: json(CALL, (body, { body: given }) =>
        named('say').test(given) ? { ...body, logs: ['logged'] } : body,
      ),
    },
  ],
  'CALL-10': [
    { what: 'no user', agents: { whoami: (_, { pack, agent }) => ({ user: null, pack, agent }) } },
    { what: 'no pack', agents: { whoami: (_, { user, agent }) => ({ user, pack: null, agent }) } },
    { what: 'no name', agents: { whoami: (_, { user, pack }) => ({ user, pack, agent: null }) } },
  ],
  'CALL-11': [{ what: 'nobody is there', agents: { relay: () => ({ echoed: null }) }, also: ['CALL-12'] }],
  'CALL-12': [
    { what: 'everybody is there', agents: { relay: ({ value }) => ({ echoed: value }) } },
    {
      what: 'it is nothing',
      mutation: answers(CALL, (answer, { body }) =>
        named('relay').test(body) && answer.status !== 200 ? answerJson({ status: 'ok', output: null }) : answer,
      ),
    },
  ],
};

export const ARGUMENT_MUTANTS: Mutants = {
  'ARGS-1': [
    {
      what: 'the first agent is called',
      mutation: sent(CALL, (body) => ({
        ...body,
        name: typeof body.name === 'string' && body.name !== '' ? body.name : 'echo',
      })),
      also: ['ARGS-2'],
    },
    { what: 'an empty body is 500', mutation: instead(CALL, ({ body }) => (body === '' ? refuse(500) : undefined)) },
    {
      what: 'a number is a name',
      mutation: instead(CALL, ({ body }) => (body.includes('"name":7') ? refuse(404) : undefined)),
    },
  ],
  'ARGS-2': [
    { what: 'bad JSON is 500', mutation: status(CALL, 400, 500), also: 'group' },
    {
      what: 'what follows JSON is not read',
      mutation: asked(CALL, (request) => ({ ...request, body: request.body.replace(/ \{\}$/, '') })),
    },
    {
      what: 'signs are not looked at',
      mutation: asked(CALL, (request) => ({ ...request, body: request.body.replaceAll("'", '"') })),
    },
  ],
  'ARGS-3': [
    {
      what: 'they are read',
      mutation: asked(CALL, (request) => ({ ...request, body: request.body.replace(/:(NaN|-?Infinity)\}/, ':null}') })),
    },
    {
      what: 'digits begin with 0',
      mutation: asked(CALL, (request) => ({ ...request, body: request.body.replace(':01}', ':1}') })),
    },
  ],
  'ARGS-4': [
    {
      what: 'they are none',
      mutation: sent(CALL, (body) => ({
        ...body,
        args: typeof body.args === 'object' && !Array.isArray(body.args) ? body.args : {},
      })),
    },
    {
      what: 'a list is an object',
      mutation: sent(CALL, (body) => ({ ...body, args: Array.isArray(body.args) ? { ...body.args } : body.args })),
    },
  ],
  'ARGS-5': [
    {
      what: 'they are called',
      mutation: answers(CALL, (answer, { body }) =>
        named('add').test(body) && answer.status === 400 ? answerJson({ status: 'ok', output: 0 }) : answer,
      ),
      also: ['ARGS-6', 'ARGS-7', 'ARGS-8'],
    },
    {
      what: 'more than is there is let in',
      mutation: sent(CALL, (body) =>
        body.name === 'add' && Object.hasOwn(body.args ?? {}, 'c') ? { ...body, args: { a: 1, b: 2 } } : body,
      ),
    },
    { what: 'it is 422', mutation: of('add', 400, 422), also: ['ARGS-6', 'ARGS-7', 'ARGS-8'] },
  ],
  'ARGS-6': [
    {
      what: 'they are not',
      mutation: instead(CALL, ({ body }) =>
        named('add').test(body) && parse(body)?.args === undefined
          ? answerJson({ status: 'ok', output: null })
          : undefined,
      ),
    },
  ],
  'ARGS-7': [
    { what: 'no list', mutation: json(CALL, (body) => ({ ...body, errors: undefined }), [400]), also: ['ARGS-8'] },
    { what: 'it does not say what', mutation: json(CALL, (body) => ({ ...body, errors: [{}, {}] }), [400]) },
  ],
  'ARGS-8': [
    {
      what: 'the first alone',
      mutation: json(
        CALL,
        (body) => ({ ...body, errors: (body as unknown as { errors?: unknown[] }).errors?.slice(0, 1) }),
        [400],
      ),
    },
  ],
  'ARGS-9': [
    { what: 'it runs first', mutation: running() },
    {
      what: 'bounds are not looked at',
      mutation: sent(CALL, (body) =>
        body.name === 'strict' && JSON.stringify(body.args) === '{"n":0}' ? { ...body, args: { n: 1 } } : body,
      ),
    },
    {
      what: 'enums are not looked at',
      mutation: sent(CALL, (body) =>
        body.name === 'strict' && JSON.stringify(body.args).includes('"c"') ? { ...body, args: { n: 1 } } : body,
      ),
    },
  ],
};

export const FAILURE_MUTANTS: Mutants = {
  'FAIL-1': [
    { what: 'another message', mutation: json(CALL, (body) => ({ ...body, message: 'Internal Server Error' }), [500]) },
    { what: 'it is an answer', mutation: fine('fail', 'Error: broken on purpose'), also: ['FAIL-2', 'FAIL-6'] },
    { what: 'it is 200', mutation: of('fail', 500, 200), also: ['FAIL-2', 'FAIL-6'] },
    { what: 'nothing goes on afterwards', mutation: brokenBy('fail'), also: 'group' },
  ],
  'FAIL-2': [
    { what: 'a long one', mutation: json(CALL, (body) => ({ ...body, trace: 'at line 1\n'.repeat(5_000) }), [500]) },
  ],
  'FAIL-3': [{ what: 'it is an answer', mutation: fine('lie', 'no number') }],
  'FAIL-4': [
    { what: 'it is a text', agents: { unjson: () => '[Function]' } },
    { what: 'it is nothing', agents: { unjson: () => null } },
  ],
  'FAIL-5': [
    { what: 'it gives nothing', mutation: fine('recurse', null) },
    { what: 'it ends the endpoint', mutation: brokenBy('recurse'), also: ['FAIL-6'] },
  ],
  'FAIL-6': [{ what: 'they do', mutation: beside() }],
};

export const CONCURRENCY_MUTANTS: Mutants = {
  'MANY-1': [
    { what: 'one for another', mutation: swapping('echo'), also: ['MANY-4'] },
    { what: 'some are refused', mutation: atMost(20), also: 'group' },
  ],
  'MANY-2': [{ what: 'they are', mutation: lastUser() }],
  'MANY-3': [{ what: 'they are', mutation: lastPack() }],
  'MANY-4': [{ what: 'some are lost', mutation: losing() }],
};

/** An agent runs, and then its arguments are looked at. */
function running(): Mutation {
  return async (request, next) => {
    const body = parse(request.body);
    if (body?.name === 'strict') await next({ ...request, body: JSON.stringify({ ...body, args: { n: 3 } }) });
    return next(request);
  };
}

/** After one call of an agent there are no others. */
function brokenBy(name: string): Mutation {
  let isBroken = false;
  return async (request, next) => {
    if (isBroken && CALL.test(`${request.method} ${request.path}`)) return refuse(500);
    isBroken ||= named(name).test(request.body);
    return next(request);
  };
}

/** Calls that run while one fails fail. */
function beside(): Mutation {
  let failures = 0;
  return async (request, next) => {
    if (!CALL.test(`${request.method} ${request.path}`)) return next(request);
    const before = failures;
    const answer = await next(request);
    if (answer.status === 500) failures += 1;
    return answer.status === 200 && failures > before ? refuse(500) : answer;
  };
}

/** Calls that are under way together get each other's answers. */
function swapping(name: string): Mutation {
  let waiting: ((output: string | Uint8Array) => void) | undefined;
  return async (request, next) => {
    const answer = await next(request);
    if (!named(name).test(request.body)) return answer;
    const { body } = answer;
    if (waiting === undefined) {
      const other = await Promise.race([
        new Promise<string | Uint8Array>((give) => {
          waiting = give;
        }),
        new Promise<undefined>((give) => setTimeout(() => give(undefined), 20)),
      ]);
      waiting = undefined;
      return { ...answer, body: other ?? body };
    }
    waiting(body);
    return answer;
  };
}

function atMost(most: number): Mutation {
  let underWay = 0;
  return async (request, next) => {
    if (underWay >= most) return refuse(503);
    underWay += 1;
    try {
      return await next(request);
    } finally {
      underWay -= 1;
    }
  };
}

/** The user is kept where all calls see it. */
function lastUser(): Mutation {
  let user: string | undefined;
  return async (request, next) => {
    const body = parse(request.body);
    if (body?.name !== 'whoami') return next(request);
    user = body.user_guid;
    await new Promise((turn) => setTimeout(turn, 2));
    return next({ ...request, body: JSON.stringify({ ...body, user_guid: user }) });
  };
}

function lastPack(): Mutation {
  let path: string | undefined;
  return async (request, next) => {
    if (!CALL.test(`${request.method} ${request.path}`)) return next(request);
    path = request.path;
    await new Promise((turn) => setTimeout(turn, 2));
    return next({ ...request, path });
  };
}

/** Of packs that are deployed at once the last one is kept. */
function losing(): Mutation {
  let underWay = 0;
  return async (request, next) => {
    if (request.path !== '/api/pack/deploy') return next(request);
    underWay += 1;
    await new Promise((turn) => setTimeout(turn, 2));
    underWay -= 1;
    const answer = await next(request);
    if (underWay > 0)
      await next({ ...request, method: 'DELETE', path: `/api/pack/${parse(request.body)?.pack_guid}`, body: '' });
    return answer;
  };
}
