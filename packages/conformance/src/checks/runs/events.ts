// Events of runs: numbered without a gap, the same by page and by stream, from wherever a reader left off.
import { type Check, must } from '../../check.ts';
import { equal, list, object, objects, ok, oneOf, text, time } from '../../expect.ts';
import { hasStatus } from '../../shapes.ts';
import { accepted, ended, eventsOf, failed, streamOf } from './run.ts';

const SEVERITIES = ['debug', 'info', 'warn', 'error'];
const ACTORS = ['engine', 'model', 'tool', 'retrieval', 'policy', 'evaluation'];
const TYPES =
  /^(run\.(started|finished|failed|canceled)|(model|tool)\.call\.(started|finished)|tool\.call\.blocked|policy\.(violation|budget_exceeded)|approval\.(requested|granted|denied)|progress|log|eval\.suite\.(started|finished)|eval\.gate\.decision)$/;
const SOON_MS = 15_000;

const runs = (id: string, title: string, run: Check['run']) => must(id, title, run, 'runs');

export const EVENT_CHECKS: readonly Check[] = [
  runs(
    'EVENT-1',
    'events are numbered from one without a gap, from the start of the run to its end',
    async (subject) => {
      const id = await accepted(subject, await subject.deployAgents(['say']), 'say');
      const all = await eventsOf(subject, id, 500);
      equal(
        all.map(({ seq }) => seq),
        all.map((_, index) => index + 1),
        'the numbers',
      );
      equal([all[0]?.event_type, all.at(-1)?.event_type], ['run.started', 'run.finished'], 'first and last');
    },
  ),
  runs('EVENT-2', 'what an agent logs and how far it says it is are events', async (subject) => {
    const id = await accepted(subject, await subject.deployAgents(['say']), 'say');
    const all = await eventsOf(subject, id, 500);
    const of = (type: string) => JSON.stringify(all.filter(({ event_type }) => event_type === type));
    ok(of('log').includes('logged'), 'an event of type log has what was logged');
    ok(of('progress').includes('0.5'), 'an event of type progress has how far it is');
  }),
  runs('EVENT-3', 'events are the same whatever the size of a page', async (subject) => {
    const id = await accepted(subject, await subject.deployAgents(['say']), 'say');
    const all = await eventsOf(subject, id, 500);
    ok(all.length > 3, `there are more than three events, there are ${all.length}`);
    for (const limit of [1, 2, 3]) equal(await eventsOf(subject, id, limit), all, `in pages of ${limit}`);
  }),
  runs(
    'EVENT-4',
    'each event has its number, time, run, type, severity, actor, trace and attributes',
    async (subject) => {
      const id = await accepted(subject, await subject.deployAgents(['say']), 'say');
      let before = 0;
      for (const event of await eventsOf(subject, id, 500)) {
        equal(event.run_id, id, 'run_id');
        const at = time(event.time, 'time');
        ok(at >= before, 'times do not go back');
        before = at;
        ok(TYPES.test(text(event.event_type, 'event_type')), `"${event.event_type}" is a type of events`);
        oneOf(event.severity, SEVERITIES, 'severity');
        oneOf(event.actor, ACTORS, 'actor');
        const { trace_id, span_id } = object(event.trace, 'trace');
        ok(/^(?!0{32})[0-9a-f]{32}$/.test(String(trace_id)), `trace_id is 32 hexadecimal digits: ${String(trace_id)}`);
        ok(/^(?!0{16})[0-9a-f]{16}$/.test(String(span_id)), `span_id is 16 hexadecimal digits: ${String(span_id)}`);
        object(event.attrs, 'attrs');
      }
    },
  ),
  runs('EVENT-5', 'bad limits and cursors are 400', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const [one, two] = [await accepted(subject, pack, 'echo'), await accepted(subject, pack, 'echo')];
    for (const id of [one, two]) await ended(subject, id);
    const { next_cursor } = object((await subject.send(`/v1/runs/${two}/events`)).json, 'a page');
    const other = encodeURIComponent(text(next_cursor, 'next_cursor'));
    for (const query of [
      'limit=0',
      'limit=501',
      'limit=-1',
      'limit=x',
      'wait=-1',
      'wait=x',
      'cursor=%00',
      'cursor=nonsense',
      `cursor=${other}`,
    ]) {
      failed(await subject.send(`/v1/runs/${one}/events?${query}`), 400, query);
    }
  }),
  runs('EVENT-6', 'who waits for events of a run that has ended is answered at once', async (subject) => {
    const id = await accepted(subject, await subject.deployAgents(['echo']), 'echo');
    await ended(subject, id);
    const { next_cursor } = object((await subject.send(`/v1/runs/${id}/events?limit=500`)).json, 'a page');
    const began = performance.now();
    const page = await subject.send(`/v1/runs/${id}/events?wait=25&cursor=${encodeURIComponent(String(next_cursor))}`);
    hasStatus(page, 200);
    const { events, complete } = object(page.json, 'a page');
    equal([list(events, 'events').length, complete], [0, true], 'how many events, complete');
    ok(performance.now() - began < SOON_MS, 'it did not wait');
  }),
  runs('EVENT-7', 'the stream has the very payloads of the pages', async (subject) => {
    const id = await accepted(subject, await subject.deployAgents(['say']), 'say');
    // The stream begins while the run may still go on, and ends with it.
    const messages = await streamOf(subject, id);
    const page = await subject.send(`/v1/runs/${id}/events?limit=500`);
    equal(messages.length, list(object(page.json, 'a page').events, 'events').length, 'how many there are');
    for (const { data } of messages) ok(page.text.includes(data), 'a payload stands in the page, byte for byte');
    const events = messages.map(({ data }) => JSON.parse(data) as { readonly seq: number });
    equal(
      events.map(({ seq }) => seq),
      events.map((_, index) => index + 1),
      'the numbers',
    );
  }),
  runs('EVENT-8', 'a stream goes on where its reader left off', async (subject) => {
    const id = await accepted(subject, await subject.deployAgents(['say']), 'say');
    await ended(subject, id);
    const all = await streamOf(subject, id);
    ok(all.length > 2, 'there are more than two messages');
    for (const at of [0, 1, all.length - 2]) {
      const rest = await streamOf(subject, id, text(all[at]?.id, 'the id of a message'));
      equal(rest, all.slice(at + 1), `what is left behind message ${at + 1}`);
    }
  }),
  runs('EVENT-9', 'the id of a message is the cursor of a page', async (subject) => {
    const id = await accepted(subject, await subject.deployAgents(['say']), 'say');
    await ended(subject, id);
    const [first, ...rest] = await streamOf(subject, id);
    const page = await subject.send(`/v1/runs/${id}/events?limit=500&cursor=${encodeURIComponent(first?.id ?? '')}`);
    hasStatus(page, 200);
    const { events } = object(page.json, 'a page');
    equal(
      objects(events, 'events'),
      rest.map(({ data }) => JSON.parse(data) as unknown),
      'the events behind the first',
    );
  }),
];
