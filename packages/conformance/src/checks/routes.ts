// Addresses and methods that there are not, and bytes that no client of the contract sends.
import { randomUUID } from 'node:crypto';
import { must, should } from '../check.ts';
import { equal, list, ok } from '../expect.ts';
import { envelope, hasStatus } from '../shapes.ts';

const CLIENT_ERROR = [400, 401, 403, 404, 405, 413, 414];

export const ROUTE_CHECKS = [
  must('ROUTE-1', 'an address that there is not is 404 in the envelope', async (subject) => {
    for (const path of ['/api/pack', '/api/pack/', '/api/pack/a/b/c/d', '/api/nothing']) {
      envelope(await subject.send(path), 404, path);
    }
  }),
  should('ROUTE-2', 'another method is 405 and says which there are', async (subject) => {
    const answer = await subject.send('/api/pack/healthz', { method: 'PUT', body: {} });
    const { allowed } = envelope(answer, 405);
    const said = answer.headers.allow ?? list(allowed, 'allowed').join(', ');
    ok(/\bGET\b/.test(said), `the header Allow, or allowed in the body, has GET, it is "${said}"`);
  }),
  must('ROUTE-3', 'no address leads out of the contract', async (subject) => {
    const paths = ['..%2f..%2fetc%2fpasswd', '%2e%2e/%2e%2e/etc/passwd', '..%5c..%5cetc', '%00', 'x%0d%0ax:y'];
    for (const path of paths) {
      const answer = await subject.send(`/api/pack/${path}/healthz`);
      envelope(answer, CLIENT_ERROR, path);
      equal(answer.headers.x, undefined, 'a header that the address made');
    }
  }),
  must('ROUTE-4', 'an address that is no text is refused', async (subject) => {
    for (const path of ['%', '%ff', '%c0%af', '%zz']) {
      envelope(await subject.send(`/api/pack/${path}/healthz`), CLIENT_ERROR, path);
    }
  }),
  should('ROUTE-5', 'a query changes nothing', async (subject) => {
    hasStatus(await subject.send('/api/pack/healthz?a=1&b=/x'), 200);
  }),
  must('ROUTE-6', 'GET calls nothing and deploys nothing', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    for (const path of [`/api/pack/${pack.guid}/agent`, '/api/pack/deploy']) {
      envelope(await subject.send(path), [404, 405], path);
    }
  }),
  must('ROUTE-7', 'an answer does not spoil the next one on its connection', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const unread = JSON.stringify({ name: 'echo', args: { value: 'GET /nothing HTTP/1.1\r\n\r\n' } });
    const refused = [
      { path: `/api/pack/${randomUUID()}/agent`, body: unread },
      { path: '/api/pack/nothing', body: unread },
      { path: `/api/pack/${pack.guid}/agent`, body: '{"name":' },
    ];
    for (const { path, body } of refused) {
      const connection = {};
      const answer = await subject.send(path, { method: 'POST', body, connection });
      envelope(answer, [400, 401, 403, 404, 405], path);
      hasStatus(await subject.send('/api/pack/healthz', { connection }), 200, 'the next request');
    }
  }),
  must('ROUTE-8', 'a body may come in pieces, its length not said before', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const value = 'x'.repeat(200_000);
    const path = `/api/pack/${pack.guid}/agent`;
    const answer = await subject.send(path, { method: 'POST', chunked: true, body: { name: 'echo', args: { value } } });
    hasStatus(answer, 200);
    equal((answer.json as { readonly output?: unknown }).output, value, 'the output');
  }),
  should(
    'ROUTE-9',
    'a body that is no UTF-8 is refused, or read with signs in the place of what is none',
    async (subject) => {
      const pack = await subject.deployAgents(['echo']);
      const bytes = Buffer.concat([
        Buffer.from('{"name":"echo","args":{"value":"'),
        Buffer.from([0xff, 0xc3]),
        Buffer.from('"}}'),
      ]);
      const answer = await subject.send(`/api/pack/${pack.guid}/agent`, { method: 'POST', body: bytes });
      if (answer.status !== 200) envelope(answer, 400);
      equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call afterwards');
    },
  ),
];
