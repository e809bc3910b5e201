// Components whose results, depth and lifetime are chosen to hurt.
import { buildComponent, PRELUDE } from './build.ts';

/** Stores `words` at 16 and gives 16: a result that is read from memory. */
const result = (...words: readonly number[]) =>
  `${words.map((word, at) => `(i32.store (i32.const ${16 + 4 * at}) (i32.const ${word}))`).join(' ')} (i32.const 16)`;

const HUGE = 0x7fff_ffff;
const FAR = 0xffff_fff0 | 0;

/** Name, type of the result, and the code that gives it. */
const RESULTS: readonly (readonly [name: string, type: string, core: 'i32' | 'i64' | 'f32' | 'f64', code: string])[] = [
  ['bytes-huge', 'list<u8>', 'i32', result(0, HUGE)],
  ['bytes-half', 'list<u8>', 'i32', result(0, -0x8000_0000)],
  ['numbers-huge', 'list<u32>', 'i32', result(0, HUGE)],
  ['wide-huge', 'list<u64>', 'i32', result(0, HUGE)],
  ['booleans-huge', 'list<bool>', 'i32', result(0, HUGE)],
  ['texts-huge', 'list<string>', 'i32', result(0, HUGE)],
  ['options-huge', 'list<option<u8>>', 'i32', result(0, HUGE)],
  ['lists-huge', 'list<list<u8>>', 'i32', result(0, HUGE)],
  ['text-huge', 'string', 'i32', result(0, HUGE)],
  ['text-far', 'string', 'i32', result(FAR, 100)],
  ['bytes-far', 'list<u8>', 'i32', result(FAR, 100)],
  ['result-far', 'tuple<u32, u32>', 'i32', `(i32.const ${FAR})`],
  ['result-odd', 'tuple<u32, u32>', 'i32', '(i32.const 17)'],
  ['text-no-utf8', 'string', 'i32', result(1024, 4)],
  ['char-half', 'char', 'i32', '(i32.const 0xd800)'],
  ['char-beyond', 'char', 'i32', '(i32.const 0x110000)'],
  ['enum-beyond', 'e', 'i32', '(i32.const 3)'],
  ['variant-beyond', 'v', 'i32', result(9, 1)],
  ['option-beyond', 'option<u32>', 'i32', result(2, 1)],
  ['result-beyond', 'result<u32, u32>', 'i32', result(2, 1)],
  ['byte-beyond', 'u8', 'i32', '(i32.const 511)'],
  ['short-beyond', 's16', 'i32', '(i32.const 0x18000)'],
  ['boolean-beyond', 'bool', 'i32', '(i32.const 2)'],
  ['flags-beyond', 'f', 'i32', '(i32.const -1)'],
  ['largest', 'u64', 'i64', '(i64.const -1)'],
  ['least', 's64', 'i64', '(i64.const 0x8000000000000000)'],
  ['beyond-safe', 's64', 'i64', '(i64.const 9007199254740993)'],
  ['no-number', 'f64', 'f64', '(f64.const nan:0x4000000000001)'],
  ['no-number-short', 'f32', 'f32', '(f32.const -nan:0x200001)'],
  ['endless', 'f64', 'f64', '(f64.const -inf)'],
  ['minus-zero', 'f64', 'f64', '(f64.const -0)'],
];

export const HOSTILE_NAMES = RESULTS.map(([name]) => name);

/** One function for each wrong result, and `fine` that gives 7. */
export const results = () =>
  buildComponent(
    `package test:results@1.0.0;
world results {
  enum e { a, b, c }
  variant v { a(u32), b }
  flags f { a, b, c }
  export fine: func() -> u32;
  ${RESULTS.map(([name, type]) => `export ${name}: func() -> ${type};`).join('\n  ')}
}`,
    'results',
    `(module ${PRELUDE} (data (i32.const 1024) "a\\ff\\feb")
 (func (export "fine") (result i32) i32.const 7)
 ${RESULTS.map(([name, , core, code]) => `(func (export "${name}") (result ${core}) ${code})`).join('\n ')})`,
  );

/** Takes values and gives them back as they are. */
export const echoing = () =>
  buildComponent(
    `package test:echoing@1.0.0;
world echoing {
  export text: func(x: string) -> string;
  export wide: func(x: u64) -> u64;
  export signed: func(x: s64) -> s64;
  export number: func(x: f64) -> f64;
  export bits: func(x: f64) -> u64;
  export letter: func(x: char) -> char;
  export bytes: func(x: list<u8>) -> list<u8>;
}`,
    'echoing',
    `(module ${PRELUDE}
 ${['text', 'bytes']
   .map(
     (name) => `(func (export "${name}") (param i32 i32) (result i32)
   (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16))`,
   )
   .join('\n ')}
 (func (export "wide") (param i64) (result i64) local.get 0)
 (func (export "signed") (param i64) (result i64) local.get 0)
 (func (export "number") (param f64) (result f64) local.get 0)
 (func (export "bits") (param f64) (result i64) (i64.reinterpret_f64 (local.get 0)))
 (func (export "letter") (param i32) (result i32) local.get 0))`,
  );

/** Texts as UTF-16: gives back what it gets, half a pair of surrogates, and more than its memory holds. */
export const wideTexts = () =>
  buildComponent(
    `package test:wide@1.0.0;
world wide { export echo: func(x: string) -> string; export half: func() -> string; export huge: func() -> string; }`,
    'wide',
    `(module ${PRELUDE} (data (i32.const 1024) "a\\00\\00\\d8b\\00")
 (func (export "echo") (param i32 i32) (result i32)
   (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16))
 (func (export "half") (result i32) ${result(1024, 3)})
 (func (export "huge") (result i32) ${result(0, HUGE)}))`,
    'utf16',
  );

/** Keeps a count from call to call, and can end in every way. */
export const ending = () =>
  buildComponent(
    `package test:ending@1.0.0;
world ending {
  export count: func() -> u32;
  export recurse: func(depth: u32) -> u32;
  export trap: func();
  export divide: func(by: u32) -> u32;
  export spin: func();
  export compute: func(rounds: u32) -> u32;
  export peek: func(at: u32) -> u32;
  export poke: func(at: u32, value: u32);
  export refuse: func() -> result<u32, string>;
}`,
    'ending',
    `(module ${PRELUDE}
 (global $count (mut i32) (i32.const 0))
 (func (export "count") (result i32)
   (global.set $count (i32.add (global.get $count) (i32.const 1))) (global.get $count))
 (func $recurse (export "recurse") (param i32) (result i32)
   (if (result i32) (local.get 0)
     (then (i32.add (i32.const 1) (call $recurse (i32.sub (local.get 0) (i32.const 1)))))
     (else (i32.const 0))))
 (func (export "trap") unreachable)
 (func (export "divide") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
 (func (export "spin") (loop $l (br $l)))
 (func (export "compute") (param i32) (result i32) (local $x i32)
   (loop $more
     (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
     (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
     (br_if $more (local.get 0)))
   (local.get $x))
 (func (export "peek") (param i32) (result i32) (i32.load (local.get 0)))
 (func (export "poke") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
 (func (export "refuse") (result i32)
   (i32.store8 (i32.const 16) (i32.const 1)) (i32.store (i32.const 20) (i32.const 0))
   (i32.store (i32.const 24) (i32.const 0)) (i32.const 16)))`,
  );

/** Grows its memory to the limit, and gives all of it as one list of nothing. */
export const swelling = () =>
  buildComponent(
    `package test:swelling@1.0.0;
world swelling {
  export options: func() -> list<option<u8>>;
  export bytes: func() -> list<u8>;
  export texts: func() -> list<string>;
  export fine: func() -> u32;
}`,
    'swelling',
    `(module ${PRELUDE}
 (func $grow (loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
   (i32.store (i32.const 16) (i32.const 65536)))
 (func (export "fine") (result i32) i32.const 7)
 ${[
   ['options', 2],
   ['bytes', 1],
   ['texts', 8],
 ]
   .map(
     ([name, size]) => `(func (export "${name}") (result i32) (call $grow)
   (i32.store (i32.const 20)
     (i32.div_u (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 65536)) (i32.const ${size})))
   (i32.const 16))`,
   )
   .join('\n')})`,
  );

/** Begins with an endless loop, a trap, or a recursion, before its first function is called. */
export const starting = (code: string) =>
  buildComponent(
    'package test:starting@1.0.0; world starting { export fine: func() -> u32; }',
    'starting',
    `(module ${PRELUDE} (func $start ${code}) (start $start) (func (export "fine") (result i32) i32.const 7))`,
  );

/** Gives its allocator's caller a place outside of its memory, or one that it gave before. */
export const misallocating = (place: string) =>
  buildComponent(
    'package test:misallocating@1.0.0; world misallocating { export size: func(x: string) -> u32; }',
    'misallocating',
    `(module (memory (export "memory") 1)
 (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) ${place})
 (func (export "size") (param i32 i32) (result i32) (local.get 1)))`,
  );

/** Gives two lists of so many lists and texts, all of which are the same bytes. */
export const folding = () =>
  buildComponent(
    `package test:folding@1.0.0;
world folding {
  export lists: func(outer: u32, inner: u32) -> list<list<u8>>;
  export texts: func(outer: u32, inner: u32) -> list<string>;
  export options: func(outer: u32, inner: u32) -> list<list<option<u8>>>;
}`,
    'folding',
    `(module ${PRELUDE}
 (func $fold (param $outer i32) (param $inner i32) (result i32) (local $at i32)
   (drop (memory.grow (i32.const 200)))
   (local.set $at (i32.const 65536))
   (i32.store (i32.const 16) (i32.const 65536)) (i32.store (i32.const 20) (local.get $outer))
   (loop $more
     (i32.store (local.get $at) (i32.const 4194304))
     (i32.store offset=4 (local.get $at) (local.get $inner))
     (local.set $at (i32.add (local.get $at) (i32.const 8)))
     (local.set $outer (i32.sub (local.get $outer) (i32.const 1)))
     (br_if $more (local.get $outer)))
   (i32.const 16))
 (export "lists" (func $fold)) (export "texts" (func $fold)) (export "options" (func $fold)))`,
  );
