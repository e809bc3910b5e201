// JavaScript and TypeScript from strangers at the edge: QuickJS in the host's own isolate, no threads, no code generation.
import type { Runtime } from '@pypes/contract';
import { createEngineStore } from '../../inline/engines.ts';
import { createInlineRuntime, type InlineOptions } from '../../inline/runtime.ts';
import { createQuickJs } from '../sandbox/guest/instance.ts';
import { createSandboxLanguage } from '../sandbox/guest/language.ts';
import { readSandboxFile } from '../sandbox/read.ts';
import { INSIDE } from './inside.generated.ts';
import { stripWith } from './strip.ts';

/** WebAssembly that was compiled with the Worker: none can be compiled in it. */
export type InlineJavascriptModules = {
  /** `@jitl/quickjs-ng-wasmfile-release-sync/wasm`. */
  readonly quickjs: WebAssembly.Module;
  /** `wasm_bg.wasm` of `@swc/wasm-typescript-esm`. */
  readonly typescript: WebAssembly.Module;
};

const MEBIBYTE = 1024 * 1024;

/** An isolate at the edge has 128 MiB. An engine begins with 16 of them. */
const DEFAULTS: Required<InlineOptions> = { calls: 4, guestBytes: 24 * MEBIBYTE, cpuMs: 5_000 };

/** For all the packs whose objects live in one isolate. */
const createEngines = createEngineStore(4);

/** Loops and calls that stand for a millisecond where the clock stands still (docs/decisions/041). */
const STEPS_PER_MS = 20_000;

/**
 * The runtime of `.js`, `.mjs` and `.ts` files where there is neither Node nor a thread.
 *
 * @example
 * import quickjs from './quickjs.wasm';
 * import typescript from './typescript.wasm';
 * const runtime = createInlineJavascript({ quickjs, typescript });
 */
export function createInlineJavascript(modules: InlineJavascriptModules, options: InlineOptions = {}): Runtime {
  const strip = stripWith(modules.typescript);
  return createInlineRuntime({
    name: 'javascript',
    extensions: ['.js', '.mjs', '.ts'],
    language: createSandboxLanguage({
      createQuickJs: (guestBytes, onGrow) => createQuickJs(modules.quickjs, guestBytes, onGrow),
      textOf,
      extension: '.ts',
      stepsPerMs: STEPS_PER_MS,
    }),
    options: { ...DEFAULTS, ...options },
    createEngines,
    read: (file) => readSandboxFile(file, strip),
  });
}

function textOf(path: string): string {
  const text = INSIDE[path];
  if (text === undefined) throw new Error(`The prelude has no module "${path}"`);
  return text;
}
