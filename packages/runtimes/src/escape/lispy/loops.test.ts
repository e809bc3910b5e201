// Attack: never end, with and without help of the builtins.
import { expect, it } from 'vitest';
import { expectStopped, limitOf } from '../attacker.ts';
import { lispy, lispyAttacks } from './attacks.ts';

const { attack, expectUnharmed } = lispyAttacks();

it.each([
  ['a loop', '(while true nil)'],
  ['tail calls', '(let loop () (loop))'],
  ['a loop that catches its own end', '(while true (try (while true nil) (catch e nil)))'],
  ['a comparison that never ends', '(sort (range 0 1000) (fn [a b] (while true nil)))'],
  ['a fold', '(reduce (fn [a b] (while true nil)) 0 (range 0 10))'],
])('%s', async (_name, body) => {
  const outcome = await attack(lispy(body), { callMs: 1_000 });
  expectStopped(outcome, 'resource_exhausted', 'timeout');
  expect(outcome.took).toBeLessThan(20_000);
  await expectUnharmed();
});

it('recursion ends with the limit of its depth', async () => {
  const outcome = await attack('(def AGENT {:name "a"})\n(defn f [n] (+ 1 (f n)))\n(defn run [context] (f 1))');
  expectStopped(outcome, 'resource_exhausted');
  expect(limitOf(outcome)).toBe('depth');
});

it('computing too long is cpu_ms, waiting is not', async () => {
  const limits = { cpuMs: 20 };
  const waiting = await attack(lispy('(memory-get "k")'), { limits });
  expect(waiting.error).toBeUndefined();
});
