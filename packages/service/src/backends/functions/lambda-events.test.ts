// Events of every sender as requests, results in the shape each of them reads, and what no request can be made of.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LambdaEvent, toRequest, toResult } from './lambda-events.ts';

const version2 = (more: LambdaEvent = {}): LambdaEvent => ({
  version: '2.0',
  rawPath: '/api/pack/healthz',
  rawQueryString: '',
  headers: { host: 'a.example' },
  requestContext: { http: { method: 'GET' }, stage: '$default' },
  ...more,
});
const rest = (more: LambdaEvent = {}): LambdaEvent => ({
  httpMethod: 'GET',
  path: '/api/pack/healthz',
  multiValueHeaders: { Host: ['a.example'] },
  headers: { Host: 'a.example' },
  requestContext: { stage: 'prod' },
  ...more,
});
const balancer = (more: LambdaEvent = {}): LambdaEvent => ({
  httpMethod: 'GET',
  path: '/api/pack/healthz',
  headers: { host: 'a.example', 'x-forwarded-proto': 'http' },
  requestContext: { elb: {} },
  ...more,
});

describe('a request', () => {
  it.each([
    ['of a function URL', version2({ rawQueryString: 'a=1&a=%20' }), 'https://a.example/api/pack/healthz?a=1&a=%20'],
    [
      'of an HTTP API with a stage in its address',
      version2({ rawPath: '/prod/api/x', requestContext: { http: { method: 'GET' }, stage: 'prod' } }),
      'https://a.example/api/x',
    ],
    [
      'of a path that only begins like the stage',
      version2({ rawPath: '/production/x', requestContext: { http: { method: 'GET' }, stage: 'prod' } }),
      'https://a.example/production/x',
    ],
    [
      'of a REST API, whose query was decoded',
      rest({ multiValueQueryStringParameters: { a: ['1 &', '2'], b: undefined } }),
      'https://a.example/api/pack/healthz?a=1%20%26&a=2',
    ],
    [
      'of a load balancer, whose query was not',
      balancer({ queryStringParameters: { a: '1%20' } }),
      'http://a.example/api/pack/healthz?a=1%20',
    ],
    ['without a slash', version2({ rawPath: 'x' }), 'https://a.example/x'],
    [
      'of a path that looks like a host',
      version2({ rawPath: '//evil.example/x' }),
      'https://a.example//evil.example/x',
    ],
  ])('%s has its address', (_, event, url) => {
    const request = toRequest(event);
    expect(request.url).toBe(url);
    expect(request.headers.get('host')).toBe('a.example');
  });

  it('has all values of a header, and the cookies', () => {
    const headers = toRequest(rest({ multiValueHeaders: { Host: ['a.example'], Accept: ['a', 'b'] } })).headers;
    expect(headers.get('accept')).toBe('a, b');
    expect(toRequest(version2({ cookies: ['a=1', 'b=2'] })).headers.get('cookie')).toBe('a=1; b=2');
  });

  it('has its body, byte by byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, isBase64Encoded) => {
        const text = new TextDecoder().decode(bytes);
        const body = isBase64Encoded ? Buffer.from(bytes).toString('base64') : text;
        const request = toRequest(version2({ body, isBase64Encoded, requestContext: { http: { method: 'POST' } } }));
        const wanted = isBase64Encoded ? bytes : new TextEncoder().encode(text);
        expect(new Uint8Array(await request.arrayBuffer())).toEqual(new Uint8Array(wanted));
        expect(request.headers.get('content-length')).toBe(String(wanted.length));
      }),
    );
  });

  it.each([
    [{}, 'invalid_request'],
    [{ source: 'aws.events' }, 'invalid_request'],
    [version2({ headers: {} }), 'invalid_request'],
    [version2({ headers: { host: 'a b' } }), 'invalid_request'],
    [version2({ headers: { host: 'a:1@evil.example' } }), 'invalid_request'],
    [version2({ headers: { host: 'evil.example/' } }), 'invalid_request'],
    [version2({ headers: { host: '' } }), 'invalid_request'],
    [version2({ headers: { host: 'a', x: 'a\nb' } }), 'invalid_request'],
    [version2({ headers: { host: 'a', 'a b': 'x' } }), 'invalid_request'],
    [version2({ requestContext: { http: { method: 'TRACE' } } }), 'method_not_allowed'],
    [version2({ requestContext: { http: { method: 'connect' } } }), 'method_not_allowed'],
  ])('is not made of %j', (event, code) => {
    expect(() => toRequest(event as LambdaEvent)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a result', () => {
  it('is what was answered, text or bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const response = new Response(new Uint8Array(bytes), {
          headers: { 'content-type': 'application/octet-stream' },
        });
        const { body, isBase64Encoded } = await toResult(version2(), response);
        expect(isBase64Encoded).toBe(true);
        expect(new Uint8Array(Buffer.from(body, 'base64'))).toEqual(new Uint8Array(bytes));
      }),
    );
    expect(await toResult(version2(), Response.json({ a: 'ü' }, { status: 201 }))).toEqual({
      statusCode: 201,
      headers: { 'content-type': 'application/json' },
      body: '{"a":"ü"}',
      isBase64Encoded: false,
    });
    const packed = new Response('x', { headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' } });
    expect((await toResult(version2(), packed)).isBase64Encoded).toBe(true);
  });

  it('has cookies where its sender looks for them', async () => {
    const answer = () => {
      const headers = new Headers({ 'content-type': 'text/plain' });
      headers.append('set-cookie', 'a=1');
      headers.append('set-cookie', 'b=2');
      return new Response('x', { headers });
    };
    expect(await toResult(version2(), answer())).toMatchObject({
      headers: { 'content-type': 'text/plain' },
      cookies: ['a=1', 'b=2'],
    });
    expect(await toResult(rest(), answer())).toMatchObject({
      multiValueHeaders: { 'content-type': ['text/plain'], 'set-cookie': ['a=1', 'b=2'] },
    });
    expect((await toResult(balancer(), answer())).headers).toMatchObject({ 'set-cookie': 'a=1' });
  });
});
