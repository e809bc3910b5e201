// Writes what workerd is configured with into a private folder: Pyodide, our worker, the guest's Python, two small modules.
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toConfig } from './config.ts';

const OWN = fileURLToPath(new URL('./guest', import.meta.url));
const SHARED = fileURLToPath(new URL('../guest', import.meta.url));
const PACKAGE = 'pypes_worker';
/** The same Python version's folder for every release of Pyodide: it is on the path wherever it lies. */
const INSIDE = '/lib/pypes';

const OWN_MODULES = ['surroundings.mjs', 'boot.mjs', 'worker.mjs'];
const PYODIDE_FILES = [
  'pyodide.mjs',
  'pyodide.asm.mjs',
  'pyodide.asm.wasm',
  'python_stdlib.zip',
  'pyodide-lock.json',
] as const;
const EMPTY_MODULE = Buffer.from('0061736d01000000', 'hex');

/** The configuration for making a snapshot. */
export const MAKE = 'make.capnp';
/** The configuration for serving from it; expects it as `snapshot.bin`. */
export const SERVE = 'serve.capnp';

/** @throws Error where Pyodide is missing, or not the one that this was written for */
export function writeParts(folder: string): void {
  const pyodide = findPyodide();
  for (const name of PYODIDE_FILES) symlinkSync(join(pyodide, name), join(folder, name));
  for (const name of OWN_MODULES) symlinkSync(join(OWN, name), join(folder, name));
  const trampoline = findTrampoline(readFileSync(join(pyodide, 'pyodide.asm.mjs'), 'latin1'));
  writeFileSync(join(folder, 'trampoline.wasm'), trampoline);
  writeFileSync(join(folder, 'trampoline.size'), String(trampoline.length));
  writeFileSync(join(folder, 'empty.wasm'), EMPTY_MODULE);
  writeFileSync(join(folder, 'guest.json'), JSON.stringify(readGuest()));
  writeFileSync(join(folder, MAKE), toConfig('make'));
  writeFileSync(join(folder, SERVE), toConfig('serve'));
}

/** Changes with everything that is written. */
export function readVersion(): string {
  const own = OWN_MODULES.map((name) => readFileSync(join(OWN, name), 'utf8'));
  return JSON.stringify([
    readFileSync(join(findPyodide(), 'package.json'), 'utf8'),
    own,
    readGuest(),
    toConfig('serve'),
  ]);
}

/** The guest's Python files by their path inside: those of all workers, with Pyodide's own in the place of some. */
function readGuest(): { readonly [path: string]: string } {
  const files: { [path: string]: string } = {
    [`${INSIDE}/pypes.py`]: readFileSync(join(SHARED, 'pypes.py'), 'utf8'),
  };
  for (const folder of [SHARED, OWN]) {
    for (const name of readdirSync(join(folder, PACKAGE))) {
      if (name.endsWith('.py'))
        files[`${INSIDE}/${PACKAGE}/${name}`] = readFileSync(join(folder, PACKAGE, name), 'utf8');
    }
  }
  return files;
}

function findPyodide(): string {
  return dirname(fileURLToPath(import.meta.resolve('pyodide/package.json')));
}

/** A module that Pyodide carries as text and compiles at run time, which workerd refuses: compiled at start instead. */
function findTrampoline(source: string): Buffer {
  const hex = /hexStringToUTF8Array\("([0-9a-f]+)"\)/.exec(source)?.[1];
  if (hex === undefined) throw new Error('this release of Pyodide is made differently; install the pinned one: npm ci');
  return Buffer.from(hex, 'hex');
}
