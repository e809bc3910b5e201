// Attack: leave something behind for another user of the same file, or for the next call.
import { describe, expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { JS_SANDBOXES } from './attacks.ts';

describe.each(JS_SANDBOXES)('$name', ({ open }) => {
  const { attack, load, expectUnharmed } = open();

  const SPY = `
let secret = null;
export const AGENT = { name: 'spy' };
export async function run(context) {
  const before = [secret, globalThis.left ?? null, Object.prototype.left ?? null];
  secret = globalThis.left = context.user_guid;
  Object.defineProperty(Object.prototype, 'left', { value: context.user_guid, configurable: true, writable: true });
  await context.memory.list();
  return before;
}`;

  it('nothing of one user is seen by another', async () => {
    await attack(SPY, { userGuid: 'ann' });
    expect((await attack(SPY, { userGuid: 'bob' })).output).toStrictEqual([null, null, null]);
    expect((await attack(SPY)).output).toStrictEqual([null, null, null]);
  });

  it('nor by the same user, or by nobody, of another tenant', async () => {
    const agent = await load(`${SPY} // tenants`);
    for (const user of [{ userGuid: 'ann' }, {}]) {
      for (const tenant of [{}, { tenant: 'acme' }, { tenant: 'Acme' }, { tenant: 'globex' }]) {
        expect(await agent.run(createTestContext({ ...user, ...tenant }), {})).toStrictEqual([null, null, null]);
      }
    }
  });

  it('nor when many users come at once', async () => {
    const agent = await load(SPY);
    const seen = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const userGuid = `user-${n % 20}`;
        const output = (await agent.run(createTestContext({ userGuid }), {})) as (string | null)[];
        return output.every((value) => value === null || value === userGuid);
      }),
    );
    expect(seen).not.toContain(false);
    await expectUnharmed();
  });

  it('what a call leaves under way never goes on in the next one', async () => {
    const late = `
export const AGENT = { name: 'late' };
export function run(context, { again }) {
  if (again) return 'clean';
  context.memory.get('k').then(() => { globalThis.late = true; context.log('error', 'late'); });
  return 'done';
}`;
    expect((await attack(late, { userGuid: 'ann' })).output).toBe('done');
    const next = await attack(late, { userGuid: 'ann', args: { again: true } });
    expect([next.output, next.context.logs]).toStrictEqual(['clean', []]);
  });
});
