// Files that are no components, or ones that no tool would write.
import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { PRELUDE } from './build.ts';

/** What begins every component. */
export const HEADER = Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0);

export const concat = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** A package of WIT in its binary form: its header is that of a component. */
export const witPackage = () =>
  parse(`(component
 (type $api (component
   (type (instance (type (func)) (export "f" (func (type 0)))))
   (export "a:b/api" (instance (type 0)))))
 (export "api" (type $api))
 (@custom "wit-component-encoding" "\\04\\00"))`);

/** Texts as Latin-1 or UTF-16, whichever is shorter. */
export async function compactTexts(): Promise<Uint8Array> {
  const binary = await parse(`(module ${PRELUDE}
 (func (export "echo") (param i32 i32) (result i32)
   (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16)))`);
  const witSource = 'package a:b; world w { export echo: func(text: string) -> string; }';
  const stringEncoding = 'compact-utf16' as 'utf8';
  return componentNew(await componentEmbed({ binary, witSource, world: 'w', stringEncoding }), []);
}

/** Components inside of each other. */
export const nested = (depth: number) => {
  let bytes = new Uint8Array(HEADER);
  for (let level = 0; level < depth; level++) bytes = concat(HEADER, section(4, bytes));
  return bytes;
};

/** A list of lists of lists, as the parameter of a function. */
export const deepType = (depth: number) =>
  parse(`(component
 (core module $m (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) i32.const 0)
   (func (export "f") (param i32 i32)))
 (core instance $i (instantiate $m))
 (type $t0 (list u8))
 ${Array.from({ length: depth }, (_, at) => `(type $t${at + 1} (list $t${at}))`).join('\n')}
 (func (export "f") (param "x" $t${depth})
   (canon lift (core func $i "f") (memory (core memory $i "m")) (realloc (core func $i "r")))))`);

export function section(id: number, content: Uint8Array): Uint8Array {
  const size: number[] = [];
  for (let rest = content.length; ; rest = Math.floor(rest / 128)) {
    size.push(rest >= 128 ? (rest % 128) | 0x80 : rest);
    if (rest < 128) break;
  }
  return concat(Uint8Array.of(id, ...size), content);
}
