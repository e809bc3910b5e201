// What the checks of runs do: start one, wait for its end, read its events, look at a failure (spec 5).
import { setTimeout as sleep } from 'node:timers/promises';
import { equal, type JsonObject, object, objects, ok, text } from '../../expect.ts';
import { hasStatus } from '../../shapes.ts';
import type { Deployed, Subject } from '../../subject/subject.ts';
import type { Answer } from '../../transport/transport.ts';

const LONGEST_MS = 30_000;
const POLL_MS = 25;
const MOST_PAGES = 500;
const ENDS = ['finished', 'failed', 'canceled'];

/** `{error: {type, message, retryable, source}}` with that status. @throws CheckFailure */
export function failed(answer: Answer, status: number | readonly number[], what = 'the answer'): JsonObject {
  hasStatus(answer, status, what);
  const error = object(object(answer.json, `the body of ${what}`).error, `the error of ${what}`);
  text(error.type, `error.type of ${what}`);
  text(error.message, `error.message of ${what}`);
  ok(typeof error.retryable === 'boolean', `error.retryable of ${what} is true or false`);
  text(error.source, `error.source of ${what}`);
  return error;
}

/** `POST /v1/runs`, whatever it answers. */
export const start = (
  subject: Subject,
  body: unknown,
  headers: { readonly [name: string]: string } = {},
): Promise<Answer> => subject.send('/v1/runs', { method: 'POST', body, headers });

/** The id of a run that was accepted. @throws CheckFailure */
export async function accepted(
  subject: Subject,
  pack: Deployed,
  agent: string,
  input: unknown = {},
  more: JsonObject = {},
): Promise<string> {
  const answer = await start(subject, { pack: pack.guid, agent, input, ...more });
  hasStatus(answer, 202, 'POST /v1/runs');
  return text(object(answer.json, 'the answer to POST /v1/runs').run_id, 'run_id');
}

/** The run as it is when it has ended. @throws CheckFailure where it does not end */
export async function ended(subject: Subject, id: string): Promise<JsonObject> {
  const until = performance.now() + LONGEST_MS;
  while (performance.now() < until) {
    const answer = await subject.send(`/v1/runs/${id}`);
    hasStatus(answer, 200, 'GET /v1/runs/{id}');
    const run = object(answer.json, 'the run');
    if (ENDS.includes(String(run.status))) return run;
    await sleep(POLL_MS);
  }
  ok(false, `run ${id} did not end within ${LONGEST_MS / 1_000} s`);
}

/** All events, page by page, until they are complete. @throws CheckFailure */
export async function eventsOf(subject: Subject, id: string, limit: number): Promise<readonly JsonObject[]> {
  const events: JsonObject[] = [];
  let cursor = '';
  for (let n = 0; n < MOST_PAGES; n++) {
    const after = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await subject.send(`/v1/runs/${id}/events?limit=${limit}&wait=5${after}`);
    hasStatus(page, 200, 'a page of events');
    const { events: some, next_cursor, complete } = object(page.json, 'a page of events');
    const here = objects(some, 'events');
    ok(here.length <= limit, `a page of ${limit} has ${here.length} events`);
    events.push(...here);
    if (complete === true) return events;
    equal(complete, false, 'complete');
    cursor = text(next_cursor, 'next_cursor');
  }
  ok(false, `the events of run ${id} were not complete after ${MOST_PAGES} pages`);
}

/** One message of a stream of events. */
export type Message = { readonly id: string; readonly data: string };

/** Reads an event stream to its end. @throws CheckFailure */
export async function streamOf(subject: Subject, id: string, lastId?: string): Promise<readonly Message[]> {
  const headers = { accept: 'text/event-stream', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) };
  const answer = await subject.send(`/v1/runs/${id}/events/stream`, { headers });
  hasStatus(answer, 200, 'a stream');
  ok(/^text\/event-stream\b/.test(answer.headers['content-type'] ?? ''), 'content-type is text/event-stream');
  const blocks = answer.text.split(/\r?\n\r?\n/).filter((block) => /^data:/m.test(block));
  return blocks.map((block) => ({
    id: /^id: ?(.*)$/m.exec(block)?.[1] ?? '',
    data: /^data: ?(.*)$/m.exec(block)?.[1] ?? '',
  }));
}
