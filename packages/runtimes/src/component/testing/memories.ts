// Components whose core modules have memories and tables of all kinds.
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';

/** Grows its memory page by page until it is refused; gives the pages. */
const GROWING = `(func (export "grow") (result i32)
  (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (memory.size))`;

/** One core module with this memory; `grow` gives its pages when it grows no more. */
export const withMemory = (memory: string) =>
  parse(`(component
 (core module $m ${memory} ${GROWING})
 (core instance $i (instantiate $m))
 (func (export "grow") (result u32) (canon lift (core func $i "grow"))))`);

/** A module whose memory is imported from another module of the component. */
export const withImportedMemory = (exported: string, imported: string) =>
  parse(`(component
 (core module $a (memory (export "memory") ${exported}))
 (core module $b (import "a" "memory" (memory ${imported})) ${GROWING})
 (core instance $a (instantiate $a))
 (core instance $b (instantiate $b (with "a" (instance $a))))
 (func (export "grow") (result u32) (canon lift (core func $b "grow"))))`);

/** Many modules, each with a memory of its own that no one exports; \`grow-0\` and so on. */
export const withModules = (count: number) => {
  const all = Array.from({ length: count }, (_, at) => at);
  // A tag of its own keeps each module from being the same as another.
  return parse(`(component
 ${all.map((at) => `(core module $m${at} (memory 1) (global i32 (i32.const ${at})) ${GROWING})`).join('\n')}
 ${all.map((at) => `(core instance $i${at} (instantiate $m${at}))`).join('\n')}
 ${all.map((at) => `(func (export "grow-${at}") (result u32) (canon lift (core func $i${at} "grow")))`).join('\n')})`);
};

/** One module, instantiated so many times. */
export const withInstances = (count: number, memory = '(memory 1)') => {
  const all = Array.from({ length: count }, (_, at) => at);
  return parse(`(component
 (core module $m ${memory} (func (export "one") (result i32) i32.const 1))
 ${all.map((at) => `(core instance $i${at} (instantiate $m))`).join('\n')}
 (func (export "one") (result u32) (canon lift (core func $i0 "one"))))`);
};
