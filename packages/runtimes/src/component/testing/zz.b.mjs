import { buildComponent, PRELUDE } from './build.ts';
import { writeFileSync } from 'node:fs';
import { transpile } from '../transpile/transpile.ts';
const b = await buildComponent(`package t:t@1.0.0; interface i { f: func(x: u32) -> u32; } world w { import i; export g: func() -> u32; export fine: func()->u32; }`, 'w', `(module (import "t:t/i@1.0.0" "f" (func $f (param i32) (result i32))) ${PRELUDE} (func (export "g") (result i32) (call $f (i32.const 1))) (func (export "fine") (result i32) i32.const 7))`);
const r = await transpile(b, {imports:['t:t/i@1.0.0'], waiting:{imports:['t:t/i@1.0.0#f'],exports:['g','fine']}}, {path:'',deadlineMs:20000});
writeFileSync('/tmp/w/jspi.mjs', r.glue);
