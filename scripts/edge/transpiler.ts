// The transpiler of components for the Worker: its module as a function that makes one, its WebAssembly beside it.
import { readFileSync } from 'node:fs';
import { toEdgeTranspiler } from '@pypes/runtimes/component-edge-modules';

export type EdgeTranspiler = {
  /** The text of an ES module that exports `createTool` (runtimes/component/inline/transpiler.ts). */
  readonly text: string;
  /** Its modules by the names that `createTool` is given them by. */
  readonly modules: { readonly [name: string]: Uint8Array };
  /** The same as they were found, which {@link toEdgeTranspiler} made these from. */
  readonly raw: { readonly [name: string]: Uint8Array };
  /** Where those lie that are files; the others are texts in its code. */
  readonly files: { readonly [name: string]: string };
};

const FILE = 'js-component-bindgen-component';

/**
 * jco-transpile fetches its modules when it is imported, is there once, and imports WASI from Node. Here it is made of
 * what it is given, as often as it is asked for, with bounded memory, and counts what it does: a component can keep it
 * busy, and nothing else ends it there.
 *
 * @throws Error where it is not the text that this was written for
 */
export function readTranspiler(vendor: string): EdgeTranspiler {
  const modules: { [name: string]: Uint8Array } = {};
  const files: { [name: string]: string } = {};
  const add = (name: string, bytes: Uint8Array) => {
    modules[name] = bytes;
    return `Promise.resolve(modules.${name})`;
  };
  let literals = 0;
  let text = readFileSync(`${vendor}/${FILE}.js`, 'utf8');
  const edit = (what: RegExp, by: (...found: string[]) => string) => {
    if (text.search(what) < 0) throw new Error(`jco-transpile is not what it was: ${what} is not in it`);
    text = text.replace(what, by);
  };
  edit(/^import \{([^}]*)\} from '@bytecodealliance\/preview2-shim\/([a-z]+)';$/gm, (_, names = '', group = '') => {
    return `const {${names.replaceAll(' as ', ': ')}} = surroundings.${group};`;
  });
  edit(/fetchCompile\(new URL\('\.\/[a-z-]+\.(core2?)\.wasm', import\.meta\.url\)\)/g, (_, name = '') => {
    const file = `${vendor}/${FILE}.${name}.wasm`;
    files[name] = file;
    return add(name, readFileSync(file));
  });
  edit(/base64Compile\('([^']+)'\)/g, (_, base64 = '') => add(`part${++literals}`, Buffer.from(base64, 'base64')));
  edit(/^const isNode[\s\S]*?^async function fetchCompile[\s\S]*?^\}/m, () => '');
  edit(/^const base64Compile[\s\S]*?^\);/m, () => '');
  edit(/^.*\binstantiateCore = .*$/m, () => 'const { instantiateCore } = surroundings;');
  edit(/^export const /gm, () => 'const ');
  edit(/^export \{[^}]*\}/gm, () => '');
  if (/^(import|export) |import\.meta/m.test(text)) throw new Error('jco-transpile imports or exports something else');
  return {
    text: `export function createTool(modules, surroundings) {\n${text}\nreturn { $init, generate };\n}\n`,
    modules: toEdgeTranspiler(modules),
    raw: modules,
    files,
  };
}
