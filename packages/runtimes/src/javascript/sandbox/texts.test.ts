// What crosses into QuickJS and back: every value as it was, however long its text and whatever its characters.
import { DEFAULT_LIMITS, type Json, type LoadedAgent } from '@pypes/contract';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { createJavascriptSandbox } from '../index.ts';

/** `run` is the file after AGENT, without the first export. */
async function load(run: string, limits = {}): Promise<LoadedAgent> {
  const runtime = createJavascriptSandbox();
  onTestFinished(() => runtime.close());
  const source = sourceFile('texts.mjs', `export const AGENT = { name: 'texts' };\nexport ${run}`);
  const [agent] = await runtime.load(source, { ...DEFAULT_LIMITS, ...limits });
  return agent as LoadedAgent;
}

it.each([
  ['at once', 'function run(context, { value }) { return value; }'],
  ['later', 'async function run(context, { value }) { return value; }'],
])('gives back what it was given (%s)', async (_when, run) => {
  const agent = await load(run);
  const text = fc.string({ unit: 'binary', maxLength: 20 });
  const long = fc.tuple(text, fc.nat(9_000)).map(([part, length]) => part + '“'.repeat(length));
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue({ stringUnit: 'binary' }), text, long), async (value) => {
      const given = { value } as { readonly value: Json };
      // As JSON says it: -0 is 0.
      const { value: same } = JSON.parse(JSON.stringify(given)) as { readonly value: Json };
      expect(await agent.run(createTestContext({ userGuid: 'ann' }), given)).toStrictEqual(same);
    }),
  );
});

it('counts the bytes of a result exactly', async () => {
  const agent = await load('const run = (context, { count }) => "“".repeat(count);', { outputBytes: 302 });
  const context = createTestContext({ userGuid: 'ann' });
  expect(await agent.run(context, { count: 100 })).toBe('“'.repeat(100));
  await expect(agent.run(context, { count: 101 })).rejects.toMatchObject({ code: 'output_too_large' });
  expect(await agent.run(context, { count: 100 })).toBe('“'.repeat(100));
});

it('says of each call whose it is, also where that changes in one engine', async () => {
  const agent = await load(
    'const run = ({ user_guid, pack_guid, run_id, agent }) => [user_guid, pack_guid, run_id, agent];',
  );
  const call = (about: { readonly agent: string; readonly runId: string; readonly userGuid?: string }) =>
    agent.run(createTestContext({ packGuid: 'pack', ...about }), {});
  expect(await call({ userGuid: 'ann', agent: 'a', runId: 'run "1"' })).toStrictEqual(['ann', 'pack', 'run "1"', 'a']);
  expect(await call({ userGuid: 'ann', agent: 'b', runId: '2' })).toStrictEqual(['ann', 'pack', '2', 'b']);
  expect(await call({ userGuid: 'ann', agent: 'a', runId: '3' })).toStrictEqual(['ann', 'pack', '3', 'a']);
  expect(await call({ agent: 'a', runId: '4' })).toStrictEqual([null, 'pack', '4', 'a']);
});

it('takes no end of an earlier call for that of a later one', async () => {
  const agent = await load(`let end;
export function run(context, { wait }) {
  if (wait) return new Promise((resolve) => { end = resolve; });
  end('of the earlier');
  return Promise.resolve('of the later');
}`);
  const context = createTestContext({ userGuid: 'ann' });
  await expect(agent.run(context, { wait: true })).rejects.toMatchObject({ code: 'handler_failed' });
  expect(await agent.run(context, {})).toBe('of the later');
});
