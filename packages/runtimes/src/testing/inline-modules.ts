// The WebAssembly that the edge's JavaScript runtime is given, compiled here as a Worker's build would.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type InlineJavascriptModules, withFineInterrupts } from '../javascript/inline/index.ts';

const require = createRequire(import.meta.url);

/** Their bytes, as the edge has them. */
export function readInlineModules() {
  const read = (path: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(path));
  return { quickjs: withFineInterrupts(read(INLINE_WASM.quickjs)), typescript: read(INLINE_WASM.typescript) };
}

/** Where the modules lie. */
const INLINE_WASM = {
  quickjs: fileURLToPath(import.meta.resolve('@jitl/quickjs-ng-wasmfile-release-sync/wasm')),
  typescript: join(folderOf('@swc/wasm-typescript-esm'), 'wasm_bg.wasm'),
} as const;

export function compileInlineModules(): InlineJavascriptModules {
  const { quickjs, typescript } = readInlineModules();
  return { quickjs: new WebAssembly.Module(quickjs), typescript: new WebAssembly.Module(typescript) };
}

/** Packages whose `exports` hide their files are found by the folders that Node would look in. */
function folderOf(name: string): string {
  const folder = require.resolve
    .paths(name)
    ?.map((path) => join(path, name))
    .find((path) => isThere(join(path, 'package.json')));
  if (folder === undefined) throw new Error(`The package "${name}" is not installed`);
  return folder;
}

function isThere(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
