// The thread that transpiles one component and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { $init, generate } from '@bytecodealliance/jco-transpile/component';
import type { TranspileOptions } from './transpile.ts';

const { bytes, options } = workerData as { readonly bytes: Uint8Array; readonly options: TranspileOptions };
await $init;
try {
  const { files } = generate(bytes, {
    name: 'skill',
    noTypescript: true,
    noNodejsCompat: true,
    instantiation: { tag: 'async' },
    base64Cutoff: 0,
    noComponentErrorWrapping: false,
    map: options.imports.map((name): [string, string] => [name, name]),
    ...(options.waiting === undefined
      ? {}
      : {
          asyncMode: {
            tag: 'jspi' as const,
            val: { imports: [...options.waiting.imports], exports: [...options.waiting.exports] },
          },
        }),
  });
  const glue = files.find(([name]) => name === 'skill.js')?.[1];
  const modules = Object.fromEntries(files.filter(([name]) => name.endsWith('.wasm')));
  parentPort?.postMessage({ done: { glue: new TextDecoder().decode(glue), modules } });
} catch (error) {
  if (error instanceof WebAssembly.RuntimeError) throw error;
  parentPort?.postMessage({ refused: describe(error) });
}

/** The tool throws errors whose payload is a text. */
function describe(error: unknown): string {
  const payload = (error as { readonly payload?: unknown } | null)?.payload;
  const text = typeof payload === 'string' ? payload : error instanceof Error ? error.message : String(error);
  return text.split('\n').slice(0, 3).join(' ').slice(0, 400);
}
