// Endpoints that are not what they seem, and callers that give up: nothing waits for ever, on either side.
import { createJavascriptSandbox } from '@pypes/runtimes/javascript';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { createRemoteRuntime } from '@pypes/runtimes/remote';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTestContext } from '../../../../runtimes/src/testing/context.ts';
import { callOne, failureOf, loadOne } from './testing/call.ts';
import { KEY, listen, type PairOptions, startPair } from './testing/pair.ts';

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

describe('an endpoint that is not what it seems', () => {
  async function seeming(handle: (request: Request) => Response | Promise<Response>, limits = {}) {
    const server = await listen(handle);
    open.push(server);
    const remote = createRemoteRuntime({ endpoint: server.url, key: KEY, languages: LISPY, fetch, loadMs: 500 });
    return failureOf(loadOne(remote.runtimes[0], 'add.lispy', ADD, limits));
  }

  it.each([
    ['no JSON', () => new Response('<html>')],
    ['an answer that is not signed', () => Response.json({ status: 'ok', agents: [] })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'http://127.0.0.1:1/' } })],
    ['an error of its platform', () => new Response('busy', { status: 502 })],
    ['nothing', () => new Response(null, { status: 204 })],
  ])('answers with %s', async (_what, handle) => {
    expect(await seeming(handle)).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/127\.0\.0\.1/),
    });
  });

  it('is slow', async () => {
    expect(await seeming(() => new Promise(() => undefined))).toMatchObject({ code: 'timeout' });
  });

  it('never ends', async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(32);
    const endless = () => new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(chunk) });
    expect(await seeming(() => new Response(endless()))).toMatchObject({
      code: expect.toSatisfy((code) => code === 'unavailable' || code === 'timeout'),
    });
  });

  it('begins an answer and stops', async () => {
    const stuck = () =>
      new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new Uint8Array(3)) });
    expect(await seeming(() => new Response(stuck()))).toMatchObject({ code: 'timeout' });
  });

  it('gives an output that is too big, though it has the key', async () => {
    const pair = await pairOf();
    const agent = await loadOne(
      pair.remote.runtimes[0],
      'big.lispy',
      '(def AGENT {:name "big"}) (defn run [context] (apply str (repeat 20000 "x")))',
      {
        outputBytes: 1_000,
      },
    );
    expect(await failureOf(callOne(agent))).toMatchObject({ code: 'output_too_large' });
  });
});

describe('a caller that gives up', () => {
  const LOOP = 'export const AGENT = { name: "loop" }; export function run() { for (;;); }';

  it.each([
    ['and closes the connection', fetch],
    [
      'and only closes the connection',
      (url: string, init: RequestInit) =>
        url.endsWith('/stop') ? Promise.reject(new Error('Lost')) : fetch(url, init),
    ],
    // What a platform that tells nobody would do: the connection stays open, and only the stop arrives.
    ['and says so', (url: string, { signal: _signal, ...init }: RequestInit) => fetch(url, init)],
  ])('ends the endless loop there %s', async (_how, through) => {
    let ended = 0;
    const sandbox = createJavascriptSandbox();
    const pair = await pairOf({
      runtimes: [
        {
          ...sandbox,
          load: async (file, limits) =>
            (await sandbox.load(file, limits)).map((agent) => ({
              ...agent,
              run: (context, args) =>
                agent.run(context, args).finally(() => {
                  ended += 1;
                }),
            })),
        },
      ],
      languages: [{ name: 'javascript', extensions: ['.js'] }],
      through,
    });
    const agent = await loadOne(pair.remote.runtimes[0], 'loop.js', LOOP);
    const context = createTestContext();
    const failure = failureOf(agent.run(context, {}));
    setTimeout(() => context.abort(), 200);
    await vi.waitFor(() => expect(ended).toBe(1), { timeout: 20_000 });
    if (through === fetch) expect(await failure).toMatchObject({ code: 'canceled' });
  });

  it('is told by the next question where nothing else told the other side', async () => {
    const pair = await pairOf({
      runtimes: [createLispyRuntime()],
      through: (url, { signal: _signal, ...init }) =>
        url.endsWith('/stop') ? Promise.reject(new Error('Lost')) : fetch(url, init),
    });
    const source = '(def AGENT {:name "ask"}) (defn run [context] (loop [n 0] (call "other" {:n n}) (recur (inc n))))';
    const agent = await loadOne(pair.remote.runtimes[0], 'ask.lispy', source);
    const context = createTestContext({ onCall: async () => null });
    const failure = failureOf(agent.run(context, {}));
    setTimeout(() => context.abort(), 100);
    expect(await failure).toMatchObject({ code: 'canceled' });
  });
});
