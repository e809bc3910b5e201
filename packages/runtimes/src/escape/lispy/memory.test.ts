// Attack: use up the host's memory.
import { expect, it } from 'vitest';
import { expectStopped } from '../attacker.ts';
import { lispy, lispyAttacks } from './attacks.ts';

const { attack, expectUnharmed } = lispyAttacks();

it.each([
  ['strings', '(let [s (atom "x")] (while true (swap! s (fn [t] (string-append t t)))))'],
  ['lists', '(let [s (atom (list 1))] (while true (swap! s (fn [t] (append t t)))))'],
  ['repeat', '(string-repeat "x" 99999999999)'],
  ['range', '(range 0 99999999999)'],
  ['integers', '(let [n (atom 3)] (while true (swap! n (fn [m] (* m m)))))'],
])('%s', async (_name, body) => {
  const before = process.memoryUsage().rss;
  expectStopped(await attack(lispy(body)), 'resource_exhausted', 'handler_failed');
  expect(process.memoryUsage().rss - before).toBeLessThan(1_000_000_000);
  await expectUnharmed();
});
