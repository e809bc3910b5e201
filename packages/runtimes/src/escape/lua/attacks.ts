// Lua under attack: in threads, and in the host's own isolate.
import type { Runtime } from '@pypes/contract';
import { createLuaRuntime } from '../../lua/index.ts';
import { createInlineLua } from '../../lua/inline/index.ts';
import { BY_CLOCK, BY_CPU, createAttacks, INLINE_LIMITS } from '../attacker.ts';

/** An agent whose run does `body`. */
export const lua = (body: string): string => `AGENT = { name = "attack" }\nfunction run(context, args)\n${body}\nend`;

const open = (makeRuntime: () => Runtime) =>
  createAttacks(makeRuntime, '.lua', 'AGENT = { name = "bystander" }\nfunction run(context, args) return args.n end');

export const LUA_SANDBOXES = [
  { name: 'in threads', open: () => ({ ...open(() => createLuaRuntime()), atTimeLimit: BY_CLOCK }) },
  {
    name: 'inline',
    open: () => ({
      ...open(() => createInlineLua(INLINE_LIMITS)),
      atTimeLimit: BY_CPU,
    }),
  },
];
