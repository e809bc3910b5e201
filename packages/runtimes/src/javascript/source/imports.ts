// Checks that what a module imports is there, before anything runs: a missing one is named.
import { existsSync } from 'node:fs';
import { findPackageJSON, isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from '@pypes/contract';
import type * as acorn from 'acorn';
import { broken } from './parse.ts';

/** @throws PypesError `agent_broken` that names the first missing module, with the line of its import */
export function checkImports(program: acorn.Program, code: string, url: string, file: SourceFile): void {
  for (const statement of program.body) {
    if (!('source' in statement) || !statement.source) continue;
    const specifier = String(statement.source.value);
    const problem = findProblem(specifier, url, file);
    if (problem !== undefined) {
      throw broken(file.path, problem, { line: code.slice(0, statement.start).split('\n').length });
    }
  }
}

function findProblem(specifier: string, url: string, file: SourceFile): string | undefined {
  if (/^\.{0,2}\//.test(specifier)) {
    if (existsSync(fileURLToPath(new URL(specifier, url)))) return undefined;
    return file.location === undefined
      ? `Cannot find module "${specifier}": this file is alone in its pack's storage and can import packages only`
      : `Cannot find module "${specifier}" next to the file`;
  }
  if (isBuiltin(specifier) || /^(#|[a-z][a-z0-9+.-]*:)/i.test(specifier)) return undefined;
  return isInstalled(specifier, url)
    ? undefined
    : `Cannot find package "${specifier}"; install it where the file lies, or import what Node brings as "node:…"`;
}

function isInstalled(specifier: string, url: string): boolean {
  try {
    return findPackageJSON(specifier, url) !== undefined;
  } catch {
    return false;
  }
}
