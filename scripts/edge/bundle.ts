// The Worker as one module, with its WebAssembly beside it: nothing of Node, nothing that generates code.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFineInterrupts } from '@pypes/runtimes/javascript-edge-module';
import { rolldown } from 'rolldown';
import { findPackage, packageFolderOf } from '../functions/npm.ts';
import { MINIFY } from './bundle-text.ts';
import { bundleComponents, TRANSPILER } from './components.ts';

/** The name in the Worker, and where it comes from. */
type WasmFile = { readonly name: string; readonly path: string };

const RUNTIMES = join(import.meta.dirname, '../../packages/runtimes');

/** As its npm package has it. */
export const QUICKJS = inPackage('@jitl/quickjs-ng-wasmfile-release-sync', 'dist/emscripten-module.wasm');

const WASM: readonly WasmFile[] = [
  { name: 'quickjs', path: QUICKJS },
  { name: 'typescript', path: inPackage('@swc/wasm-typescript-esm', 'wasm_bg.wasm') },
];

export const TRANSPILER_FOLDER = inPackage('@bytecodealliance/jco-transpile', 'vendor');

const ENTRY = 'pypes-edge';
const COMPONENTS = 'pypes-components';
const SOURCE = `${WASM.map(({ name }) => `import ${name} from './${name}.wasm';`).join('\n')}
import { components } from '${COMPONENTS}';
import { createWorker } from '@pypes/service/workers';
const { handler, PackObject, DirectoryObject } = createWorker({ ${WASM.map(({ name }) => name).join(', ')}, components });
export default handler;
export { PackObject, DirectoryObject };
`;

/** Writes `worker.mjs` and the `.wasm` files; the folders of the npm packages that are in them. */
export async function bundleWorker(folder: string): Promise<readonly string[]> {
  const components = await bundleComponents(TRANSPILER_FOLDER);
  const virtual = new Map([
    [ENTRY, { path: join(import.meta.dirname, 'worker.js'), text: SOURCE }],
    [COMPONENTS, { path: join(import.meta.dirname, 'components.js'), text: components.text }],
    [TRANSPILER, { path: join(import.meta.dirname, 'transpiler.js'), text: components.transpiler }],
  ]);
  const build = await rolldown({
    input: { worker: ENTRY },
    platform: 'browser',
    // Fengari looks for Node, and asks its environment.
    transform: { define: { 'typeof process': '"undefined"', 'process.env.FENGARICONF': 'undefined' } },
    resolve: { conditionNames: ['workerd', 'browser', 'import', 'default'] },
    external: [/^\.\/\w+\.wasm$/, /^node:/],
    logLevel: 'warn',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => virtual.get(id)?.path ?? null,
        load: (id) => [...virtual.values()].find(({ path }) => path === id)?.text ?? null,
      },
    ],
  });
  const { output } = await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].mjs',
    codeSplitting: false,
    minify: MINIFY,
  });
  await build.close();
  for (const { name, path } of WASM) {
    const bytes = readFileSync(path);
    writeFileSync(join(folder, `${name}.wasm`), name === 'quickjs' ? withFineInterrupts(bytes) : bytes);
  }
  for (const { name, bytes } of components.files) writeFileSync(join(folder, `${name}.wasm`), bytes);
  const [chunk] = output;
  const foreign = output.flatMap((each) => (each.type === 'chunk' ? each.imports : []));
  const wanted = foreign.filter((name) => !/^(\.\/)?\w+\.wasm$/.test(name));
  if (wanted.length > 0) throw new Error(`The Worker imports what a Worker has not: ${wanted.join(', ')}`);
  const modules = [...chunk.moduleIds, ...WASM.map(({ path }) => path), join(TRANSPILER_FOLDER, '.')];
  return [...new Set(modules.flatMap((path) => packageFolderOf(path) ?? []))].sort();
}

/** @throws Error where it is not installed */
function inPackage(name: string, path: string): string {
  const folder = findPackage(name, RUNTIMES);
  if (folder === undefined) throw new Error(`"${name}" is not installed; run npm ci`);
  return join(folder, path);
}
