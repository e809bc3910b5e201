// Attack: say more than a host can hear: prints, logs, descriptors, results.
import { expect, it } from 'vitest';
import { expectStopped } from '../attacker.ts';
import { describeAttack, python } from './attack.ts';

describeAttack('output', ({ attack, expectUnharmed }) => {
  it('lines beyond the limit are dropped and counted', async () => {
    const limits = { logLines: 20 };
    const { output, context } = await attack(python('for n in range(10_000): print(n)\nreturn 1'), { limits });
    expect(output).toBe(1);
    expect(context.logs).toHaveLength(21);
    await expectUnharmed();
  });

  it('one line without an end is cut', async () => {
    const { context } = await attack(python('print("x" * 10_000_000)\nreturn 1'));
    for (const { message } of context.logs) expect(message.length).toBeLessThan(10_000);
  });

  it('a flood on descriptors 1 and 2 ends the call or is dropped', async () => {
    const body =
      'import os\nfor _ in range(3000):\n    os.write(1, b"x" * 10_000 + b"\\n")\n    os.write(2, b"y" * 10_000 + b"\\n")\nreturn 1';
    const outcome = await attack(python(body));
    if (outcome.output !== 1)
      expectStopped(outcome, 'output_too_large', 'resource_exhausted', 'timeout', 'handler_failed');
    expect(outcome.context.logs.length).toBeLessThan(2_000);
    await expectUnharmed();
  });

  it('a result over the limit is refused', async () => {
    const outcome = await attack(python('return "x" * 50_000_000'), { limits: { outputBytes: 1_000_000 } });
    expectStopped(outcome, 'output_too_large', 'resource_exhausted');
    await expectUnharmed();
  });
});
