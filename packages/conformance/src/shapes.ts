// Shapes that several checks look at: the error envelope, and what a pack says of itself.
import { equal, object, ok, text } from './expect.ts';
import type { Answer } from './http.ts';
import type { Subject } from './subject.ts';

/** `{status: "error", message, …}` with that status. @throws CheckFailure */
export function envelope(answer: Answer, status: number | readonly number[]): { readonly [key: string]: unknown } {
  const wanted = typeof status === 'number' ? [status] : status;
  ok(
    wanted.includes(answer.status),
    `the status: wanted ${wanted.join(' or ')}, got ${answer.status} with ${answer.text.slice(0, 200)}`,
  );
  ok(/^application\/json/.test(answer.headers['content-type'] ?? ''), 'an error is application/json');
  const body = object(answer.json, 'the error');
  equal(body.status, 'error', 'the status in the envelope');
  text(body.message, 'the message');
  return body;
}

/** `GET /api/pack/{guid}/healthz`. @throws CheckFailure unless it answers 200 */
export async function healthOf(subject: Subject, guid: string): Promise<{ readonly [key: string]: unknown }> {
  const answer = await subject.send(`/api/pack/${guid}/healthz`);
  equal(answer.status, 200, `GET /api/pack/${guid}/healthz`);
  return object(answer.json, 'the health of a pack');
}

export function isGuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}
