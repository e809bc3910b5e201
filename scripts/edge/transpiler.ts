// The transpiler of components for the Worker: its module as a function that makes one, its WebAssembly beside it.
import { readFileSync } from 'node:fs';
import { meterModules } from '../../packages/runtimes/src/component/fuel/index.ts';
import { boundModules } from '../../packages/runtimes/src/component/memory.ts';

export type EdgeTranspiler = {
  /** The text of an ES module that exports `createTool` (runtimes/component/inline/transpiler.ts). */
  readonly text: string;
  /** Its modules by the names that `createTool` is given them by. */
  readonly modules: { readonly [name: string]: Uint8Array };
};

const FILE = 'js-component-bindgen-component';
/** What the tool may have of the 128 MiB of an isolate. */
const MEMORY_BYTES = 96 * 1024 * 1024;

/**
 * jco-transpile fetches its modules when it is imported, is there once, and imports WASI from Node. Here it is made of
 * what it is given, as often as it is asked for, with bounded memory, and counts what it does: a component can keep it
 * busy, and nothing else ends it there.
 *
 * @throws Error where it is not the text that this was written for
 */
export function readTranspiler(vendor: string): EdgeTranspiler {
  const modules: { [name: string]: Uint8Array } = {};
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
  edit(/fetchCompile\(new URL\('\.\/[a-z-]+\.(core2?)\.wasm', import\.meta\.url\)\)/g, (_, name = '') =>
    add(name, readFileSync(`${vendor}/${FILE}.${name}.wasm`)),
  );
  edit(/base64Compile\('([^']+)'\)/g, (_, base64 = '') => add(`part${++literals}`, Buffer.from(base64, 'base64')));
  edit(/^const isNode[\s\S]*?^async function fetchCompile[\s\S]*?^\}/m, () => '');
  edit(/^const base64Compile[\s\S]*?^\);/m, () => '');
  edit(/^.*\binstantiateCore = .*$/m, () => 'const { instantiateCore } = surroundings;');
  edit(/^export const /gm, () => 'const ');
  edit(/^export \{[^}]*\}/gm, () => '');
  if (/^(import|export) |import\.meta/m.test(text)) throw new Error('jco-transpile imports or exports something else');
  const bounded = boundModules(modules, MEMORY_BYTES, FILE).modules;
  return {
    text: `export function createTool(modules, surroundings) {\n${text}\nreturn { $init, generate };\n}\n`,
    modules: meterModules(bounded, FILE),
  };
}
