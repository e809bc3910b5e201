// Attack: never end, in Python, in native code that nobody can interrupt, and in handlers that catch everything.
import { expect, it } from 'vitest';
import { expectStopped, limitOf } from '../attacker.ts';
import { describeAttack, python } from './attack.ts';

const LOOPS: readonly (readonly [string, string])[] = [
  ['a loop', 'while True: pass'],
  ['re', 'import re\nreturn re.match("(a+)+$", "a" * 60 + "b")'],
  ['large integers', 'return len(str(3 ** (3 ** 19)))'],
  ['sum of a range', 'return sum(range(10 ** 15))'],
  ['catching everything', 'while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass'],
  ['an event loop', 'import asyncio\nasync def spin():\n    while True: await asyncio.sleep(0)\nasyncio.run(spin())'],
  ['a wait', 'import time\ntime.sleep(10 ** 6)'],
  [
    'a generator that refuses to end',
    'def g():\n    while True:\n        try: yield\n        finally: continue\nfor _ in g(): pass',
  ],
];

describeAttack('loops', ({ attack, expectUnharmed }) => {
  it.each(LOOPS)('%s ends at the time limit', async (_name, body) => {
    await attack(python('return 1'));
    const outcome = await attack(python(body), { callMs: 1_500 });
    expectStopped(outcome, 'timeout');
    expect(outcome.took).toBeLessThan(20_000);
    await expectUnharmed();
  });

  it('a loop ends at the limit of processor time', async () => {
    const outcome = await attack(python('while True: pass'), { limits: { cpuMs: 500 }, callMs: 20_000 });
    expectStopped(outcome, 'resource_exhausted');
    expect(limitOf(outcome)).toBe('cpu_ms');
    await expectUnharmed();
  });

  it('tasks that are left behind do not go on', async () => {
    const body = `
import asyncio
async def later():
    await asyncio.sleep(0.05)
    seen.append(1)
async def main():
    asyncio.get_running_loop().create_task(later())
asyncio.run(main())
return seen`;
    const source = python(body, 'seen = []');
    expect((await attack(source)).output).toStrictEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    // A second call in the same process would find what the task of the first one did.
    expect((await attack(source)).output).toStrictEqual([]);
  });
});
