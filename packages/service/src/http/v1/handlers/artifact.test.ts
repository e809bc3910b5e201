// Bundles over HTTP: the zip, the index, files with ranges; and what strangers wrote is never run by a browser.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setup } from '../testing/setup.ts';
import { parseRange } from './range.ts';

const RUN = { agent: 'echo', input: {} };
const REF = { tenant: '', run_id: 'run-000001' };
const BASE = '/v1/runs/run-000001/artifact';

async function withFiles(files: { readonly [path: string]: readonly [string, string] }) {
  const world = setup();
  await world.fake.create(RUN, { tenant: '' });
  for (const [path, [text, type]] of Object.entries(files)) await world.fake.put(REF, path, text, type);
  const get = (path: string, headers = {}) => world.send('GET', `${BASE}/${path}`, { headers });
  return { ...world, get };
}

describe('a bundle', () => {
  test.each([
    [undefined, '', 'application/zip'],
    ['*/*', '', 'application/zip'],
    ['application/zip', '', 'application/zip'],
    ['application/json, application/zip', '', 'application/zip'],
    ['application/json', '', 'application/json; charset=utf-8'],
    ['application/zip', '?list=1', 'application/json; charset=utf-8'],
    ['text/html', '', 'application/zip'],
  ])('for Accept %s and query "%s" is %s', async (accept, query, type) => {
    const { send } = await withFiles({ 'run.json': ['{}', 'application/json'] });
    const answer = await send('GET', `${BASE}${query}`, { headers: accept === undefined ? {} : { accept } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
    if (type === 'application/zip')
      expect(answer.headers.get('content-disposition')).toBe('attachment; filename="run-000001.zip"');
    else
      expect(answer.json.files).toEqual([
        { path: 'run.json', bytes: 2, digest: expect.any(String), media_type: 'application/json' },
      ]);
  });

  test('knows no other list', async () => {
    const { send } = await withFiles({});
    expect((await send('GET', `${BASE}?list=true`)).status).toBe(400);
  });
});

describe('a file', () => {
  test('is given whole, in part, or not again', async () => {
    const { get, fake, send } = await withFiles({ 'files/ä b.txt': ['0123456789', 'text/plain'] });
    const path = encodeURIComponent('ä b.txt');
    const whole = await get(`files/${path}`);
    const etag = String(whole.headers.get('etag'));
    expect([whole.status, whole.text, whole.headers.get('content-length')]).toEqual([200, '0123456789', '10']);
    expect(etag).toMatch(/^"sha256:[0-9a-f]{64}"$/);
    expect(whole.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''%C3%A4%20b.txt");
    const range = async (range: string, more = {}) => {
      const { status, text, headers } = await get(`files/${path}`, { range, ...more });
      return [status, text, headers.get('content-range')];
    };
    expect(await range('bytes=2-4')).toEqual([206, '234', 'bytes 2-4/10']);
    expect(await range('bytes=8-')).toEqual([206, '89', 'bytes 8-9/10']);
    expect(await range('bytes=-3')).toEqual([206, '789', 'bytes 7-9/10']);
    expect(await range('bytes=9-99')).toEqual([206, '9', 'bytes 9-9/10']);
    expect(await range('bytes=0-0', { 'if-range': etag })).toEqual([206, '0', 'bytes 0-0/10']);
    for (const whole of ['bytes=0-1,3-4', 'bytes=5-2', 'bytes=a-b', 'lines=1-2', 'bytes=-', 'bytes=1']) {
      expect(await range(whole)).toEqual([200, '0123456789', null]);
    }
    expect(await range('bytes=0-0', { 'if-range': '"other"' })).toEqual([200, '0123456789', null]);
    for (const none of ['bytes=10-', 'bytes=10-12', 'bytes=-0']) {
      expect(await range(none)).toEqual([416, expect.stringContaining('invalid_request'), 'bytes */10']);
    }
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const { status, text } = await get(`files/${path}`, { 'if-none-match': known });
      expect([status, text]).toEqual([304, '']);
    }
    expect((await get(`files/${path}`, { 'if-none-match': '"x"' })).status).toBe(200);
    const head = await send('HEAD', `${BASE}/files/${path}`);
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', '10']);
    expect(fake.calls.artifact).toBeGreaterThan(10);
  });

  test('may be empty', async () => {
    const { get } = await withFiles({ 'files/empty': ['', 'text/plain'] });
    expect((await get('files/empty')).text).toBe('');
    expect((await get('files/empty', { range: 'bytes=0-' })).status).toBe(416);
  });

  test.each([
    ['text/html', 'application/octet-stream'],
    ['image/svg+xml', 'application/octet-stream'],
    ['application/javascript', 'application/octet-stream'],
    ['text/javascript; charset=utf-8', 'application/octet-stream'],
    ['application/xhtml+xml', 'application/octet-stream'],
    ['application/pdf', 'application/octet-stream'],
    ['application/wasm', 'application/octet-stream'],
    ['text/plain\r\nset-cookie: a=b', 'application/octet-stream'],
    ['text/plain', 'text/plain'],
    ['application/json', 'application/json'],
    ['image/png', 'image/png'],
  ])('of type %j is sent as %s, to be saved, with no rights', async (given, sent) => {
    const { get } = await withFiles({ 'files/x.html': ['"<script>alert(1)</script>"', given] });
    const { headers } = await get('files/x.html');
    expect(headers.get('content-type')).toBe(sent);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(headers.get('set-cookie')).toBeNull();
  });

  test.each([
    ['..%2fsecret', 400],
    ['files/..%2f..%2fsecret', 400],
    ['%2e%2e%2fsecret', 400],
    ['%2e%2e/secret', 404],
    ['files%2f%2e%2e%2fx', 400],
    ['files//x', 400],
    ['files%5c..%5cx', 400],
    ['%2fetc%2fpasswd', 400],
    ['files/a%00.txt', 400],
    ['files/a%0d%0aset-cookie:%20a=b', 400],
    ['files/%ff', 400],
    ['%252e%252e%252fsecret', 404],
    ['files/__proto__', 404],
    ['constructor', 404],
    [`files/${'x'.repeat(2_000)}`, 400],
  ])('is not found at %s', async (path, status) => {
    const { send, fake } = await withFiles({ 'files/x': ['x', 'text/plain'] });
    const asked: string[] = [];
    const artifact = fake.artifact;
    fake.artifact = (ref, name, range) => {
      asked.push(name);
      return artifact(ref, name, range);
    };
    expect((await send('GET', `${BASE}/${path}`)).status).toBe(status);
    for (const name of asked) expect(name.split('/')).not.toContain('..');
  });
});

test('a range lies within its file, whatever was asked for', () => {
  const number = fc.oneof(fc.constant(''), fc.nat({ max: 40 }).map(String), fc.constant('999999999999999'));
  fc.assert(
    fc.property(number, number, fc.nat({ max: 30 }), (first, last, size) => {
      const range = parseRange(`bytes=${first}-${last}`, size);
      if (range === undefined || range === 'unsatisfiable') return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.end).toBeGreaterThan(range.start);
      expect(range.end).toBeLessThanOrEqual(size);
    }),
  );
});

test('a file that compresses itself stays as it is', async () => {
  const { get } = await withFiles({ 'files/a.gz': [gzipSync('x').toString('latin1'), 'application/gzip'] });
  expect((await get('files/a.gz')).headers.get('content-encoding')).toBeNull();
});
