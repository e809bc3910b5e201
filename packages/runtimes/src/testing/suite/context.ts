// Shared suite: what reaches the agent through its context.
import { PypesError } from '@pypes/contract';
import { expect } from 'vitest';
import { createTestDocuments } from '../memory.ts';
import { createTestUses } from '../uses.ts';
import { expectFailure, type Harness, runOnce } from './harness.ts';

export function testContext({ test, load }: Harness): void {
  test('records logs and progress in their order', { agents: ['logs'], able: ['context'] }, async () => {
    const { output, context } = await runOnce(await load('logs'));
    expect(output).toBe('logged');
    expect(context.logs).toStrictEqual([
      { level: 'info', message: 'first' },
      { level: 'warn', message: 'second', data: { n: 1 } },
    ]);
    expect(context.progresses).toStrictEqual([{ fraction: 0.5, message: 'half' }]);
  });

  test('records what the agent prints', { agents: ['prints'] }, async () => {
    const { output, context } = await runOnce(await load('prints'));
    expect(output).toBe('done');
    expect(context.logs.map(({ message }) => message)).toStrictEqual(['printed']);
  });

  test('gives each of many calls its own logs', { agents: ['prints'] }, async () => {
    const agent = await load('prints');
    const calls = await Promise.all(Array.from({ length: 20 }, () => runOnce(agent)));
    for (const { context } of calls) expect(context.logs).toHaveLength(1);
  });

  test('reads, writes, lists and deletes memory', { agents: ['memory'], able: ['context'] }, async () => {
    const { output } = await runOnce(await load('memory'));
    expect(output).toStrictEqual({ a: { n: 1 }, missing: null, keys: ['a'] });
  });

  test("keeps one user's memory from another", { agents: ['counter'], able: ['context'] }, async () => {
    const agent = await load('counter');
    const documents = createTestDocuments();
    const count = async (userGuid?: string) =>
      (await runOnce(agent, {}, { documents, ...(userGuid === undefined ? {} : { userGuid }) })).output;
    expect(await count('ann')).toBe(1);
    expect(await count('ann')).toBe(2);
    expect(await count('bob')).toBe(1);
    expect(await count()).toBe(1);
    expect(await count('ann')).toBe(3);
  });

  test('calls another agent', { agents: ['nested'], able: ['context'] }, async () => {
    const { output } = await runOnce(await load('nested'), {}, { onCall: (agent, args) => ({ agent, args }) });
    expect(output).toStrictEqual({ got: { agent: 'other', args: { x: 1 } } });
  });

  test('an agent may call itself', { agents: ['nested'], able: ['context'] }, async () => {
    const agent = await load('nested');
    let depth = 0;
    const { output } = await runOnce(
      agent,
      {},
      { onCall: (_name, args, context) => (++depth < 3 ? agent.run(context, args) : depth) },
    );
    expect(output).toStrictEqual({ got: { got: { got: 3 } } });
  });

  test('uses what the host grants, by the same operations', {
    agents: ['capabilities'],
    able: ['context'],
  }, async () => {
    const { operations, onUse } = createTestUses();
    const url = 'https://api.example.com/x';
    const { output } = await runOnce(await load('capabilities'), { url }, { onUse });
    expect(output).toStrictEqual({
      size: 3,
      text: 'hé',
      names: ['note.txt'],
      status: 201,
      body: 'pong: ping',
      secret: 'sesame',
      answer: 'You said hello',
    });
    expect(operations).toStrictEqual([
      ['objects.put', { name: 'note.txt', text: 'hé', content_type: 'text/plain' }],
      ['objects.get', { name: 'note.txt' }],
      ['objects.list', { prefix: 'n' }],
      ['objects.delete', { name: 'note.txt' }],
      ['fetch', { url, method: 'POST', headers: { 'x-test': '1' }, text: 'ping' }],
      ['vault.get', { name: 'KEY' }],
      ['ai.complete', { messages: [{ role: 'user', content: 'hello' }] }],
    ]);
  });

  test('can catch what is refused', { agents: ['denied'], able: ['context'] }, async () => {
    const onUse = () => Promise.reject(new PypesError('policy_denied', 'The pack was not granted context.fetch'));
    const { output } = await runOnce(await load('denied'), { url: 'https://example.com/' }, { onUse });
    expect(output).toMatchObject({ caught: expect.stringMatching(/not granted context\.fetch/) });
  });

  test('fails with the failure of the agent that it called', { agents: ['nested'], able: ['context'] }, async () => {
    const onCall = () => Promise.reject(new PypesError('policy_denied', 'Not this one'));
    const failure = await expectFailure(runOnce(await load('nested'), {}, { onCall }), 'handler_failed');
    expect((failure as Error).message).toMatch(/Not this one/);
  });
}
