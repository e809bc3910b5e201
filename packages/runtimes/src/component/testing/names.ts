// Components with names that are chosen against the code around them.
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { buildComponent, PRELUDE } from './build.ts';

/** As WebAssembly text writes any name. */
const quote = (name: string) =>
  `"${[...new TextEncoder().encode(name)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')}"`;

/** Where a core name can stand. Each component exports `run`, which gives 7. */
export const PLACES: { readonly [place: string]: (name: string) => string } = {
  'an export of a core module': (name) => `(component
 (core module $m (func (export ${quote(name)}) (result i32) i32.const 7))
 (core instance $i (instantiate $m))
 (func (export "run") (result u32) (canon lift (core func $i ${quote(name)}))))`,
  'an import of a core module': (name) => `(component
 (core module $a (func (export "f") (result i32) i32.const 7))
 (core module $b (import "a" ${quote(name)} (func $f (result i32))) (export "f" (func $f)))
 (core instance $a (instantiate $a))
 (core instance $c (export ${quote(name)} (func $a "f")))
 (core instance $b (instantiate $b (with "a" (instance $c))))
 (func (export "run") (result u32) (canon lift (core func $b "f"))))`,
  'the module that a core module imports from': (name) => `(component
 (core module $a (func (export "f") (result i32) i32.const 7))
 (core module $b (import ${quote(name)} "f" (func $f (result i32))) (export "f" (func $f)))
 (core instance $a (instantiate $a))
 (core instance $b (instantiate $b (with ${quote(name)} (instance $a))))
 (func (export "run") (result u32) (canon lift (core func $b "f"))))`,
  'a core module of a component inside': (name) => `(component
 (component $c
  (core module $m (func (export ${quote(name)}) (result i32) i32.const 7))
  (core instance $i (instantiate $m))
  (func (export "run") (result u32) (canon lift (core func $i ${quote(name)}))))
 (instance $i (instantiate $c))
 (export "run" (func $i "run")))`,
  'an argument that a component inside is given': (name) => `(component
 (core module $m (func (export "run") (result i32) i32.const 7))
 (core instance $i (instantiate $m))
 (func $run (result u32) (canon lift (core func $i "run")))
 (component $c (import "f" (func $f (result u32))) (export "run" (func $f)))
 (instance $c (instantiate $c (with "f" (func $run)) (with ${quote(name)} (func $run))))
 (export "run" (func $c "run")))`,
  'the global of a module': (name) => `(component
 (core module $m (global (export ${quote(name)}) i32 (i32.const 1)) (func (export "run") (result i32) i32.const 7))
 (core instance $i (instantiate $m))
 (func (export "run") (result u32) (canon lift (core func $i "run"))))`,
};

/** Names that are for tools that show code to people; no place in the glue. */
export const DEBUG_PLACES: { readonly [place: string]: (name: string) => string } = {
  'the name of a module in its debug section': (name) => `(component
 (core module $m (@name ${quote(name)}) (func $f (@name ${quote(name)}) (export "run") (result i32) i32.const 7))
 (core instance $i (instantiate $m))
 (func (export "run") (result u32) (canon lift (core func $i "run"))))`,
  'a custom section': (name) => `(component
 (core module $m (func (export "run") (result i32) i32.const 7))
 (core instance $i (instantiate $m))
 (func (export "run") (result u32) (canon lift (core func $i "run")))
 (@custom ${quote(name)} ${quote(name)})
 (@custom "package-docs" ${quote(`\u0001{"worlds":{"root":{"docs":${JSON.stringify(name)},"func_exports":{"run":${JSON.stringify(name)}}}}}`)}))`,
};

/** Exports named so: each gives its place in the list. */
export const withExports = (names: readonly string[]) =>
  buildComponent(
    `package t:t; world w { ${names.map((name) => `export %${name}: func() -> u32;`).join(' ')} }`,
    'w',
    `(module ${PRELUDE}
 ${names.map((name, at) => `(func (export "${name}") (result i32) i32.const ${at})`).join('\n')})`,
  );

export { parse };
