// What the Worker needs for components: the transpiler, its modules, and what runs beside a component in its isolate.
import { join } from 'node:path';
import { bundleFile, shrink } from './bundle-text.ts';
import { readTranspiler } from './transpiler.ts';

export type EdgeComponents = {
  /** The text of a module that exports `components` (service/backends/workers/modules.ts). */
  readonly text: string;
  /** The text of the transpiler, which that module imports as {@link TRANSPILER}. */
  readonly transpiler: string;
  /** The files beside it, without their ending. */
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
};

export const TRANSPILER = 'pypes-transpiler';

const GUEST = join(import.meta.dirname, '../../packages/runtimes/src/component/inline/guest/serve.ts');

/** `vendor` is the folder of that name of jco-transpile. */
export async function bundleComponents(vendor: string): Promise<EdgeComponents> {
  const { text, modules } = readTranspiler(vendor);
  const names = Object.keys(modules);
  const guest = await bundleFile(GUEST);
  return {
    text: `${names.map((name) => `import ${name} from './${fileOf(name)}.wasm';`).join('\n')}
import { createTool } from '${TRANSPILER}';
export const components = { createTool, modules: { ${names.join(', ')} }, guest: ${JSON.stringify(guest)} };
`,
    transpiler: await shrink(text),
    files: Object.entries(modules).map(([name, bytes]) => ({ name: fileOf(name), bytes })),
  };
}

/** The name of a module's file, without its ending. */
export function fileOf(name: string): string {
  return `transpiler_${name}`;
}
