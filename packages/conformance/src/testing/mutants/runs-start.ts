// Endpoints that start runs wrongly.
import { randomUUID } from 'node:crypto';
import { answerJson, type Mutation } from '../fake/http.ts';
import { answers, asked, type Body, header, instead, json, type Mutants, sent, status, without } from './mutate.ts';
import { failure, RUN, START } from './runs.ts';

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
