// The proxy of a browser: the same refusals as for requests, whoever asks and however.
import { request as httpRequest } from 'node:http';
import { connect, createServer } from 'node:net';
import { parseNetworkRule } from '@pypes/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createEgressProxy, type EgressProxy, type EgressProxyOptions } from './proxy.ts';
import { openSite, type Site } from './testing/site.ts';

let site: Site;
let secret: Site;
let proxy: EgressProxy;

beforeAll(async () => {
  secret = await openSite((_request, response) => response.end('secret'));
  site = await openSite((request, response) => {
    const [, path = '', rest = ''] = (request.url ?? '').split('/');
    if (path === 'bytes') response.end(Buffer.alloc(Number(rest), 'x'));
    else if (path === 'silent') return;
    else if (path === 'drip') setInterval(() => response.write('x'), 20).unref();
    else response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'] }).end(`${request.method} ${request.url}`);
  });
});
afterEach(() => proxy.close());
afterAll(async () => {
  expect(secret.connections()).toBe(0);
  await Promise.all([site.close(), secret.close()]);
});

async function start(rules: readonly string[], options: Partial<EgressProxyOptions> = {}): Promise<void> {
  proxy = await createEgressProxy({ rules: rules.map(parseNetworkRule), ...options });
}

type Asking = { readonly method?: string; readonly password?: string; readonly headers?: Record<string, string> };
type Answer = { readonly status: number; readonly text: string; readonly headers: NodeJS.Dict<string | string[]> };

/** An absolute-form request through the proxy. */
function through(
  url: string,
  { method = 'GET', password = proxy.password, headers = {} }: Asking = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(proxy.url);
    const authorization = `Basic ${Buffer.from(`${proxy.username}:${password}`).toString('base64')}`;
    const sent = httpRequest(
      { port, host: '127.0.0.1', method, path: url, headers: { 'proxy-authorization': authorization, ...headers } },
      async (response) => {
        let text = '';
        try {
          for await (const chunk of response) text += chunk;
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers });
        } catch (error) {
          reject(error);
        }
      },
    );
    sent.on('error', reject).end();
  });
}

/** A server that says the same to everybody, and stays. */
async function speaking(said: string): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => (said.includes(' 101 ') ? socket.write(said) : socket.end(said)));
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  return { port: (server.address() as { port: number }).port, close: () => server.close() };
}

/** What comes back through a tunnel for some first bytes. */
function tunnel(authority: string, bytes = '', password = proxy.password): Promise<string> {
  return new Promise((resolve, reject) => {
    const authorization = `Basic ${Buffer.from(`${proxy.username}:${password}`).toString('base64')}`;
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('close', () => resolve(received)).on('error', reject);
    socket.write(
      `CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\nproxy-authorization: ${authorization}\r\n\r\n${bytes}`,
    );
  });
}

/** A client sends no other characters. */
const inAscii = (host: string) => host.replace(/[^!-~]+/g, encodeURIComponent);

const GET = 'GET /tunnel HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';

describe('what a rule includes', () => {
  it('passes, with its own host header and without what belongs to the proxy', async () => {
    await start([`127.0.0.1:${site.port}`]);
    const answer = await through(`${site.url}/a?b=1`, {
      method: 'POST',
      headers: {
        host: 'evil.example',
        connection: 'x-hop',
        'x-hop': '1',
        'x-kept': '1',
        'proxy-connection': 'keep-alive',
      },
    });
    expect(answer).toMatchObject({ status: 200, text: 'POST /a?b=1' });
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    const sent = site.headers.at(-1) ?? {};
    expect(sent).toMatchObject({ host: `127.0.0.1:${site.port}`, 'x-kept': '1' });
    for (const name of ['proxy-authorization', 'proxy-connection', 'x-hop']) expect(sent[name]).toBeUndefined();
  });

  it('passes through a tunnel, also what was sent at once', async () => {
    await start([`127.0.0.1:${site.port}`]);
    expect(await tunnel(`127.0.0.1:${site.port}`, GET)).toMatch(/^HTTP\/1.1 200 Connection(?:.|\s)*GET \/tunnel/);
  });

  it('is resolved once, and connected to that answer', async () => {
    let asked = 0;
    const resolve = async () => (asked++ === 0 ? ['127.0.0.1'] : ['10.0.0.1']);
    await start([`private:name.example:${site.port}`], { resolve });
    expect((await through(`http://name.example:${site.port}/`)).status).toBe(200);
    expect(asked).toBe(1);
    expect(site.headers.at(-1)?.host).toBe(`name.example:${site.port}`);
  });

  it('keeps to methods; a tunnel, which hides them, needs a rule for all or one for CONNECT', async () => {
    const at = `127.0.0.1:${site.port}`;
    await start([`GET ${at}`]);
    expect((await through(`${site.url}/`)).status).toBe(200);
    expect((await through(`${site.url}/`, { method: 'POST' })).status).toBe(403);
    expect(await tunnel(at, GET)).toMatch(/^HTTP\/1.1 403/);
    await proxy.close();
    await start([`GET,CONNECT ${at}`]);
    expect(await tunnel(at, GET)).toMatch(/^HTTP\/1.1 200/);
  });
});

describe('what no rule includes', () => {
  it.each([
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f.1',
    '127.1',
    '0.0.0.0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '①②⑦.0.0.1',
    'a@127.0.0.1',
    '169.254.169.254',
  ])('%s is refused under a rule for every public host', async (host) => {
    await start(['*:*']);
    expect((await through(`http://${inAscii(host)}:${secret.port}/`)).status).toBe(403);
    expect(await tunnel(`${inAscii(host)}:${secret.port}`)).toMatch(/^HTTP\/1.1 403/);
  });

  it('a name that leads there, or partly there, is refused', async () => {
    for (const addresses of [['127.0.0.1'], ['93.184.216.34', '127.0.0.1'], ['::ffff:7f00:1']]) {
      await start(['*:*'], { resolve: async () => addresses });
      expect((await through(`http://name.example:${secret.port}/`)).status).toBe(403);
      expect(await tunnel(`name.example:${secret.port}`)).toMatch(/^HTTP\/1.1 403/);
      expect(proxy.refusalOf(`name.example:${secret.port}`)).toMatchObject({ code: 'policy_denied' });
      await proxy.close();
    }
    await start([]);
  });

  it.each(['https://127.0.0.1/', 'ftp://127.0.0.1/', 'file:///etc/passwd', '/', '*'])(
    '%s is no target',
    async (url) => {
      await start(['*:*']);
      expect((await through(url)).status).toBe(400);
    },
  );
});

describe('who may use it', () => {
  it('its own session alone', async () => {
    await start([`127.0.0.1:${site.port}`]);
    const before = site.connections();
    for (const password of ['', 'wrong', `${proxy.password}x`, proxy.password.slice(1)]) {
      expect((await through(`${site.url}/`, { password })).status).toBe(407);
      expect(await tunnel(`127.0.0.1:${site.port}`, GET, password)).toMatch(/^HTTP\/1.1 407/);
    }
    expect(site.connections()).toBe(before);
  });

  it('each proxy has a password and a port of its own', async () => {
    await start([]);
    const other = await createEgressProxy({ rules: [] });
    expect(other.password).not.toBe(proxy.password);
    expect(other.url).not.toBe(proxy.url);
    await other.close();
  });
});

describe('bounds', () => {
  it('connections at once', async () => {
    await start([`127.0.0.1:${site.port}`], { connections: 2 });
    const waiting = [1, 2].map(() => through(`${site.url}/silent`).catch(() => undefined));
    await expect.poll(() => site.open()).toBe(2);
    expect((await through(`${site.url}/`)).status).toBe(502);
    expect(proxy.refusalOf(`127.0.0.1:${site.port}`)).toMatchObject({ details: { limit: 'session_connections' } });
    await proxy.close();
    await Promise.all(waiting);
    await expect.poll(() => site.open()).toBe(0);
    await start([]);
  });

  it('connections are given back', async () => {
    await start([`127.0.0.1:${site.port}`], { connections: 1 });
    for (let time = 0; time < 5; time++) {
      await expect.poll(async () => (await through(`${site.url}/`)).status).toBe(200);
      await through('http://127.0.0.1:1/').catch(() => undefined);
    }
  });

  it('bytes, from both sides', async () => {
    await start([`127.0.0.1:${site.port}`], { bytes: 100_000 });
    expect((await through(`${site.url}/bytes/50000`)).text).toHaveLength(50_000);
    await expect(through(`${site.url}/bytes/500000`)).rejects.toBeDefined();
    await expect(through(`${site.url}/`)).resolves.toMatchObject({ status: 502 });
    expect(await tunnel(`127.0.0.1:${site.port}`, GET)).toMatch(/^HTTP\/1.1 502/);
  });

  it('time', async () => {
    await start([`127.0.0.1:${site.port}`], { connectionMs: 100 });
    await expect(through(`${site.url}/drip`)).rejects.toBeDefined();
    expect(await tunnel(`127.0.0.1:${site.port}`)).toMatch(/^HTTP\/1.1 200/);
    await expect.poll(() => site.open()).toBe(0);
  });

  it('a client that goes takes its connection along', async () => {
    await start([`127.0.0.1:${site.port}`]);
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    const authorization = Buffer.from(`${proxy.username}:${proxy.password}`).toString('base64');
    socket.write(`GET ${site.url}/drip HTTP/1.1\r\nhost: x\r\nproxy-authorization: Basic ${authorization}\r\n\r\n`);
    await expect.poll(() => site.open()).toBe(1);
    socket.destroy();
    await expect.poll(() => site.open()).toBe(0);
  });

  // What is thrown while it is passed on would be nobody's to catch: it would end the process, and fails this file.
  it.each([
    ['a status below all', 'HTTP/1.1 000 No\r\n\r\n'],
    ['a status that is none', 'HTTP/1.1 099 No\r\ncontent-length: 2\r\n\r\nno'],
  ])('a site that answers with %s', async (_what, head) => {
    const odd = await speaking(head);
    await start([`127.0.0.1:${odd.port}`]);
    expect((await through(`http://127.0.0.1:${odd.port}/`)).status).toBe(502);
    odd.close();
  });

  it('a site that leaves HTTP', async () => {
    const odd = await speaking('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n');
    await start([`127.0.0.1:${odd.port}`]);
    await expect(through(`http://127.0.0.1:${odd.port}/`)).rejects.toMatchObject({ code: 'ECONNRESET' });
    odd.close();
  });

  it('a site that is not there', async () => {
    await start(['127.0.0.1:*']);
    expect((await through('http://127.0.0.1:2/')).status).toBe(502);
    expect(proxy.refusalOf('127.0.0.1:2')).toMatchObject({ code: 'unavailable' });
  });
});
