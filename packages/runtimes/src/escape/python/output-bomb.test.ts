// Output without end: logs, both streams, results, progress.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

const LIMITS = { logLines: 50, logLineLength: 100, outputBytes: 10_000 };

describeAttack('output bomb', (attack) => {
  it.each([
    'print("x" * 1000)',
    'sys.stderr.write("x\\n" * 1000)',
    'context.log("info", "x" * 100_000)',
    'os.write(1, b"x\\n" * 3_000)',
    'os.write(2, b"x" * 8_192)',
    'print("x" * 1_000_000, end="")',
  ])('%s is cut off', async (line) => {
    const body = `for n in range(300):\n    ${line}\nreturn 1`;
    const { value, context } = await attack(body, { head: 'import os, sys', limits: LIMITS });
    expect(value).toBe(1);
    expect(context.logs.length).toBeLessThanOrEqual(51);
    for (const { message } of context.logs) expect(message.length).toBeLessThanOrEqual(101);
  });

  it.each(['"x" * 20_000', 'list(range(10_000))', '{str(n): n for n in range(10_000)}', '"\\0" * 3_000'])(
    'the result %s is refused',
    async (value) => {
      const { error } = await attack(`return ${value}`, { limits: LIMITS });
      expect(error?.code).toBe('output_too_large');
    },
  );

  it('a failure without end is cut off', async () => {
    const { error } = await attack('raise ValueError("x" * 10_000_000)');
    expect(error?.code).toBe('handler_failed');
    expect(error?.message.length).toBeLessThan(10_000);
  });
});
