// Reads a file of any of the four languages.
import { engineTables, type UnicodeTables } from '../core/unicode.ts';
import type { Program } from '../ir/types.ts';
import type { Language } from '../language.ts';
import type { Refusals } from '../verdict.ts';
import { readJavascript } from './javascript/read.ts';
import { readLispy } from './lispy/read.ts';
import { readLua } from './lua/read.ts';
import { pythonTables } from './python/ast.ts';
import { readPython } from './python/read.ts';

type Source = { readonly filename: string; readonly text: string };

export async function readProgram(
  from: Language,
  { filename, text }: Source,
  refusals: Refusals,
): Promise<{ readonly program: Program; readonly tables: () => UnicodeTables }> {
  switch (from) {
    case 'lispy':
      return { program: readLispy(text, filename, refusals), tables: engineTables };
    case 'python':
      return { program: readPython(text, filename, refusals), tables: pythonTables };
    case 'javascript':
      return { program: readJavascript(text, filename, refusals), tables: engineTables };
    case 'lua':
      return { program: readLua(text, filename, refusals), tables: engineTables };
  }
}
