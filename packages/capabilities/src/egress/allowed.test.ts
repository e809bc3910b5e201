// What a rule includes works as fetch does, and every bound is seen from both sides.
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, headerOf, textOf } from './testing/asking.ts';
import { createCertificate } from './testing/certificate.ts';
import { openSite, type Site } from './testing/site.ts';

const certificate = createCertificate('127.0.0.1', 'secure.test');
let site: Site;
let other: Site;
let secure: Site;
let rules: readonly string[] = [];

beforeAll(async () => {
  other = await openSite((_request, response) => response.end('other'));
  secure = await openSite((_request, response) => response.end('secure'), { certificate });
  site = await openSite((request, response) => {
    const [, path = '', rest = ''] = (request.url ?? '').split('/');
    if (path === 'bytes') response.end(Buffer.alloc(Number(rest), 'x'));
    else if (path === 'gzip')
      response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(Number(rest), 'x')));
    else if (path === 'br') response.setHeader('content-encoding', 'br').end(brotliCompressSync(Buffer.from('hé')));
    else if (path === 'redirect') response.writeHead(Number(rest), { location: '/echo' }).end();
    else if (path === 'away') response.writeHead(307, { location: `http://127.0.0.1:${other.port}/` }).end();
    else if (path === 'loop') response.writeHead(302, { location: '/loop' }).end();
    else if (path === 'hops')
      response.writeHead(302, { location: rest === '0' ? '/echo' : `/hops/${Number(rest) - 1}` }).end();
    else if (path === 'drip') setInterval(() => response.write('x'), 20).unref();
    else if (path === 'headers') response.writeHead(200, { 'x-big': 'x'.repeat(Number(rest)) }).end();
    else if (path === 'silent') return;
    else
      response
        .writeHead(203, { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] })
        .end(`${request.method} ${request.url}`);
  });
  rules = [`127.0.0.1:${site.port}`];
});
afterAll(() => Promise.all([site.close(), other.close(), secure.close()]));

const get = (path: string, asking: Parameters<typeof ask>[1] = {}) => ask(`${site.url}${path}`, { rules, ...asking });
const limitOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: { details?: { limit?: string }; code?: string }) => error.details?.limit ?? error.code,
  );

describe('a request', () => {
  it('brings status, headers, also twice the same, and bytes', async () => {
    const response = await get('/echo?q=1');
    expect([response.status, textOf(response), response.url]).toEqual([203, 'GET /echo?q=1', `${site.url}/echo?q=1`]);
    expect(response.headers.filter(([name]) => name === 'set-cookie')).toHaveLength(2);
    expect(headerOf(response, 'content-type')).toBe('text/plain');
  });

  it('sends method, headers and body', async () => {
    await get('/echo', { method: 'PUT', headers: [['x-test', '1']], body: new TextEncoder().encode('hé') });
    expect(site.requests.at(-1)).toBe('PUT /echo');
    expect(site.headers.at(-1)).toMatchObject({ 'x-test': '1', host: `127.0.0.1:${site.port}` });
    expect(site.bodies.at(-1)).toBe('hé');
  });

  it('undoes compression', async () => {
    expect(textOf(await get('/gzip/100'))).toBe('x'.repeat(100));
    expect(textOf(await get('/br'))).toBe('hé');
  });

  it('speaks TLS, and trusts whom it should', async () => {
    const asking = {
      rules: ['private:secure.test:*'],
      setup: { resolve: async () => ['127.0.0.1'], trust: { authorities: [certificate.cert] } },
    };
    expect(textOf(await ask(`https://secure.test:${secure.port}/`, asking))).toBe('secure');
    const distrusting = { ...asking, setup: { resolve: asking.setup.resolve } };
    await expect(ask(`https://secure.test:${secure.port}/`, distrusting)).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it.each([
    ['x-a', 'b\r\nx-injected: 1'],
    ['x-a', 'b\nx-injected: 1'],
    ['x-a', 'b\0'],
    ['x-a', '\u{1F600}'],
    ['x-a\r\nx-injected', '1'],
    ['x-a: 1\r\nx-injected', '1'],
    ['', '1'],
    ['x a', '1'],
    ['Host', 'evil'],
    ['Content-Length', '3'],
    ['Transfer-Encoding', 'chunked'],
    ['Proxy-Authorization', 'x'],
    ['Connection', 'upgrade'],
    ['Upgrade', 'websocket'],
    ['TE', 'trailers'],
    ['Expect', '100-continue'],
    ['x-big', 'x'.repeat(70_000)],
  ])('is refused with the header %j: %j', async (name, value) => {
    const before = site.connections();
    const sent = get('/echo', { headers: [[name, value]] });
    await expect(sent).rejects.toMatchObject({ code: 'invalid_input' });
    expect(site.connections()).toBe(before);
  });

  it.each(['CONNECT', 'TRACE', 'get', 'GET / HTTP/1.1\r\nx: ', ''])('is refused with the method %j', async (method) => {
    await expect(get('/echo', { method })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('is refused with a body where none belongs', async () => {
    await expect(get('/echo', { body: new Uint8Array(1) })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('a redirect', () => {
  it.each([
    [301, 'GET'],
    [302, 'GET'],
    [303, 'GET'],
    [307, 'POST'],
    [308, 'POST'],
  ])('%d makes a POST a %s', async (status, method) => {
    const response = await get(`/redirect/${status}`, { method: 'POST', body: new TextEncoder().encode('b') });
    expect(textOf(response)).toBe(`${method} /echo`);
  });

  it('is checked anew, and takes no secrets to another origin', async () => {
    const before = other.connections();
    await expect(get('/away')).rejects.toMatchObject({ code: 'policy_denied' });
    expect(other.connections()).toBe(before);
    const both = [...rules, `127.0.0.1:${other.port}`];
    const headers = [
      ['authorization', 'Bearer x'],
      ['cookie', 'c=1'],
      ['x-api-key', 'k'],
      ['accept', 'text/html'],
    ] as const;
    expect(textOf(await get('/away', { rules: both, headers }))).toBe('other');
    expect(other.headers.at(-1)?.authorization).toBeUndefined();
    expect(other.headers.at(-1)?.cookie).toBeUndefined();
    expect(other.headers.at(-1)?.['x-api-key']).toBeUndefined();
    expect(other.headers.at(-1)?.accept).toBe('text/html');
    expect(textOf(await get('/redirect/302', { headers }))).toBe('GET /echo');
    expect(site.headers.at(-1)).toMatchObject({ authorization: 'Bearer x', 'x-api-key': 'k' });
  });

  it('sends a body again only where the rules let it, and drops it with its headers where a POST becomes a GET', async () => {
    const body = new TextEncoder().encode('secret');
    const headers = [['content-type', 'text/x-test']] as const;
    const before = other.bodies.length;
    await expect(get('/away', { method: 'POST', body })).rejects.toMatchObject({ code: 'policy_denied' });
    expect(other.bodies).toHaveLength(before);
    await get('/away', { method: 'POST', body, headers, rules: [...rules, `127.0.0.1:${other.port}`] });
    expect(other.bodies.at(-1)).toBe('secret');
    await get('/redirect/303', { method: 'PUT', body, headers });
    expect([site.requests.at(-1), site.bodies.at(-1)]).toEqual(['GET /echo', '']);
    expect(site.headers.at(-1)?.['content-type']).toBeUndefined();
  });

  it('has a limit', async () => {
    expect(textOf(await get('/hops/2', { redirects: 3 }))).toBe('GET /echo');
    expect(await limitOf(get('/hops/3', { redirects: 3 }))).toBe('fetch_redirects');
    expect(await limitOf(get('/loop'))).toBe('fetch_redirects');
    expect(await limitOf(get('/hops/0', { redirects: 0 }))).toBe('fetch_redirects');
  });
});

describe('bounds', () => {
  it('bytes, also of what is compressed', async () => {
    expect((await get('/bytes/1000', { responseBytes: 1_000 })).body).toHaveLength(1_000);
    expect(await limitOf(get('/bytes/1001', { responseBytes: 1_000 }))).toBe('fetch_bytes');
    expect((await get('/gzip/1000', { responseBytes: 1_000 })).body).toHaveLength(1_000);
    expect(await limitOf(get('/gzip/100000000', { responseBytes: 1_000 }))).toBe('fetch_bytes');
  });

  it('headers', async () => {
    expect((await get('/headers/1000')).status).toBe(200);
    expect(await limitOf(get('/headers/200000'))).toBe('fetch_header_bytes');
  });

  it.each(['/drip', '/silent'])('time, also where %s', async (path) => {
    const began = performance.now();
    await expect(get(path, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'timeout' });
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it('the caller’s end closes the connection', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 60);
    await expect(get('/drip', { signal: controller.signal })).rejects.toMatchObject({ code: 'canceled' });
    await expect.poll(() => site.open()).toBe(0);
  });
});

it('no proxy of the environment is asked', async () => {
  process.env.HTTP_PROXY = `http://127.0.0.1:${other.port}`;
  try {
    const before = other.connections();
    expect((await get('/echo')).status).toBe(203);
    expect(other.connections()).toBe(before);
  } finally {
    delete process.env.HTTP_PROXY;
  }
});
