// Attack: put keys into values that the host's own objects would inherit.
import { expect, it } from 'vitest';
import { lispy, lispyAttacks } from './attacks.ts';

const { attack, expectUnharmed } = lispyAttacks();

it('a key named __proto__ is a key like others', async () => {
  const { output } = await attack(lispy('(assoc {} "__proto__" {:polluted true} "constructor" 1)'));
  expect(Object.hasOwn(output as object, '__proto__')).toBe(true);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  await expectUnharmed();
});

it('arguments with such keys pollute nothing', async () => {
  const args = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}');
  await attack(
    '(def AGENT {:name "a"})\n(defn run [context & more] (json-parse "{\\"__proto__\\": {\\"polluted\\": 1}}"))',
    { args },
  );
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
