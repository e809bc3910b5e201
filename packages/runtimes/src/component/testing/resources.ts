// A component with a resource of its own, and one that uses it from outside.
import { buildComponent, PRELUDE } from './build.ts';

export const API = `interface counting {
  /// Counts up.
  resource counter {
    constructor(start: u32);
    increment: func() -> u32;
    sum: static func(a: counter, b: counter) -> counter;
  }
  peek: func(c: borrow<counter>) -> u32;
  /// How many were dropped.
  dropped: func() -> u32;
}`;

export const home = 'test:res/counting@1.0.0';
const counting = (name: string) => `(export "${home}#${name}")`;

/** A counter is its place in memory. */
export const counters = () =>
  buildComponent(
    `package test:res@1.0.0;\n${API}\nworld counters { export counting; }`,
    'counters',
    `(module
 (import "[export]${home}" "[resource-new]counter" (func $new (param i32) (result i32)))
 (import "[export]${home}" "[resource-rep]counter" (func $rep (param i32) (result i32)))
 (import "[export]${home}" "[resource-drop]counter" (func $drop (param i32)))
 ${PRELUDE}
 (global $dropped (mut i32) (i32.const 0))
 (func $make (param $value i32) (result i32)
   (local $at i32)
   (local.set $at (call $alloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 4)))
   (i32.store (local.get $at) (local.get $value))
   (call $new (local.get $at)))
 (func ${counting('[constructor]counter')} (param i32) (result i32) (call $make (local.get 0)))
 (func ${counting('[method]counter.increment')} (param i32) (result i32)
   (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1)))
   (i32.load (local.get 0)))
 (func ${counting('[static]counter.sum')} (param i32 i32) (result i32)
   (local $value i32)
   (local.set $value (i32.add (i32.load (call $rep (local.get 0))) (i32.load (call $rep (local.get 1)))))
   (call $drop (local.get 0))
   (call $drop (local.get 1))
   (call $make (local.get $value)))
 (func ${counting('peek')} (param i32) (result i32) (i32.load (local.get 0)))
 (func ${counting('dropped')} (result i32) (global.get $dropped))
 (func (export "${home}#[dtor]counter") (param i32) (global.set $dropped (i32.add (global.get $dropped) (i32.const 1)))))`,
  );

/** Makes a counter in another component, counts twice, lets it go. */
export const counterUser = () =>
  buildComponent(
    `package test:user@1.0.0;
world user { import ${home}; export twice: func(start: u32) -> u32; }
package test:res@1.0.0 { ${API} }`,
    'user',
    `(module
 (import "${home}" "[constructor]counter" (func $new (param i32) (result i32)))
 (import "${home}" "[method]counter.increment" (func $increment (param i32) (result i32)))
 (import "${home}" "[resource-drop]counter" (func $drop (param i32)))
 ${PRELUDE}
 (func (export "twice") (param i32) (result i32)
   (local $counter i32) (local $value i32)
   (local.set $counter (call $new (local.get 0)))
   (drop (call $increment (local.get $counter)))
   (local.set $value (call $increment (local.get $counter)))
   (call $drop (local.get $counter))
   (local.get $value)))`,
  );

/** Imports one interface in two versions. */
export const twoVersions = () =>
  buildComponent(
    `package test:two@1.0.0;
world two { import dep:lib/api@1.0.0; import dep:lib/api@2.0.0; export both: func() -> u32; }
package dep:lib@1.0.0 { interface api { f: func() -> u32; } }
package dep:lib@2.0.0 { interface api { f: func() -> u32; } }`,
    'two',
    `(module
 (import "dep:lib/api@1.0.0" "f" (func $one (result i32)))
 (import "dep:lib/api@2.0.0" "f" (func $two (result i32)))
 ${PRELUDE}
 (func (export "both") (result i32) (i32.add (i32.mul (call $one) (i32.const 10)) (call $two))))`,
  );
