// What is tried at the host of a call: questions of others, about other calls, for what there is not, and too many.
import { DEFAULT_LIMITS, type JsonObject } from '@pypes/contract';
import { importRemoteKey } from '@pypes/contract/remote';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { packOfAsk } from '@pypes/runtimes/remote';
import { afterEach, describe, expect, it } from 'vitest';
import { createAsker } from './ask.ts';
import { callOne, failureOf, loadOne } from './testing/call.ts';
import { forge, statusOf } from './testing/forge.ts';
import { KEY, type PairOptions, startPair } from './testing/pair.ts';

const LISPY = [{ name: 'lispy', extensions: ['.lispy'] }];
const WAIT = '(def AGENT {:name "wait"}) (defn run [context] (call "other" {}))';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function pairOf(options: Partial<PairOptions> = {}) {
  const pair = await startPair({ runtimes: [createLispyRuntime()], languages: LISPY, ...options });
  open.push(pair);
  return pair;
}

describe('requests to the host of a call', () => {
  it('are about calls that are under way, signed for them, by whom they run', async () => {
    const pair = await pairOf();
    const agent = await loadOne(pair.remote.runtimes[0], 'wait.lispy', WAIT);
    const statuses: number[] = [];
    const { output } = await callOne(
      agent,
      {},
      {
        onCall: async () => {
          const [asked] = pair.asked;
          if (asked === undefined) throw new Error('Nothing was asked');
          const body = { runner: 'another', ask: { operation: 'memory.get', parameters: ['x'] } };
          // Repeated; for another call; by another runner of the same call; with another key.
          statuses.push(await statusOf(asked));
          statuses.push(
            await statusOf(await forge(`${pair.callback}/api/remote/ask/pack:${crypto.randomUUID()}`, body)),
          );
          statuses.push(await statusOf({ ...(await forge(asked.url, body)), url: asked.url.replace(/.$/, '0') }));
          statuses.push(await statusOf(await forge(asked.url, body)));
          statuses.push(await statusOf(await forge(asked.url, body, { key: `${KEY}.` })));
          return 'done';
        },
      },
    );
    expect(output).toBe('done');
    expect(statuses).toEqual([401, 404, expect.toSatisfy((status) => [401, 404].includes(status)), 404, 401]);
  });

  it('are refused when the call has ended', async () => {
    const pair = await pairOf();
    const agent = await loadOne(pair.remote.runtimes[0], 'wait.lispy', WAIT);
    await callOne(agent, {}, { onCall: async () => null });
    const [asked] = pair.asked;
    const body = { runner: 'r', ask: { operation: 'memory.get', parameters: ['x'] } };
    expect(await statusOf(await forge(asked?.url ?? '', body))).toBe(404);
  });

  it('ask for what there is', async () => {
    const pair = await pairOf();
    const agent = await loadOne(pair.remote.runtimes[0], 'wait.lispy', WAIT);
    const said: unknown[] = [];
    await callOne(
      agent,
      {},
      {
        onCall: async () => {
          const [asked] = pair.asked;
          if (asked === undefined) throw new Error('Nothing was asked');
          const { runner } = JSON.parse(new TextDecoder().decode(asked.init.body as Uint8Array)) as { runner: string };
          for (const [operation, ...parameters] of [
            ['use', 'shell', {}],
            ['use', 'constructor', {}],
            ['toString'],
            ['use', 'fetch', 'x'],
          ]) {
            const { url, init } = await forge(asked.url, {
              runner,
              ask: { operation: operation as string, parameters: parameters as string[] },
            });
            said.push(((await (await fetch(url, init)).json()) as JsonObject).error);
          }
          return null;
        },
      },
    );
    expect(said).toEqual(Array.from({ length: 4 }, () => expect.objectContaining({ code: 'unsupported' })));
  });

  it('tell to which pack they go', () => {
    const guid = 'b0e0c1d2-0000-4000-8000-000000000001';
    expect(packOfAsk(`https://edge.example/api/remote/ask/${guid}%3Aabc`)).toBe(guid);
    expect(packOfAsk('https://edge.example/api/remote/ask/')).toBeUndefined();
    expect(packOfAsk('https://edge.example/api/remote/run')).toBeUndefined();
    expect(packOfAsk('https://edge.example/api/remote/ask/%E0%A4%A')).toBeUndefined();
  });
});

it('a guest cannot ask for more at once than its host lets it', async () => {
  const key = importRemoteKey(KEY);
  const gone: unknown[] = [];
  const asker = createAsker({
    callback: 'http://edge.example/api/remote/ask/p:1',
    key,
    limits: { ...DEFAULT_LIMITS, fanOut: 2 },
    fetch: () => new Promise(() => undefined),
    now: Date.now,
    newId: () => crypto.randomUUID(),
    onGone: (error) => gone.push(error.code),
  });
  for (let n = 0; n < 2; n += 1) asker.ask('memory.get', ['x']).catch(() => undefined);
  expect(await failureOf(asker.ask('memory.get', ['x']))).toMatchObject({ code: 'resource_exhausted' });
  expect(gone).toEqual(['resource_exhausted']);
});
