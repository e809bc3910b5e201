// wasi:http: a request is `context.fetch` and nothing else, and what the host keeps for one is bounded.
import { type Json, type JsonObject, PypesError } from '@pypes/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestContext } from '../../../testing/context.ts';
import { ERROR_CODES, fetching, METHODS, SCHEMES } from '../../testing/fetching.ts';
import { createHarness, outcomeOf, type Use, type UseOptions } from '../../testing/harness.ts';

const MEBIBYTE = 1_048_576;
const { load, close } = createHarness();
const built = fetching();
let use: Use;
beforeAll(async () => {
  use = (await load(built, { guestBytes: 16 * MEBIBYTE })).use;
});
afterAll(close);

const REQUEST = {
  method: METHODS.get,
  scheme: SCHEMES.https,
  authority: 'api.example.com',
  path: '/a?b=c',
  body: '',
  times: 0,
  send: true,
};
const answer = (rest: JsonObject = {}): JsonObject => ({ status: 200, headers: [], text: 'hello', ...rest });
const asked: (readonly [string, JsonObject])[] = [];
const answering = (reply: () => Json): UseOptions => ({
  onUse: (operation, parameters) => {
    asked.push([operation, parameters]);
    return reply();
  },
});
const errorOf = (output: Json) => {
  const [code] = output as [number];
  return code < 0 ? (ERROR_CODES[-1 - code] ?? code) : 'none';
};

describe('a request', () => {
  it('is one use of context.fetch', async () => {
    asked.length = 0;
    expect(await use('request', REQUEST, answering(answer))).toEqual([200, 5, 'hello']);
    const post = { ...REQUEST, method: METHODS.post, scheme: SCHEMES.http, body: 'ab', times: 3 };
    expect(
      await use(
        'request',
        post,
        answering(() => answer({ status: 201 })),
      ),
    ).toEqual([201, 5, 'hello']);
    expect(asked).toEqual([
      ['fetch', { url: 'https://api.example.com/a?b=c', method: 'GET', headers: [] }],
      ['fetch', { url: 'http://api.example.com/a?b=c', method: 'POST', headers: [], base64: btoa('ababab') }],
    ]);
  });

  it('gives the whole of a body, text or bytes', async () => {
    const text = 'é'.repeat(100_000);
    expect(
      await use(
        'request',
        REQUEST,
        answering(() => answer({ text })),
      ),
    ).toEqual([200, 200_000, 'é'.repeat(10)]);
    const bytes: JsonObject = { status: 200, headers: [], base64: Buffer.alloc(70_000, 'x').toString('base64') };
    expect(
      await use(
        'request',
        REQUEST,
        answering(() => bytes),
      ),
    ).toEqual([200, 70_000, 'x'.repeat(20)]);
    expect(
      await use(
        'request',
        REQUEST,
        answering(() => answer({ text: '' })),
      ),
    ).toEqual([200, 0, '']);
  });

  it.each([
    ['policy_denied', 'HTTP-request-denied'],
    ['timeout', 'connection-timeout'],
    ['unavailable', 'internal-error'],
  ] as const)('that the host refuses with %s fails with %s, and the component goes on', async (code, expected) => {
    const refusing = answering(() => {
      throw new PypesError(code, 'No');
    });
    expect(errorOf(await use('request', REQUEST, refusing))).toBe(expected);
    expect(await use('request', REQUEST, answering(answer))).toEqual([200, 5, 'hello']);
  });

  it('goes to no other scheme than HTTP', async () => {
    expect(await use('set-scheme', { scheme: SCHEMES.other })).toBe(false);
    expect(await use('set-scheme', { scheme: SCHEMES.http })).toBe(true);
  });

  it('cannot smuggle anything into the line of another one', async () => {
    asked.length = 0;
    const odd = { ...REQUEST, authority: 'a.example.com@b.example.com', path: '/ HTTP/1.1\r\nhost: c' };
    await use('request', odd, answering(answer));
    // As it is: the host reads it as one URL, by the rules of URLs, and refuses what has a user in it.
    expect(asked).toEqual([['fetch', expect.objectContaining({ url: `https://${odd.authority}${odd.path}` })]]);
  });

  it('that waits for an answer ends with its call', async () => {
    const context = createTestContext({ agent: 'request', onUse: () => new Promise(() => {}) });
    const waiting = outcomeOf(use('request', REQUEST, { context }));
    setTimeout(() => context.abort(), 300);
    expect(await waiting).toMatchObject({ code: 'canceled' });
    expect(await use('request', REQUEST, answering(answer))).toEqual([200, 5, 'hello']);
  });
});

describe('what is kept outside of the memory of the component', () => {
  const piece = 'x'.repeat(65_536);
  const sized = (mebibytes: number, send: boolean) => ({
    ...REQUEST,
    method: METHODS.post,
    body: piece,
    times: mebibytes * 16,
    send,
  });
  const exhausted = { code: 'resource_exhausted', details: { limit: 'guest_bytes', maximum: 16 * MEBIBYTE } };

  it('is bounded in one body', async () => {
    expect(await use('request', sized(15, true), answering(answer))).toEqual([200, 5, 'hello']);
    expect(await outcomeOf(use('request', sized(17, true), answering(answer)))).toMatchObject(exhausted);
    expect(await use('request', REQUEST, answering(answer))).toEqual([200, 5, 'hello']);
  });

  it('is given back by a body that was sent, and counted in one that was not', async () => {
    for (let round = 0; round < 4; round++) await use('request', sized(6, true), answering(answer));
    const unsent = () => outcomeOf(use('request', sized(6, false)));
    expect([await unsent(), await unsent()]).toEqual([{ value: [0, 0, ''] }, { value: [0, 0, ''] }]);
    expect(await unsent()).toMatchObject(exhausted);
    expect(await unsent()).toEqual({ value: [0, 0, ''] });
  });

  it('is bounded in fields, and given back by those that were dropped', async () => {
    const value = 'x'.repeat(8_192);
    expect(await use('fields', { value, times: 4_000, keep: false })).toBe(4_000);
    expect(await outcomeOf(use('fields', { value, times: 4_000, keep: true }))).toMatchObject(exhausted);
  });
});
