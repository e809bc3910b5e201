// Components that are made for each other: what one imports, another one of the same pack exports.
import { buildComponent, PRELUDE } from './build.ts';

/** Gives prices to `asking` (skills.ts): twice the length of the symbol; "bad" has none. */
export const prices = () =>
  buildComponent(
    `package test:asking@1.0.0;
interface prices { get: func(symbol: string) -> result<u64, string>; }
world provider { export prices; }`,
    'provider',
    `(module ${PRELUDE}
 (data (i32.const 1024) "unknown")
 (func (export "test:asking/prices@1.0.0#get") (param $at i32) (param $size i32) (result i32)
   (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 98))
     (then (i32.store8 (i32.const 16) (i32.const 1)) (i32.store (i32.const 24) (i32.const 1024))
       (i32.store (i32.const 28) (i32.const 7)))
     (else (i32.store8 (i32.const 16) (i32.const 0))
       (i64.store (i32.const 24) (i64.mul (i64.extend_i32_u (local.get $size)) (i64.const 2)))))
   (i32.const 16)))`,
  );

/** Gives \`value\` as \`dep:lib/api\` of one version. */
export const library = (version: string, value: number) =>
  buildComponent(
    `package dep:lib@${version}; interface api { f: func() -> u32; } world library { export api; }`,
    'library',
    `(module ${PRELUDE} (func (export "dep:lib/api@${version}#f") (result i32) (i32.const ${value})))`,
  );
