// Shared suite: failures and limits, each of which stops one call only.
import { PypesError } from '@pypes/contract';
import { expect } from 'vitest';
import { createTestContext } from '../context.ts';
import { expectFailure, type Harness, runOnce } from './harness.ts';

const overdue = () => new PypesError('timeout', 'The call is over its limit');

export function testLimits({ test, load, lineOf, makeRuntime, noLines }: Harness): void {
  test('a failure carries its message and line', { agents: ['throws'] }, async () => {
    const failure = await expectFailure(runOnce(await load('throws')), 'handler_failed');
    expect((failure as Error).message).toMatch(/boom/);
    if (!noLines) expect(failure).toMatchObject({ details: { line: lineOf('throws', 'BOOM') } });
  });

  test('an agent can be called again after a failure', { agents: ['throws'] }, async () => {
    const agent = await load('throws');
    for (let n = 0; n < 3; n++) await expectFailure(runOnce(agent), 'handler_failed');
  });

  test('refuses a result that is no JSON', { agents: ['notJson'] }, async () => {
    await expectFailure(runOnce(await load('notJson')), 'invalid_output');
  });

  test('refuses a result over the limit of output', { agents: ['big'] }, async () => {
    const agent = await load('big', { outputBytes: 10_000 });
    expect((await runOnce(agent, { n: 9_000 })).output).toHaveLength(9_000);
    await expectFailure(runOnce(agent, { n: 20_000 }), 'output_too_large');
    expect((await runOnce(agent, { n: 3 })).output).toHaveLength(3);
  });

  // A language that counts its steps may stop the loop before the host does.
  test('stops an endless loop', { agents: ['loop', 'types'], able: ['interruptible'] }, async () => {
    const agent = await load('loop');
    for (let n = 0; n < 2; n++) {
      const context = createTestContext();
      setTimeout(() => context.abort(overdue()), 200);
      await expectFailure(agent.run(context, {}), 'timeout', 'resource_exhausted');
    }
    expect((await runOnce(await load('types'))).output).toMatchObject({ whole: 42 });
  });

  test('answers others while one call loops', { agents: ['loop', 'types'], able: ['interruptible'] }, async () => {
    const [loop, types] = [await load('loop'), await load('types')];
    const context = createTestContext();
    const looping = expectFailure(loop.run(context, {}), 'timeout', 'resource_exhausted');
    for (let n = 0; n < 5; n++) expect((await runOnce(types)).output).toMatchObject({ whole: 42 });
    context.abort(overdue());
    await looping;
  });

  test('stops a call that waits', { agents: ['sleep'], able: ['interruptible'] }, async () => {
    const agent = await load('sleep');
    const context = createTestContext();
    const call = expectFailure(agent.run(context, { ms: 600_000 }), 'timeout');
    setTimeout(() => context.abort(overdue()), 100);
    await call;
    expect((await runOnce(agent, { ms: 1 })).output).toBe('slept');
  });

  test('does not begin a call that is over already', { agents: ['prints'] }, async () => {
    const agent = await load('prints');
    const context = createTestContext();
    context.abort(overdue());
    await expectFailure(agent.run(context, {}), 'timeout');
    expect(context.logs).toStrictEqual([]);
  });

  test('close ends calls in flight', { agents: ['sleep'], able: ['interruptible'] }, async () => {
    const runtime = makeRuntime();
    const agent = await load('sleep', {}, runtime);
    const call = expectFailure(runOnce(agent, { ms: 600_000 }), 'unavailable', 'canceled');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await runtime.close();
    await call;
  });
}
