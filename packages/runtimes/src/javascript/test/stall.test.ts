// One call that never gives way holds up nobody else.
import { PypesError } from '@pypes/contract';
import { expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { createRuntime, loadAgent } from './agents.ts';

const AGENT = `
let calls = 0;
export async function run({ signal }, { what, ms }) {
  calls++;
  if (what === 'loop') for (;;);
  if (what === 'compute') { const end = performance.now() + ms; while (performance.now() < end); }
  if (what === 'wait') await new Promise((resolve) => setTimeout(resolve, ms));
  if (what === 'fail-late') setTimeout(() => { throw new Error('late'); }, 5);
  return what === 'count' ? calls : what;
}`;

/** A call that the test stops in the end. */
function start(agent: Awaited<ReturnType<typeof loadAgent>>, args: { what: string; ms?: number }) {
  const context = createTestContext();
  const result = agent.run(context, args).catch((error: unknown) => error);
  return { result, stop: () => context.abort(new PypesError('timeout', 'Over')) };
}

it('moves calls that wait behind an endless loop', async () => {
  const agent = await loadAgent(createRuntime(), AGENT);
  const before = start(agent, { what: 'before' });
  const loop = start(agent, { what: 'loop' });
  const after = Array.from({ length: 50 }, (_, n) => start(agent, { what: `after ${n}` }).result);
  expect(await before.result).toBe('before');
  expect(await Promise.all(after)).toStrictEqual(Array.from({ length: 50 }, (_, n) => `after ${n}`));
  loop.stop();
  expect(await loop.result).toMatchObject({ code: 'timeout' });
});

it('answers on when several loops hold several threads', async () => {
  const agent = await loadAgent(createRuntime({ threadsPerFile: 4 }), AGENT);
  const loops = [];
  for (let n = 0; n < 3; n++) {
    loops.push(start(agent, { what: 'loop' }));
    expect(await start(agent, { what: 'echo' }).result).toBe('echo');
  }
  for (const loop of loops) loop.stop();
  for (const loop of loops) expect(await loop.result).toMatchObject({ code: 'timeout' });
});

it('holds calls back while every thread is taken, and runs them once one is free', async () => {
  const agent = await loadAgent(createRuntime({ threadsPerFile: 2 }), AGENT);
  const loops = [start(agent, { what: 'loop' }), start(agent, { what: 'loop' })];
  const late = start(agent, { what: 'late' });
  const stopped = start(agent, { what: 'never' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  stopped.stop();
  expect(await stopped.result).toMatchObject({ code: 'timeout' });
  loops[0]?.stop();
  expect(await late.result).toBe('late');
  loops[1]?.stop();
});

it('uses a thread again after it has computed for long', async () => {
  const agent = await loadAgent(createRuntime({ threadsPerFile: 1 }), AGENT);
  const heavy = start(agent, { what: 'compute', ms: 200 });
  const light = start(agent, { what: 'light' });
  expect(await Promise.all([heavy.result, light.result])).toStrictEqual(['compute', 'light']);
  expect(await start(agent, { what: 'count' }).result).toBe(3);
});

it('runs every call exactly once, whatever is moved', async () => {
  const agent = await loadAgent(
    createRuntime({ threadsPerFile: 4 }),
    `
export function run(context, { n, ms }) {
  const end = performance.now() + ms;
  while (performance.now() < end);
  context.log('info', 'ran ' + n);
  return n;
}`,
  );
  const calls = Array.from({ length: 60 }, async (_, n) => {
    const context = createTestContext();
    return { output: await agent.run(context, { n, ms: n % 10 === 0 ? 60 : 1 }), logs: context.logs };
  });
  for (const [n, { output, logs }] of (await Promise.all(calls)).entries()) {
    expect(output).toBe(n);
    expect(logs).toStrictEqual([{ level: 'info', message: `ran ${n}` }]);
  }
});

it('ends the other calls of a thread that does not let go, and says why', async () => {
  const agent = await loadAgent(createRuntime(), AGENT);
  const waiting = start(agent, { what: 'wait', ms: 600_000 });
  const loop = start(agent, { what: 'loop' });
  expect(await start(agent, { what: 'echo' }).result).toBe('echo');
  loop.stop();
  expect(await loop.result).toMatchObject({ code: 'timeout' });
  expect(await waiting.result).toMatchObject({ code: 'unavailable' });
});

it('gives calls that wait to a thread that has just let go, and does not end it under them', async () => {
  const agent = await loadAgent(
    createRuntime({ threadsPerFile: 1 }),
    `
export async function run(context, { what }) {
  if (what === 'stubborn') {
    context.log('info', 'here');
    const end = performance.now() + 500;
    while (performance.now() < end);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return what;
}`,
  );
  const context = createTestContext();
  const stubborn = agent.run(context, { what: 'stubborn' }).catch((error: unknown) => error);
  await expect.poll(() => context.logs.length, { interval: 5 }).toBe(1);
  context.abort(new PypesError('timeout', 'Over'));
  expect(await stubborn).toMatchObject({ code: 'timeout' });
  const waiting = ['a', 'b', 'c'].map((what) => start(agent, { what }).result);
  // This thread reads nothing until both are there: that the other one runs again, and what it has still answered.
  const end = performance.now() + 900;
  while (performance.now() < end);
  expect(await Promise.all(waiting)).toStrictEqual(['a', 'b', 'c']);
});
