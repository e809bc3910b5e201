// Requests that are wrong: each gets its documented answer, and reaches nothing behind the door.
import { PypesError } from '@pypes/contract';
import { describe, expect, test } from 'vitest';
import { type Answer, setup } from './testing/setup.ts';

const RUN = { agent: 'echo', input: { text: 'hi' } };
const codeOf = ({ status, json }: Answer) => [status, json.error.type];

describe('a request that is wrong', () => {
  test.each([
    ['nothing', {}, ['', '', '', '']],
    ['two at once', { agent: 'a', blueprint: 'b', input: {} }, ['']],
    ['a pack without an agent', { blueprint: 'b', pack: 'p', input: {} }, ['']],
    ['an input that is no object', { agent: 'a', input: [] }, ['/input']],
    ['another mode, another key', { agent: 'a', input: {}, mode: 'fast', more: 1 }, ['', '/mode']],
    ['a user who is none', { agent: 'a', input: {}, context: { user_guid: 'ann' } }, ['/context/user_guid']],
  ])('has %s: every violation is listed', async (_, body, paths) => {
    const { send, fake } = setup();
    const { status, json } = await send('POST', '/v1/runs', { body });
    expect([status, json.error.type]).toEqual([422, 'invalid_input']);
    const got = (json.error.details as { readonly errors: readonly { readonly path: string }[] }).errors.map(
      ({ path }) => path,
    );
    expect(new Set(got)).toEqual(new Set(paths));
    expect(fake.calls).toEqual({});
  });

  test.each([
    ['limit=0'],
    ['limit=501'],
    ['limit=-1'],
    ['limit=abc'],
    ['limit=1.5'],
    ['limit='],
    ['limit=01'],
    ['limit=1e2'],
    ['limit=1&limit=2'],
    ['wait=61'],
    ['wait=-1'],
    ['wait=1s'],
    ['cursor='],
    ['cursor=nonsense'],
    ['cursor=1.run-000002'],
    ['cursor=01.run-000001'],
    ['cursor=-1.run-000001'],
    ['cursor=zzzzzzzzzzz.run-000001'],
    ['cusor=1.run-000001'],
  ])('asks for events with ?%s', async (query) => {
    const { send, fake } = setup();
    await fake.create(RUN, { tenant: '' });
    await fake.create(RUN, { tenant: '' });
    expect(codeOf(await send('GET', `/v1/runs/run-000001/events?${query}`))).toEqual([400, 'invalid_request']);
  });

  test('asks with a query of five thousand characters', async () => {
    const answer = await setup().send('GET', `/v1/runs?agent=${'x'.repeat(5_000)}`);
    expect(codeOf(answer)).toEqual([400, 'invalid_request']);
    expect(answer.text.length).toBeLessThan(500);
  });

  test.each([['cursor=nonsense'], ['cursor=1.run-000002']])('asks for a stream with ?%s', async (query) => {
    const { send, fake } = setup();
    await fake.create(RUN, { tenant: '' });
    expect(codeOf(await send('GET', `/v1/runs/run-000001/events/stream?${query}`))).toEqual([400, 'invalid_request']);
    const headers = { 'last-event-id': query.slice(7) };
    expect(codeOf(await send('GET', '/v1/runs/run-000001/events/stream', { headers }))).toEqual([
      400,
      'invalid_request',
    ]);
  });

  test.each([['status=done'], ['limit=0'], ['limit=501'], ['cursor=1.run-000001'], ['agent='], ['before=x']])(
    'lists with ?%s',
    async (query) => {
      expect(codeOf(await setup().send('GET', `/v1/runs?${query}`))).toEqual([400, 'invalid_request']);
    },
  );

  test('has a body over the limit, with and without a length', async () => {
    const { send, fake } = setup({ bodyBytes: 100 });
    const large = JSON.stringify({ ...RUN, metadata: { pad: 'x'.repeat(100) } });
    const json = { 'content-type': 'application/json' };
    const refused = await send('POST', '/v1/runs', {
      text: large,
      headers: { ...json, 'content-length': String(large.length) },
    });
    expect([...codeOf(refused), refused.json.error.details]).toEqual([
      413,
      'too_large',
      { limit: 'body_bytes', maximum: 100 },
    ]);
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(50).fill(32));
      },
    });
    expect(codeOf(await send('POST', '/v1/runs', { body: endless, headers: json }))).toEqual([413, 'too_large']);
    expect(pulled).toBeLessThan(10);
    expect(fake.calls).toEqual({});
  });

  test.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['application/json; charset=utf-16'],
    ['application/jsonp'],
    ['multipart/form-data; boundary=x'],
  ])('has a body of type %s', async (type) => {
    const answer = await setup().send('POST', '/v1/runs', {
      text: JSON.stringify(RUN),
      headers: { 'content-type': type },
    });
    expect(codeOf(answer)).toEqual([415, 'invalid_request']);
  });

  test('has an encoded body, or none of a type', async () => {
    const { send, fetch } = setup();
    const text = JSON.stringify(RUN);
    const gzip = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await send('POST', '/v1/runs', { text, headers: gzip })).status).toBe(415);
    const bare = new Request('http://127.0.0.1/v1/runs', { method: 'POST', body: new TextEncoder().encode(text) });
    expect((await fetch(bare)).status).toBe(415);
    expect(
      (await send('POST', '/v1/runs', { text, headers: { 'content-type': 'Application/JSON; charset="UTF-8"' } }))
        .status,
    ).toBe(202);
  });

  test('has a body that is no JSON, or no object', async () => {
    const { send } = setup();
    const headers = { 'content-type': 'application/json' };
    expect(codeOf(await send('POST', '/v1/runs', { text: '{', headers }))).toEqual([400, 'invalid_json']);
    expect(codeOf(await send('POST', '/v1/runs', { text: '[]', headers }))).toEqual([400, 'invalid_request']);
    expect(codeOf(await send('POST', '/v1/runs', { text: '', headers }))).toEqual([422, 'invalid_input']);
  });

  test('goes where nothing is, or with another method', async () => {
    const { send } = setup();
    for (const path of [
      '/v1/',
      '/v1/run',
      '/v1/runs/',
      '/v1/runs//events',
      '/v1/runs/x/events/',
      '/v1/runs/x/artifact/',
      '/metrics/',
    ]) {
      const answer = await send('GET', path);
      expect([path, answer.status]).toEqual([path, 404]);
    }
    const refused = await send('PUT', '/v1/runs');
    expect([...codeOf(refused), refused.headers.get('allow')]).toEqual([405, 'method_not_allowed', 'POST, GET, HEAD']);
    expect((await send('DELETE', '/v1/runs/x')).headers.get('allow')).toBe('GET, HEAD');
    expect((await send('OPTIONS', '/v1/eval')).headers.get('allow')).toBe('POST');
  });

  test('is told to come back later', async () => {
    const { send, fake } = setup();
    fake.failure = new PypesError('rate_limited', 'Too much', { details: { retry_after: 2.5 } });
    expect((await send('GET', '/v1/runs')).headers.get('retry-after')).toBe('3');
    fake.failure = new PypesError('unavailable', 'Going down');
    const { headers, json } = await send('GET', '/v1/runs');
    expect([headers.get('retry-after'), json.error.retryable, json.error.source]).toEqual(['1', true, 'service']);
  });
});
