// A component that uses what the host gives: log, progress, memory, any operation of context.
import { readFileSync } from 'node:fs';
import { buildComponent, PRELUDE } from './build.ts';

const HOST = readFileSync(new URL('../wit/host.wit', import.meta.url), 'utf8')
  .replace(/^[\s\S]*?package pypes:host@1\.0\.0;/, 'package pypes:host@1.0.0 {')
  .replace(/world skill \{[^}]*\}/, '')
  .concat('\n}');

/** `remember` keeps a JSON text and gives back what was there; `ask` passes an operation on. */
export const hosted = () =>
  buildComponent(
    `package test:hosted@1.0.0;
world hosted {
  import pypes:host/logging@1.0.0;
  import pypes:host/memory@1.0.0;
  import pypes:host/context@1.0.0;
  export remember: func(key: string, value: string) -> option<string>;
  export ask: func(operation: string, parameters: string) -> result<string, refusal>;
  use pypes:host/context@1.0.0.{refusal};
}
${HOST}`,
    'hosted',
    `(module
 (import "pypes:host/logging@1.0.0" "log" (func $log (param i32 i32 i32 i32 i32 i32)))
 (import "pypes:host/logging@1.0.0" "progress" (func $progress (param f64 i32 i32 i32)))
 (import "pypes:host/memory@1.0.0" "get" (func $get (param i32 i32 i32)))
 (import "pypes:host/memory@1.0.0" "set" (func $set (param i32 i32 i32 i32)))
 (import "pypes:host/context@1.0.0" "ask" (func $use (param i32 i32 i32 i32 i32)))
 ${PRELUDE}
 (func (export "remember") (param i32 i32 i32 i32) (result i32)
   (call $log (i32.const 2) (local.get 0) (local.get 1) (i32.const 1) (local.get 2) (local.get 3))
   (call $progress (f64.const 0.5) (i32.const 0) (i32.const 0) (i32.const 0))
   (call $get (local.get 0) (local.get 1) (i32.const 16))
   (call $set (local.get 0) (local.get 1) (local.get 2) (local.get 3))
   (i32.const 16))
 (func (export "ask") (param i32 i32 i32 i32) (result i32)
   (call $use (local.get 0) (local.get 1) (local.get 2) (local.get 3) (i32.const 16))
   (i32.const 16)))`,
  );
