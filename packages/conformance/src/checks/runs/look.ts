// Looking at runs: lists, bundles, what another tenant sees, and what comes of a run that has ended.
import { randomUUID } from 'node:crypto';
import { type Check, must, should, slow } from '../../check.ts';
import { equal, list, object, objects, ok, oneOf, text } from '../../expect.ts';
import { hasStatus } from '../../shapes.ts';
import { accepted, ended, eventsOf, failed } from './run.ts';

const runs = (make: typeof must, id: string, title: string, run: Check['run']) => make(id, title, run, 'runs');

const cancel = { method: 'POST' };
/** Calls that take seconds in any language. A loop alone may end at a limit of its steps before a cancel comes. */
const MANY = 20_000;

export const LOOK_CHECKS: readonly Check[] = [
  runs(must, 'RUNS-1', 'a run that there is not is 404, however one looks at it', async (subject) => {
    const path = `/v1/runs/${randomUUID()}`;
    for (const what of ['', '/events', '/events/stream', '/artifact?list=1', '/artifact', '/artifact/run.json']) {
      failed(await subject.send(path + what), 404, what);
    }
    failed(await subject.send(`${path}/cancel`, cancel), 404, 'a cancel');
    failed(await subject.send('/v1/nothing'), 404, 'an address that there is not');
  }),
  runs(must, 'RUNS-2', 'the newest run is listed first, page by page', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const ids = [await accepted(subject, pack, 'echo'), await accepted(subject, pack, 'echo')];
    for (const id of ids) await ended(subject, id);
    const path = '/v1/runs?limit=1&agent=echo&status=finished';
    const page = object((await subject.send(path)).json, 'a page');
    equal(
      objects(page.runs, 'runs').map(({ run_id }) => run_id),
      [ids[1]],
      'the first page',
    );
    const cursor = encodeURIComponent(text(page.next_cursor, 'next_cursor'));
    const next = object((await subject.send(`${path}&cursor=${cursor}`)).json, 'a page');
    equal(
      objects(next.runs, 'runs').map(({ run_id }) => run_id),
      [ids[0]],
      'the next page',
    );
  }),
  runs(
    must,
    'RUNS-3',
    'lists have the runs of the status and the agent that were asked for, no others',
    async (subject) => {
      const pack = await subject.deployAgents(['echo', 'fail']);
      const failing = await accepted(subject, pack, 'fail');
      const fine = await accepted(subject, pack, 'echo');
      for (const id of [failing, fine]) await ended(subject, id);
      for (const [query, isAsked, id] of [
        ['status=failed', (run: { readonly status?: unknown }) => run.status === 'failed', failing],
        ['agent=echo', (run: { readonly agent?: unknown }) => run.agent === 'echo', fine],
      ] as const) {
        const page = object((await subject.send(`/v1/runs?limit=20&${query}`)).json, 'a page');
        const all = objects(page.runs, 'runs');
        ok(all.every(isAsked), `all have ${query}`);
        ok(
          all.some(({ run_id }) => run_id === id),
          `the run with ${query} is there`,
        );
      }
      for (const query of ['status=unheard', 'limit=0', 'limit=x', 'cursor=%00']) {
        failed(await subject.send(`/v1/runs?${query}`), 400, query);
      }
    },
  ),
  runs(must, 'RUNS-4', 'the bundle of a run is a zip', async (subject) => {
    const id = await accepted(subject, await subject.deployAgents(['echo']), 'echo', { value: 1 });
    await ended(subject, id);
    const zip = await subject.send(`/v1/runs/${id}/artifact`, { headers: { accept: 'application/zip' } });
    hasStatus(zip, 200);
    ok(/^application\/zip\b/.test(zip.headers['content-type'] ?? ''), 'content-type is application/zip');
    const bytes = Buffer.from(zip.bytes);
    equal(bytes.subarray(0, 4).toString('latin1'), 'PK\u0003\u0004', 'how it begins');
    ok(bytes.lastIndexOf('PK\u0005\u0006') > 0, 'it has a directory');
    for (const name of ['run.json', 'events.jsonl', 'config.snapshot.json', 'tool_calls.json']) {
      ok(bytes.includes(name), `it has ${name}`);
    }
  }),
  runs(must, 'RUNS-5', 'the bundle has an index, and each file by itself', async (subject) => {
    const id = await accepted(subject, await subject.deployAgents(['say']), 'say');
    await ended(subject, id);
    const index = await subject.send(`/v1/runs/${id}/artifact?list=1`);
    hasStatus(index, 200);
    const paths = objects(object(index.json, 'the index').files, 'files').map(({ path }) => path);
    for (const path of ['run.json', 'events.jsonl']) ok(paths.includes(path), `the index names ${path}`);
    const run = await subject.send(`/v1/runs/${id}/artifact/run.json`);
    equal(object(run.json, 'run.json').run_id, id, 'run_id in run.json');
    const lines = (await subject.send(`/v1/runs/${id}/artifact/events.jsonl`)).text.trimEnd().split('\n');
    equal(
      lines.map((line) => JSON.parse(line) as unknown),
      await eventsOf(subject, id, 500),
      'the events in events.jsonl',
    );
  }),
  runs(must, 'RUNS-6', 'a file of the bundle is read in parts', async (subject) => {
    const id = await accepted(subject, await subject.deployAgents(['echo']), 'echo');
    await ended(subject, id);
    const path = `/v1/runs/${id}/artifact/run.json`;
    const whole = await subject.send(path);
    hasStatus(whole, 200);
    const size = whole.bytes.length;
    for (const [range, wanted] of [
      ['bytes=2-5', whole.bytes.subarray(2, 6)],
      ['bytes=-4', whole.bytes.subarray(-4)],
      [`bytes=${size - 3}-`, whole.bytes.subarray(-3)],
    ] as const) {
      const part = await subject.send(path, { headers: { range } });
      hasStatus(part, 206, range);
      equal(part.text, Buffer.from(wanted).toString(), range);
    }
    hasStatus(await subject.send(path, { headers: { range: `bytes=${size}-` } }), 416, 'a part behind the end');
  }),
  runs(must, 'RUNS-7', 'no path leads out of the bundle', async (subject) => {
    const id = await accepted(subject, await subject.deployAgents(['echo']), 'echo');
    await ended(subject, id);
    for (const path of ['..%2f..%2fetc%2fpasswd', '%2e%2e/run.json', '%2fetc%2fpasswd', 'nothing.json', '%00']) {
      failed(await subject.send(`/v1/runs/${id}/artifact/${path}`), [400, 404], path);
    }
  }),
  runs(must, 'RUNS-8', 'a run that has ended cannot be canceled', async (subject) => {
    const id = await accepted(subject, await subject.deployAgents(['echo']), 'echo', { value: 1 });
    const before = await ended(subject, id);
    oneOf((await subject.send(`/v1/runs/${id}/cancel`, cancel)).status, [202, 409], 'the status of a cancel');
    const after = object((await subject.send(`/v1/runs/${id}`)).json, 'the run');
    equal([after.status, after.result], [before.status, 1], 'status and result');
    const ends = (await eventsOf(subject, id, 500)).filter(({ event_type }) =>
      /^run\.(?!started)/.test(String(event_type)),
    );
    equal(
      ends.map(({ event_type }) => event_type),
      ['run.finished'],
      'how it ended',
    );
  }),
  runs(must, 'RUNS-9', 'what one tenant has does not exist for another', async (subject) => {
    const id = await accepted(subject, await subject.deployAgents(['echo']), 'echo');
    await ended(subject, id);
    const headers = { 'x-tenant-id': 'somebody-else' };
    const unknown = await subject.send(`/v1/runs/${randomUUID()}`, { headers });
    failed(unknown, [404, 401, 403], 'a run that there is not');
    for (const what of ['', '/events', '/artifact?list=1']) {
      failed(await subject.send(`/v1/runs/${id}${what}`, { headers }), unknown.status, `the run of another${what}`);
    }
    const page = await subject.send('/v1/runs?limit=500', { headers });
    ok(!page.text.includes(id), 'its list does not have the run');
  }),
  runs(must, 'RUNS-10', 'a run is repeated, with its own input or another one', async (subject) => {
    const id = await accepted(subject, await subject.deployAgents(['echo']), 'echo', { value: 'first' });
    await ended(subject, id);
    for (const [body, result] of [
      [{}, 'first'],
      [{ input: { value: 'again' } }, 'again'],
    ] as const) {
      const answer = await subject.send(`/v1/runs/${id}/replay`, { method: 'POST', body });
      hasStatus(answer, 202, 'a replay');
      const { run_id } = object(answer.json, 'the answer to a replay');
      ok(text(run_id, 'run_id') !== id, 'it is a run of its own');
      equal((await ended(subject, String(run_id))).result, result, 'the result');
    }
  }),
  runs(must, 'RUNS-11', 'in deterministic mode the same input gives the same bytes', async (subject) => {
    const pack = await subject.deployAgents(['say']);
    const bundles: string[] = [];
    for (let n = 0; n < 2; n++) {
      const id = await accepted(subject, pack, 'say', {}, { mode: 'deterministic' });
      equal((await ended(subject, id)).status, 'finished', 'status');
      const zip = await subject.send(`/v1/runs/${id}/artifact`, { headers: { accept: 'application/zip' } });
      hasStatus(zip, 200, 'the bundle');
      bundles.push(Buffer.from(zip.bytes).toString('base64'));
    }
    ok(bundles[0] === bundles[1], 'the bundles of both runs are the same bytes');
  }),
  runs(should, 'RUNS-12', 'a run is scored by a suite', async (subject) => {
    const id = await accepted(subject, await subject.deployAgents(['echo']), 'echo', { value: 7 });
    await ended(subject, id);
    for (const [expect, decision] of [
      [7, 'pass'],
      [8, 'fail'],
    ] as const) {
      const suite = {
        name: 'conformance',
        cases: [{ id: 'one', input: { value: 7 }, expect }],
        gate: { min_average_score: 1 },
      };
      const answer = await subject.send('/v1/eval', { method: 'POST', body: { suite, run_id: id } });
      hasStatus(answer, 200);
      const { scorecard, gate_decision } = object(answer.json, 'the answer');
      object(scorecard, 'scorecard');
      ok(
        JSON.stringify(gate_decision).includes(`"${decision}`),
        `the decision is ${decision}: ${JSON.stringify(gate_decision)}`,
      );
    }
  }),
  runs(should, 'RUNS-13', 'the routes are described in OpenAPI 3.1', async (subject) => {
    const { openapi, paths } = object((await subject.send('/openapi.json')).json, 'the description');
    ok(/^3\.1\./.test(text(openapi, 'openapi')), `openapi is 3.1, it is ${String(openapi)}`);
    for (const path of ['/v1/runs', '/v1/runs/{id}/events']) {
      ok(Object.hasOwn(object(paths, 'paths'), path), `paths has ${path}`);
    }
  }),
  runs(should, 'RUNS-14', 'a page of another origin starts nothing', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    const body = { pack: pack.guid, agent: 'remember', input: { key: 'k', value: 'evil' } };
    for (const type of ['text/plain', 'application/json']) {
      const headers = { origin: 'https://evil.example', 'content-type': type };
      failed(await subject.send('/v1/runs', { method: 'POST', headers, body }), [400, 401, 403, 415], `as ${type}`);
    }
    equal(await subject.output(pack, 'recall', { key: 'k' }), null, 'what was remembered');
  }),
  slow(
    runs(must, 'RUNS-15', 'a run that takes long is canceled, and ends once', async (subject) => {
      const pack = await subject.deployAgents(['many', 'echo']);
      const id = await accepted(subject, pack, 'many', { n: MANY });
      hasStatus(await subject.send(`/v1/runs/${id}/cancel`, cancel), 202, 'a cancel');
      equal((await ended(subject, id)).status, 'canceled', 'status');
      const all = await eventsOf(subject, id, 500);
      const ends = all.map(({ event_type }) => String(event_type)).filter((type) => /^run\.(?!started)/.test(type));
      equal(ends, ['run.canceled'], 'how it ended');
      equal(
        list(all, 'events').at(-1),
        all.find(({ event_type }) => event_type === 'run.canceled'),
        'the last event',
      );
      oneOf((await subject.send(`/v1/runs/${id}/cancel`, cancel)).status, [202, 409], 'the status of a second cancel');
    }),
  ),
];
