// Asks an interpreter, outside of any sandbox, which files it is made of, and has the worker compiled for all sandboxes.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PypesError } from '@pypes/contract';

/** The files of one interpreter; all paths are real ones of this machine. */
export type Layout = {
  readonly executable: string;
  /** The standard library, and folders of shared libraries. */
  readonly folders: readonly string[];
  /** Single files by the name that they need to have. */
  readonly files: { readonly [name: string]: string };
  /** Where installed packages lie; some within `folders`. */
  readonly packages: readonly string[];
  /** Links at the root that lead into `folders`. */
  readonly links: { readonly [name: string]: string };
};

/** Where things lie inside: the worker's code, its bytecode, packages from elsewhere, and the one writable folder. */
export const INSIDE = {
  worker: '/opt/pypes/worker',
  cache: '/opt/pypes/cache',
  packages: '/opt/pypes/packages',
  home: '/tmp',
} as const;

export const WORKER = fileURLToPath(new URL('../guest', import.meta.url));
const LONGEST_MS = 30_000;

/** @throws PypesError `unsupported` where the interpreter does not answer */
export function readLayout(python: string, cache: string): Promise<Layout> {
  const args = ['-X', 'utf8', '-E', '-s', join(WORKER, 'layout.py'), WORKER, INSIDE.worker, cache];
  return new Promise((resolve, reject) => {
    execFile(python, args, { timeout: LONGEST_MS }, (error, stdout, stderr) => {
      if (error === null) return resolve(JSON.parse(stdout) as Layout);
      const message = `"${python}" did not say which files it is made of: ${stderr.trim().split('\n').at(-1) || error.message}`;
      reject(new PypesError('unsupported', message, { cause: error }));
    });
  });
}
