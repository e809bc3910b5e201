// Strips types the way Node does when it runs a .ts file: same positions, nothing transformed.
import { stripTypeScriptTypes } from 'node:module';

/** @throws SyntaxError of Node; {@link placeOf} tells where */
export function stripTypes(text: string): string {
  // Node warns once that the function is experimental; what it does is what `node file.ts` does, which is not.
  const warn = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text, { mode: 'strip' });
  } finally {
    process.emitWarning = warn;
  }
}

/** Node puts `:LINE`, the lines around and carets under the place at the head of the stack, and nowhere else. */
export function placeOf(error: SyntaxError): { line?: number; column?: number } {
  const [, line, carets] = /^:(\d+)\n(?:.*\n)*?( *)\^/.exec(error.stack ?? '') ?? [];
  return line === undefined ? {} : { line: Number(line), column: (carets ?? '').length + 1 };
}
