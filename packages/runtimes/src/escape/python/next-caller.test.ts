// Poisoning a worker for the next caller, and looking for what the caller before has left.
import { expect, it } from 'vitest';
import { agentFile } from '../../python/testing.ts';
import { createTestContext } from '../../testing/context.ts';
import { describeAttack } from './attack.ts';

const HEAD = `
import builtins, gc, json, os, random, sys
SEEN = []
TOKEN = random.random()
def poison():
    builtins.len = lambda value: 666
    builtins.print = None
    json.dumps = json.loads = lambda *a, **k: "poisoned"
    sys.modules["math"] = None
    sys.modules["pypes_worker.encode"].to_json = lambda value: b'"poisoned"'
    open("/tmp/left", "w").write("poisoned")
    os.environ["LEFT"] = "poisoned"
    sys.path.insert(0, "/tmp")
def look():
    texts = [o for o in gc.get_objects() if isinstance(o, (dict, list, tuple))]
    found = any("sesame-" + "ann" in repr(o)[:2000] for o in texts if len(o) < 100)
    return [len([1]), json.dumps([1]), os.listdir("/tmp"), os.environ.get("LEFT"), SEEN[:], found, TOKEN]
`;
const BODY = `
SEEN.append(args.get("secret"))
if args.get("poison"):
    poison()
    return None
return look()`;

describeAttack('next caller', (_attack, load) => {
  async function call(agent: Awaited<ReturnType<typeof load>>, userGuid: string | undefined, args = {}) {
    const context = createTestContext(userGuid === undefined ? {} : { userGuid });
    return agent.run(context, args).catch((error: unknown) => error);
  }

  it('of another user finds nothing of the one before', async () => {
    const agent = await load(agentFile(BODY, HEAD));
    await call(agent, 'ann', { secret: 'sesame-ann' });
    await call(agent, 'mallory', { poison: true });
    for (const user of ['bob', undefined]) {
      expect(((await call(agent, user)) as unknown[]).slice(0, 6)).toEqual([1, '[1]', [], null, [null], false]);
    }
  });

  it('for another tenant finds nothing, whoever the user is', async () => {
    const agent = await load(agentFile(BODY, `${HEAD}# tenants`));
    for (const user of [{ userGuid: 'ann' }, {}]) {
      for (const tenant of [{}, { tenant: 'acme' }, { tenant: 'globex' }]) {
        const found = await agent.run(createTestContext({ ...user, ...tenant }), { secret: null });
        expect((found as unknown[]).slice(0, 5)).toEqual([1, '[1]', [], null, [null]]);
      }
    }
  });

  it('never meets another user or version in one process', async () => {
    const [one, two] = [await load(agentFile(BODY, HEAD)), await load(agentFile(BODY, `${HEAD}# 2`))];
    const tokens = await Promise.all(
      [one, two].flatMap((agent) =>
        ['ann', 'bob', 'eve', undefined].map(async (user) => ((await call(agent, user)) as unknown[])[6]),
      ),
    );
    expect(new Set(tokens).size).toBe(8);
  });

  it('of the same user finds neither files nor variables of the environment', async () => {
    const agent = await load(
      agentFile(
        'if args.get("write"):\n    open("/tmp/left", "w").close()\n    os.environ["LEFT"] = "1"\nreturn [os.listdir("/tmp"), os.environ.get("LEFT")]',
        'import os',
      ),
    );
    expect(await call(agent, 'ann', { write: true })).toEqual([['left'], '1']);
    expect(await call(agent, 'ann')).toEqual([[], null]);
  });
});
