// Calls that share an isolate: they wait their turn, leave no trace, and hold up nobody who waits for them.
import { DEFAULT_LIMITS, type LoadedAgent, PypesError } from '@pypes/contract';
import { afterEach, expect, it } from 'vitest';
import { createInlineJavascript } from '../javascript/inline/index.ts';
import { createTestContext } from '../testing/context.ts';
import { compileInlineModules } from '../testing/inline-modules.ts';
import { sourceFile } from '../testing/source-file.ts';
import type { InlineOptions } from './runtime.ts';

const modules = compileInlineModules();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function load(body: string, options: InlineOptions = {}, limits = {}) {
  const runtime = createInlineJavascript(modules, options);
  closing.push(() => runtime.close());
  const source = `export const AGENT = { name: 'a' };\nexport async function run(context, args) {\n${body}\n}`;
  const [agent] = await runtime.load(sourceFile('a.mjs', source), { ...DEFAULT_LIMITS, ...limits });
  return { runtime, agent: agent as LoadedAgent };
}

const NEVER = () => new Promise<null>(() => {});

it('a call that was stopped while it waited for its turn never begins, and gives its turn on', async () => {
  const { agent } = await load("await context.vault.get('K'); return args.n", { calls: 1 });
  const asked: number[] = [];
  const gates: (() => void)[] = [];
  const contexts = [0, 1, 2].map((n) =>
    createTestContext({
      onUse: () => {
        asked.push(n);
        return new Promise((open) => gates.push(() => open(null)));
      },
    }),
  );
  const calls = contexts.map((context, n) => agent.run(context, { n }));
  while (gates.length === 0) await new Promise((done) => setTimeout(done, 5));
  contexts[1]?.abort(new PypesError('timeout', 'Over'));
  await expect(calls[1]).rejects.toMatchObject({ code: 'timeout' });
  gates[0]?.();
  expect(await calls[0]).toBe(0);
  while (gates.length === 1) await new Promise((done) => setTimeout(done, 5));
  gates[1]?.();
  expect(await calls[2]).toBe(2);
  expect(asked).toStrictEqual([0, 2]);
});

it('an agent that calls another in the same run does not wait for itself', async () => {
  const { agent } = await load(
    "return args.depth === 0 ? 'bottom' : await context.call('a', { depth: args.depth - 1 })",
    {
      calls: 2,
    },
  );
  const context = createTestContext({
    runId: 'one',
    onCall: (_agent, args, inner) => agent.run(inner, args),
  });
  expect(await agent.run(context, { depth: 3 })).toBe('bottom');
  const codes: unknown[] = [];
  const tooDeep = createTestContext({
    runId: 'two',
    onCall: (_agent, args, inner) =>
      agent.run(inner, args).catch((error: PypesError) => {
        codes.push(error.code);
        throw error;
      }),
  });
  await expect(agent.run(tooDeep, { depth: 9 })).rejects.toMatchObject({ code: 'handler_failed' });
  expect(codes[0]).toBe('unavailable');
  expect(await agent.run(createTestContext(), { depth: 0 })).toBe('bottom');
});

it('agents that have all places and call others do not wait for each other', async () => {
  const { agent } = await load("return args.depth === 0 ? 'bottom' : await context.call('a', { depth: 0 })", {
    calls: 2,
  });
  // As a host makes them: each call is a run of its own, and says which one it belongs to.
  const outer = (rootRunId: string) =>
    createTestContext({
      runId: rootRunId,
      onCall: (_agent, args) => agent.run(createTestContext({ rootRunId }), args),
    });
  const calls = ['one', 'two', 'three', 'four'].map((run) => agent.run(outer(run), { depth: 1 }));
  expect(await Promise.all(calls)).toEqual(['bottom', 'bottom', 'bottom', 'bottom']);
});

it('a stopped call goes on nowhere: its timers, its questions, its logs', async () => {
  const { agent } = await load(
    "setInterval(() => context.log('info', 'tick'), 5); await context.vault.get('K'); context.log('info', 'late')",
  );
  let answer: (value: null) => void = () => {};
  const context = createTestContext({
    onUse: () =>
      new Promise<null>((open) => {
        answer = open;
      }),
  });
  const call = agent.run(context, {});
  while (context.logs.length < 2) await new Promise((done) => setTimeout(done, 5));
  context.abort(new PypesError('timeout', 'Over'));
  await expect(call).rejects.toMatchObject({ code: 'timeout' });
  const lines = context.logs.length;
  answer(null);
  await new Promise((done) => setTimeout(done, 50));
  expect(context.logs).toHaveLength(lines);
});

it('close ends calls in flight and those that wait, and takes no more', async () => {
  const { runtime, agent } = await load("await context.vault.get('K')", { calls: 1 });
  const calls = [1, 2, 3].map(() => agent.run(createTestContext({ onUse: NEVER }), {}));
  const ended = Promise.allSettled(calls);
  await new Promise((done) => setTimeout(done, 50));
  await runtime.close();
  for (const { status, reason } of (await ended) as PromiseRejectedResult[]) {
    expect([status, (reason as PypesError).code]).toStrictEqual(['rejected', 'unavailable']);
  }
  await expect(agent.run(createTestContext(), {})).rejects.toMatchObject({ code: 'unavailable' });
});

it('an output is measured in bytes, not in characters', async () => {
  const { agent } = await load('return args.text.repeat(args.n)', {}, { outputBytes: 1_000 });
  expect(await agent.run(createTestContext(), { text: '🎈', n: 249 })).toBe('🎈'.repeat(249));
  await expect(agent.run(createTestContext(), { text: '🎈', n: 250 })).rejects.toMatchObject({
    code: 'output_too_large',
  });
});

it('logs are bounded in number and length', async () => {
  const { agent } = await load(
    "for (let n = 0; n < 100; n++) context.log('info', 'x'.repeat(100)); return 1",
    {},
    {
      logLines: 10,
      logLineLength: 20,
    },
  );
  const context = createTestContext();
  await agent.run(context, {});
  expect(context.logs).toHaveLength(11);
  for (const { message } of context.logs) expect(message.length).toBeLessThan(60);
});
