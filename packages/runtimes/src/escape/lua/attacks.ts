// Lua under attack.
import { createLuaRuntime } from '../../lua/index.ts';
import { createAttacks } from '../attacker.ts';

/** An agent whose run does `body`. */
export const lua = (body: string): string => `AGENT = { name = "attack" }\nfunction run(context, args)\n${body}\nend`;

export const luaAttacks = () =>
  createAttacks(
    () => createLuaRuntime(),
    '.lua',
    'AGENT = { name = "bystander" }\nfunction run(context, args) return args.n end',
  );
