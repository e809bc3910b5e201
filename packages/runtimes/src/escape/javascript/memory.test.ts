// Attack: use up memory and the stack.
import { describe, expect, it } from 'vitest';
import { expectStopped, limitOf } from '../attacker.ts';
import { JS_SANDBOXES, js } from './attacks.ts';

describe.each(JS_SANDBOXES)('$name', ({ open }) => {
  const { attack, expectUnharmed } = open();
  const limits = { guestBytes: 32 * 1024 * 1024, cpuMs: 3_000 };

  it.each([
    ['strings', 'let s = "x"; for (;;) s += s + "y"'],
    ['arrays', 'const a = []; for (;;) a.push([a])'],
    ['typed arrays', 'const a = []; for (;;) a.push(new Uint8Array(1e6))'],
    ['one buffer', 'return new ArrayBuffer(2 ** 31 - 1).byteLength'],
    ['closures', 'const a = []; for (;;) a.push(() => a)'],
    ['what it catches', 'const a = []; for (;;) try { a.push(new Uint8Array(1e6)) } catch {}'],
  ])('%s', async (_name, body) => {
    const outcome = await attack(js(body), { limits, callMs: 3_000 });
    expectStopped(outcome, 'resource_exhausted', 'handler_failed', 'timeout');
    if (outcome.error?.code === 'resource_exhausted') expect(['guest_bytes', 'cpu_ms']).toContain(limitOf(outcome));
    await expectUnharmed();
  });

  it('memory within the limit is there', async () => {
    expect((await attack(js('return new Uint8Array(16e6).length'), { limits })).output).toBe(16e6);
  });

  it.each([
    ['recursion', 'const f = () => f() + 1; return f()'],
    ['recursion through natives', 'const f = () => [1].map(f); return f()'],
    ['recursion through getters', 'const o = { get x() { return this.x } }; return o.x'],
    ['nested JSON', 'return JSON.parse("[".repeat(1e6))'],
    ['nested arrays as the result', 'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a'],
    ['a cycle as the result', 'const a = []; a.push(a); return a'],
    ['a nested regular expression', 'return new RegExp("(".repeat(1e5) + ")".repeat(1e5))'],
    ['nested source', 'return eval("(".repeat(1e5) + "1" + ")".repeat(1e5))'],
  ])('%s ends with an error', async (_name, body) => {
    const outcome = await attack(js(body), { limits });
    expect(outcome.error?.code).toMatch(/handler_failed|invalid_output|resource_exhausted/);
    await expectUnharmed();
  });
});
