// The same echo as a plugin of Extism: bytes in, bytes out, over the functions that its kernel gives.
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';

const KERNEL = `
 (import "extism:host/env" "input_length" (func $length (result i64)))
 (import "extism:host/env" "input_offset" (func $input (result i64)))
 (import "extism:host/env" "input_load_u64" (func $read8 (param i64) (result i64)))
 (import "extism:host/env" "input_load_u8" (func $read1 (param i64) (result i32)))
 (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
 (import "extism:host/env" "store_u64" (func $write8 (param i64 i64)))
 (import "extism:host/env" "store_u8" (func $write1 (param i64 i32)))
 (import "extism:host/env" "output_set" (func $output (param i64 i64)))`;

/** Runs `body` for `$i` in steps of `step` up to the local `limit`. */
const loop = (step: number, limit: string, body: string) => `
  (block $done (loop $more
    (br_if $done (i64.ge_u (local.get $i) (local.get ${limit})))
    ${body}
    (local.set $i (i64.add (local.get $i) (i64.const ${step}))) (br $more)))`;

const AT = '(i32.wrap_i64 (local.get $i))';
const OUT = '(i64.add (local.get $out) (local.get $i))';

/**
 * `echo` has its input in its own memory, as every function in C or Rust has, and so has ours: the kernel's memory is
 * another one, so that it copies word by word, as Extism's development kits do. `same` hands back the kernel's own
 * block without looking at it, which is the least that Extism can do.
 */
export function buildPlugin(): Promise<Uint8Array> {
  return parse(`(module ${KERNEL}
 (memory (export "memory") 4)
 (func (export "echo") (result i32)
  (local $n i64) (local $whole i64) (local $i i64) (local $out i64)
  (local.set $n (call $length))
  (local.set $whole (i64.and (local.get $n) (i64.const -8)))
  ${loop(8, '$whole', `(i64.store offset=1024 ${AT} (call $read8 (local.get $i)))`)}
  ${loop(1, '$n', `(i32.store8 offset=1024 ${AT} (call $read1 (local.get $i)))`)}
  (local.set $out (call $alloc (local.get $n)))
  (local.set $i (i64.const 0))
  ${loop(8, '$whole', `(call $write8 ${OUT} (i64.load offset=1024 ${AT}))`)}
  ${loop(1, '$n', `(call $write1 ${OUT} (i32.load8_u offset=1024 ${AT}))`)}
  (call $output (local.get $out) (local.get $n))
  (i32.const 0))
 (func (export "same") (result i32)
  (call $output (call $input) (call $length))
  (i32.const 0)))`);
}
