// Attack: ask the host for what is no operation, with what are no parameters, and after the end of the call.
import { PypesError } from '@pypes/contract';
import { expect, it } from 'vitest';
import { lispy, lispyAttacks } from './attacks.ts';

const { attack, expectUnharmed } = lispyAttacks();

it.each(['(vault-get {:name "KEY"})', '(fetch nil)', '(objects-put 1 2 3)', '(memory-set nil 1)', '(call nil nil)'])(
  '%s is refused',
  async (body) => {
    const onUse = () => {
      throw new PypesError('invalid_input', 'No');
    };
    const { error } = await attack(lispy(body), { onUse });
    expect(error?.code).toBe('handler_failed');
    await expectUnharmed();
  },
);

it('what is not granted stays refused however often it is asked for', async () => {
  const body = '(map (fn [n] (try (vault-get "KEY") (catch e "no"))) (range 0 50))';
  const { output } = await attack(lispy(body));
  expect(output).toStrictEqual(Array.from({ length: 50 }, () => 'no'));
});
