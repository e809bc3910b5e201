// The doors beside the runs: the AI gateway, web pages, HEAD, the description, the measurements.
import { describe, expect, test } from 'vitest';
import { type Answer, setup } from './testing/setup.ts';

const RUN = { agent: 'echo', input: { text: 'hi' } };
const codeOf = ({ status, json }: Answer) => [status, json.error.type];

const AUTH = {
  type: 'static_token' as const,
  tokens: [{ name: 'all', token: 'all-all-all', scopes: ['admin' as const] }],
};
const bearer = { authorization: 'Bearer all-all-all' };

describe('other doors', () => {
  test('stay where they are', async () => {
    const { send } = setup();
    expect((await send('GET', '/v1/models')).json.error.code).toBeDefined();
    expect((await send('GET', '/v1/chat/completions')).json.error.code).toBe('method_not_allowed');
    expect((await send('GET', '/api/pack/x/y')).json.code).toBe('not_found');
  });

  test('HEAD has the headers of GET and no body', async () => {
    const { send, fake } = setup();
    await fake.create(RUN, { tenant: '' });
    for (const path of [
      '/v1/runs',
      '/v1/runs/run-000001',
      '/v1/runs/run-000001/events/stream',
      '/openapi.json',
      '/v1/runs/none',
    ]) {
      const { status, text } = await send('HEAD', path);
      expect([path, status, text]).toEqual([path, path.endsWith('none') ? 404 : 200, '']);
    }
  });

  test('web pages of other machines get nothing, those of this one what they need', async () => {
    const { send } = setup({}, { hosts: ['127.0.0.1'] });
    const evil = await send('GET', '/v1/runs', { headers: { origin: 'https://evil.example' } });
    expect([...codeOf(evil), evil.headers.get('access-control-allow-origin')]).toEqual([403, 'forbidden', null]);
    expect((await send('GET', '/v1/runs', { headers: { host: 'evil.example' } })).status).toBe(403);
    const origin = 'http://localhost:3000';
    const good = await send('GET', '/v1/runs', { headers: { origin } });
    expect(good.headers.get('access-control-allow-origin')).toBe(origin);
    expect(good.headers.get('access-control-expose-headers')).toContain('etag');
    const preflight = await send('OPTIONS', '/v1/runs', {
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    for (const name of ['x-tenant-id', 'last-event-id', 'idempotency-key', 'range', 'authorization']) {
      expect(preflight.headers.get('access-control-allow-headers')).toContain(name);
    }
  });

  test('/openapi.json needs no token, /metrics the scope', async () => {
    const { send } = setup({ auth: AUTH, metrics: () => 'runs_total 1\n' });
    expect((await send('GET', '/openapi.json')).json.openapi).toBe('3.1.0');
    expect((await send('GET', '/metrics')).status).toBe(401);
    const { text, headers } = await send('GET', '/metrics', { headers: bearer });
    expect([text, headers.get('content-type')]).toEqual(['runs_total 1\n', 'text/plain; version=0.0.4; charset=utf-8']);
  });
});
