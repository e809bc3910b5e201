// What goes on after the answer: threads, exit handlers, finalizers, and threads that Python does not know of.
import { expect, it } from 'vitest';
import { agentFile } from '../../python/testing.ts';
import { createTestContext } from '../../testing/context.ts';
import { describeAttack } from './attack.ts';

const HEAD = 'import atexit, ctypes, random, threading, time\nTOKEN = random.random()';
const NATIVE = `
def burn(_):
    while True:
        pass
KEEP = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(burn)
def start():
    thread = ctypes.c_ulong()
    return ctypes.CDLL(None).pthread_create(ctypes.byref(thread), None, KEEP, None)
`;

describeAttack('leftovers', (attack, load) => {
  it.each([
    'threading.Thread(target=burn, args=(0,), daemon=True).start()',
    'threading.Thread(target=burn, args=(0,)).start()',
    'atexit.register(burn, 0)',
    'threading.Timer(0.01, lambda: context.log("info", "late")).start()',
  ])('%s does not reach the next call', async (line) => {
    const agent = await load(
      agentFile(`if args.get("again"):\n    return threading.active_count()\n${line}\nreturn 1`, HEAD + NATIVE),
    );
    const first = createTestContext({ userGuid: 'mallory' });
    expect(await agent.run(first, {})).toBe(1);
    const second = createTestContext({ userGuid: 'mallory' });
    expect(await agent.run(second, { again: true })).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([...first.logs, ...second.logs]).toEqual([]);
  });

  it('of threads that Python does not know of end with their sandbox', async () => {
    const agent = await load(agentFile('return TOKEN if args.get("again") else [start(), TOKEN]', HEAD + NATIVE));
    const [started, token] = (await agent.run(createTestContext({ userGuid: 'mallory' }), {})) as [number, number];
    expect(started).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    expect(await agent.run(createTestContext({ userGuid: 'mallory' }), { again: true })).not.toBe(token);
  });

  it('of an exception that sleeps when it is shown end the call alone', async () => {
    const head = `${HEAD}\nclass Slow(Exception):\n    def __str__(self):\n        while True:\n            pass`;
    const { error } = await attack('raise Slow()', { head, limits: { cpuMs: 200 } });
    expect(error?.code).toBe('resource_exhausted');
  });
});
