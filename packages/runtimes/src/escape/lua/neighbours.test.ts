// Attack: leave something behind for another user of the same file, or for another file.
import { describe, expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { LUA_SANDBOXES } from './attacks.ts';

describe.each(LUA_SANDBOXES)('$name', ({ open }) => {
  const { attack, load, expectUnharmed } = open();

  const SPY = `AGENT = { name = "spy" }
function run(context, args)
  local before = secret
  secret = context.user_guid
  string.seen, math.seen = secret, secret
  getmetatable("").seen = secret
  return { before = before or json.null, other = string.seen ~= secret }
end`;

  it('globals and libraries of one user are not those of another', async () => {
    const first = await attack(SPY, { userGuid: 'ann' });
    const second = await attack(SPY, { userGuid: 'bob' });
    const shared = await attack(SPY);
    for (const { output } of [first, second, shared]) expect(output).toStrictEqual({ before: null, other: false });
  });

  it('nor those of the same user, or of nobody, for another tenant', async () => {
    const agent = await load(`${SPY} -- tenants`);
    for (const user of [{ userGuid: 'ann' }, {}]) {
      for (const tenant of [{}, { tenant: 'acme' }, { tenant: 'Acme' }, { tenant: 'globex' }]) {
        expect(await agent.run(createTestContext({ ...user, ...tenant }), {})).toMatchObject({ before: null });
      }
    }
  });

  it('nor when many users come at once, more than there are states', async () => {
    const users = Array.from({ length: 40 }, (_, n) => `user-${n % 20}`);
    const agent = await load(SPY);
    const seen = await Promise.all(
      users.map(async (userGuid) => {
        const context = createTestContext({ userGuid });
        const output = (await agent.run(context, {})) as { before: string | null };
        return output.before === null || output.before === userGuid;
      }),
    );
    expect(seen).not.toContain(false);
    await expectUnharmed();
  });

  it('a broken library breaks the next call of another user no more than that of another file', async () => {
    const poison = `AGENT = { name = "poison" }
function run()
  string.find, string.gsub, table.concat, coroutine.yield, error, pcall, next, tostring = nil
  setmetatable(_G, { __index = function() error("poisoned") end })
  return "done"
end`;
    expect((await attack(poison, { userGuid: 'ann' })).output).toBe('done');
    expect((await attack(poison, { userGuid: 'bob' })).output).toBe('done');
    await expectUnharmed();
  });
});
