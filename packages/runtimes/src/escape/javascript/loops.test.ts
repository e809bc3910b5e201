// Attack: never end: in loops, handlers, microtasks, timers, and in native code that nobody can interrupt.
import { describe, expect, it } from 'vitest';
import { BY_CPU, expectStopped, limitOf } from '../attacker.ts';
import { JS_SANDBOXES, js } from './attacks.ts';

describe.each(JS_SANDBOXES)('$name', ({ open }) => {
  const { atTimeLimit, attack, expectUnharmed } = open();

  const LOOPS: readonly (readonly [string, string])[] = [
    ['a loop', 'for (;;);'],
    ['a loop that catches its end', 'for (;;) try { for (;;); } catch {} finally { continue }'],
    ['microtasks', 'const again = () => Promise.resolve().then(again); await again(); await new Promise(() => {})'],
    ['a generator', 'for (const x of (function* () { for (;;) yield 1 })());'],
    ['a comparison', '[3, 2, 1].sort(() => { for (;;); })'],
    ['a getter', '({ get x() { for (;;); } }).x'],
    ['toJSON', 'return { toJSON() { for (;;); } }'],
    ['a proxy', 'return new Proxy({}, { get() { for (;;); }, ownKeys() { for (;;); } })'],
    ['a then', 'return { then() { for (;;); } }'],
  ];

  it.each(LOOPS)('%s ends at the time limit', async (_name, body) => {
    const outcome = await attack(js(body), { callMs: 400, ...atTimeLimit.within });
    expectStopped(outcome, ...atTimeLimit.codes);
    expect(outcome.took).toBeLessThan(20_000);
    await expectUnharmed();
  });

  it.each(LOOPS.slice(0, 3))('%s ends at the limit of CPU time', async (_name, body) => {
    const outcome = await attack(js(body), { limits: { cpuMs: 150 } });
    expectStopped(outcome, 'resource_exhausted');
    expect(limitOf(outcome)).toBe('cpu_ms');
  });

  // Inline, nobody can end what one instruction does: there the limit of the platform ends the isolate.
  it.skipIf(atTimeLimit === BY_CPU).each([
    ['a regular expression', 'return /^(a+)+$/.test("a".repeat(50) + "b")'],
    ['a power', 'return String(3n ** 50_000_000n).length'],
    ['a huge array', 'return new Array(4e8).fill(1).length'],
    ['joins', 'return Array(1e8).join("x").length'],
    ['normalise', 'return "\\u0344".repeat(3e6).normalize("NFD").normalize("NFC").length'],
  ])('%s, inside one native call, harms nobody else', async (_name, body) => {
    const outcome = await attack(js(body), { callMs: 600 });
    expect(outcome.took).toBeLessThan(20_000);
    await expectUnharmed();
  });

  it('a regular expression ends at the limit of CPU time', async () => {
    const body = 'return /^(a+)+$/.test("a".repeat(50) + "b")';
    const outcome = await attack(js(body), { callMs: 400, ...atTimeLimit.within });
    expectStopped(outcome, ...atTimeLimit.codes);
    await expectUnharmed();
  });

  it('timers without end are over with their call', async () => {
    const outcome = await attack(
      js('setInterval(() => context.log("info", "tick"), 5); await new Promise((r) => setTimeout(r, 60)); return 1'),
    );
    const lines = outcome.context.logs.length;
    await new Promise((done) => setTimeout(done, 100));
    expect(outcome.context.logs).toHaveLength(lines);
  });

  it('a promise that nobody keeps ends the call at once', async () => {
    const outcome = await attack(js('await new Promise(() => {})'));
    expectStopped(outcome, 'handler_failed');
    expect(outcome.took).toBeLessThan(20_000);
  });

  it('waiting for the host costs no CPU time', async () => {
    const slow = () => new Promise<null>((done) => setTimeout(() => done(null), 300));
    const outcome = await attack(js('return (await context.vault.get("K")) === null'), {
      limits: { cpuMs: 150 },
      onUse: slow,
    });
    expect(outcome.output).toBe(true);
  });
});
