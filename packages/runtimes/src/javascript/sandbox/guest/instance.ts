// WebAssembly instances of QuickJS: compiled once for a thread, instantiated for each engine.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import variant from '@jitl/quickjs-ng-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';

/** Its types describe the CommonJS build; imported, the default is the variant itself. */
const VARIANT = variant as unknown as QuickJSSyncVariant;

let compiled: Promise<WebAssembly.Module> | undefined;

/** A QuickJS with a memory of its own. */
export async function createQuickJs(): Promise<QuickJSWASMModule> {
  compiled ??= readFile(fileURLToPath(import.meta.resolve('@jitl/quickjs-ng-wasmfile-release-sync/wasm'))).then(
    (bytes) => WebAssembly.compile(bytes),
  );
  return newQuickJSWASMModuleFromVariant(newVariant(VARIANT, { wasmModule: compiled }));
}
