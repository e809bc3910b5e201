// A handler answers whatever comes, before Lambda ends it, and never with more than Lambda takes.
import { describe, expect, it } from 'vitest';
import { createLambdaHandler } from './lambda-handler.ts';

const EVENT = { rawPath: '/x', headers: { host: 'a' }, requestContext: { http: { method: 'GET' } } };
const MEBIBYTE = 1024 * 1024;

describe('a Lambda handler', () => {
  it('answers what is no request, and what throws, in the envelope', async () => {
    const handler = createLambdaHandler(async () => {
      throw new Error('broken');
    });
    expect((await handler(null)).statusCode).toBe(400);
    expect((await handler({})).statusCode).toBe(400);
    const { statusCode, body } = await handler(EVENT);
    expect([statusCode, JSON.parse(body)]).toEqual([500, { status: 'error', message: 'broken', code: 'internal' }]);
  });

  it.each([
    [1, 'x', 200],
    [5.9 * MEBIBYTE, 'x', 200],
    [6 * MEBIBYTE, 'x', 500],
    // Each of these is six bytes in the document that the body travels in.
    [MEBIBYTE, '\u0001', 500],
    [0.9 * MEBIBYTE, '\u0001', 200],
  ])('answers %d bytes of %j with %d', async (count, character, status) => {
    const headers = { 'content-type': 'text/plain' };
    const handler = createLambdaHandler(async () => new Response(character.repeat(count), { headers }));
    const result = await handler(EVENT);
    expect(result.statusCode).toBe(status);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThanOrEqual(6 * MEBIBYTE);
  });

  it('ends a request before Lambda ends the instance', async () => {
    const handler = createLambdaHandler(
      (request) =>
        new Promise((answer) => {
          request.signal.addEventListener('abort', () => answer(new Response('stopped')));
        }),
    );
    const { body } = await handler(EVENT, { getRemainingTimeInMillis: () => 510 });
    expect(body).toBe('stopped');
  });
});
