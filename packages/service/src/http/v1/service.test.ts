// Every route of `/v1`, row by row: each documented status can be reached, and no other one occurs.
import { PypesError } from '@pypes/contract';
import { RUNS_ROUTES, type RunsRoute } from '@pypes/contract/runs';
import { describe, expect, test } from 'vitest';
import { type Answer, setup } from './testing/setup.ts';

const RUN = { agent: 'echo', input: { text: 'hi' } };
const codeOf = ({ status, json }: Answer) => [status, json.error.type];

/** A request of each route that would be answered well, but for what the test does. */
const REQUESTS: { readonly [id: string]: readonly [string, string, object?] } = {
  create: ['POST', '/v1/runs', RUN],
  list: ['GET', '/v1/runs'],
  get: ['GET', '/v1/runs/run-000001'],
  events: ['GET', '/v1/runs/run-000001/events'],
  stream: ['GET', '/v1/runs/run-000001/events/stream'],
  cancel: ['POST', '/v1/runs/run-000001/cancel'],
  artifact: ['GET', '/v1/runs/run-000001/artifact'],
  file: ['GET', '/v1/runs/run-000001/artifact/files/a.txt'],
  replay: ['POST', '/v1/runs/run-000001/replay', {}],
  evaluate: ['POST', '/v1/eval', { suite_ref: 's', run_id: 'run-000001' }],
  openapi: ['GET', '/openapi.json'],
  metrics: ['GET', '/metrics'],
};
const REF = { tenant: '', run_id: 'run-000001' };
const AUTH = {
  type: 'static_token' as const,
  tokens: [
    { name: 'all', token: 'all-all-all', scopes: ['admin' as const] },
    { name: 'none', token: 'none-none', scopes: [] },
  ],
};

describe('every route', () => {
  test('reaches every status that it documents, and answers no other', async () => {
    const seen = new Set<string>();
    for (const route of RUNS_ROUTES as readonly RunsRoute[]) {
      for (const status of Object.keys(route.answers).map(Number)) {
        const answered = await reach(route, status);
        expect([route.id, answered]).toEqual([route.id, status]);
        seen.add(`${route.id} ${answered}`);
      }
    }
    const documented = RUNS_ROUTES.flatMap(({ id, answers }) =>
      Object.keys(answers).map((status) => `${id} ${status}`),
    );
    expect([...seen].sort()).toEqual(documented.sort());
  });

  test('answers a failure with a documented status, whatever the library throws', async () => {
    const codes = [
      'canceled',
      'sealed',
      'resource_exhausted',
      'agent_broken',
      'unsupported',
      'timeout',
      'conflict',
    ] as const;
    for (const [id, [method, path, body]] of Object.entries(REQUESTS)) {
      for (const code of codes) {
        const evaluate = async () => Promise.reject(new PypesError(code, 'no'));
        const { send, fake } = setup({ evaluate });
        await fake.create(RUN, { tenant: '' });
        fake.failure = new PypesError(code, 'no');
        const answer = await send(method, path, body === undefined ? {} : { body: body as never });
        if (id === 'openapi' || id === 'metrics') continue;
        expect([id, answer.json.error.type]).toEqual([id, code]);
      }
    }
  });

  test('says nothing of what broke inside, and logs it', async () => {
    const { send, fake, logged } = setup();
    fake.failure = new Error('cannot open secret.db');
    const answer = await send('GET', '/v1/runs');
    expect(codeOf(answer)).toEqual([500, 'internal']);
    expect(answer.text).not.toContain('secret');
    expect(logged).toEqual([
      expect.objectContaining({
        level: 'error',
        route: 'list',
        status: 500,
        message: 'cannot open secret.db',
      }),
    ]);
    expect(String(logged[0]?.stack)).toContain('secret.db');
  });
});

/** Does to a route what brings it to a status. */
async function reach(route: RunsRoute, status: number): Promise<number> {
  const [method, path, body] = REQUESTS[route.id] as (typeof REQUESTS)[string];
  const evaluate = async () => ({ scorecard: {}, gate_decision: {} });
  const measured = { metrics: () => 'a 1\n' };
  const { send, fake } = setup({
    ...(status === 401 || status === 403 ? { auth: AUTH } : {}),
    ...(status === 501 && route.id === 'evaluate'
      ? {}
      : { evaluate: status < 400 ? evaluate : throwing(status, evaluate) }),
    ...(status === 404
      ? {}
      : status >= 400 && route.id === 'metrics'
        ? { metrics: throwing(status, measured.metrics) }
        : measured),
    bodyBytes: 1_000,
    evalBodyBytes: 1_000,
  });
  await fake.create(RUN, { tenant: '' });
  await fake.put(REF, 'files/a.txt', 'abc', 'text/plain');
  if (['replay', 'stream'].includes(route.id) && (status === 202 || status === 204)) fake.emit(REF, 'run.finished');
  if (route.id === 'stream' && status === 200) fake.emit(REF, 'run.finished');
  const failing = FAILURES[status];
  if (failing !== undefined) fake.failure = failing;
  const headers: Record<string, string> = {};
  if (status === 403) headers.authorization = 'Bearer none-none';
  if (status === 206) headers.range = 'bytes=1-';
  if (status === 416) headers.range = 'bytes=9-';
  if (status === 304) headers['if-none-match'] = '*';
  if (status === 400) headers['x-tenant-id'] = 'no tenant';
  if (status === 400 && route.id === 'metrics') return (await send(method, `${path}?a=b`)).status;
  if (status === 415)
    return (await send(method, path, { text: '{}', headers: { 'content-type': 'text/plain' } })).status;
  if (status === 413) return (await send(method, path, { body: { a: 'x'.repeat(1_000) } })).status;
  if (status === 422) return (await send(method, path, { body: { nonsense: true } })).status;
  if (status === 409 && route.id === 'create') {
    headers['idempotency-key'] = 'k';
    await send(method, path, { body: { agent: 'other', input: {} }, headers });
  }
  if (status === 404 && route.id === 'create')
    return (await send(method, path, { body: { agent: 'nobody', input: {} } })).status;
  const wanted = status === 204 ? `${path}?cursor=2.run-000001` : path;
  const absent = status === 404 && route.id !== 'evaluate' ? wanted.replace('run-000001', 'run-000009') : wanted;
  return (await send(method, absent, { ...(body === undefined ? {} : { body: body as never }), headers })).status;
}

const FAILURES: { readonly [status: number]: Error } = {
  429: new PypesError('rate_limited', 'Too much'),
  500: new Error('broken'),
  501: new PypesError('unsupported', 'Not here'),
  503: new PypesError('unavailable', 'Going down'),
  504: new PypesError('timeout', 'Too slow'),
};
const EVAL_FAILURES: { readonly [status: number]: Error } = {
  ...FAILURES,
  404: new PypesError('not_found', 'No such suite'),
  409: new PypesError('conflict', 'The run has not ended'),
};

/** The same function where nothing is to fail. */
function throwing<Result>(status: number, otherwise: () => Result): () => Result {
  return () => {
    const error = EVAL_FAILURES[status];
    if (error !== undefined) throw error;
    return otherwise();
  };
}
