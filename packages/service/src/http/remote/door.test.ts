// The door and its other side: what is sent and when, what is kept, and failures that look as if they had happened here.
import { DEFAULT_LIMITS, PypesError, type Runtime } from '@pypes/contract';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { createRemoteRuntime } from '@pypes/runtimes/remote';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTestContext } from '../../../../runtimes/src/testing/context.ts';
import { createRemoteDoor } from './door.ts';
import { callOne, failureOf, loadOne } from './testing/call.ts';
import { KEY, listen, type PairOptions, startPair } from './testing/pair.ts';

const PATIENT = { timeout: 20_000 };
const LISPY = [{ name: 'lispy', extensions: ['.lispy'] }];
const ADD = '(def AGENT {:name "add"}) (defn run [context a] (+ a 1))';
const COUNT = `(def AGENT {:name "count"})
(defn run [context] (log "info" "one") (let [n (+ 1 (or (memory-get "n") 0))] (memory-set "n" n) (log "info" "two") n))`;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function pairOf(options: Partial<PairOptions> = {}) {
  const pair = await startPair({ runtimes: [createLispyRuntime()], languages: LISPY, ...options });
  open.push(pair);
  return pair;
}

const bodyOf = ({ init }: { readonly init: RequestInit }) =>
  JSON.parse(new TextDecoder().decode(init.body as Uint8Array));

describe('what is sent', () => {
  it('bytes once, and digests after that', async () => {
    const pair = await pairOf();
    await callOne(await loadOne(pair.remote.runtimes[0], 'add.lispy', ADD), { a: 1 });
    await callOne(await loadOne(pair.remote.runtimes[0], 'add.lispy', ADD), { a: 1 });
    expect(pair.sent.map((each) => [each.url.replace(/.*\//, ''), bodyOf(each).file.contents !== undefined])).toEqual([
      ['load', false],
      ['load', true],
      ['run', false],
      ['load', false],
      ['run', false],
    ]);
  });

  it('bytes again where the file was forgotten, or another instance answers', async () => {
    const pair = await pairOf({ mostFiles: 1 });
    const add = await loadOne(pair.remote.runtimes[0], 'add.lispy', ADD);
    await loadOne(pair.remote.runtimes[0], 'count.lispy', COUNT);
    expect((await callOne(add, { a: 41 })).output).toBe(42);
  });

  it('no key, and no body in the log', async () => {
    const pair = await pairOf();
    const text = JSON.stringify(pair.sent.map(({ url, init }) => [url, init.headers]));
    await failureOf(loadOne(pair.remote.runtimes[0], 'add.py', 'SECRET'));
    expect(text + JSON.stringify(pair.logs)).not.toContain(KEY);
    expect(pair.logs).not.toEqual([]);
    expect(JSON.stringify(pair.logs)).not.toContain('SECRET');
  });
});

describe('the context', () => {
  it('is asked here, with all that was logged', async () => {
    const pair = await pairOf();
    const { output, context } = await callOne(await loadOne(pair.remote.runtimes[0], 'count.lispy', COUNT));
    expect([output, await context.memory.get('n'), context.logs.map(({ message }) => message)]).toEqual([
      1,
      1,
      ['one', 'two'],
    ]);
  });

  it('cannot be asked without an address, but still hears what is logged', async () => {
    const pair = await pairOf({ isAsked: false });
    const context = createTestContext();
    const agent = await loadOne(pair.remote.runtimes[0], 'count.lispy', COUNT);
    const failure = await failureOf(agent.run(context, {}));
    expect(failure).toMatchObject({ code: 'handler_failed', message: expect.stringContaining('no address') });
    expect(context.logs.map(({ message }) => message)).toEqual(['one']);
  });

  it('is told of logs while the call runs', async () => {
    const pair = await pairOf({ flushMs: 10 });
    const source = `(def AGENT {:name "wait"})
(defn run [context] (log "info" "early") (call "other" {}))`;
    const agent = await loadOne(pair.remote.runtimes[0], 'wait.lispy', source);
    let seen = 0;
    const { context } = await callOne(
      agent,
      {},
      {
        onCall: async () => {
          await vi.waitFor(
            () => expect(pair.asked.some((each) => bodyOf(each).notes !== undefined)).toBe(true),
            PATIENT,
          );
          seen += 1;
          return null;
        },
      },
    );
    expect([seen, context.logs.length]).toEqual([1, 1]);
  });

  it('says a log once, in its order, however often it was sent', async () => {
    const many =
      '(def AGENT {:name "many"}) (defn run [context] (dotimes [n 200] (log "info" (str n)) (memory-get "x")))';
    let calls = 0;
    const lossy = createRemoteDoor({
      runtimes: [createLispyRuntime()],
      key: KEY,
      limits: DEFAULT_LIMITS,
      flushMs: 1,
      fetch: async (url, init) => {
        const answer = await fetch(url, init);
        calls += 1;
        // Logs arrive, and the answer to them is lost.
        if (bodyOf({ init }).notes !== undefined && calls % 2 === 0) throw new Error('The connection is lost');
        return answer;
      },
    });
    const endpoint = await listen(lossy.fetch);
    open.push(endpoint, lossy);
    const remote = createRemoteRuntime({
      endpoint: endpoint.url,
      key: KEY,
      languages: LISPY,
      fetch,
      callback: () => `${asks.url}/api/remote/ask`,
    });
    const asks = await listen(remote.ask);
    open.push(asks);
    const { context } = await callOne(await loadOne(remote.runtimes[0], 'many.lispy', many));
    expect(context.logs.map(({ message }) => message)).toEqual(Array.from({ length: 200 }, (_, n) => String(n)));
  });
});

describe('failures', () => {
  it('a failure keeps its code, message and details', async () => {
    const pair = await pairOf();
    const failing: Runtime = {
      ...createLispyRuntime(),
      load: async () => [
        {
          metadata: { name: 'x', description: '', parameters: {} },
          run: async () => {
            throw new PypesError('resource_exhausted', 'Too much', { details: { limit: 'cpu_ms', maximum: 3 } });
          },
          close: async () => undefined,
        },
      ],
    };
    const second = await pairOf({ runtimes: [failing] });
    const agent = await loadOne(second.remote.runtimes[0], 'x.lispy', '');
    expect(await failureOf(callOne(agent))).toMatchObject({
      code: 'resource_exhausted',
      message: 'Too much',
      details: { limit: 'cpu_ms', maximum: 3 },
    });
    const broken = await failureOf(loadOne(pair.remote.runtimes[0], 'broken.lispy', '(def AGENT'));
    expect(broken).toMatchObject({ code: 'agent_broken', details: { file: 'broken.lispy' } });
  });

  it('an endpoint that is down is unavailable, and named', async () => {
    const pair = await pairOf();
    const agent = await loadOne(pair.remote.runtimes[0], 'add.lispy', ADD);
    await pair.close();
    expect(await failureOf(callOne(agent, { a: 1 }))).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(new URL(pair.endpoint).host),
    });
  });

  it('an endpoint without the language says which it has', async () => {
    const pair = await pairOf({ languages: [{ name: 'python', extensions: ['.py'] }] });
    expect(await failureOf(loadOne(pair.remote.runtimes[0], 'a.py', ''))).toMatchObject({
      code: 'unsupported',
      details: { languages: ['lispy'] },
    });
  });

  it('an endpoint that is not open to others is told apart', async () => {
    const closed = await listen(() => new Response('{}', { status: 404 }));
    open.push(closed);
    const remote = createRemoteRuntime({ endpoint: closed.url, key: KEY, languages: LISPY, fetch });
    expect(await failureOf(loadOne(remote.runtimes[0], 'a.lispy', ADD))).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('PYPES_REMOTE_KEY'),
    });
  });

  it('a stranger runs in a sandbox there or not at all', async () => {
    const trusted: Runtime = {
      ...createLispyRuntime(),
      capabilities: { sandboxed: false, interruptible: true, context: true },
    };
    const pair = await pairOf({ runtimes: [trusted] });
    expect(await failureOf(loadOne(pair.remote.runtimes[0], 'add.lispy', ADD))).toMatchObject({ code: 'unsupported' });
  });
});

describe('limits', () => {
  it('the smaller one of both sides counts', async () => {
    const loaded: number[] = [];
    const lispy = createLispyRuntime();
    const spying: Runtime = {
      ...lispy,
      load: (file, limits) => {
        loaded.push(limits.outputBytes, limits.callMs);
        return lispy.load(file, limits);
      },
    };
    const pair = await pairOf({ runtimes: [spying], limits: { outputBytes: 1_000 } });
    await loadOne(pair.remote.runtimes[0], 'add.lispy', ADD, { outputBytes: 5_000, callMs: 3_000 });
    expect(loaded).toEqual([1_000, 3_000]);
  });

  it('so many calls at once, and no more', async () => {
    const pair = await pairOf({ mostCalls: 2 });
    const source = '(def AGENT {:name "wait"}) (defn run [context] (call "other" {}))';
    const agent = await loadOne(pair.remote.runtimes[0], 'wait.lispy', source);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((done) => {
      release = done;
    });
    let waiting = 0;
    const onCall = async () => {
      waiting += 1;
      await gate;
      return null;
    };
    const calls = [callOne(agent, {}, { onCall }), callOne(agent, {}, { onCall })];
    await vi.waitFor(() => expect(waiting).toBe(2), PATIENT);
    expect(await failureOf(callOne(agent, {}, { onCall }))).toMatchObject({ code: 'rate_limited' });
    release();
    await Promise.all(calls);
  });

  it('so many files and bytes, and no more', async () => {
    let closed = 0;
    const lispy = createLispyRuntime();
    const counting: Runtime = {
      ...lispy,
      load: async (file, limits) =>
        (await lispy.load(file, limits)).map((agent) => ({
          ...agent,
          close: async () => {
            closed += 1;
            await agent.close();
          },
        })),
    };
    const pair = await pairOf({ runtimes: [counting], mostFiles: 3 });
    for (let n = 0; n < 10; n += 1) await loadOne(pair.remote.runtimes[0], `add${n}.lispy`, ADD);
    await vi.waitFor(() => expect(closed).toBe(7), PATIENT);
  });
});
