// Starting runs: accepted at once, once for each key, refused where the request is none.
import { randomUUID } from 'node:crypto';
import { type Check, must, should } from '../../check.ts';
import { equal, object, objects, ok, text, time } from '../../expect.ts';
import { hasStatus } from '../../shapes.ts';
import { accepted, ended, failed, start } from './run.ts';

const runs = (make: typeof must, id: string, title: string, run: Check['run']) => make(id, title, run, 'runs');

export const START_CHECKS: readonly Check[] = [
  runs(must, 'RUN-1', 'a run is accepted with 202 and its addresses, and finishes with its result', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const answer = await start(subject, { pack: pack.guid, agent: 'echo', input: { value: { a: 1 } } });
    hasStatus(answer, 202);
    const { run_id, status_url, events_url, artifact_url } = object(answer.json, 'the answer');
    for (const [what, address] of Object.entries({ status_url, events_url, artifact_url })) {
      ok(text(address, what).includes(text(run_id, 'run_id')), `${what} names the run`);
    }
    const run = await ended(subject, String(run_id));
    equal([run.run_id, run.status, run.result], [run_id, 'finished', { a: 1 }], 'id, status and result');
    const [created, started, finished] = [run.created_at, run.started_at, run.finished_at].map((at) =>
      time(at, 'a time'),
    );
    ok(Number(created) <= Number(started) && Number(started) <= Number(finished), 'its times are in order');
    object(run.artifact, 'artifact');
  }),
  runs(must, 'RUN-2', 'the addresses of a run are where it, its events and its bundle are', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const answer = await start(subject, { pack: pack.guid, agent: 'echo', input: { value: 1 } });
    const { run_id, ...urls } = object(answer.json, 'the answer');
    await ended(subject, text(run_id, 'run_id'));
    equal(object((await subject.follow(urls.status_url)).json, 'status_url').run_id, run_id, 'run_id at status_url');
    equal(object((await subject.follow(urls.events_url)).json, 'events_url').complete, true, 'complete at events_url');
    hasStatus(await subject.follow(urls.artifact_url), 200, 'artifact_url');
  }),
  runs(must, 'RUN-3', 'an agent that fails is a run that failed, with its words', async (subject) => {
    const pack = await subject.deployAgents(['fail']);
    const run = await ended(subject, await accepted(subject, pack, 'fail'));
    equal([run.status, run.result], ['failed', undefined], 'status, result');
    const { message, type } = object(run.error, 'error');
    text(type, 'error.type');
    ok(text(message, 'error.message').includes('broken on purpose'), 'the message has the words of the agent');
  }),
  runs(
    must,
    'RUN-4',
    'a key makes a repeated request the same run, and another request a conflict',
    async (subject) => {
      const pack = await subject.deployAgents(['echo']);
      const key = { 'idempotency-key': randomUUID() };
      const body = { pack: pack.guid, agent: 'echo', input: { value: 1 } };
      const [one, two] = [await start(subject, body, key), await start(subject, body, key)];
      const id = text(object(one.json, 'the first').run_id, 'run_id');
      equal([two.status, object(two.json, 'the second').run_id], [202, id], 'status and run_id of the second');
      failed(await start(subject, { ...body, input: { value: 2 } }, key), 409, 'another request');
      const third = await start(subject, body, { 'idempotency-key': randomUUID() });
      ok(object(third.json, 'the third').run_id !== id, 'another key is another run');
    },
  ),
  runs(must, 'RUN-5', 'requests with one key that come at once are one run', async (subject) => {
    const pack = await subject.deployAgents(['count']);
    const user_guid = randomUUID();
    const key = { 'idempotency-key': randomUUID() };
    const body = { pack: pack.guid, agent: 'count', input: {}, context: { user_guid } };
    const answers = await Promise.all(Array.from({ length: 6 }, () => start(subject, body, key)));
    const ids = new Set(answers.map(({ json }) => text(object(json, 'an answer').run_id, 'run_id')));
    equal(ids.size, 1, 'how many runs there are');
    await ended(subject, [...ids][0] ?? '');
    equal(await subject.output(pack, 'count', {}, { user: user_guid }), 2, 'the count after it ran once');
  }),
  runs(must, 'RUN-6', 'requests of another shape are refused, and nothing runs', async (subject) => {
    const shapes = [
      {},
      { agent: 7, input: {} },
      { agent: 'echo', blueprint: 'x', input: {} },
      { agent: 'echo', input: [] },
      { agent: 'echo', input: {}, mode: 'unheard' },
    ];
    for (const body of shapes) failed(await start(subject, body), [400, 422], JSON.stringify(body));
    failed(await start(subject, '{"agent":'), 400, 'what is no JSON');
    failed(await start(subject, '[]'), [400, 422], 'a list');
  }),
  runs(should, 'RUN-7', 'a refused request lists what is wrong with it', async (subject) => {
    const { details } = failed(await start(subject, { agent: 7, input: [] }), [400, 422]);
    const { errors } = object(details, 'error.details');
    ok(objects(errors, 'error.details.errors').length >= 2, 'there are at least two errors');
  }),
  runs(must, 'RUN-8', 'what there is not cannot be run', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    for (const body of [
      { pack: pack.guid, agent: 'nobody', input: {} },
      { pack: randomUUID(), agent: 'echo', input: {} },
      { agent: `nobody-${randomUUID()}`, input: {} },
    ]) {
      failed(await start(subject, body), 404, JSON.stringify(body));
    }
  }),
  runs(must, 'RUN-9', 'input that does not match the schema of its agent finishes nothing', async (subject) => {
    const pack = await subject.deployAgents(['strict', 'recall']);
    const answer = await start(subject, { pack: pack.guid, agent: 'strict', input: { n: 0 } });
    if (answer.status !== 202) failed(answer, [400, 422]);
    else equal((await ended(subject, String(object(answer.json, 'the answer').run_id))).status, 'failed', 'status');
    equal(await subject.output(pack, 'recall', { key: 'ran' }), null, 'what it would have remembered');
  }),
  runs(must, 'RUN-10', 'a run has the memory of its user', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    const user_guid = randomUUID();
    const id = await accepted(subject, pack, 'remember', { key: 'k', value: 'mine' }, { context: { user_guid } });
    equal((await ended(subject, id)).status, 'finished', 'status');
    equal(await subject.output(pack, 'recall', { key: 'k' }, { user: user_guid }), 'mine', 'what its user recalls');
    equal(await subject.output(pack, 'recall', { key: 'k' }), null, 'what the shared memory has');
  }),
  runs(should, 'RUN-11', 'a trace that a caller began goes on in the run', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${trace}-b7ad6b7169203331-01` };
    const { json } = await start(subject, { pack: pack.guid, agent: 'echo', input: {} }, headers);
    const { run_id } = object(json, 'the answer');
    await ended(subject, text(run_id, 'run_id'));
    const page = object((await subject.send(`/v1/runs/${String(run_id)}/events?limit=1`)).json, 'a page');
    equal(object(objects(page.events, 'events')[0]?.trace, 'trace').trace_id, trace, 'trace_id');
  }),
];
