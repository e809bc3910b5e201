// What every language in threads is promised, shown with one that is twenty lines long.
import { once } from 'node:events';
import { BroadcastChannel } from 'node:worker_threads';
import { DEFAULT_LIMITS, type LoadedAgent } from '@pypes/contract';
import { version } from 'acorn';
import { expect, it, onTestFinished } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { languageAt } from '../pool/thread.ts';
import { createThreadRuntime } from '../runtime.ts';

type Where = {
  readonly threadId: number;
  readonly threadName: string;
  readonly packageVersion: string;
  readonly modules: readonly string[];
  readonly about: readonly (string | null)[];
};

const LANGUAGE = languageAt(new URL('./', import.meta.url), 'toy.fixture');

async function loadToy(sandboxed = true): Promise<LoadedAgent> {
  const runtime = createThreadRuntime({
    name: 'toy',
    extensions: ['.toy'],
    sandboxed,
    language: LANGUAGE,
    options: { threadsPerFile: 1 },
    read: ({ path }) => ({ url: path, code: '', agent: undefined }),
  });
  onTestFinished(() => runtime.close());
  const [agent] = await runtime.load(sourceFile('test.toy', ''), DEFAULT_LIMITS);
  return agent as LoadedAgent;
}

async function where(agent: LoadedAgent, userGuid = 'ann'): Promise<Where> {
  return (await agent.run(createTestContext({ userGuid, packGuid: 'pack' }), {})) as Where;
}

/** Stops a call in the middle of its computation. */
async function computeAndStop(agent: LoadedAgent): Promise<void> {
  const channel = new BroadcastChannel(`toy ${crypto.randomUUID()}`);
  const computing = once(channel, 'message');
  const context = createTestContext();
  const call = agent.run(context, { channel: channel.name });
  await computing;
  channel.close();
  context.abort();
  await expect(call).rejects.toMatchObject({ code: 'canceled' });
}

it('stops a computation that asks whether it has to, and keeps its thread', async () => {
  const agent = await loadToy();
  // A thread that gets no processor for long is ended, as if it had not asked: then once more.
  for (let kept = false; !kept; ) {
    const { threadId } = await where(agent);
    await computeAndStop(agent);
    kept = (await where(agent)).threadId === threadId;
  }
});

it('says of each call whose it is, in one thread', async () => {
  const agent = await loadToy();
  const [ann, bob] = [await where(agent, 'ann'), await where(agent, 'bob')];
  expect(ann.about).toStrictEqual(['ann', 'pack', 'test']);
  expect(bob.about).toStrictEqual(['bob', 'pack', 'test']);
  expect(bob.threadId).toBe(ann.threadId);
});

it("serves a thread the shared modules and its language's own, no other's", async () => {
  const { modules } = await where(await loadToy());
  const source = new URL('../../', import.meta.url).href;
  const folders = modules.map((url) => url.slice(source.length).replace(/[^/]*$/, ''));
  expect([...new Set(folders)].sort()).toStrictEqual(['threads/guest/', 'threads/test/', 'threads/wire/']);
});

it('lets a language import packages by their names', async () => {
  expect((await where(await loadToy())).packageVersion).toBe(version);
});

it.each([
  [true, 'toy sandbox'],
  [false, 'toy'],
])('names its threads after the language (sandboxed: %s)', async (sandboxed, name) => {
  expect((await where(await loadToy(sandboxed))).threadName).toBe(name);
});
