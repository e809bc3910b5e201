// Writes what workerd is configured with into a private folder: Pyodide, made lean, our worker, the guest's Python, two small modules.
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toConfig } from './config.ts';
import { withExports } from './lean/module.ts';
import { leanScript, readNames } from './lean/script.ts';

const OWN = fileURLToPath(new URL('./guest', import.meta.url));
const SHARED = fileURLToPath(new URL('../guest', import.meta.url));
const PACKAGE = 'pypes_worker';
/** The same Python version's folder for every release of Pyodide: it is on the path wherever it lies. */
const INSIDE = '/lib/pypes';

const OWN_MODULES = ['surroundings.mjs', 'boot.mjs', 'worker.mjs'];
const PYODIDE_FILES = ['pyodide.mjs', 'python_stdlib.zip', 'pyodide-lock.json'];
const SCRIPT = 'pyodide.asm.mjs';
const MODULE = 'pyodide.asm.wasm';
/** To be raised when the same files are made into something else. */
const MAKING = 1;
const EMPTY_MODULE = Buffer.from('0061736d01000000', 'hex');

/** The configuration for making a snapshot. */
export const MAKE = 'make.capnp';
/** The configuration for serving from it; expects it as `snapshot.bin`. */
export const SERVE = 'serve.capnp';

/** @throws Error where Pyodide is missing, or not the one that this was written for */
export async function writeParts(folder: string): Promise<void> {
  const pyodide = findPyodide();
  for (const name of PYODIDE_FILES) symlinkSync(join(pyodide, name), join(folder, name));
  for (const name of OWN_MODULES) symlinkSync(join(OWN, name), join(folder, name));
  const script = readFileSync(join(pyodide, SCRIPT), 'utf8');
  const trampoline = findTrampoline(script);
  writeFileSync(join(folder, 'trampoline.wasm'), trampoline);
  writeFileSync(join(folder, 'trampoline.size'), String(trampoline.length));
  writeFileSync(join(folder, 'empty.wasm'), EMPTY_MODULE);
  await writeLean(folder, script, readFileSync(join(pyodide, MODULE)));
  const guest = Object.entries(readGuest()).map(([path, text]) => ({ path, bytes: Buffer.from(text) }));
  writeFileSync(join(folder, 'guest.json'), JSON.stringify(guest.map(({ path, bytes }) => [path, bytes.length])));
  writeFileSync(join(folder, 'guest.bin'), Buffer.concat(guest.map(({ bytes }) => bytes)));
  writeFileSync(join(folder, MAKE), toConfig('make'));
  writeFileSync(join(folder, SERVE), toConfig('serve'));
}

async function writeLean(folder: string, script: string, wasm: Buffer<ArrayBuffer>): Promise<void> {
  const imports = WebAssembly.Module.imports(await WebAssembly.compile(wasm)).map(({ name }) => name);
  const others = ['pyodide.mjs', ...OWN_MODULES].map((name) => readFileSync(join(folder, name), 'utf8'));
  const lean = await leanScript(script, imports, others);
  const needed = new Set([...imports, ...readNames([lean, ...others].join('\n'))]);
  writeFileSync(join(folder, SCRIPT), lean);
  writeFileSync(
    join(folder, MODULE),
    withExports(wasm, (name) => needed.has(name) || needed.has(`_${name}`)),
  );
}

/** Changes with everything that is written. */
export function readVersion(): string {
  const own = OWN_MODULES.map((name) => readFileSync(join(OWN, name), 'utf8'));
  return JSON.stringify([
    MAKING,
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
