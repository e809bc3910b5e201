// A component that does little itself, and has much done for it: what its host does for it has to be counted, too.
import { buildComponent } from './build.ts';
import { WASI_WIT } from './wasi-wit.ts';

/** Endless loops around random bytes, a clock, a wait that is over at once, and printing. */
export const amplifying = () =>
  buildComponent(
    `package test:amplifying@1.0.0;
world amplifying {
  import wasi:random/random@0.2.12;
  import wasi:clocks/monotonic-clock@0.2.12;
  import wasi:io/poll@0.2.12;
  import wasi:cli/stdout@0.2.12;
  import wasi:io/streams@0.2.12;
  export random: func();
  export clock: func();
  export wait: func();
  export print: func();
  export sleep: func(nanoseconds: u64);
  export fine: func() -> u32;
}
${WASI_WIT}`,
    'amplifying',
    `(module
 (import "wasi:random/random@0.2.12" "get-random-bytes" (func $bytes (param i64 i32)))
 (import "wasi:clocks/monotonic-clock@0.2.12" "now" (func $now (result i64)))
 (import "wasi:clocks/monotonic-clock@0.2.12" "subscribe-duration" (func $subscribe (param i64) (result i32)))
 (import "wasi:io/poll@0.2.12" "[method]pollable.block" (func $block (param i32)))
 (import "wasi:cli/stdout@0.2.12" "get-stdout" (func $stdout (result i32)))
 (import "wasi:io/streams@0.2.12" "[method]output-stream.write" (func $write (param i32 i32 i32 i32)))
 (memory (export "memory") 64)
 (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536))
 (func (export "random") (loop $l (call $bytes (i64.const 1048576) (i32.const 16)) (br $l)))
 (func (export "clock") (loop $l (drop (call $now)) (br $l)))
 (func (export "wait") (local $p i32) (local.set $p (call $subscribe (i64.const 0)))
   (loop $l (call $block (local.get $p)) (br $l)))
 (func (export "print") (local $out i32) (local.set $out (call $stdout))
   (loop $l (call $write (local.get $out) (i32.const 0) (i32.const 65536) (i32.const 16)) (br $l)))
 (func (export "sleep") (param i64) (call $block (call $subscribe (local.get 0))))
 (func (export "fine") (result i32) i32.const 7))`,
  );
