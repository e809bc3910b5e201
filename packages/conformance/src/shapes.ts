// Shapes that several checks look at: the error envelope, what a pack says of itself, a connection that was closed.
import { equal, type JsonObject, object, ok, text } from './expect.ts';
import type { Subject } from './subject/subject.ts';
import { type Answer, NoAnswer } from './transport/transport.ts';

/** `{status: "error", message, …}` with that status. @throws CheckFailure */
export function envelope(answer: Answer, status: number | readonly number[], what = 'the answer'): JsonObject {
  hasStatus(answer, status, what);
  ok(/^application\/json/.test(answer.headers['content-type'] ?? ''), `${what}: an error is application/json`);
  const body = object(answer.json, `the body of ${what}`);
  equal(body.status, 'error', `the status in the body of ${what}`);
  text(body.message, `the message of ${what}`);
  return body;
}

/** @throws CheckFailure */
export function hasStatus(
  { status, text: body }: Answer,
  wanted: number | readonly number[],
  what = 'the answer',
): void {
  const all = typeof wanted === 'number' ? [wanted] : wanted;
  ok(all.includes(status), `the status of ${what}: wanted ${all.join(' or ')}, got ${status} (${body.slice(0, 200)})`);
}

/** `GET /api/pack/{guid}/healthz`. @throws CheckFailure unless it answers 200 */
export async function healthOf(subject: Subject, guid: string): Promise<JsonObject> {
  const answer = await subject.send(`/api/pack/${guid}/healthz`);
  hasStatus(answer, 200, `GET /api/pack/${guid}/healthz`);
  return object(answer.json, 'the health of a pack');
}

/** The answer, or undefined where the endpoint closed the connection instead: it may, on bodies that are too large. */
export async function orHungUp(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NoAnswer && error.kind === 'hung_up') return undefined;
    throw error;
  }
}

export function isGuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}
