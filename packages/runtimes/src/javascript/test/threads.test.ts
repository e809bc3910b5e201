// How many threads there are: shared fairly, ended when idle, gone after close.
import { expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { createJavascriptRuntime } from '../index.ts';
import { countThreads, createRuntime, loadAgent, waitUntil } from './agents.ts';

const AGENT = `
let calls = 0;
export async function run(context, { ms }) {
  calls++;
  if (ms) await new Promise((resolve) => setTimeout(resolve, ms));
  return calls;
}`;

/** The threads of Node itself, once everything that is started lazily has been used. */
async function countIdleThreads(): Promise<number> {
  const runtime = createJavascriptRuntime();
  const agent = await loadAgent(runtime, AGENT);
  await agent.run(createTestContext(), {});
  await runtime.close();
  return countThreads();
}

it('leaves no thread after close', async () => {
  const before = await countIdleThreads();
  const runtime = createJavascriptRuntime();
  const agents = await Promise.all(['a', 'b', 'c'].map((packGuid) => loadAgent(runtime, AGENT, {}, { packGuid })));
  await Promise.all(agents.map((agent) => agent.run(createTestContext(), {})));
  expect(countThreads()).toBeGreaterThan(before);
  const call = agents[0]?.run(createTestContext(), { ms: 600_000 });
  const ended = expect(call).rejects.toMatchObject({ code: 'unavailable' });
  await runtime.close();
  await ended;
  expect(countThreads()).toBe(before);
});

it('ends threads that have nothing to do, the spare one too', async () => {
  const before = await countIdleThreads();
  const agent = await loadAgent(createRuntime({ idleMs: 200 }), AGENT);
  expect(await agent.run(createTestContext(), {})).toBe(1);
  await waitUntil(() => countThreads() === before);
  expect(await agent.run(createTestContext(), {})).toBe(1);
});

it('ends the threads of a version that is closed', async () => {
  const before = await countIdleThreads();
  const agent = await loadAgent(createRuntime({ idleMs: 600_000 }), AGENT);
  await agent.run(createTestContext(), {});
  await agent.close();
  // One spare thread stands by.
  await waitUntil(() => countThreads() <= before + 1);
});

it('shares one thread among many files', async () => {
  const runtime = createRuntime({ threads: 1 });
  const agents = await Promise.all(['a', 'b', 'c', 'd'].map((packGuid) => loadAgent(runtime, AGENT, {}, { packGuid })));
  expect(await Promise.all(agents.map((agent) => agent.run(createTestContext(), {})))).toStrictEqual([1, 1, 1, 1]);
});

it('gives a waiting file its turn while another one is always busy', async () => {
  const runtime = createRuntime({ threads: 1 });
  const [busy, other] = [await loadAgent(runtime, AGENT, {}, { packGuid: 'busy' }), await loadAgent(runtime, AGENT)];
  let done = false;
  const calls = Array.from({ length: 5 }, async () => {
    while (!done) await busy.run(createTestContext(), { ms: 5 });
  });
  await busy.run(createTestContext(), {});
  expect(await other.run(createTestContext(), {})).toBe(1);
  done = true;
  await Promise.all(calls);
});

it('calls a changed file while the old version is busy', async () => {
  const runtime = createRuntime();
  const old = await loadAgent(runtime, AGENT);
  const call = old.run(createTestContext(), { ms: 300 });
  const changed = await loadAgent(runtime, `${AGENT}\n// changed`);
  expect(await changed.run(createTestContext(), {})).toBe(1);
  expect(await call).toBe(1);
  await old.close();
  expect(await changed.run(createTestContext(), {})).toBe(2);
});
