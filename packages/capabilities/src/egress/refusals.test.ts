// Every way that is known to reach a private address through a public-looking request: refused, and never connected.
import { parseNetworkRule } from '@pypes/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEgress } from './egress.ts';
import { ask } from './testing/asking.ts';
import { openSite, type Site } from './testing/site.ts';

let secret: Site;
let secret6: Site | undefined;
beforeAll(async () => {
  secret = await openSite((_request, response) => response.end('secret'));
  secret6 = await openSite((_request, response) => response.end('secret'), { host: '::1' }).catch(() => undefined);
});
afterAll(async () => {
  expect(secret.connections() + (secret6?.connections() ?? 0)).toBe(0);
  await Promise.all([secret.close(), secret6?.close()]);
});

const denied = { code: 'policy_denied' };
const refused = { code: expect.stringMatching(/^(policy_denied|invalid_input)$/) };

describe('spellings of private addresses under a rule for every public host', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1.',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0x7f.0x0.0x0.0x1',
    '0177.0.0.1',
    '017700000001',
    '0177.1',
    '00000000177.0.0.1',
    '127.000.000.001',
    '127.0.0.01',
    '0x7F.0.0.1',
    '127.0.0.2',
    '127.255.255.254',
    '0',
    '0.0.0.0',
    '0x0',
    '00',
    '0.0',
    '[::]',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[0000::0001]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[::127.0.0.1]',
    '[::7f00:1]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[2002:7f00:1::1]',
    '[2001:0:0:0:0:0:80ff:fffe]',
    '%31%32%37.0.0.1',
    '127%2e0%2e0%2e1',
    '127.0.0.%31',
    '１２７.0.0.1',
    '127。0。0。1',
    '127．0．0．1',
    '127｡0｡0｡1',
    '①②⑦.0.0.1',
    '①②⑦.⓪.⓪.①',
    '𝟏𝟐𝟕.𝟎.𝟎.𝟏',
    '𝟭𝟮𝟳.0.0.1',
    '0ˣ7f.1',
    '¹²⁷.0.0.1',
    '₁₂₇.0.0.1',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'LocalHost.',
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
    'ｌｏｃａｌｈｏｓｔ',
    'loc%61lhost',
    'lo\u00adcalhost',
    'app.localhost',
    'a.b.localhost.',
    '127.0.0.1.localhost',
    '10.0.0.1',
    '0xa.1',
    '012.0.0.1',
    '167772161',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '0300.0250.1.1',
    '3232235777',
    '100.64.0.1',
    '198.18.0.1',
    '192.0.2.1',
    '192.0.0.8',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.1',
    '239.1.1.1',
    '240.0.0.1',
    '255.255.255.255',
    '0xffffffff',
    '4294967295',
    '[fc00::1]',
    '[fd12:3456::1]',
    '[fe80::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[2001:db8::1]',
    '[3fff::1]',
    '[100::1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:192.168.0.1]',
    '[::2]',
    '[4000::1]',
    '[2606:4700::5efe:127.0.0.1]',
    '169.254.1.1',
    '169.254.169.254',
    '169.254.169.254.',
    '2852039166',
    '0xa9fea9fe',
    '0xa9.0xfe.0xa9.0xfe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '169.16689662',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[64:ff9b::a9fe:a9fe]',
    '[::a9fe:a9fe]',
    '[2002:a9fe:a9fe::]',
    '①⑥⑨.②⑤④.①⑥⑨.②⑤④',
    '169.254.170.2',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '[fd00:ec2::254]',
    '[fd20:ce::254]',
  ])('http://%s', async (host) => {
    await expect(ask(`http://${host}:${secret.port}/`)).rejects.toMatchObject(denied);
    await expect(ask(`https://${host}:${secret.port}/`)).rejects.toMatchObject(denied);
  });

  it.each([
    '[fe80::1%25eth0]',
    '[fe80::1%eth0]',
    '[::1',
    '127.0.0.256',
    '0x7f.0.0.0.1',
    '1.2.3.4.5',
    '127.0.0.1%00',
    '127.0.0.1%20',
  ])('http://%s is no URL', async (host) => {
    await expect(ask(`http://${host}:${secret.port}/`)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('texts that look like another host', () => {
  it.each([
    ['userinfo', (port: number) => `http://public.example@127.0.0.1:${port}/`],
    ['userinfo with a password', (port: number) => `http://public.example:80@127.0.0.1:${port}/`],
    ['empty userinfo', (port: number) => `http://:@127.0.0.1:${port}/`],
    ['an encoded at', (port: number) => `http://public.example%40127.0.0.1:${port}/`],
    ['two ats', (port: number) => `http://a@public.example@127.0.0.1:${port}/`],
    ['a backslash before the at', (port: number) => `http://127.0.0.1:${port}\\@public.example/`],
    ['backslashes for slashes', (port: number) => `http:\\\\127.0.0.1:${port}\\`],
    ['a backslash in the path', (port: number) => `http://127.0.0.1:${port}/\\public.example`],
    ['a tab', (port: number) => `http://127.0.\t0.1:${port}/`],
    ['a line end', (port: number) => `http://127.0.0.1\n:${port}/`],
    ['a carriage return in the scheme', (port: number) => `ht\rtp://127.0.0.1:${port}/`],
    ['a leading space', (port: number) => ` http://127.0.0.1:${port}/`],
    ['no slashes', (port: number) => `http:127.0.0.1:${port}/`],
    ['one slash', (port: number) => `http:/127.0.0.1:${port}/`],
    ['three slashes', (port: number) => `http:///127.0.0.1:${port}/`],
    ['a hash before the at', (port: number) => `http://127.0.0.1:${port}#@public.example/`],
    ['a question mark before the at', (port: number) => `http://127.0.0.1:${port}?@public.example/`],
    ['leading zeros of the port', (port: number) => `http://127.0.0.1:000${port}/`],
    ['a port that is too high', () => 'http://127.0.0.1:65616/'],
    ['port 0', () => 'http://127.0.0.1:0/'],
    ['an upper-case scheme', (port: number) => `HTTP://127.0.0.1:${port}/`],
    ['a relative URL', (port: number) => `//127.0.0.1:${port}/`],
    ['nothing', () => ''],
  ])('%s', async (_name, url) => {
    await expect(ask(url(secret.port))).rejects.toMatchObject(refused);
  });

  it.each([
    'file:///etc/passwd',
    'ftp://127.0.0.1/',
    'gopher://127.0.0.1:70/_',
    'data:text/plain,x',
    'javascript:1',
    'ws://127.0.0.1/',
    'unix:/run/x.sock',
    'blob:http://127.0.0.1/x',
    'about:blank',
    'jar:http://127.0.0.1/',
    'view-source:http://127.0.0.1/',
  ])('the scheme of %s', async (url) => {
    await expect(ask(url)).rejects.toMatchObject(denied);
  });
});

describe('names that lead to private addresses', () => {
  const resolving = (...addresses: readonly string[]) => ({ setup: { resolve: async () => addresses } });

  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    '::1',
    '::ffff:127.0.0.1',
    'fe80::1%2',
    'fd00:ec2::254',
    'nonsense',
    '0.0.0.0',
  ])('%s', async (address) => {
    await expect(ask(`http://rebound.example:${secret.port}/`, resolving(address))).rejects.toMatchObject(denied);
    await expect(
      ask(`http://rebound.example:${secret.port}/`, { ...resolving(address), rules: ['rebound.example:*'] }),
    ).rejects.toMatchObject(denied);
  });

  it('one private address among public ones', async () => {
    for (const list of [
      ['93.184.216.34', '127.0.0.1'],
      ['127.0.0.1', '93.184.216.34'],
      ['2606:4700::1', '::1', '1.1.1.1'],
    ]) {
      await expect(ask(`http://mixed.example:${secret.port}/`, resolving(...list))).rejects.toMatchObject(denied);
    }
  });

  it('is silent about which address it was', async () => {
    const error = await ask('http://inside.example/', resolving('10.11.12.13')).catch((thrown: Error) => thrown);
    expect(String(error)).not.toContain('10.11.12.13');
    expect(JSON.stringify(error)).not.toContain('10.11.12.13');
  });

  it('metadata by name, also where private addresses are granted', async () => {
    for (const rules of [
      ['private:*:*'],
      ['private:metadata.google.internal:80'],
      ['metadata.google.internal:80', '169.254.169.254:80'],
    ]) {
      await expect(
        ask('http://metadata.google.internal/', { ...resolving('169.254.169.254'), rules }),
      ).rejects.toMatchObject(denied);
    }
    await expect(ask('http://169.254.169.254/', { rules: ['private:*:*'] })).rejects.toMatchObject(denied);
    await expect(
      ask('http://[::ffff:a9fe:a9fe]/', { rules: ['private:*:*', '169.254.169.254'] }),
    ).rejects.toMatchObject(denied);
  });

  it('says what an operator would grant', async () => {
    await expect(ask('http://inside.example/', resolving('10.0.0.1'))).rejects.toMatchObject({
      details: { permission: 'network=private:inside.example:80' },
    });
    await expect(ask('https://api.example/', { rules: [] })).rejects.toMatchObject({
      details: { permission: 'network=api.example:443' },
    });
  });
});

describe('rules', () => {
  it.each([
    [['example.com'], 'http://example.org/', 'GET'],
    [['example.com'], 'http://example.com:8080/', 'GET'],
    [['GET example.com'], 'http://example.com/', 'POST'],
    [['example.com:443'], 'http://example.com/', 'GET'],
    [[], 'http://example.com/', 'GET'],
    [['*:*'], 'http://example.com:25/', 'GET'],
    [['*:*'], 'http://example.com:6667/', 'GET'],
  ])('%j refuse %s %s before its name is looked up', async (rules, url, method) => {
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return ['93.184.216.34'];
    };
    await expect(ask(url, { rules, method, setup: { resolve } })).rejects.toMatchObject(denied);
    expect(asked).toBe(0);
  });
});

describe('rebinding', () => {
  it('asks once for each hop, and connects to that answer', async () => {
    const site = await openSite((_request, response) => response.end('granted'));
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    let asked = 0;
    const resolve = async () => answers[asked++] ?? [];
    const response = await ask(`http://twice.example:${site.port}/`, {
      rules: [`private:twice.example:${site.port}`],
      setup: { resolve },
    });
    expect(response.status).toBe(200);
    expect(asked).toBe(1);
    await site.close();
  });

  it('checks the second answer of a name that a redirect asks for again', async () => {
    const answers = [['93.184.216.34'], ['127.0.0.1']];
    let asked = 0;
    const egress = createEgress({ resolve: async () => answers[asked++] ?? [] });
    const options = {
      rules: [parseNetworkRule('*:*')],
      signal: new AbortController().signal,
      timeoutMs: 300,
      responseBytes: 100,
      redirects: 1,
    };
    const get = () =>
      egress.fetch({ method: 'GET', url: `http://twice.example:${secret.port}/`, headers: [] }, options);
    await expect(get()).rejects.toMatchObject({ code: expect.stringMatching(/timeout|unavailable/) });
    await expect(get()).rejects.toMatchObject(denied);
    expect(asked).toBe(2);
    await egress.close();
  });
});

describe('redirects', () => {
  let gate: Site;
  beforeAll(async () => {
    gate = await openSite((request, response) => {
      const [, status, location = ''] = /^\/(\d+)\/(.*)$/.exec(request.url ?? '') ?? [];
      response.writeHead(Number(status), { location: decodeURIComponent(location) }).end('moved');
    });
  });
  afterAll(() => gate.close());

  it.each([301, 302, 303, 307, 308])('%i to a private address', async (status) => {
    for (const method of ['GET', 'POST']) {
      const to = encodeURIComponent(`http://127.0.0.1:${secret.port}/`);
      await expect(
        ask(`${gate.url}/${status}/${to}`, { method, rules: ['*:*', `127.0.0.1:${gate.port}`] }),
      ).rejects.toMatchObject(denied);
    }
  });

  it.each([
    ['protocol-relative', () => `//127.0.0.1:${secret.port}/`],
    ['backslashes', () => `\\\\127.0.0.1:${secret.port}\\`],
    ['slash and backslash', () => `/\\127.0.0.1:${secret.port}/`],
    ['decimal', () => `http://2130706433:${secret.port}/`],
    ['mapped', () => `http://[::ffff:127.0.0.1]:${secret.port}/`],
    ['localhost', () => `http://localhost:${secret.port}/`],
    ['userinfo', () => `http://a:b@127.0.0.1:${gate.port}/`],
    ['a tab', () => `http://127.0.0\t.1:${secret.port}/`],
    ['metadata', () => 'http://169.254.169.254/latest/meta-data/'],
    ['a file', () => 'file:///etc/passwd'],
    ['ftp', () => 'ftp://127.0.0.1/'],
    ['gopher', () => 'gopher://127.0.0.1:6379/_FLUSHALL'],
    ['javascript', () => 'javascript:alert(1)'],
    ['data', () => 'data:text/plain,secret'],
    ['no URL', () => 'http://[::1'],
    ['another method only', () => `http://127.0.0.1:${secret.port}/`],
  ])('to %s', async (_name, location) => {
    const url = `${gate.url}/302/${encodeURIComponent(location())}`;
    const rules = ['*:*', `127.0.0.1:${gate.port}`, `POST 127.0.0.1:${secret.port}`];
    await expect(ask(url, { rules })).rejects.toMatchObject(denied);
  });
});
