// Components for tests, from WIT and WebAssembly text, by the tools that others build theirs with.
import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools';

/** One component from a core module in text form. */
export async function buildComponent(
  wit: string,
  world: string,
  wat: string,
  stringEncoding: 'utf8' | 'utf16' = 'utf8',
): Promise<Uint8Array> {
  const binary = await parse(wat);
  const embedded = await componentEmbed({ binary, witSource: wit, world, stringEncoding });
  return componentNew(embedded, []);
}

/** What every module here begins with: a memory, an allocator that never frees, a place for results at 16. */
export const PRELUDE = `
 (memory (export "memory") 1)
 (global $top (mut i32) (i32.const 4096))
 (func $alloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
   (local $p i32)
   (local.set $p (i32.and (i32.add (global.get $top) (i32.const 15)) (i32.const -16)))
   (global.set $top (i32.add (local.get $p) (local.get 3)))
   (block $done (loop $more
     (br_if $done (i32.le_u (global.get $top) (i32.mul (memory.size) (i32.const 65536))))
     (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))
     unreachable))
   (local.get $p))`;
