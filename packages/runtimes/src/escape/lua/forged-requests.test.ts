// Attack: forge what the prelude says to the host: questions, answers, logs, results.
import { describe, expect, it } from 'vitest';
import { LUA_SANDBOXES, lua } from './attacks.ts';

describe.each(LUA_SANDBOXES)('$name', ({ open }) => {
  const { attack, expectUnharmed } = open();

  it.each([
    ['a yield that looks like a question', 'return { coroutine.yield({}, "vault.get", "{}") }'],
    ['a yield of nothing', 'return { coroutine.yield() }'],
    ['a yield of the wrong types', 'return { coroutine.yield(1, {}, print) }'],
    ['many yields', 'for i = 1, 1000 do pcall(coroutine.yield, i, "memory.get", "nonsense") end return 1'],
  ])('%s reaches no capability', async (_name, body) => {
    const used: string[] = [];
    const outcome = await attack(lua(body), {
      onUse: (operation) => {
        used.push(operation);
        return 'secret';
      },
    });
    // What a program can say by a bare yield is what it could have asked for by name, and passes the same guard.
    for (const operation of used) expect(['vault.get']).toContain(operation);
    expect(outcome.took).toBeLessThan(20_000);
    await expectUnharmed();
  });

  it('odd log levels, sizes and data stay log lines or failures', async () => {
    const body =
      'pcall(context.log, "fatal", "x") pcall(context.log, {}, {}) context.log("info", ("x"):rep(1e6)) print(("y"):rep(1e6)) return 1';
    const { output, context } = await attack(lua(body));
    expect(output).toBe(1);
    for (const { message } of context.logs) expect(message.length).toBeLessThan(10_000);
  });

  it('a result that pretends to be JSON is quoted', async () => {
    const { output } = await attack(lua('return "\\"},{\\"status\\":\\"ok\\""'));
    expect(output).toBe('"},{"status":"ok"');
  });

  it.each([
    'return 0/0',
    'return 1/0',
    'return { [1.5] = 1 }',
    'return { 1, nil, 3, n = 1 }',
    'return "\\xff"',
    'return { f = print }',
    'return coroutine.create(print)',
  ])('%s is refused, not guessed', async (body) => {
    const { error } = await attack(lua(body));
    expect(error?.code).toBe('invalid_output');
  });
});
