// Attack: reach the language below, its globals and constructors, by name.
import { expect, it } from 'vitest';
import { lispy, lispyAttacks } from './attacks.ts';

const { attack, expectUnharmed } = lispyAttacks();

const NAMES = [
  'process',
  'globalThis',
  'require',
  'Function',
  'constructor',
  '__proto__',
  'prototype',
  'import',
  'window',
  'js/eval',
  '.-constructor',
];

it.each(NAMES)('%s means nothing', async (name) => {
  const { error } = await attack(lispy(name));
  expect(error?.code).toMatch(/agent_broken|handler_failed/);
  await expectUnharmed();
});

it.each(NAMES)('%s is no key of a map, a list or a function', async (name) => {
  const source = lispy(`(list (get {} "${name}") (get (list 1) "${name}" nil) (get {:a 1} "${name}"))`);
  const { output, error } = await attack(source);
  if (error === undefined) expect(output).toStrictEqual([null, null, null]);
});
