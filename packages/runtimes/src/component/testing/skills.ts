// The components that the tests of this folder share.
import { buildComponent, PRELUDE } from './build.ts';

/** Echoes strings, doubles numbers, moves points, and can misbehave in each way there is. */
export const PLAIN_WIT = `package test:plain@1.0.0;

interface api {
  record point { x: f64, y: f64 }
  enum colour { red, green }
  /// Gives back what it gets.
  echo: func(text: string) -> string;
  double: func(n: u64) -> u64;
  move: func(p: point) -> point;
  /// The points as they came.
  same: func(points: list<point>) -> list<point>;
  check: func(n: s32) -> result<s32, string>;
  spin: func();
  grow: func() -> u32;
  trap: func();
  garbage: func() -> string;
  paint: func() -> colour;
}

world plain {
  export api;
  export direct: func(x: option<u32>) -> u32;
}
`;

const api = (name: string) => `(export "test:plain/api@1.0.0#${name}")`;

export const plain = () =>
  buildComponent(
    PLAIN_WIT,
    'plain',
    `(module ${PRELUDE}
 (data (i32.const 1024) "negative")
 (func ${api('echo')} (param i32 i32) (result i32)
   (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16))
 (func ${api('double')} (param i64) (result i64) (i64.mul (local.get 0) (i64.const 2)))
 (func ${api('move')} (param f64 f64) (result i32)
   (f64.store (i32.const 16) (f64.add (local.get 0) (f64.const 1))) (f64.store (i32.const 24) (local.get 1)) (i32.const 16))
 (func ${api('same')} (param i32 i32) (result i32)
   (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16))
 (func ${api('check')} (param i32) (result i32)
   (if (i32.lt_s (local.get 0) (i32.const 0))
     (then (i32.store8 (i32.const 16) (i32.const 1)) (i32.store (i32.const 20) (i32.const 1024)) (i32.store (i32.const 24) (i32.const 8)))
     (else (i32.store8 (i32.const 16) (i32.const 0)) (i32.store (i32.const 20) (local.get 0))))
   (i32.const 16))
 (func ${api('spin')} (loop $l (br $l)))
 (func ${api('grow')} (result i32)
   (loop $l (br_if $l (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (memory.size))
 (func ${api('trap')} unreachable)
 (func ${api('garbage')} (result i32)
   (i32.store (i32.const 16) (i32.const -8)) (i32.store (i32.const 20) (i32.const 100)) (i32.const 16))
 (func ${api('paint')} (result i32) (i32.const 77))
 (func (export "direct") (param i32 i32) (result i32)
   (select (local.get 1) (i32.const 7) (local.get 0))))`,
  );

/** Asks another component, and the host. */
export const ASKING_WIT = `package test:asking@1.0.0;

interface prices { get: func(symbol: string) -> result<u64, string>; }

world asking {
  import prices;
  import wasi:clocks/wall-clock@0.2.3;
  export total: func(symbol: string) -> result<u64, string>;
}

package wasi:clocks@0.2.3 {
  interface wall-clock {
    record datetime { seconds: u64, nanoseconds: u32 }
    now: func() -> datetime;
  }
}
`;

export const asking = () =>
  buildComponent(
    ASKING_WIT,
    'asking',
    `(module
 (import "test:asking/prices@1.0.0" "get" (func $get (param i32 i32 i32)))
 ${PRELUDE}
 (func (export "total") (param i32 i32) (result i32)
   (call $get (local.get 0) (local.get 1) (i32.const 16)) (i32.const 16)))`,
  );
