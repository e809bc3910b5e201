// Endpoints that show runs wrongly, or to the wrong ones.
import { answerJson, type Mutation } from '../fake/http.ts';
import {
  answers,
  asked,
  header,
  headers,
  instead,
  json,
  type Mutants,
  parse,
  sent,
  status,
  without,
} from './mutate.ts';
import {
  BUNDLE,
  bundle,
  CANCEL,
  EVAL,
  EVENTS,
  events,
  FILE,
  failure,
  INDEX,
  LIST,
  REPLAY,
  RUN,
  START,
} from './runs.ts';

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
      also: ['RUNS-3'],
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
