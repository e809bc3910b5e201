// Which requests are plain calls, and that node:http reads the same in them.
import { createServer, type IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange, listen, readAnswer, shut } from '../testing/exchange.ts';
import { readPlainHead } from './head.ts';

const PATH = '/api/pack/3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e/agent';
const LENGTH = 'content-length: 0';

type Lines = {
  readonly first?: string;
  readonly path?: string;
  readonly host?: string;
  readonly more?: readonly string[];
};

const headOf = ({ path = PATH, first = `POST ${path} HTTP/1.1`, host = 'Host: 127.0.0.1', more = [LENGTH] }: Lines) =>
  [first, host, ...more].join('\r\n');

describe('a plain call', () => {
  it.each<[string, Lines, boolean]>([
    ['POST with a length', {}, true],
    ['the older spelling', { path: PATH.replace('pack', 'swarm') }, true],
    ['a folder by its name', { path: '/api/pack/my-agents.d/agent' }, true],
    ['the MCP door', { path: '/mcp' }, true],
    ['the MCP door with all tools', { path: '/mcp?tools=all' }, true],
    ['a token and a header of its own', { more: [LENGTH, 'Authorization: Bearer x', 'x-a: b c'] }, true],
    ['a connection that is kept', { more: [LENGTH, 'connection: Keep-Alive'] }, true],
    ['a connection that is not', { more: [LENGTH, 'connection: close'] }, true],
    ['99,999 bytes', { more: ['content-length: 99999'] }, true],
    ['one more', { more: ['content-length: 100000'] }, false],
    ['fifty headers', { more: [LENGTH, ...Array.from({ length: 48 }, (_, at) => `x-${at}: a`)] }, true],
    ['one more header', { more: [LENGTH, ...Array.from({ length: 49 }, (_, at) => `x-${at}: a`)] }, false],
    ['a name of 64 characters', { more: [LENGTH, `${'a'.repeat(64)}: a`] }, true],
    ['a name of one more', { more: [LENGTH, `${'a'.repeat(65)}: a`] }, false],
    ['GET', { first: `GET ${PATH} HTTP/1.1` }, false],
    ['a method in small letters', { first: `post ${PATH} HTTP/1.1` }, false],
    ['HTTP/1.0', { first: `POST ${PATH} HTTP/1.0` }, false],
    ['two spaces', { first: `POST  ${PATH} HTTP/1.1` }, false],
    ['another door', { path: '/api/pack/deploy' }, false],
    ['an address below the MCP door', { path: '/mcp/x' }, false],
    ['a query', { path: `${PATH}?a=b` }, false],
    ['an escape in the path', { path: '/api/pack/a%2fb/agent' }, false],
    ['a step up in the path', { path: '/api/pack/../agent/agent' }, false],
    ['an absolute address', { path: `http://127.0.0.1${PATH}` }, false],
    ['a web page', { more: [LENGTH, 'Origin: https://example.com'] }, false],
    ['chunks', { more: ['Transfer-Encoding: chunked'] }, false],
    ['chunks and a length', { more: [LENGTH, 'transfer-encoding: chunked'] }, false],
    ['a transfer coding that is none', { more: [LENGTH, 'transfer-encoding: identity'] }, false],
    ['no length', { more: [] }, false],
    ['two lengths', { more: [LENGTH, LENGTH] }, false],
    ['a list of lengths', { more: ['content-length: 0, 0'] }, false],
    ['a length with a sign', { more: ['content-length: +1'] }, false],
    ['a length that begins with nought', { more: ['content-length: 01'] }, false],
    ['a length in another base', { more: ['content-length: 0x1'] }, false],
    ['a question before the body', { more: [LENGTH, 'Expect: 100-continue'] }, false],
    ['another protocol', { more: [LENGTH, 'connection: upgrade', 'upgrade: websocket'] }, false],
    ['an upgrade alone', { more: [LENGTH, 'upgrade: h2c'] }, false],
    ['a connection with options', { more: [LENGTH, 'connection: keep-alive, x'] }, false],
    ['trailers', { more: [LENGTH, 'trailer: x'] }, false],
    ['no host', { host: 'x: y' }, false],
    ['two hosts', { more: [LENGTH, 'host: example.com'] }, false],
    ['two tokens', { more: [LENGTH, 'authorization: a', 'authorization: b'] }, false],
    ['any header twice', { more: [LENGTH, 'x-a: b', 'X-A: c'] }, false],
    ['a host that is no name', { host: 'host: 127.0.0.1/api' }, false],
    ['a host with a user', { host: 'host: a@127.0.0.1' }, false],
    ['a space before the colon', { more: ['content-length : 0'] }, false],
    ['no space after it', { more: ['content-length:0'] }, false],
    ['a space after the value', { more: [`${LENGTH} `] }, false],
    ['a folded line', { more: [LENGTH, 'x-a: b', ' c: d'] }, false],
    ['a line that ends early', { more: [`${LENGTH}\nx-a: b`] }, false],
    ['a lone carriage return', { more: [LENGTH, 'x-a: b\rx-b: c'] }, false],
    ['a zero byte', { more: [LENGTH, 'x-a: b\0'] }, false],
    ['a tab', { more: [LENGTH, 'x-a: b\tc'] }, false],
    ['a value beyond ASCII', { more: [LENGTH, 'x-a: b\u00e9c'] }, false],
    ['a name that is a word of JavaScript', { more: [LENGTH, '__proto__: a'] }, false],
    ['an empty line', { more: [LENGTH, ''] }, false],
  ])('%s: %#', (_what, lines, isPlain) => {
    expect(readPlainHead(headOf(lines)) !== undefined).toBe(isPlain);
  });

  it('has its headers by any spelling of their names, and none that it did not send', () => {
    const head = readPlainHead(headOf({ more: ['Content-Length: 12', 'X-Api: a b'] }));
    expect(head).toMatchObject({ url: `http://127.0.0.1${PATH}`, length: 12, isLast: false });
    expect([head?.headers.get('x-api'), head?.headers.get('X-API'), head?.headers.has('HOST')]).toEqual([
      'a b',
      'a b',
      true,
    ]);
    expect([head?.headers.get('constructor'), head?.headers.has('toString')]).toEqual([null, false]);
  });
});

/** Says what it read; what follows on the connection is read too. */
const judge = createServer((incoming, outgoing) => {
  void read(incoming).then((body) => {
    const { method, url, headers, rawHeaders } = incoming;
    outgoing.end(JSON.stringify({ method, url, headers, fields: rawHeaders.length / 2, body }));
  });
});

async function read(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming.setEncoding('latin1')) text += chunk;
  return text;
}

beforeAll(() => listen([judge]));
afterAll(() => shut([judge]));

it('is read by node:http as it is here, and ends where it ends here', async () => {
  // Mostly as it should be, so that many are plain, and with everything in it that parsers have been fooled with.
  const mostly = (usual: string, ...others: string[]) =>
    fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
  const name = mostly(
    'x-a',
    'X-B',
    'connection',
    'content-length',
    'transfer-encoding',
    'x a',
    'x-a ',
    '',
    ' x',
    'x\0',
    'x_y',
  );
  const value = fc.oneof(
    { weight: 6, arbitrary: fc.stringMatching(/^[ -~]{0,12}$/) },
    {
      weight: 1,
      arbitrary: fc.string({ unit: 'binary', maxLength: 6 }).map((text) => Buffer.from(text).toString('latin1')),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('close', 'chunked', '0', '5', '5, 5', 'keep-alive', ' a', 'a ', 'a\r\nb: c'),
    },
  );
  const field = fc.tuple(name, mostly(': ', ':', ' : ', ':\t', ':  '), value).map((parts) => parts.join(''));
  let plain = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(
        mostly('POST', 'GET', 'post', 'POST '),
        mostly(PATH, '/mcp', '/mcp#x', '*', `${PATH} `),
        mostly('1.1', '1.0', '1.2', '2.0'),
      ),
      fc.array(field, { maxLength: 3 }),
      mostly('content-length: 5', 'content-length: 05', 'Content-Length:5', 'content-length: 5 ', 'content-length: 5;'),
      mostly('\r\n', '\n', '\r', '\r\r\n', '\r\n\t'),
      async ([method, path, version], fields, length, end) => {
        const text = `${method} ${path} HTTP/${version}\r\n${['host: 127.0.0.1', ...fields, length].join(end)}`;
        const at = text.indexOf('\r\n\r\n');
        const head = readPlainHead(at < 0 ? text : text.slice(0, at));
        if (head === undefined) return;
        plain += 1;
        expect(at).toBe(-1);
        const next = 'POST /next HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';
        const answered = await exchange(judge, Buffer.from(`${text}\r\n\r\nhello${head.isLast ? '' : next}`, 'latin1'));
        const [first, second] = answered.split(/(?=HTTP\/1\.1 )/).map((answer) => readAnswer(answer));
        expect(JSON.parse(first?.body ?? '')).toEqual({
          method: 'POST',
          url: head.url.slice('http://127.0.0.1'.length),
          headers: Object.fromEntries(head.fields),
          fields: head.fields.size,
          body: 'hello',
        });
        if (!head.isLast) expect(JSON.parse(second?.body ?? '')).toMatchObject({ url: '/next' });
      },
    ),
    { numRuns: 3_000 },
  );
  expect(plain).toBeGreaterThan(300);
}, 120_000);
