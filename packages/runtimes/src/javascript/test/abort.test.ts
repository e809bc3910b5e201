// A call that is stopped ends at once; what it leaves behind ends too, without harm to others.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PypesError } from '@pypes/contract';
import { expect, it, onTestFinished } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { createRuntime, loadAgent, waitUntil } from './agents.ts';

const COUNTING = `
let calls = 0;
export async function run({ signal }, { obey, ms }) {
  calls++;
  if (ms !== undefined) await new Promise((resolve) => {
    setTimeout(resolve, ms);
    if (obey) signal.addEventListener('abort', resolve);
  });
  return calls;
}`;

it('keeps the thread when the agent obeys its signal', async () => {
  const agent = await loadAgent(createRuntime({ threadsPerFile: 1 }), COUNTING);
  // A thread that gets no processor for long is ended, as if its agent had not obeyed: then once more.
  for (let kept = false; !kept; ) {
    const context = createTestContext();
    const call = agent.run(context, { obey: true, ms: 600_000 });
    const before = (await agent.run(createTestContext(), {})) as number;
    context.abort(new PypesError('timeout', 'Over'));
    await expect(call).rejects.toMatchObject({ code: 'timeout' });
    kept = (await agent.run(createTestContext(), {})) === before + 1;
  }
});

it('ends the thread when the only call in it does not', async () => {
  const agent = await loadAgent(createRuntime(), COUNTING);
  const context = createTestContext();
  const call = agent.run(context, { ms: 600_000 });
  setTimeout(() => context.abort(), 50);
  await expect(call).rejects.toMatchObject({ code: 'canceled' });
  expect(await agent.run(createTestContext(), {})).toBe(1);
});

it('lets other calls of the thread end, and then what the stopped call left running', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pypes-abort-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'beats');
  const agent = await loadAgent(
    createRuntime(),
    `
import { appendFileSync } from 'node:fs';
export async function run(context, { file, ms }) {
  if (file) setInterval(() => appendFileSync(file, '.'), 10);
  await new Promise((resolve) => setTimeout(resolve, ms));
  return 'waited';
}`,
  );
  const context = createTestContext();
  const beating = agent.run(context, { file, ms: 600_000 });
  const other = agent.run(createTestContext(), { ms: 400 });
  const beats = () =>
    readFile(file, 'utf8').then(
      (text) => text.length,
      () => 0,
    );
  await waitUntil(async () => (await beats()) > 0);
  context.abort(new PypesError('timeout', 'Over'));
  await expect(beating).rejects.toMatchObject({ code: 'timeout' });
  expect(await other).toBe('waited');
  await waitUntil(async () => {
    const before = await beats();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return (await beats()) === before;
  });
});

it('forgets a call that was stopped while it waited for a thread', async () => {
  const agent = await loadAgent(createRuntime(), COUNTING);
  const context = createTestContext();
  const call = agent.run(context, {});
  context.abort(new DOMException('Late', 'TimeoutError'));
  await expect(call).rejects.toMatchObject({ code: 'timeout' });
  expect(await agent.run(createTestContext(), {})).toBe(1);
});

it('refuses what a stopped call still asks of the host', async () => {
  const agent = await loadAgent(
    createRuntime({ threadsPerFile: 1 }),
    `
let seen = 'nothing';
export async function run({ signal, memory }, { what }) {
  if (what === 'report') return seen;
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  if (what === 'write') await memory.set('late', 1).catch((error) => { seen = error.code; });
}`,
  );
  const [writer, keeper] = [createTestContext(), createTestContext()];
  const write = agent.run(writer, { what: 'write' });
  // A second call keeps the thread alive, so that it can tell afterwards.
  const keep = agent.run(keeper, { what: 'keep' });
  expect(await agent.run(createTestContext(), { what: 'report' })).toBe('nothing');
  writer.abort(new PypesError('canceled', 'Stop'));
  await expect(write).rejects.toMatchObject({ code: 'canceled' });
  await waitUntil(async () => (await agent.run(createTestContext(), { what: 'report' })) === 'canceled');
  expect(await writer.memory.list()).toStrictEqual([]);
  keeper.abort();
  await expect(keep).rejects.toMatchObject({ code: 'canceled' });
});

it('refuses calls after close', async () => {
  const runtime = createRuntime();
  const agent = await loadAgent(runtime, COUNTING);
  await agent.run(createTestContext(), {});
  await runtime.close();
  await expect(agent.run(createTestContext(), {})).rejects.toMatchObject({ code: 'unavailable' });
});
