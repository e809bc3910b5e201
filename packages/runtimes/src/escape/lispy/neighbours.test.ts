// Attack: leave something behind for the next call, of the same file or of another one.
import { expect, it } from 'vitest';
import { lispyAttacks } from './attacks.ts';

const { attack, load, expectUnharmed } = lispyAttacks();

const COUNTER = '(def AGENT {:name "a"})\n(def count 0)\n(defn run [context] (set! count (+ count 1)) count)';

it('globals begin anew in every call', async () => {
  const first = await attack(COUNTER, { userGuid: 'ann' });
  const second = await attack(COUNTER, { userGuid: 'bob' });
  expect([first.output, second.output]).toStrictEqual([1, 1]);
});

it('builtins cannot be changed for others', async () => {
  await attack('(def AGENT {:name "a"})\n(define (+ a b) 666)\n(def str nil)\n(defn run [context] (+ 1 2))');
  const other = await load('(def AGENT {:name "b"})\n(defn run [context] (str (+ 1 2)))');
  const { createTestContext } = await import('../../testing/context.ts');
  expect(await other.run(createTestContext(), {})).toBe('3');
  await expectUnharmed();
});
