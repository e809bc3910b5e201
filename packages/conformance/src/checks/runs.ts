// The hosted runs of `/v1`: accepted at once, followed by cursor or stream, canceled, looked at afterwards.
import { randomUUID } from 'node:crypto';
import { type Check, must, slow } from '../check.ts';
import { equal, list, object, ok, oneOf, text } from '../expect.ts';
import type { Answer } from '../http.ts';
import type { Deployed, Subject } from '../subject.ts';

const POLLS = 200;
const POLL_MS = 50;
const TERMINAL = ['finished', 'failed', 'canceled'];

/** `{error: {type, message, retryable, source}}` with that status. */
function failed(answer: Answer, status: number | readonly number[]): void {
  const wanted = typeof status === 'number' ? [status] : status;
  ok(
    wanted.includes(answer.status),
    `the status: wanted ${wanted.join(' or ')}, got ${answer.status} ${answer.text.slice(0, 200)}`,
  );
  const { type, message, retryable, source } = object(object(answer.json, 'the answer').error, 'error');
  text(type, 'error.type');
  text(message, 'error.message');
  ok(typeof retryable === 'boolean', 'error.retryable is a boolean');
  text(source, 'error.source');
}

const start = (subject: Subject, body: unknown, headers: { readonly [name: string]: string } = {}) =>
  subject.send('/v1/runs', { method: 'POST', body, headers });

async function accepted(subject: Subject, pack: Deployed, agent: string, input: unknown = {}): Promise<string> {
  const answer = await start(subject, { pack: pack.guid, agent, input });
  equal(answer.status, 202, `POST /v1/runs (${answer.text.slice(0, 200)})`);
  return text(object(answer.json, 'the answer').run_id, 'run_id');
}

async function ended(subject: Subject, id: string): Promise<{ readonly [key: string]: unknown }> {
  for (let n = 0; n < POLLS; n++) {
    const run = object((await subject.send(`/v1/runs/${id}`)).json, 'the run');
    if (TERMINAL.includes(String(run.status))) return run;
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
  ok(false, `run ${id} did not end within ${(POLLS * POLL_MS) / 1_000} s`);
}

type Event = { readonly seq: number; readonly event_type: string; readonly run_id: string };

async function eventsOf(subject: Subject, id: string, limit: number): Promise<readonly Event[]> {
  const events: Event[] = [];
  let cursor = '';
  for (let n = 0; n < POLLS; n++) {
    const page = await subject.send(
      `/v1/runs/${id}/events?limit=${limit}&wait=5${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    equal(page.status, 200, 'GET events');
    const { events: some, next_cursor, complete } = object(page.json, 'a page of events');
    events.push(...(list(some, 'events') as Event[]));
    if (complete === true) return events;
    cursor = text(next_cursor, 'next_cursor');
  }
  ok(false, 'the events never were complete');
}

export const RUN_CHECKS: readonly Check[] = [
  must(
    'RUN-1',
    'a run is accepted with 202 and its addresses, and finishes with its result',
    async (subject) => {
      const pack = await subject.deployAgents(['echo']);
      const answer = await start(subject, { pack: pack.guid, agent: 'echo', input: { value: { a: 1 } } });
      equal(answer.status, 202, 'status');
      const { run_id, status_url, events_url, artifact_url } = object(answer.json, 'the answer');
      for (const address of [status_url, events_url, artifact_url])
        ok(text(address, 'an address').includes(String(run_id)), 'it names the run');
      const run = await ended(subject, String(run_id));
      equal([run.status, run.result], ['finished', { a: 1 }], 'status and result');
      for (const time of [run.created_at, run.started_at, run.finished_at])
        ok(!Number.isNaN(Date.parse(text(time, 'a time'))), 'times are times');
    },
    'runs',
  ),
  must(
    'RUN-2',
    'events are numbered from one without a gap, whatever the size of a page',
    async (subject) => {
      const pack = await subject.deployAgents(['say']);
      const id = await accepted(subject, pack, 'say');
      const all = await eventsOf(subject, id, 500);
      equal(
        all.map(({ seq }) => seq),
        all.map((_, index) => index + 1),
        'the numbers',
      );
      equal(await eventsOf(subject, id, 1), all, 'one by one');
      equal([all[0]?.event_type, all.at(-1)?.event_type], ['run.started', 'run.finished'], 'first and last');
      ok(
        all.some(({ event_type }) => event_type === 'log') && all.some(({ event_type }) => event_type === 'progress'),
        'log and progress are there',
      );
    },
    'runs',
  ),
  must(
    'RUN-3',
    'the stream has the very payloads of the pages, and goes on where a reader left off',
    async (subject) => {
      const pack = await subject.deployAgents(['say']);
      const id = await accepted(subject, pack, 'say');
      await ended(subject, id);
      const page = await subject.send(`/v1/runs/${id}/events?limit=500`);
      const stream = await subject.send(`/v1/runs/${id}/events/stream`, { headers: { accept: 'text/event-stream' } });
      ok(/^text\/event-stream/.test(stream.headers['content-type'] ?? ''), 'content-type');
      const blocks = stream.text.split('\n\n').filter((block) => /^data:/m.test(block));
      const data = blocks.map((block) => /^data: ?(.*)$/m.exec(block)?.[1] ?? '');
      for (const each of data)
        ok(page.text.includes(each), 'a payload of the stream stands in the page, byte for byte');
      const cursor = text(/^id: ?(.*)$/m.exec(blocks[1] ?? '')?.[1], 'id of the second event');
      const rest = await subject.send(`/v1/runs/${id}/events/stream`, {
        headers: { accept: 'text/event-stream', 'last-event-id': cursor },
      });
      equal(
        rest.text.split('\n\n').filter((block) => /^data:/m.test(block)).length,
        blocks.length - 2,
        'how many are left',
      );
    },
    'runs',
  ),
  must(
    'RUN-4',
    'a key makes a repeated request the same run, and another request a conflict',
    async (subject) => {
      const pack = await subject.deployAgents(['echo']);
      const key = { 'idempotency-key': randomUUID() };
      const body = { pack: pack.guid, agent: 'echo', input: { value: 1 } };
      const [one, two] = [await start(subject, body, key), await start(subject, body, key)];
      equal(object(two.json, 'the second').run_id, object(one.json, 'the first').run_id, 'run_id');
      failed(await start(subject, { ...body, input: { value: 2 } }, key), 409);
    },
    'runs',
  ),
  must(
    'RUN-5',
    'an agent that fails is a run that failed, with its words',
    async (subject) => {
      const pack = await subject.deployAgents(['fail']);
      const run = await ended(subject, await accepted(subject, pack, 'fail'));
      equal(run.status, 'failed', 'status');
      ok(text(object(run.error, 'error').message, 'message').includes('broken on purpose'), 'the message');
    },
    'runs',
  ),
  must(
    'RUN-6',
    'bad cursors and limits are 400',
    async (subject) => {
      const pack = await subject.deployAgents(['echo']);
      const [one, two] = [await accepted(subject, pack, 'echo'), await accepted(subject, pack, 'echo')];
      await ended(subject, one);
      const { next_cursor } = object((await subject.send(`/v1/runs/${two}/events`)).json, 'a page');
      for (const query of [
        'limit=0',
        'limit=501',
        'limit=-1',
        'limit=x',
        'cursor=%00',
        'cursor=nonsense',
        `cursor=${encodeURIComponent(String(next_cursor))}`,
      ]) {
        failed(await subject.send(`/v1/runs/${one}/events?${query}`), 400);
      }
    },
    'runs',
  ),
  must(
    'RUN-7',
    'a run that there is not is 404',
    async (subject) => {
      for (const path of ['', '/events', '/artifact?list=1'])
        failed(await subject.send(`/v1/runs/${randomUUID()}${path}`), 404);
      failed(await subject.send(`/v1/runs/${randomUUID()}/cancel`, { method: 'POST' }), 404);
    },
    'runs',
  ),
  must(
    'RUN-8',
    'requests of another shape are refused, and nothing runs',
    async (subject) => {
      for (const body of [
        {},
        { agent: 7, input: {} },
        { agent: 'echo', blueprint: 'x', input: {} },
        { agent: 'echo', input: [] },
      ]) {
        failed(await start(subject, body), [400, 422]);
      }
      failed(await start(subject, '{"agent":'), 400);
      failed(await start(subject, { agent: `nobody-${randomUUID()}`, input: {} }), 404);
    },
    'runs',
  ),
  must(
    'RUN-9',
    'the newest run is listed first, page by page',
    async (subject) => {
      const pack = await subject.deployAgents(['echo']);
      const ids = [await accepted(subject, pack, 'echo'), await accepted(subject, pack, 'echo')];
      for (const id of ids) await ended(subject, id);
      const page = object((await subject.send('/v1/runs?limit=1&agent=echo&status=finished')).json, 'a page');
      const [first] = list(page.runs, 'runs').map((each) => object(each, 'a run'));
      equal(first?.run_id, ids[1], 'the first');
      const next = await subject.send(
        `/v1/runs?limit=1&agent=echo&status=finished&cursor=${encodeURIComponent(text(page.next_cursor, 'next_cursor'))}`,
      );
      equal(object(list(object(next.json, 'a page').runs, 'runs')[0], 'a run').run_id, ids[0], 'the next');
    },
    'runs',
  ),
  must(
    'RUN-10',
    'the artifact is a zip, an index, and files in parts',
    async (subject) => {
      const pack = await subject.deployAgents(['echo']);
      const id = await accepted(subject, pack, 'echo', { value: 1 });
      await ended(subject, id);
      const zip = await subject.send(`/v1/runs/${id}/artifact`, { headers: { accept: 'application/zip' } });
      equal([zip.status, zip.bytes[0], zip.bytes[1]], [200, 0x50, 0x4b], 'a zip');
      const index = await subject.send(`/v1/runs/${id}/artifact?list=1`);
      ok(
        index.text.includes('run.json') && index.text.includes('events.jsonl'),
        'the index names run.json and events.jsonl',
      );
      const whole = await subject.send(`/v1/runs/${id}/artifact/run.json`);
      const part = await subject.send(`/v1/runs/${id}/artifact/run.json`, { headers: { range: 'bytes=2-5' } });
      equal([part.status, part.text], [206, whole.text.slice(2, 6)], 'a part');
      for (const path of ['..%2f..%2fetc%2fpasswd', 'nothing.json'])
        failed(await subject.send(`/v1/runs/${id}/artifact/${path}`), [400, 404]);
    },
    'runs',
  ),
  slow(
    must(
      'RUN-11',
      'a run that never ends is canceled',
      async (subject) => {
        const pack = await subject.deployAgents(['spin']);
        const id = await accepted(subject, pack, 'spin');
        equal((await subject.send(`/v1/runs/${id}/cancel`, { method: 'POST' })).status, 202, 'the status of a cancel');
        const run = await ended(subject, id);
        equal(run.status, 'canceled', 'status');
        const all = await eventsOf(subject, id, 500);
        equal(
          all
            .filter(({ event_type }) => /^run\.(finished|failed|canceled)$/.test(event_type))
            .map((each) => each.event_type),
          ['run.canceled'],
          'how it ended',
        );
        oneOf(
          (await subject.send(`/v1/runs/${id}/cancel`, { method: 'POST' })).status,
          [202, 409],
          'a cancel afterwards',
        );
      },
      'runs',
    ),
  ),
];
