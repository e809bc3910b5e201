// What strangers try at the door: repeats, forgeries, floods.
import { DEFAULT_LIMITS, type JsonObject } from '@pypes/contract';
import { createSignedPost, importRemoteKey } from '@pypes/contract/remote';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { afterEach, describe, expect, it } from 'vitest';
import { createRemoteDoor } from './door.ts';
import { loadOne } from './testing/call.ts';
import { forge, statusOf } from './testing/forge.ts';
import { KEY, type PairOptions, startPair } from './testing/pair.ts';

const LISPY = [{ name: 'lispy', extensions: ['.lispy'] }];
const ADD = '(def AGENT {:name "add"}) (defn run [context a] (+ a 1))';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function pairOf(options: Partial<PairOptions> = {}) {
  const pair = await startPair({ runtimes: [createLispyRuntime()], languages: LISPY, ...options });
  open.push(pair);
  return pair;
}

describe('requests to the door', () => {
  it('count once', async () => {
    const pair = await pairOf();
    await loadOne(pair.remote.runtimes[0], 'add.lispy', ADD);
    const [first] = pair.sent;
    if (first === undefined) throw new Error('Nothing was sent');
    expect(await statusOf(first)).toBe(401);
  });

  it('count with this key alone, for this path, body and method', async () => {
    const { endpoint } = await pairOf();
    const url = `${endpoint}/api/remote/stop`;
    const body = { call_id: 'x' };
    expect(await statusOf(await forge(url, body))).toBe(200);
    expect(await statusOf(await forge(url, body, { key: `${KEY}.` }))).toBe(401);
    const tampered = await forge(url, body);
    expect(await statusOf({ ...tampered, init: { ...tampered.init, body: '{"call_id":"y"}' } })).toBe(401);
    expect(await statusOf({ ...(await forge(url, body)), url: `${endpoint}/api/remote/run` })).toBe(401);
    expect(await statusOf({ ...(await forge(url, body)), url: `${url}?x=1` })).toBe(401);
    const put = await forge(url, body);
    expect(await statusOf({ ...put, init: { ...put.init, method: 'PUT' } })).toBe(401);
    expect(await statusOf({ url, init: { method: 'POST', body: '{}' } })).toBe(401);
  });

  it('count as long as they are new', async () => {
    const { endpoint } = await pairOf({ windowMs: 10_000 });
    const url = `${endpoint}/api/remote/stop`;
    expect(await statusOf(await forge(url, { call_id: 'x' }, { now: Date.now() - 60_000 }))).toBe(401);
    expect(await statusOf(await forge(url, { call_id: 'x' }, { now: Date.now() + 60_000 }))).toBe(401);
    expect(await statusOf(await forge(url, { call_id: 'x' }, { now: Date.now() - 1_000 }))).toBe(200);
  });

  it('are refused, and none of their nonces forgotten, where too many come', async () => {
    const { endpoint } = await pairOf({ mostNonces: 2 });
    const url = `${endpoint}/api/remote/stop`;
    const first = await forge(url, { call_id: 'x' });
    expect([await statusOf(first), await statusOf(await forge(url, { call_id: 'x' }))]).toEqual([200, 200]);
    expect(await statusOf(await forge(url, { call_id: 'x' }))).toBe(429);
    expect(await statusOf(first)).toBe(401);
  });

  it('are not read before they are signed, and not further than they may be', async () => {
    const door = createRemoteDoor({
      runtimes: [],
      key: KEY,
      limits: { ...DEFAULT_LIMITS, fileBytes: 100, componentBytes: 100, argumentBytes: 100 },
      fetch,
    });
    let read = 0;
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          read += 65_536;
          controller.enqueue(new Uint8Array(65_536));
        },
      });
    const url = 'http://endpoint.example/api/remote/run';
    const request = (headers: Record<string, string>) =>
      new Request(url, { method: 'POST', headers, body: endless(), duplex: 'half' } as RequestInit);
    expect((await door.fetch(request({}))).status).toBe(401);
    // A stream asks for its first piece by itself.
    expect(read).toBeLessThanOrEqual(65_536);
    const { init } = await forge(url, {});
    expect((await door.fetch(request(init.headers as Record<string, string>))).status).toBe(413);
    expect(read).toBeLessThan(1_000_000);
    await door.close();
  });

  it.each([
    ['load', {}],
    ['load', { file: { filename: '../x.lispy', path: 'x', pack_guid: 'p', digest: 'd' } }],
    ['run', { call_id: 'a b', file: { filename: 'x.lispy', path: 'x', pack_guid: 'p', digest: 'd' } }],
    [
      'run',
      {
        call_id: 'a',
        agent: 0,
        args: [],
        context: {},
        file: { filename: 'x.lispy', path: 'x', pack_guid: 'p', digest: 'd' },
      },
    ],
    [
      'run',
      {
        call_id: 'a',
        agent: 0,
        args: {},
        callback: 'file:///x',
        context: { agent: 'a', run_id: 'r' },
        file: { filename: 'x.lispy', path: 'x', pack_guid: 'p', digest: 'd' },
      },
    ],
  ])('that are none are refused: %s %j', async (path, body) => {
    const { endpoint } = await pairOf();
    expect(await statusOf(await forge(`${endpoint}/api/remote/${path}`, body as JsonObject))).toBe(400);
  });

  it('cannot put other bytes under a digest', async () => {
    const { endpoint } = await pairOf();
    const digest = `sha256:${'0'.repeat(64)}`;
    const file = {
      filename: 'x.lispy',
      path: 'x',
      pack_guid: 'p',
      digest,
      siblings: {},
      contents: { 'x.lispy': btoa(ADD) },
    };
    expect(await statusOf(await forge(`${endpoint}/api/remote/load`, { file, limits: {} }))).toBe(400);
  });

  it('a key that is too short opens nothing', () => {
    const make = () => createRemoteDoor({ runtimes: [], key: 'short', limits: DEFAULT_LIMITS, fetch });
    expect(make).toThrowError(expect.objectContaining({ code: 'invalid_request' }));
    expect(make).not.toThrowError(/"short"/);
  });
});

it('an answer counts for one request', async () => {
  const { endpoint } = await pairOf();
  let answer: Response | undefined;
  const post = createSignedPost({
    key: importRemoteKey(KEY),
    who: 'It',
    now: Date.now,
    newId: () => crypto.randomUUID(),
    fetch: async (url, init) => {
      answer ??= await fetch(url, init);
      return answer.clone();
    },
  });
  const ask = () => post(`${endpoint}/api/remote/stop`, { call_id: 'x' }, { most: 1_000, timeoutMs: 5_000 });
  expect([(await ask()).isSigned, (await ask()).isSigned]).toEqual([true, false]);
});
