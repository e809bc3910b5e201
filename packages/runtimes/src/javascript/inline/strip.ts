// Strips types with SWC in WebAssembly: what Node itself does it with, for places that are not Node.
import { PypesError } from '@pypes/contract';
import { brokenTypes, type StripTypes } from '../source/parse.ts';

/** How SWC says what it cannot read. Lines from 1, columns from 0. */
type Refusal = {
  readonly code: string;
  readonly message: string;
  readonly startLine?: number;
  readonly startColumn?: number;
};

/** `compiled` is the module `wasm_bg.wasm` of the package @swc/wasm-typescript-esm. */
export function stripWith(compiled: WebAssembly.Module): StripTypes {
  return async (text, path) => {
    // Loaded at the first use: most packs have no TypeScript.
    const { initSync, transformSync } = await import('@swc/wasm-typescript-esm');
    initSync({ module: compiled });
    try {
      return transformSync(text, { mode: 'strip-only' }).code;
    } catch (error) {
      throw toBroken(error, path);
    }
  };
}

function toBroken(error: unknown, path: string): PypesError {
  if (error instanceof Error) {
    // WebAssembly itself failed, as on text that is nested too deep for its stack.
    return new PypesError('agent_broken', `The types of the file cannot be read: ${error.message}`, {
      details: { file: path },
    });
  }
  const { code, message, startLine, startColumn } = error as Refusal;
  return brokenTypes(path, message, code === 'UnsupportedSyntax', {
    ...(startLine === undefined ? {} : { line: startLine }),
    ...(startColumn === undefined ? {} : { column: startColumn + 1 }),
  });
}
