/** The verse profile: `llm/ act/ world/ self/` as granted functions, each with a budget of the host's. */

import { LispyError } from '../errors.ts';
import type { HostFunction } from '../host-function.ts';
import type { Profile } from './profile.ts';

const functions: readonly (readonly [string, string, string])[] = [
  ['llm/complete', '(llm/complete prompt)', 'Text from a model'],
  ['llm/ask', '(llm/ask question)', 'A short answer from a model'],
  ['llm/decide', '(llm/decide question options)', 'One of several options, chosen by a model'],
  ['llm/budget', '(llm/budget)', 'How many calls of a model are left'],
  ['act/move', '(act/move x y)', 'Moves to a place'],
  ['act/say', '(act/say text)', 'Says something'],
  ['act/emote', '(act/emote name)', 'Shows a feeling'],
  ['act/interact', '(act/interact target)', 'Does something with a thing or a being'],
  ['act/wait', '(act/wait)', 'Does nothing this turn'],
  ['world/agents', '(world/agents)', 'The beings in the world'],
  ['world/objects', '(world/objects)', 'The things in the world'],
  ['world/nearby', '(world/nearby radius)', 'What is near'],
  ['world/time', '(world/time)', 'The time in the world'],
  ['world/state', '(world/state)', 'The state of the world'],
  ['self/id', '(self/id)', 'The own id'],
  ['self/name', '(self/name)', 'The own name'],
  ['self/position', '(self/position)', 'The own place'],
  ['self/memory', '(self/memory)', 'What is remembered'],
  ['self/remember', '(self/remember key value)', 'Remembers something'],
  ['self/recall', '(self/recall key)', 'What was remembered under a key'],
];

/** Programs of beings in a shared world. */
export const verse: Profile = {
  name: 'verse',
  doc: 'Programs of beings in a world: llm/ act/ world/ self/ are granted functions with budgets',
  bindings: new Map(),
  hostFunctions: new Map(functions.map(([name, signature, doc]) => [name, { signature, doc }])),
  placeholders: false,
};

/**
 * Bounds how often a program may call host functions: one budget for each prefix such as `llm` or `act`.
 *
 * @example withBudgets({ 'llm/ask': ask }, { llm: 3 })
 */
export const withBudgets = (
  bindings: Readonly<Record<string, HostFunction>>,
  budgets: Readonly<Record<string, number>>,
): Record<string, HostFunction> => {
  const left = new Map(Object.entries(budgets));
  const spend = (name: string): void => {
    const prefix = name.slice(0, Math.max(0, name.indexOf('/')));
    const rest = left.get(prefix);
    if (rest === undefined) return;
    if (rest <= 0) throw new LispyError('host', `Budget of ${budgets[prefix]} calls for "${prefix}/" is used up`);
    left.set(prefix, rest - 1);
  };
  return Object.fromEntries(
    Object.entries(bindings).map(([name, fn]): [string, HostFunction] => {
      if (typeof fn === 'function') {
        return [
          name,
          (...args) => {
            spend(name);
            return fn(...args);
          },
        ];
      }
      const raw: typeof fn.raw = (args, meter) => {
        spend(name);
        return fn.raw(args, meter);
      };
      return [name, { ...fn, raw }];
    }),
  );
};
