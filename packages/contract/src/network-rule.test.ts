// Network rules: what an operator writes is what is meant, and nothing more.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNetworkRule, parseNetworkRule } from './network-rule.ts';

const lets = (rules: readonly string[], url: string, method = 'GET') => {
  const { hostname, port, protocol } = new URL(url);
  const asked = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  return findNetworkRule(rules.map(parseNetworkRule), { method, host: hostname, port: asked })?.text;
};

describe('reading a rule', () => {
  it.each([
    ['api.example.com', { host: 'api.example.com', port: 'default', private: false, methods: undefined }],
    ['GET,head API.Example.com.:8443', { host: 'api.example.com', port: 8443, methods: ['GET', 'HEAD'] }],
    ['*:*', { host: '*', port: 'any', private: false }],
    ['*.example.com:443', { host: '*.example.com', port: 443, private: false }],
    ['private:intranet', { host: 'intranet', private: true }],
    ['127.0.0.1:8080', { host: '127.0.0.1', port: 8080, private: true }],
    ['127.0.0.1.', { host: '127.0.0.1', private: true }],
    ['[::1]:80', { host: '::1', port: 80, private: true }],
    ['[0:0:0:0:0:0:0:1]', { host: '::1', private: true }],
    ['[FD00:EC2::0254]', { host: 'fd00:ec2::254', private: true }],
    ['localhost:3000', { host: 'localhost', private: true }],
    ['LOCALHOST.', { host: 'localhost', private: true }],
    ['*.localhost', { host: '*.localhost', private: true }],
    ['app.localhost', { host: 'app.localhost', private: true }],
    ['bücher.example', { host: 'xn--bcher-kva.example', private: false }],
    ['xn--bcher-kva.example', { host: 'xn--bcher-kva.example' }],
    ['my_service.example', { host: 'my_service.example' }],
    ['mylocalhost', { host: 'mylocalhost', private: false }],
  ])('%s', (text, wanted) => {
    expect(parseNetworkRule(text)).toMatchObject(wanted);
  });

  it.each([
    '',
    ' ',
    'http://example.com',
    'example.com/',
    'example.com:0',
    'example.com:00',
    'example.com:65536',
    'example.com:-1',
    'example.com:',
    ':80',
    '::1',
    '[::1',
    '[::g]',
    'user@example.com',
    '**',
    '*.*',
    '*com',
    'a.*.com',
    '*.',
    '*.127.0.0.1',
    '*.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '127.0.0.256',
    '１２７.0.0.1',
    '①②⑦.0.0.1',
    'private:8080',
    'GET, POST example.com',
    'GET  example.com',
    'example.com example.org',
    'a..example\n.com',
    '.',
    '..',
    '%31',
    'a%2eb',
    'a\\b',
    'a?b',
    'a#b',
    '＊.example.com',
    '*.[::1]',
    'x'.repeat(600),
  ])('refuses %j', (text) => {
    expect(() => parseNetworkRule(text)).toThrowError(expect.objectContaining({ code: 'invalid_request' }));
  });
});

describe('finding a rule', () => {
  it.each([
    [['example.com'], 'http://example.com/', true],
    [['example.com'], 'https://EXAMPLE.com./', true],
    [['example.com'], 'https://example.com:8443/', false],
    [['example.com'], 'https://a.example.com/', false],
    [['example.com'], 'https://example.com.evil.test/', false],
    [['*.example.com'], 'https://a.b.example.com/', true],
    [['*.example.com'], 'https://example.com/', false],
    [['*.example.com'], 'https://evilexample.com/', false],
    [['bücher.example'], 'https://BÜCHER.example/', true],
    [['127.0.0.1:80'], 'http://127.1/', true],
    [['127.0.0.1:80'], 'http://①②⑦.0x1/', true],
    [['[::1]:80'], 'http://[0:0::1]/', true],
    [['[::1]:80'], 'http://[::2]/', false],
    [['127.0.0.1:80'], 'http://[::ffff:127.0.0.1]/', false],
    [['localhost:80'], 'http://a.localhost/', false],
    [['*:*'], 'http://example.com:0/', false],
    [['*'], 'http://example.com:8080/', false],
  ])('%j and %s: %s', (rules, url, wanted) => {
    expect(lets(rules, url) !== undefined).toBe(wanted);
  });

  it('keeps to the methods of a rule', () => {
    expect(lets(['GET,HEAD example.com'], 'https://example.com', 'head')).toBeDefined();
    expect(lets(['GET,HEAD example.com'], 'https://example.com', 'POST')).toBeUndefined();
  });

  it('takes the rule that names the host before one that is wider', () => {
    expect(lets(['*:*', 'private:*:*', '127.0.0.1:9000'], 'http://127.0.0.1:9000')).toBe('127.0.0.1:9000');
    expect(lets(['*:*', 'private:*.example.com:*'], 'http://a.example.com')).toBe('private:*.example.com:*');
    expect(lets(['*:*', '127.0.0.1:9000'], 'http://127.0.0.1:9001')).toBe('*:*');
  });
});

describe('laws', () => {
  const host = fc.oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV6().map((address) => `[${address}]`),
  );
  const port = fc.integer({ min: 1, max: 65_535 });

  it('a rule made of a host and a port lets through exactly that host and port', () => {
    fc.assert(
      fc.property(host, host, port, port, (named, other, allowed, asked) => {
        const rule = parseNetworkRule(`${named}:${allowed}`);
        const at = (text: string, number: number) =>
          findNetworkRule([rule], { method: 'GET', host: new URL(`http://${text}`).hostname, port: number });
        expect(at(named, allowed)).toBe(rule);
        const same = new URL(`http://${named}`).hostname === new URL(`http://${other}`).hostname;
        expect(at(other, asked) === rule).toBe(same && asked === allowed);
      }),
    );
  });

  it('reading what a rule names gives the same rule', () => {
    fc.assert(
      fc.property(host, port, (named, allowed) => {
        const rule = parseNetworkRule(`${named.toUpperCase()}:${allowed}`);
        const again = parseNetworkRule(`${rule.host.includes(':') ? `[${rule.host}]` : rule.host}:${allowed}`);
        expect({ ...again, text: '' }).toEqual({ ...rule, text: '' });
      }),
    );
  });

  it('no text makes a rule without "private:" that includes private addresses, unless it names an address or localhost', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.webAuthority()), (text) => {
        try {
          const rule = parseNetworkRule(text);
          if (rule.private) expect(text).toMatch(/private:|\d+\.\d+\.\d+\.\d+|\[|localhost/i);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_request' });
        }
      }),
    );
  });
});
