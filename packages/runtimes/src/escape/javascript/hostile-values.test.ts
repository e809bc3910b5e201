// Attack: results, errors and arguments that act when they are looked at.
import { describe, expect, it } from 'vitest';
import { JS_SANDBOXES, js } from './attacks.ts';

describe.each(JS_SANDBOXES)('$name', ({ open }) => {
  const { attack, expectUnharmed } = open();

  it.each([
    [
      'an error with hostile getters',
      'throw Object.defineProperties(new Error("x"), { message: { get() { throw 1 } }, stack: { get() { throw 2 } }, name: { get() { throw 3 } } })',
    ],
    ['a revoked proxy', 'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy'],
    ['null', 'throw null'],
    ['a symbol', 'throw Symbol("x")'],
    ['an error that says another code', 'throw Object.assign(new Error("x"), { code: "timeout" })'],
    [
      'a rejected promise nobody handles',
      'Promise.reject(new Error("lost")); await context.memory.list(); throw new Error("x")',
    ],
  ])('%s is a failure like others', async (_name, body) => {
    const { error } = await attack(js(body));
    expect(error?.code).toBe('handler_failed');
    await expectUnharmed();
  });

  it('an error cannot pretend to be a refusal of the output', async () => {
    const { error } = await attack(js('throw Object.assign(new Error("mine"), { code: "invalid_output" })'));
    expect(['handler_failed', 'invalid_output']).toContain(error?.code);
  });

  it.each([
    'return () => 1',
    'return new Map()',
    'return Symbol("x")',
    'return NaN',
    'return { a: 1n ** 2n, b: new Set() }',
  ])('%s is refused, not guessed', async (body) => {
    expect((await attack(js(body))).error?.code).toBe('invalid_output');
  });

  it('odd log lines stay log lines', async () => {
    const { output, context } = await attack(
      js(
        'console.log({ toJSON() { throw 1 } }); context.log({}, null, () => 1); context.log("info", "x".repeat(1e6)); context.progress(7e300); return 1',
      ),
    );
    expect(output).toBe(1);
    for (const { message } of context.logs) expect(message.length).toBeLessThan(20_000);
    await expectUnharmed();
  });

  it.each(['__proto__', 'constructor', 'toString', 'memory.checkout2', 'x'.repeat(100_000)])(
    'an operation named %s does not exist',
    async (name) => {
      const body = `try { await context.call(${JSON.stringify(name)}, {}); return 'in' } catch { return 'out' }`;
      expect((await attack(js(body))).output).toBe('out');
    },
  );
});
