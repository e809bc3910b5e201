// Endpoints that run wrongly.
import { randomUUID } from 'node:crypto';
import { answerJson, type FakeAnswer, type Mutation } from '../fake/http.ts';
import {
  answers,
  asked,
  type Body,
  header,
  headers,
  instead,
  json,
  type Mutants,
  parse,
  sent,
  status,
} from './mutate.ts';

const START = /^POST \/v1\/runs$/;
const RUN = /^GET \/v1\/runs\/[^/?]+$/;
const LIST = /^GET \/v1\/runs\?/;
const EVENTS = /^GET \/v1\/runs\/[^/]+\/events(\?|$)/;
const STREAM = /^GET \/v1\/runs\/[^/]+\/events\/stream/;
const BUNDLE = /^GET \/v1\/runs\/[^/]+\/artifact$/;
const INDEX = /^GET \/v1\/runs\/[^/]+\/artifact\?list=1/;
const FILE = /^GET \/v1\/runs\/[^/]+\/artifact\//;
const CANCEL = /^POST \/v1\/runs\/[^/]+\/cancel/;
const REPLAY = /^POST \/v1\/runs\/[^/]+\/replay/;
const EVAL = /^POST \/v1\/eval/;

const without = (key: string) => (body: Body) => ({ ...body, [key]: undefined });
const events = (change: (all: readonly Body[]) => readonly unknown[]): Mutation =>
  json(EVENTS, (body) => ({ ...body, events: change(body.events) }));
const each = (change: (event: Body) => unknown): Mutation => events((all) => all.map(change));
const failure = (code: number): FakeAnswer =>
  answerJson({ error: { type: 'x', message: 'x', retryable: false, source: 'x' } }, code);
const bundle = (change: (text: string) => string): Mutation =>
  answers(BUNDLE, (answer) => (answer.status === 200 ? { ...answer, body: change(String(answer.body)) } : answer));

export const START_MUTANTS: Mutants = {
  'RUN-1': [
    { what: 'it is 200', mutation: status(START, 202, 200), also: 'group' },
    { what: 'no addresses', mutation: json(START, without('events_url'), [202]), also: ['RUN-2'] },
    { what: 'no result', mutation: json(RUN, without('result')) },
    { what: 'no time', mutation: json(RUN, without('started_at')) },
    {
      what: 'times out of order',
      mutation: json(RUN, (body) => ({ ...body, started_at: '2999-01-01T00:00:00.000Z' })),
    },
    { what: 'no bundle', mutation: json(RUN, without('artifact')) },
  ],
  'RUN-2': [
    {
      what: 'elsewhere',
      mutation: json(
        START,
        (body) => ({ ...body, events_url: `${(body as unknown as { events_url: string }).events_url}/x` }),
        [202],
      ),
    },
    {
      what: 'of another origin',
      mutation: json(
        START,
        (body) => ({ ...body, status_url: `http://elsewhere.example/v1/runs/${body.run_id}` }),
        [202],
      ),
    },
  ],
  'RUN-3': [
    {
      what: 'it finished',
      mutation: json(RUN, (body) => (body.status === 'failed' ? { ...body, status: 'finished' } : body)),
      also: ['RUN-9'],
    },
    {
      what: 'in other words',
      mutation: json(RUN, (body) =>
        body.status === 'failed' ? { ...body, error: { type: 'x', message: 'it failed' } } : body,
      ),
    },
    {
      what: 'with a result',
      mutation: json(RUN, (body) => (body.status === 'failed' ? { ...body, result: null } : body)),
    },
  ],
  'RUN-4': [
    { what: 'keys are not read', mutation: header('idempotency-key', undefined, START), also: ['RUN-5'] },
    { what: 'another request is the first', mutation: sameForKey() },
    {
      what: 'one key for all',
      mutation: asked(START, (request) =>
        request.headers['idempotency-key'] === undefined
          ? request
          : { ...request, headers: { ...request.headers, 'idempotency-key': 'one' } },
      ),
      also: 'group',
    },
  ],
  'RUN-5': [{ what: 'keys are written when the run was started', mutation: lateKeys() }],
  'RUN-6': [
    {
      what: 'shapes are not looked at',
      mutation: answers(START, (answer) =>
        answer.status === 422 ? answerJson({ run_id: randomUUID() }, 202) : answer,
      ),
      also: ['RUN-7'],
    },
    {
      what: 'no envelope of its own',
      mutation: answers(START, (answer) =>
        answer.status === 422 ? answerJson({ status: 'error', message: 'no' }, 422) : answer,
      ),
      also: ['RUN-7'],
    },
    {
      what: 'an unknown mode is let in',
      mutation: sent(START, (body) => ({
        ...body,
        mode:
          (body as unknown as { mode?: string }).mode === 'unheard'
            ? undefined
            : (body as unknown as { mode?: string }).mode,
      })),
    },
    {
      what: 'bad JSON is 500',
      mutation: instead(START, ({ body }) => (body === '{"agent":' ? failure(500) : undefined)),
    },
  ],
  'RUN-7': [
    {
      what: 'no list',
      mutation: json(START, (body) => ({ error: { ...(body.error as unknown as Body), details: undefined } }), [422]),
    },
    {
      what: 'the first alone',
      mutation: json(
        START,
        (body) => ({ error: { ...(body.error as unknown as object), details: { errors: [{ path: '/agent' }] } } }),
        [422],
      ),
    },
  ],
  'RUN-8': [
    {
      what: 'it is a run that fails',
      mutation: answers(START, (answer) =>
        answer.status === 404 ? answerJson({ run_id: randomUUID() }, 202) : answer,
      ),
    },
    { what: 'it is 400', mutation: status(START, 404, 400) },
  ],
  'RUN-9': [
    {
      what: 'it runs',
      mutation: sent(START, (body) => (Object.hasOwn(body.input ?? {}, 'n') ? { ...body, input: { n: 1 } } : body)),
    },
    {
      what: 'it finished',
      mutation: json(RUN, (body) => (body.status === 'failed' ? { ...body, status: 'finished' } : body)),
      also: ['RUN-3'],
    },
  ],
  'RUN-10': [{ what: 'of everybody', mutation: sent(START, without('context')), also: ['RUN-5'] }],
  'RUN-11': [{ what: 'another begins', mutation: header('traceparent', undefined) }],
};

/** The run of a key, whatever is asked for. */
function sameForKey(): Mutation {
  return answers(START, (answer) => (answer.status === 409 ? answerJson({ run_id: randomUUID() }, 202) : answer));
}

/** Requests that come at once do not know of each other. */
function lateKeys(): Mutation {
  let underWay = 0;
  return async (request, next) => {
    if (!START.test(`${request.method} ${request.path}`)) return next(request);
    underWay += 1;
    await new Promise((turn) => setTimeout(turn, 3));
    const alone = underWay === 1;
    const { 'idempotency-key': key, ...rest } = request.headers;
    const answer = await next(alone || key === undefined ? request : { ...request, headers: rest });
    underWay -= 1;
    return answer;
  };
}

export const EVENT_MUTANTS: Mutants = {
  'EVENT-1': [
    { what: 'from zero', mutation: each((event) => ({ ...event, seq: event.seq - 1 })), also: ['EVENT-7', 'EVENT-9'] },
    { what: 'with a gap', mutation: events((all) => all.filter(({ seq }) => seq !== 2)), also: 'group' },
    {
      what: 'the last is missing',
      mutation: events((all) => all.filter(({ event_type }) => event_type !== 'run.finished')),
      also: 'group',
    },
    { what: 'one twice', mutation: events((all) => [...all, ...all.slice(-1)]), also: 'group' },
  ],
  'EVENT-2': [
    {
      what: 'logs are lost',
      mutation: each((event) => (event.event_type === 'log' ? { ...event, attrs: {} } : event)),
      also: ['EVENT-7', 'EVENT-9'],
    },
    {
      what: 'progress is a log',
      mutation: each((event) => (event.event_type === 'progress' ? { ...event, event_type: 'log' } : event)),
      also: ['EVENT-7', 'EVENT-9'],
    },
  ],
  'EVENT-3': [
    {
      what: 'a page is longer than was asked for',
      mutation: asked(EVENTS, (request) => ({ ...request, path: request.path.replace(/limit=[1-4]&/, 'limit=50&') })),
    },
    { what: 'the first of a page again', mutation: overlapping(), also: ['EVENT-6', 'EVENT-9'] },
  ],
  'EVENT-4': [
    ...['time', 'severity', 'actor', 'attrs', 'trace'].map((key) => ({
      what: `no ${key}`,
      mutation: each(without(key)),
      also: ['EVENT-2', 'EVENT-7', 'EVENT-9'],
    })),
    {
      what: 'another type',
      mutation: each((event) => (event.event_type === 'log' ? { ...event, event_type: 'logged' } : event)),
      also: ['EVENT-2', 'EVENT-7', 'EVENT-9'],
    },
    { what: 'another run', mutation: each((event) => ({ ...event, run_id: 'x' })), also: ['EVENT-7', 'EVENT-9'] },
    {
      what: 'no trace of that kind',
      mutation: each((event) => ({ ...event, trace: { trace_id: '0'.repeat(32), span_id: '1' } })),
      also: ['EVENT-7', 'EVENT-9'],
    },
    {
      what: 'times go back',
      mutation: each((event) => ({ ...event, time: new Date(1e12 - event.seq * 1e6).toISOString() })),
      also: ['EVENT-7', 'EVENT-9'],
    },
  ] as never,
  'EVENT-5': [
    {
      what: 'limits are cut',
      mutation: asked(EVENTS, (request) => ({ ...request, path: request.path.replace(/limit=(0|501)/, 'limit=5') })),
    },
    {
      what: 'a cursor is a number',
      mutation: asked(EVENTS, (request) => ({
        ...request,
        path: request.path.replace(/\/runs\/([^/]+)\/events\?cursor=[0-9a-f-]{36}\./, '/runs/$1/events?cursor=$1.'),
      })),
    },
    {
      what: 'what is none is the start',
      mutation: asked(EVENTS, (request) => ({ ...request, path: request.path.replace('cursor=nonsense', '') })),
    },
  ],
  'EVENT-6': [
    {
      what: 'it is not complete',
      mutation: json(EVENTS, (body, { path }) => (path.includes('wait=25') ? { ...body, complete: false } : body)),
    },
    {
      what: 'the last again',
      mutation: json(EVENTS, (body, { path }) => (path.includes('wait=25') ? { ...body, events: [{}] } : body)),
    },
  ],
  'EVENT-7': [
    {
      what: 'another order of keys',
      mutation: answers(STREAM, (answer) => ({
        ...answer,
        body: String(answer.body).replace(/data: \{"seq":(\d+),(.*)\}/g, 'data: {$2,"seq":$1}'),
      })),
    },
    {
      what: 'the first is missing',
      mutation: answers(STREAM, (answer, { headers: { 'last-event-id': last } }) =>
        last === undefined ? { ...answer, body: String(answer.body).split('\n\n').slice(1).join('\n\n') } : answer,
      ),
      also: ['EVENT-8', 'EVENT-9'],
    },
    {
      what: 'another type of content',
      mutation: headers(STREAM, () => ({ 'content-type': 'text/plain' })),
      also: ['EVENT-8', 'EVENT-9'],
    },
  ],
  'EVENT-8': [
    { what: 'from the start', mutation: header('last-event-id', undefined, STREAM) },
    {
      what: 'no ids',
      mutation: answers(STREAM, (answer) => ({ ...answer, body: String(answer.body).replaceAll(/^id:.*\n/gm, '') })),
      also: ['EVENT-9'],
    },
    {
      what: 'one is lost',
      mutation: answers(STREAM, (answer, { headers: { 'last-event-id': last } }) =>
        last === undefined ? answer : { ...answer, body: String(answer.body).split('\n\n').slice(1).join('\n\n') },
      ),
    },
  ],
  'EVENT-9': [
    {
      what: 'it is another',
      mutation: answers(STREAM, (answer) => ({
        ...answer,
        body: String(answer.body).replaceAll(/^id: (.*)$/gm, 'id: s$1'),
      })),
      also: ['EVENT-8'],
    },
  ],
};

function overlapping(): Mutation {
  return asked(EVENTS, (request) => ({
    ...request,
    path: request.path.replace(
      /(cursor=[0-9a-f-]{36}\.)(\d+)/,
      (_, start: string, seq: string) => `${start}${Math.max(0, Number(seq) - 1)}`,
    ),
  }));
}

export const LOOK_MUTANTS: Mutants = {
  'RUNS-1': [
    {
      what: 'it is empty',
      mutation: answers(EVENTS, (answer) =>
        answer.status === 404 ? answerJson({ events: [], next_cursor: 'x', complete: true }) : answer,
      ),
      also: ['RUNS-9'],
    },
    {
      what: 'it is canceled',
      mutation: answers(CANCEL, (answer) => (answer.status === 404 ? answerJson({}, 202) : answer)),
    },
    {
      what: 'another envelope',
      mutation: instead(/^GET \/v1\/nothing/, () => answerJson({ status: 'error', message: 'no' }, 404)),
    },
  ],
  'RUNS-2': [
    {
      what: 'the oldest first',
      mutation: oldestFirst(),
    },
    {
      what: 'pages of their own length',
      mutation: asked(LIST, (request) => ({ ...request, path: request.path.replace('limit=1', 'limit=20') })),
    },
    {
      what: 'the first page again',
      mutation: asked(LIST, (request) => ({ ...request, path: request.path.replace(/&cursor=[0-9a-f-]+/, '') })),
    },
  ],
  'RUNS-3': [
    {
      what: 'status is not read',
      mutation: asked(LIST, (request) => ({ ...request, path: request.path.replace('status=failed', '') })),
    },
    {
      what: 'agent is not read',
      mutation: asked(LIST, (request) => ({ ...request, path: request.path.replace('agent=echo', '') })),
    },
    {
      what: 'none is listed',
      mutation: json(LIST, (body) => ({ ...body, runs: body.runs.slice(99) })),
      also: ['RUNS-2'],
    },
    {
      what: 'an unknown status has none',
      mutation: instead(LIST, ({ path }) => (path.includes('unheard') ? answerJson({ runs: [] }) : undefined)),
    },
  ],
  'RUNS-4': [
    { what: 'it is a tar', mutation: bundle((text) => text.replace('PK\u0003\u0004', 'ustar')) },
    { what: 'it has no directory', mutation: bundle((text) => text.replace('PK\u0005\u0006', '')) },
    { what: 'a file is missing', mutation: bundle((text) => text.replaceAll('tool_calls.json', 'tools.json')) },
    { what: 'another type', mutation: headers(BUNDLE, () => ({ 'content-type': 'application/json' })) },
  ],
  'RUNS-5': [
    { what: 'no index', mutation: json(INDEX, without('files')) },
    { what: 'a file is not in it', mutation: json(INDEX, (body) => ({ ...body, files: body.files.slice(2) })) },
    {
      what: 'the events are others',
      mutation: answers(FILE, (answer, { path }) =>
        path.includes('jsonl') ? { ...answer, body: String(answer.body).split('\n').slice(1).join('\n') } : answer,
      ),
    },
    {
      what: 'another run',
      mutation: json(FILE, (body, { path, headers: { range } }) =>
        path.endsWith('run.json') && range === undefined ? { ...body, run_id: 'x' } : body,
      ),
      also: 'group',
    },
  ],
  'RUNS-6': [
    { what: 'ranges are not read', mutation: header('range', undefined, FILE) },
    {
      what: 'one byte too few',
      mutation: answers(FILE, (answer) =>
        answer.status === 206 ? { ...answer, body: String(answer.body).slice(0, -1) } : answer,
      ),
    },
    {
      what: 'behind the end is nothing',
      mutation: answers(FILE, (answer) => (answer.status === 416 ? { ...answer, status: 206, body: '' } : answer)),
    },
  ],
  'RUNS-7': [
    {
      what: 'one does',
      mutation: instead(FILE, ({ path }) => (path.includes('passwd') ? answerJson({ root: 'x' }) : undefined)),
    },
    { what: 'a zero is 500', mutation: instead(FILE, ({ path }) => (path.includes('%00') ? failure(500) : undefined)) },
  ],
  'RUNS-8': [
    { what: 'it can', mutation: canceling() },
    { what: 'it is 500', mutation: status(CANCEL, 202, 500), also: ['RUNS-15'] },
    {
      what: 'it ended twice',
      mutation: events((all) => [
        ...all,
        ...all
          .filter(({ event_type }) => event_type === 'run.finished')
          .map((event) => ({ ...event, event_type: 'run.canceled' })),
      ]),
      also: ['RUNS-5'],
    },
  ],
  'RUNS-9': [
    { what: 'there are no tenants', mutation: header('x-tenant-id', undefined) },
    { what: 'they are told that it is there', mutation: told() },
    { what: 'lists are for all', mutation: header('x-tenant-id', undefined, LIST) },
  ],
  'RUNS-10': [
    {
      what: 'it is the same run',
      mutation: json(REPLAY, (body, { path }) => ({ ...body, run_id: path.split('/')[3] }), [202]),
    },
    { what: 'another input is not read', mutation: asked(REPLAY, (request) => ({ ...request, body: '{}' })) },
    {
      what: 'its own input is lost',
      mutation: asked(REPLAY, (request) => (request.body === '{}' ? { ...request, body: '{"input":{}}' } : request)),
    },
  ],
  'RUNS-11': [
    {
      what: 'it has its own id',
      mutation: answers(BUNDLE, (answer, { path }) =>
        answer.status === 200 ? { ...answer, body: `${String(answer.body)}${path}` } : answer,
      ),
    },
    { what: 'the mode is not read', mutation: sent(START, without('mode')) },
  ],
  'RUNS-12': [
    { what: 'it always passes', mutation: json(EVAL, (body) => ({ ...body, gate_decision: { decision: 'pass' } })) },
    { what: 'no scorecard', mutation: json(EVAL, without('scorecard')) },
    { what: 'there is none', mutation: instead(EVAL, () => failure(501)) },
  ],
  'RUNS-13': [
    { what: 'an older one', mutation: json(/openapi/, (body) => ({ ...body, openapi: '3.0.3' })) },
    { what: 'without a route', mutation: json(/openapi/, (body) => ({ ...body, paths: {} })) },
  ],
  'RUNS-14': [
    {
      what: 'it does',
      mutation: asked(START, (request) => ({
        ...request,
        headers: { ...request.headers, origin: 'http://localhost' },
      })),
    },
    { what: 'it is refused when it is done', mutation: doneFirst() },
  ],
  'RUNS-15': [
    { what: 'it goes on', mutation: instead(CANCEL, () => answerJson({}, 202)), also: ['RUNS-1'] },
    {
      what: 'it ends twice',
      mutation: events((all) => [
        ...all,
        ...all
          .filter(({ event_type }) => event_type === 'run.canceled')
          .map((event) => ({ ...event, event_type: 'run.finished' })),
      ]),
    },
    { what: 'there is nothing to cancel', mutation: instead(CANCEL, () => failure(501)), also: ['RUNS-1', 'RUNS-8'] },
  ],
};

/** Pages begin with the oldest run. */
function oldestFirst(): Mutation {
  return async (request, next) => {
    if (!LIST.test(`${request.method} ${request.path}`)) return next(request);
    const answer = await next({ ...request, path: request.path.replace(/limit=\d+/, 'limit=500') });
    const page = parse(String(answer.body));
    return answer.status === 200 ? answerJson({ ...page, runs: page?.runs.slice(-1) }) : answer;
  };
}

/** Whoever cancels wins, also when it is too late. */
function canceling(): Mutation {
  const canceled = new Set<string>();
  const shown = json(RUN, (body) => (canceled.has(body.run_id) ? { ...body, status: 'canceled' } : body));
  return (request, next) => {
    const [, id] = /^\/v1\/runs\/([^/]+)\/cancel/.exec(request.path) ?? [];
    if (id !== undefined) canceled.add(id);
    return shown(request, next);
  };
}

/** Another tenant's run is 403, one that there is not is 404. */
function told(): Mutation {
  return async (request, next) => {
    const answer = await next(request);
    const { 'x-tenant-id': tenant, ...own } = request.headers;
    if (tenant === undefined || answer.status !== 404) return answer;
    const there = await next({ ...request, headers: own });
    return there.status === 200 ? failure(403) : answer;
  };
}

function doneFirst(): Mutation {
  return async (request, next) => {
    const { origin, ...rest } = request.headers;
    if (START.test(`${request.method} ${request.path}`) && origin !== undefined && parse(request.body) !== undefined) {
      await next({ ...request, headers: rest });
    }
    return next(request);
  };
}
