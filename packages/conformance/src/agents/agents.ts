// The agents that the suite deploys: the same ones in each language, so that a check means the same everywhere.
import { JAVASCRIPT } from './javascript.ts';
import { LISPY } from './lispy.ts';
import { LUA } from './lua.ts';
import { PYTHON } from './python.ts';

/**
 * `echo` gives back `value`; `add` takes two numbers by schema and returns their sum by schema; `fail` raises "broken on
 * purpose"; `remember` sets `key` to `value` in memory; `recall` gives `key` of memory, null where there is none;
 * `count` adds one to memory's `n`; `whoami` gives `{user, pack, agent}`; `say` logs, reports progress and returns
 * "said"; `lie` breaks its own `returns`; `spin` never ends; `swell` takes all memory it can get; `flood` returns
 * `bytes` characters; `reach` tries to get at its machine and says what it got; `relay` calls `echo`; `second` is
 * another agent by the name of `echo`, which gives `{second: value}`; `many` calls `echo` `n` times with 1; `forget`
 * deletes `key` from memory; `keys` lists those that begin with `prefix`; `unjson` returns a function; `recurse` calls
 * itself; `strict` wants a positive integer `n` and sets `ran` in memory; `unit` gives back `unit`, "C" where there is
 * none; `stain` gives what was left in the memory of its own program, and leaves `mark` there.
 */
export const AGENT_NAMES = [
  'echo',
  'add',
  'fail',
  'remember',
  'recall',
  'count',
  'whoami',
  'say',
  'lie',
  'spin',
  'swell',
  'flood',
  'reach',
  'relay',
  'second',
  'many',
  'forget',
  'keys',
  'unjson',
  'recurse',
  'strict',
  'unit',
  'stain',
] as const;

export type AgentName = (typeof AGENT_NAMES)[number];

/** By the name that `healthz.runtimes` has for it. The first that an endpoint declares is the one checks use. */
export const LANGUAGES = ['lispy', 'javascript', 'python', 'lua'] as const;
export type Language = (typeof LANGUAGES)[number];

export type AgentFile = { readonly filename: string; readonly source: string };
export type AgentFiles = { readonly [name in AgentName]: AgentFile };

export const AGENTS: { readonly [language in Language]: AgentFiles } = {
  lispy: toFiles(LISPY, (name) => `${name}.lispy`),
  javascript: toFiles(JAVASCRIPT, (name) => `${name}.mjs`),
  python: toFiles(PYTHON, (name) => `${name}_agent.py`),
  lua: toFiles(LUA, (name) => `${name}.lua`),
};

function toFiles(sources: { readonly [name in AgentName]: string }, filename: (name: string) => string): AgentFiles {
  return Object.fromEntries(
    AGENT_NAMES.map((name) => [name, { filename: filename(name), source: sources[name] }]),
  ) as AgentFiles;
}
