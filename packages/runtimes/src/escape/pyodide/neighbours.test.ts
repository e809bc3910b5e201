// Attack: leave something behind for another user of the same file, or for another file.
import { expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { describeAttack, python } from './attack.ts';

const SPY = python(
  `
import builtins, json, random
before = [getattr(builtins, "secret", None), getattr(json, "secret", None), "/tmp/secret" in map(str, pathlib.Path("/tmp").iterdir())]
builtins.secret = json.secret = context.user_guid
pathlib.Path("/tmp/secret").write_text("mine")
random.seed(1)
return before`,
  'import pathlib',
);

describeAttack('neighbours', ({ attack, load, expectUnharmed }) => {
  it('modules, builtins and files of one user are not those of another', async () => {
    for (const userGuid of ['ann', 'bob', 'cyd']) {
      expect((await attack(SPY, { userGuid })).output).toStrictEqual([null, null, false]);
    }
    expect((await attack(SPY)).output).toStrictEqual([null, null, false]);
  });

  it('nor those of the same user, or of nobody, for another tenant', async () => {
    const agent = await load(SPY.replace('import pathlib', 'import pathlib  # tenants'));
    for (const user of [{ userGuid: 'ann' }, {}]) {
      for (const tenant of [{ tenant: 'acme' }, { tenant: 'globex' }]) {
        expect(await agent.run(createTestContext({ ...user, ...tenant }), {})).toStrictEqual([null, null, false]);
      }
    }
  });

  it('nor when more users come at once than there are sandboxes', async () => {
    const agent = await load(SPY);
    const users = Array.from({ length: 8 }, (_, n) => `user-${n}`);
    const seen = await Promise.all(users.map((userGuid) => agent.run(createTestContext({ userGuid }), {})));
    for (const output of seen) expect(output).toStrictEqual([null, null, false]);
  });

  it('nor of another file of the same pack', async () => {
    const other = SPY.replace('import pathlib', 'import pathlib  # another version');
    await attack(SPY, { userGuid: 'ann' });
    expect((await attack(other, { userGuid: 'ann' })).output).toStrictEqual([null, null, false]);
  });

  it('sandboxes do not share their randomness', async () => {
    const agent = await load(
      python('import random, uuid, os\nreturn [random.random(), str(uuid.uuid4()), os.urandom(8).hex()]'),
    );
    const users = ['one', 'two', 'three'];
    const seen = await Promise.all(users.map((userGuid) => agent.run(createTestContext({ userGuid }), {})));
    for (const at of [0, 1, 2]) expect(new Set(seen.map((row) => (row as unknown[])[at])).size).toBe(3);
  });

  it('poisoned libraries break their own call alone', async () => {
    const body = `
import builtins, json, pypes_worker.channel as channel, sys
builtins.len = builtins.isinstance = builtins.bytes = None
channel.receive = channel.send = None
sys.modules.clear()
return 1`;
    await attack(python(body), { userGuid: 'ann', callMs: 3_000 });
    expect(
      (await attack(python(body.replace('return 1', 'return 2')), { userGuid: 'bob', callMs: 3_000 })).took,
    ).toBeLessThan(9_000);
    await expectUnharmed();
  });
});
