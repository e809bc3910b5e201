// Attacks on the `/v1` doors over a real socket: a hostile request changes nothing but its own answer.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, listen, sendBytes } from './testing/listen.ts';
import { setup } from './testing/setup.ts';

const world = setup({ bodyBytes: 4_000_000 });
let server: Listening;
beforeAll(async () => {
  await world.fake.create({ agent: 'echo', input: {} }, { tenant: '' });
  await world.fake.create({ agent: 'echo', input: {} }, { tenant: 'acme' });
  world.fake.emit({ tenant: '', run_id: 'run-000001' }, 'run.finished');
  server = await listen(world.fetch);
});
afterAll(() => server.close());

const get = (path: string, ...headers: readonly string[]) =>
  sendBytes(
    server.port,
    [`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...headers, '', ''].join('\r\n'),
  );
const headOf = (answer: string) => answer.split('\r\n\r\n')[0] as string;

describe('headers', () => {
  test.each([
    ['Last-Event-ID: 1.run-000001%0d%0aSet-Cookie: a=b'],
    ['Last-Event-ID: 1.run-000001\rSet-Cookie: a=b'],
    ['Last-Event-ID: 1.run-000001\nSet-Cookie: a=b'],
    ['Last-Event-ID: 1.run-000001\0'],
    ['Last-Event-ID: 1.run-000001\r\n Set-Cookie: a=b'],
    ['Last-Event-ID: 1.run-000001, 1.run-000001'],
    ['X-Tenant-Id: acme\r\nX-Tenant-Id: beta'],
    ['X-Tenant-Id: acme\r\n beta'],
    ['X-Tenant-Id: acme\0'],
  ])('as %j are refused, and come back in none', async (header) => {
    const answer = await get('/v1/runs/run-000001/events/stream', header);
    expect(headOf(answer)).toMatch(/^HTTP\/1\.1 400 /);
    expect(headOf(answer).toLowerCase()).not.toContain('set-cookie');
    expect(answer).not.toContain('run.finished');
  });

  test('of a second request that hides in the first are read as its body', async () => {
    const hidden = 'GET /v1/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Tenant-Id: acme\r\n\r\n';
    const smuggled = [
      'POST /v1/runs HTTP/1.1',
      'Host: 127.0.0.1',
      'Content-Type: application/json',
      `Content-Length: ${hidden.length}`,
      'Transfer-Encoding: chunked',
      '',
      hidden,
    ];
    expect(await sendBytes(server.port, smuggled.join('\r\n'))).not.toContain('run-000002');
  });

  test('that are too many, or too long, do not come in', async () => {
    expect(headOf(await get('/v1/runs', `X-Tenant-Id: ${'a'.repeat(100_000)}`))).toMatch(/^HTTP\/1\.1 431 /);
    expect(headOf(await get(`/v1/runs?agent=${'a'.repeat(8_000)}`))).toMatch(/^HTTP\/1\.1 400 /);
    expect(headOf(await get(`/v1/runs?${'a=b&'.repeat(900)}`))).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('addresses', () => {
  test.each([
    ['/v1/runs/run-000001/artifact/../../../secret'],
    ['/v1/runs/run-000001/artifact/..%2f..%2fsecret'],
    ['/v1/runs/..%2frun-000001'],
    ['/v1/runs/run-000001%00'],
    ['/v1/runs/__proto__'],
    ['/v1/runs/constructor/events'],
    ['/v1//runs'],
    ['//v1/runs'],
    ['/v1\\runs'],
    ['/v1/runs/%0d%0aSet-Cookie:%20a=b'],
    [`/v1/runs/${'x'.repeat(5_000)}`],
  ])('%s lead nowhere', async (path) => {
    const head = headOf(await get(path));
    expect(head).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(head.toLowerCase()).not.toContain('set-cookie');
  });
});

describe('bodies', () => {
  const post = (body: string | Uint8Array<ArrayBuffer>) =>
    fetch(`${server.url}/v1/runs`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

  test('nested without end are refused, and the next request is answered', async () => {
    for (const text of [
      `{"agent":"a","input":${'{"a":'.repeat(200_000)}1${'}'.repeat(200_001)}`,
      `{"agent":"a","input":{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}}`,
    ]) {
      const response = await post(text);
      const { error } = (await response.json()) as { readonly error: { readonly details: object } };
      expect([response.status, error.details]).toEqual([413, { limit: 'json_depth', maximum: 500 }]);
    }
    expect((await fetch(`${server.url}/v1/runs`)).status).toBe(200);
  });

  test('with keys of prototypes change no prototype, and are kept as data', async () => {
    const refused = await post('{"agent":"a","input":{},"__proto__":{"blueprint":"b"}}');
    expect(refused.status).toBe(422);
    expect((await post('{"agent":"a","input":{},"constructor":{"prototype":{"polluted":1}}}')).status).toBe(422);
    expect((await post('{"__proto__":{"agent":"a","input":{}}}')).status).toBe(422);
    const taken = await post('{"agent":"a","input":{"__proto__":{"polluted":1},"constructor":1}}');
    expect(taken.status).toBe(202);
    const { run_id } = (await taken.json()) as { readonly run_id: string };
    const { request } = await world.fake.get({ tenant: '', run_id });
    expect(JSON.stringify(request.input)).toBe('{"__proto__":{"polluted":1},"constructor":1}');
    expect(({} as { readonly polluted?: number }).polluted).toBeUndefined();
  });

  test('with a hundred thousand violations are answered with a hundred', async () => {
    const keys = Array.from({ length: 100_000 }, (_, index) => `"k${index}":1`).join(',');
    const response = await post(`{${keys}}`);
    const { error } = (await response.json()) as {
      readonly error: { readonly details: { readonly errors: readonly unknown[] } };
    };
    expect([response.status, error.details.errors.length]).toEqual([422, 100]);
  });

  test('that are no UTF-8, or stop in the middle, are refused', async () => {
    expect((await post(new Uint8Array([0x7b, 0xff, 0xfe]))).status).toBe(400);
    const head = [
      'POST /v1/runs HTTP/1.1',
      'Host: 127.0.0.1',
      'Content-Type: application/json',
      'Content-Length: 100',
      '',
      '{"agent":',
    ];
    expect(await sendBytes(server.port, head.join('\r\n'))).toBe('');
    expect((await fetch(`${server.url}/v1/runs`)).status).toBe(200);
  });
});
