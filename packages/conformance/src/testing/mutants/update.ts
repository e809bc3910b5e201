// Endpoints that update packs wrongly, and find the wrong agents in them.
import { SHAPES } from '../../agents/shapes.ts';
import { answerJson, type Mutation } from '../fake/http.ts';
import {
  answers,
  type Body,
  CALL,
  DEPLOY,
  files,
  instead,
  json,
  type Mutants,
  PACK,
  parse,
  refuse,
  sent,
  without,
} from './mutate.ts';

export const UPDATE_MUTANTS: Mutants = {
  'UPDATE-1': [
    { what: 'what was there stays', mutation: adding(), also: 'group' },
    { what: 'it is listed still', mutation: listedStill(), also: 'group' },
  ],
  'UPDATE-2': [{ what: 'the first text of a name stays', mutation: firstText() }],
  'UPDATE-3': [
    { what: 'the first name stays', mutation: firstOf('name') },
    { what: 'the first purpose stays', mutation: firstOf('purpose') },
  ],
  'UPDATE-4': [{ what: 'an update is for all packs', mutation: forAll(), also: 'group' }],
  'UPDATE-5': [
    { what: 'a call goes on with the newest', agents: mixing() },
    { what: 'a call in flight fails', mutation: whileUpdated(), also: ['UPDATE-6'] },
  ],
  'UPDATE-6': [
    {
      what: 'a call without its other agent',
      mutation: answers(CALL, (answer, { body }) =>
        body.includes('"relay"') && answer.status === 200 ? refuse(500) : answer,
      ),
    },
    {
      what: 'what was removed is called',
      mutation: json(
        CALL,
        (body, { body: given }) => (given.includes('"relay"') ? { status: 'ok', output: { echoed: 0 } } : body),
        [200, 404],
      ),
    },
  ],
  'UPDATE-7': [
    { what: 'two at once are 500', mutation: atOnce(() => refuse(500)) },
    { what: 'two at once are mixed', mutation: mixed(), also: ['UPDATE-1'] },
  ],
};

export const DISCOVERY_MUTANTS: Mutants = {
  'DISCOVERY-1': [
    {
      what: 'a broken file hides all',
      mutation: json(PACK, (body) => (body.quarantined === undefined ? body : { ...body, agents: [] })),
    },
    {
      what: 'a broken file counts',
      mutation: json(PACK, (body) => ({ ...body, agent_count: body.agent_count + (body.quarantined?.length ?? 0) })),
    },
    {
      what: 'a broken file is refused',
      mutation: instead(DEPLOY, ({ body }) => (body.includes('no program') ? refuse(400) : undefined)),
      also: ['DISCOVERY-2', 'DISCOVERY-3'],
    },
  ],
  'DISCOVERY-2': [
    { what: 'it vanishes', mutation: json(PACK, without('quarantined')), also: ['DISCOVERY-3', 'DISCOVERY-7'] },
    {
      what: 'without its name',
      mutation: json(PACK, (body) => ({ ...body, quarantined: body.quarantined?.map(without('filename')) })),
    },
    {
      what: 'without its error',
      mutation: json(PACK, (body) => ({
        ...body,
        quarantined: body.quarantined?.map((each: Body) => ({ ...each, error: '' })),
      })),
      also: ['DISCOVERY-7'],
    },
  ],
  'DISCOVERY-3': [
    {
      what: 'there is no such pack',
      mutation: answers(PACK, (answer) => (String(answer.body).includes('"agents":[]') ? refuse(404) : answer)),
      also: ['DISCOVERY-7'],
    },
    {
      what: 'a call of it is an answer',
      mutation: answers(CALL, (answer, { body }) =>
        body.includes('"broken"') ? answerJson({ status: 'ok', output: null }) : answer,
      ),
    },
  ],
  'DISCOVERY-4': [
    {
      what: 'everything is',
      mutation: json(PACK, (body) => ({
        ...body,
        quarantined: body.quarantined ?? [{ filename: 'x', error: 'it is' }],
      })),
    },
  ],
  'DISCOVERY-5': [
    {
      what: 'the first wins',
      mutation: json(CALL, (body) => ({ ...body, output: body.output?.second ?? body.output })),
    },
    {
      what: 'both are listed',
      mutation: json(PACK, (body) => ({
        ...body,
        agents: body.shadowed === undefined ? body.agents : ['echo', 'echo'],
      })),
    },
  ],
  'DISCOVERY-6': [{ what: 'it vanishes', mutation: json(PACK, without('shadowed')) }],
  'DISCOVERY-7': [
    {
      what: 'the module is not named',
      mutation: json(PACK, (body) => ({
        ...body,
        quarantined: body.quarantined?.map((each: Body) => ({
          ...each,
          error: each.error.replace(/No module.*/, 'an import failed'),
        })),
      })),
    },
    {
      what: 'it is an agent',
      mutation: files((file) =>
        file.source === SHAPES.pythonMissingModule.source ? { ...file, source: SHAPES.lispyLisp.source } : file,
      ),
    },
  ],
};

/** The files of a pack gather. */
function adding(): Mutation {
  const before = new Map<string, Body[]>();
  return sent(DEPLOY, (body) => {
    const agents = [...(before.get(body.pack_guid) ?? []), ...body.agents];
    before.set(body.pack_guid, agents);
    return { ...body, agents };
  });
}

function listedStill(): Mutation {
  const seen = new Map<string, Set<string>>();
  return json(PACK, (body) => {
    const names = seen.get(body.pack_guid) ?? new Set<string>();
    seen.set(body.pack_guid, names);
    for (const name of body.agents) names.add(name);
    return { ...body, agents: [...names].sort() };
  });
}

/** A file keeps the first text that it had, where it still has its name. */
function firstText(): Mutation {
  const first = new Map<string, string>();
  return sent(DEPLOY, (body) => ({
    ...body,
    agents: body.agents.map((file: Body) => {
      const key = `${body.pack_guid}/${file.filename}`;
      if (!first.has(key)) first.set(key, file.source);
      return { ...file, source: first.get(key) };
    }),
  }));
}

function firstOf(key: 'name' | 'purpose'): Mutation {
  const first = new Map<string, unknown>();
  return sent(DEPLOY, (body) => {
    if (!first.has(body.pack_guid)) first.set(body.pack_guid, body[key as 'name']);
    return { ...body, [key]: first.get(body.pack_guid) };
  });
}

/** Every update replaces every pack. */
function forAll(): Mutation {
  const guids = new Set<string>();
  return async (request, next) => {
    const answer = await next(request);
    const guid = parse(request.body)?.pack_guid;
    if (!DEPLOY.test(`${request.method} ${request.path}`) || guid === undefined) return answer;
    if (guids.has(guid)) {
      for (const other of guids) await next({ ...request, body: request.body.replace(guid, other) });
    }
    guids.add(guid);
    return answer;
  };
}

/** Half of what `many` calls answers as another version does. */
function mixing() {
  return {
    many: async ({ n }: { readonly n?: unknown }) =>
      Array.from({ length: Number(n) }, (_, index) => (index % 2 === 0 ? 1 : { second: 1 })),
  };
}

/** Calls that are under way while a pack is updated fail. */
function whileUpdated(): Mutation {
  let updates = 0;
  return async (request, next) => {
    const before = updates;
    if (DEPLOY.test(`${request.method} ${request.path}`)) updates += 1;
    const answer = await next(request);
    return CALL.test(`${request.method} ${request.path}`) && before !== updates ? refuse(500) : answer;
  };
}

/** Deploys of one pack that come at once. */
function atOnce(answer: () => ReturnType<typeof refuse>): Mutation {
  const underWay = new Set<string>();
  return async (request, next) => {
    const guid = parse(request.body)?.pack_guid;
    if (!DEPLOY.test(`${request.method} ${request.path}`) || typeof guid !== 'string') return next(request);
    if (underWay.has(guid)) return answer();
    underWay.add(guid);
    await new Promise((turn) => setTimeout(turn, 5));
    underWay.delete(guid);
    return next(request);
  };
}

/** Of two that come at once each leaves a part. */
function mixed(): Mutation {
  return json(PACK, (body) =>
    ['add,echo', 'fail,whoami'].includes(String(body.agents)) ? { ...body, agents: ['add', 'whoami'] } : body,
  );
}
