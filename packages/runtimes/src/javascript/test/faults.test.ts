// Whatever an agent does to its thread, only the calls in that thread notice.
import { expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { createRuntime, loadAgent } from './agents.ts';

const AGENT = `
const hoard = [];
export async function run(context, { what, ms }) {
  if (what === 'exit') process.exit(3);
  if (what === 'reject') Promise.reject(new Error('nobody caught this'));
  if (what === 'throw') setTimeout(() => { throw new RangeError('thrown later'); }, 20);
  if (what === 'textless') setTimeout(() => { throw { toString: 1 }; }, 20);
  if (what === 'hoard') for (;;) hoard.push(new Array(10_000).fill(0.5));
  await new Promise((resolve) => setTimeout(resolve, ms ?? 0));
  return what;
}`;

it.each([
  ['exit', 'process.exit(3)'],
  ['reject', 'nobody caught this'],
  ['throw', 'thrown later'],
  ['textless', 'a value that cannot be read'],
  ['hoard', 'out of memory'],
])('%s fails the calls in its thread and nothing else', async (what, reason) => {
  const agent = await loadAgent(createRuntime({ heapMebibytes: 32 }), AGENT);
  const calls = [
    agent.run(createTestContext(), { what: 'bystander', ms: 600_000 }),
    agent.run(createTestContext(), { what, ms: 600_000 }),
  ];
  for (const call of calls) {
    await expect(call).rejects.toMatchObject({ code: 'handler_failed', message: expect.stringContaining(reason) });
  }
  expect(await agent.run(createTestContext(), { what: 'next' })).toBe('next');
});

it('runs calls elsewhere that a thread had not taken when it ended', async () => {
  const text = "export function run(context, { what }) { if (what === 'exit') process.exit(3); return what; }";
  const agent = await loadAgent(createRuntime(), text);
  const calls = ['a', 'exit', 'b', 'exit', 'c', 'd', 'e'].map((what) =>
    agent.run(createTestContext(), { what }).catch((error: { code: string }) => error.code),
  );
  expect(await Promise.all(calls)).toStrictEqual(['a', 'handler_failed', 'b', 'handler_failed', 'c', 'd', 'e']);
});

it('fails calls of a file whose thread ends before it takes any, and does not try for ever', async () => {
  const text = `
export function run() { return 1; }
(async () => { for (let n = 0; n < 100; n++) await n; process.exit(4); })();`;
  const agent = await loadAgent(createRuntime(), text);
  const calls = Array.from({ length: 5 }, () => agent.run(createTestContext(), {}));
  for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'handler_failed' });
});

it('keeps the reply of a call that crashes its thread afterwards', async () => {
  const agent = await loadAgent(createRuntime(), AGENT);
  expect(await agent.run(createTestContext(), { what: 'throw' })).toBe('throw');
  const bystander = agent.run(createTestContext(), { what: 'bystander', ms: 600_000 });
  await expect(bystander).rejects.toMatchObject({ code: 'handler_failed' });
  expect(await agent.run(createTestContext(), { what: 'next' })).toBe('next');
});

it('runs many calls at once', async () => {
  const agent = await loadAgent(createRuntime(), AGENT);
  const calls = Array.from({ length: 1_000 }, (_, n) =>
    agent.run(createTestContext(), { what: `call ${n}`, ms: n % 7 }),
  );
  expect(await Promise.all(calls)).toStrictEqual(Array.from({ length: 1_000 }, (_, n) => `call ${n}`));
});

it('says what an agent threw that is no Error', async () => {
  const agent = await loadAgent(createRuntime(), "export function run() { throw 'plain'; }");
  await expect(agent.run(createTestContext(), {})).rejects.toMatchObject({
    code: 'handler_failed',
    message: expect.stringContaining('"plain"'),
  });
});

it('traces the frames of the agent alone', async () => {
  const text = 'const inner = () => { null.x; };\nexport const run = async () => {\n  inner();\n};';
  const agent = await loadAgent(createRuntime(), text, {}, { path: 'tools/trace.js' });
  await expect(agent.run(createTestContext(), {})).rejects.toMatchObject({
    message: "TypeError: Cannot read properties of null (reading 'x')",
    details: {
      line: 2,
      trace: expect.stringMatching(/inner \(tools\/trace\.js:2:.*\n.*run \(tools\/trace\.js:4:3\)/),
    },
  });
});
