// One file that runs with nothing but its language's own runtime, and is an agent for any host still.
import { PypesError } from '@pypes/contract';
import { languageOf, stemOf } from '../language.ts';
import type { SourceText } from '../translate.ts';
import { ejectJavascript } from './javascript/eject.ts';
import { ejectLispy } from './lispy/eject.ts';
import { ejectLua } from './lua/eject.ts';
import { ejectPython } from './python/eject.ts';

/**
 * The agent as one self-contained file: `python3 weather.py '{"city": "Oslo"}'`, `node weather.mjs …`,
 * `lua weather.lua …` (spec 1, the standalone test). `--agent` prints AGENT; without an argument the arguments are
 * read from standard input. The variable PYPES_MEMORY names the JSON file that is the agent's memory.
 *
 * @throws PypesError `agent_broken`, `unsupported` where the file needs other files, `invalid_request` for executables
 * @example
 * eject({ filename: 'hi.ts', text: 'export const AGENT = { name: "hi" }; export function run() { return 1 }' }).filename; // 'hi.mjs'
 */
export function eject({ filename, text }: SourceText): SourceText {
  switch (languageOf(filename)) {
    case 'python':
      return { filename: `${stemOf(filename)}.py`, text: ejectPython(text, filename) };
    case 'javascript':
      return { filename: `${stemOf(filename)}.mjs`, text: ejectJavascript(text, filename) };
    case 'lispy':
      return { filename: `${stemOf(filename)}.mjs`, text: ejectLispy(text, filename) };
    case 'lua':
      return { filename: `${stemOf(filename)}.lua`, text: ejectLua(text) };
    default:
      throw new PypesError(
        'invalid_request',
        /\.[^.]+$/.test(filename)
          ? `"${filename}" is in no language that can be ejected; these are Python, JavaScript, TypeScript, LisPy and Lua`
          : `"${filename}" is an executable: it stands alone already, with AGENT at --agent and arguments on standard input`,
      );
  }
}
