// JavaScript's text as a tree, and TypeScript's as JavaScript.
import { stripTypeScriptTypes } from 'node:module';
import { PypesError } from '@pypes/contract';
import * as acorn from 'acorn';

/** Types taken out the way Node does it: every position stays. */
export function stripTypes(text: string, filename: string): string {
  const warn = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text, { mode: 'strip' });
  } catch (error) {
    throw new PypesError('agent_broken', `"${filename}": ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  } finally {
    process.emitWarning = warn;
  }
}

/** @throws PypesError `agent_broken` with the place */
export function parseModule(
  code: string,
  filename: string,
  onComment?: (start: number, end: number) => void,
): acorn.Program {
  try {
    return acorn.parse(code, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      allowHashBang: true,
      locations: true,
      ...(onComment === undefined
        ? {}
        : { onComment: (_block: boolean, _text: string, start: number, end: number) => onComment(start, end) }),
    });
  } catch (error) {
    const { loc, message } = error as SyntaxError & { readonly loc?: acorn.Position };
    throw new PypesError('agent_broken', `SyntaxError: ${message} (${filename})`, {
      cause: error,
      details: { file: filename, line: loc?.line ?? 1, column: (loc?.column ?? 0) + 1 },
    });
  }
}
