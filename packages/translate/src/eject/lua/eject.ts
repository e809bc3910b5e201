// A Lua agent as one file that Lua 5.4 runs alone.
import { readFileSync } from 'node:fs';

export function ejectLua(text: string): string {
  const part = (name: string): string => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');
  return `${part('json.lua')}\n${text.replace(/^#[^\n]*/, '').trimEnd()}\n${part('main.lua')}`;
}
