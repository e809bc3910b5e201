// The typed client against the real doors: every method, and errors as the service said them.
import { PypesError } from '@pypes/contract';
import { createRunsClient } from '@pypes/contract/runs';
import { describe, expect, test } from 'vitest';
import { setup } from './testing/setup.ts';

const RUN = { agent: 'echo', input: { text: 'hi' } };

function connected(options: Parameters<typeof setup>[0] = {}, more = {}) {
  const world = setup(options);
  const requests: Request[] = [];
  const client = createRunsClient({
    baseUrl: 'http://127.0.0.1:7080//',
    fetch: async (input, init) => {
      const request = new Request(input as string, init);
      requests.push(request);
      return world.fetch(request);
    },
    ...more,
  });
  return { ...world, client, requests };
}

describe('the client', () => {
  test('does all that the doors do', async () => {
    const { client, fake } = connected({ evaluate: async () => ({ scorecard: { a: 1 }, gate_decision: {} }) });
    const accepted = await client.create({ ...RUN, metadata: { ticket: 7 } }, { idempotencyKey: 'k' });
    expect(await client.create({ ...RUN, metadata: { ticket: 7 } }, { idempotencyKey: 'k' })).toEqual(accepted);
    const ref = { tenant: '', run_id: accepted.run_id };
    expect(await client.get(ref.run_id)).toMatchObject({ status: 'running', metadata: { ticket: 7 } });
    expect(await client.events(ref.run_id, { limit: 1, wait: 0 })).toMatchObject({
      next_cursor: '1.run-000001',
      complete: false,
    });
    fake.emit(ref, 'run.finished', { ok: true });
    const types: string[] = [];
    for await (const { event } of client.follow(ref.run_id)) types.push(event.event_type);
    expect(types).toEqual(['run.started', 'run.finished']);
    expect((await client.cancel(ref.run_id)).status).toBe('finished');
    const again = await client.replay(ref.run_id, { recorded_calls: true }, { idempotencyKey: 'r' });
    expect((await client.get(again.run_id)).replay_of).toBe(ref.run_id);
    expect((await client.replay(ref.run_id, {}, { idempotencyKey: 'r' })).run_id).toBe(again.run_id);
    expect((await client.list({ status: 'finished', limit: 10 })).runs.map((run) => run.run_id)).toEqual([ref.run_id]);
    await fake.put(ref, 'files/a b#?.txt', '0123456789', 'text/plain');
    const { files } = await client.artifact.list(ref.run_id);
    const whole = await client.artifact.file(ref.run_id, 'files/a b#?.txt');
    expect([new TextDecoder().decode(whole.bytes), whole.digest, whole.mediaType]).toEqual([
      '0123456789',
      files[0]?.digest,
      'text/plain',
    ]);
    const part = await client.artifact.file(ref.run_id, 'files/a b#?.txt', { range: { start: 2, end: 5 } });
    expect(new TextDecoder().decode(part.bytes)).toBe('234');
    expect(await new Response(await client.artifact.zip(ref.run_id)).text()).toBe('PK-not-really');
    expect(await client.evaluate({ suite_ref: 's', run_id: ref.run_id })).toEqual({
      scorecard: { a: 1 },
      gate_decision: {},
    });
  });

  test('says who it is, and for whom it asks', async () => {
    const auth = {
      type: 'static_token' as const,
      tokens: [{ name: 't', token: 'token-t', scopes: ['admin' as const] }],
    };
    const { client, requests } = connected({ auth }, { token: 'token-t', tenant: 'acme' });
    const { run_id } = await client.create(RUN, { traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` });
    expect(requests[0]?.headers.get('x-tenant-id')).toBe('acme');
    expect((await client.get(run_id)).trace_id).toBe('1'.repeat(32));
  });

  test('throws what the service said', async () => {
    const { client, fake } = connected();
    await expect(client.get('none')).rejects.toMatchObject({ code: 'not_found', message: 'There is no run "none"' });
    await expect(client.create({ input: {} } as typeof RUN)).rejects.toMatchObject({
      code: 'invalid_input',
      details: { errors: expect.arrayContaining([{ path: '', message: 'must have the property "agent"' }]) },
    });
    await expect(client.events('x', { limit: 0 })).rejects.toMatchObject({ code: 'invalid_request' });
    fake.failure = new PypesError('unavailable', 'Going down');
    await expect(client.list()).rejects.toMatchObject({ code: 'unavailable', message: 'Going down' });
    const { client: refused } = connected({ auth: { type: 'static_token', tokens: [] } });
    await expect(refused.list()).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [409, 'conflict'],
    [413, 'too_large'],
    [416, 'invalid_request'],
    [418, 'invalid_request'],
    [422, 'invalid_input'],
    [429, 'rate_limited'],
    [500, 'internal'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'timeout'],
  ])('tells the code from the status %i where something in between answered', async (status, code) => {
    const answering = (body: string) =>
      createRunsClient({ baseUrl: 'http://x', fetch: async () => new Response(body, { status }) });
    for (const body of ['<html>', '', '{"error":"no"}', 'null', '{"error":{"type":"made_up"}}']) {
      await expect(answering(body).get('x')).rejects.toMatchObject({ code });
    }
  });

  test('refuses what would change the address', async () => {
    const { client, requests } = connected();
    await expect(client.get('..')).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(client.artifact.file('x', 'files/../../y')).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(client.get('../metrics?x')).rejects.toMatchObject({ code: 'not_found' });
    expect(requests.map(({ url }) => url)).toEqual(['http://127.0.0.1:7080/v1/runs/..%2Fmetrics%3Fx']);
  });

  test('says where nothing answers, and when it was canceled', async () => {
    const refusing = createRunsClient({ baseUrl: 'http://x', fetch: () => Promise.reject(new TypeError('refused')) });
    await expect(refusing.get('x')).rejects.toMatchObject({ code: 'unavailable' });
    const gone = AbortSignal.abort();
    await expect(refusing.get('x', { signal: gone })).rejects.toMatchObject({ code: 'canceled' });
    const lying = createRunsClient({ baseUrl: 'http://x', fetch: async () => new Response('<html>') });
    await expect(lying.get('x')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
