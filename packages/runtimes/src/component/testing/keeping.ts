// Components that hold on to handles that were only lent to them, or confuse one kind of resource with another.
import { buildComponent, PRELUDE } from './build.ts';
import { API, home } from './resources.ts';

/** Is lent counters of another component: gives them back, keeps them, or uses one that it kept. */
export const keeping = () =>
  buildComponent(
    `package test:keeping@1.0.0;
world keeping {
  import ${home};
  use ${home}.{counter};
  export pass: func(c: borrow<counter>) -> u32;
  export keep: func(c: borrow<counter>);
  export use-kept: func() -> u32;
  export consume: func(c: counter) -> u32;
}
package test:res@1.0.0 { ${API} }`,
    'keeping',
    `(module
 (import "${home}" "[method]counter.increment" (func $increment (param i32) (result i32)))
 (import "${home}" "[resource-drop]counter" (func $drop (param i32)))
 ${PRELUDE}
 (global $kept (mut i32) (i32.const 0))
 (func (export "pass") (param i32) (result i32) (local $value i32)
   (local.set $value (call $increment (local.get 0))) (call $drop (local.get 0)) (local.get $value))
 (func (export "keep") (param i32) (global.set $kept (local.get 0)))
 (func (export "use-kept") (result i32) (call $increment (global.get $kept)))
 (func (export "consume") (param i32) (result i32) (local $value i32)
   (local.set $value (call $increment (local.get 0))) (call $drop (local.get 0)) (local.get $value)))`,
  );

/** Stands between a user and the counters of another component: both sides have the same interface. */
export const between = () =>
  buildComponent(
    `package test:between@1.0.0;
world between { import ${home}; export ${home}; }
package test:res@1.0.0 { ${API} }`,
    'between',
    `(module
 (import "${home}" "[constructor]counter" (func $inner (param i32) (result i32)))
 (import "${home}" "[method]counter.increment" (func $increment (param i32) (result i32)))
 (import "${home}" "[resource-drop]counter" (func $drop-inner (param i32)))
 (import "[export]${home}" "[resource-new]counter" (func $new (param i32) (result i32)))
 ${PRELUDE}
 (func (export "${home}#[constructor]counter") (param i32) (result i32)
   (call $new (call $inner (i32.add (local.get 0) (i32.const 100)))))
 (func (export "${home}#[method]counter.increment") (param i32) (result i32) (call $increment (local.get 0)))
 (func (export "${home}#[static]counter.sum") (param i32 i32) (result i32) unreachable)
 (func (export "${home}#peek") (param i32) (result i32) (i32.const 0))
 (func (export "${home}#dropped") (result i32) (i32.const 0))
 (func (export "${home}#[dtor]counter") (param i32) (call $drop-inner (local.get 0))))`,
  );

const kinds = 'test:kinds/kinds@1.0.0';

/** Two resources that only their types tell apart; \`forge\` hands out a number that no one gave it. */
export const twoKinds = () =>
  buildComponent(
    `package test:kinds@1.0.0;
interface kinds {
  resource apple { constructor(); eat: func() -> u32; }
  resource stone { constructor(); }
  throw: func(it: stone) -> u32;
  both: func(a: apple, b: apple) -> u32;
  forge: func(number: u32) -> apple;
  many: func(count: u32) -> list<apple>;
}
world two-kinds { export kinds; }`,
    'two-kinds',
    `(module
 (import "[export]${kinds}" "[resource-new]apple" (func $apple (param i32) (result i32)))
 (import "[export]${kinds}" "[resource-new]stone" (func $stone (param i32) (result i32)))
 (import "[export]${kinds}" "[resource-drop]apple" (func $drop (param i32)))
 ${PRELUDE}
 (func (export "${kinds}#[constructor]apple") (result i32) (call $apple (i32.const 5)))
 (func (export "${kinds}#[constructor]stone") (result i32) (call $stone (i32.const 9)))
 (func (export "${kinds}#[method]apple.eat") (param i32) (result i32) (local.get 0))
 (func (export "${kinds}#throw") (param i32) (result i32) (i32.const 1))
 (func (export "${kinds}#both") (param i32 i32) (result i32)
   (call $drop (local.get 0)) (call $drop (local.get 1)) (i32.const 2))
 (func (export "${kinds}#forge") (param i32) (result i32) (local.get 0))
 (func (export "${kinds}#many") (param $count i32) (result i32) (local $at i32) (local $list i32)
   (local.set $list (call $alloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.mul (local.get $count) (i32.const 4))))
   (i32.store (i32.const 16) (local.get $list)) (i32.store (i32.const 20) (local.get $count))
   (loop $more
     (i32.store (i32.add (local.get $list) (i32.mul (local.get $at) (i32.const 4))) (call $apple (i32.const 5)))
     (local.set $at (i32.add (local.get $at) (i32.const 1)))
     (br_if $more (i32.lt_u (local.get $at) (local.get $count))))
   (i32.const 16)))`,
  );
