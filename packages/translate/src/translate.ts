// Translates an agent's file: read into the intermediate form, put together with what it needs, written again.
import { PypesError } from '@pypes/contract';
import { tableLiteral, type UnicodeTables } from './core/unicode.ts';
import type { Program } from './ir/types.ts';
import { ENDING, type Language, languageOf, stemOf, TITLE } from './language.ts';
import { readProgram } from './read/read.ts';
import { createRefusals, refusal } from './verdict.ts';
import { spellJavascript, writeJavascript, writeJavascriptValue } from './write/javascript/write.ts';
import { checkTarget } from './write/limits.ts';
import { link } from './write/link.ts';
import { writeLispyExpr } from './write/lispy/function.ts';
import { spellLispy, writeLispy } from './write/lispy/write.ts';
import { spellLua, writeLua, writeLuaValue } from './write/lua/write.ts';
import { spellPython, writePython, writePythonValue } from './write/python/write.ts';
import { TargetRefusal } from './write/target-refusal.ts';

export type SourceText = { readonly filename: string; readonly text: string };

/**
 * The same agent in another language, by syntax only: each call gives the same result as before or an error where
 * there was one (spec 1, portability).
 *
 * @throws PypesError `unsupported` with details `{file, verdicts: [{file, line, column, construct, why}]}` that name
 * everything that does not translate; `agent_broken` where the file cannot be read
 * @example
 * const { text } = await translate({ filename: 'hi.py', text: 'AGENT = {"name": "hi"}\ndef run(context, n): return n + 1', to: 'lua' });
 */
export async function translate({ filename, text, to }: SourceText & { readonly to: Language }): Promise<SourceText> {
  const from = languageOf(filename);
  if (from === undefined) {
    throw new PypesError(
      'unsupported',
      `"${filename}" is no Python, JavaScript, LisPy or Lua file; name it so that it ends in .py, .js, .mjs, .ts, .lispy or .lua`,
    );
  }
  if (from === to)
    throw new PypesError('invalid_request', `"${filename}" is ${TITLE[to]} already; choose another language`);
  const refusals = createRefusals(filename);
  const { program, tables } = await readProgram(from, { filename, text }, refusals);
  checkTarget(program, to, refusals);
  if (refusals.list.length > 0) throw refusal(filename, TITLE[to], refusals.list);
  const heading = `${program.metadata.name ?? stemOf(filename)}: translated from ${filename} by pypes translate.`;
  try {
    return { filename: `${stemOf(filename)}${ENDING[to]}`, text: write({ ...program, heading }, to, tables) };
  } catch (error) {
    if (!(error instanceof TargetRefusal)) throw error;
    refusals.add({ line: 1, column: 1 }, error.construct, error.message);
    throw refusal(filename, TITLE[to], refusals.list);
  }
}

function write(program: Program, to: Language, tables: () => UnicodeTables): string {
  const table = (name: string) => tableLiteral(name, tables());
  switch (to) {
    case 'javascript':
      return writeJavascript(link(program, spellJavascript), (name) => writeJavascriptValue(table(name)));
    case 'python':
      return writePython(link(program, spellPython), (name) => writePythonValue(table(name)));
    case 'lispy':
      return writeLispy(link(program, spellLispy), (name) => writeLispyExpr(table(name)));
    case 'lua':
      return writeLua(link(program, spellLua), (name) => writeLuaValue(table(name)));
  }
}
