// Lua inside a thread of Node.
import type { GuestLanguage } from '../../threads/guest/language.ts';
import { createLuaLanguage } from './language.ts';
import { openMachine } from './machine.ts';

silenceEmscripten();

export const language: GuestLanguage = createLuaLanguage(openMachine);

/** It prints when memory cannot grow, which is said by the error already. */
function silenceEmscripten(): void {
  for (const method of ['log', 'warn', 'error'] as const) console[method] = () => undefined;
}
