// The component that is measured: as small as one in C, with an allocator that is reset after every call.
import { buildComponent } from '../../packages/runtimes/src/component/testing/build.ts';

/** What it exports. */
export const SKILL_WIT = `package bench:skill@1.0.0;

interface api {
  record point { x: f64, y: f64 }
  enum side { buy, sell, hold }
  record order { id: string, price: f64, amount: u64, tags: list<string>, side: side, note: option<string> }
  /// Gives back what it gets.
  echo: func(text: string) -> string;
  move: func(p: point) -> point;
  same: func(points: list<point>) -> list<point>;
  book: func(o: order) -> order;
}

world skill { export api; }
`;

/** The world's only interface. */
export const API = 'bench:skill/api@1.0.0';

const api = (name: string) => `(export "${API}#${name}")`;
/** Called by the glue once it has read a result. */
const after = (name: string) =>
  `(func (export "cabi_post_${API}#${name}") (param i32) (global.set $top (i32.const 4096)))`;

/** Every `mark` gives a component of the same size with another digest. */
export function buildSkill(mark = 0): Promise<Uint8Array> {
  const data = `(data (i32.const 1024) "${String(mark).padStart(8, '0')}")`;
  return buildComponent(SKILL_WIT, 'skill', skillModule({ pages: 1, extra: data }));
}

/** Its core module as text. */
export function skillModule({ pages, extra }: { readonly pages: number; readonly extra: string }): string {
  return `(module
 ${extra}
 (memory (export "memory") ${pages})
 (global $top (mut i32) (i32.const 4096))
 (func $alloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
   (local $p i32)
   (local.set $p (i32.and (i32.add (global.get $top) (i32.const 15)) (i32.const -16)))
   (global.set $top (i32.add (local.get $p) (local.get 3)))
   (block $done (loop $more
     (br_if $done (i32.le_u (global.get $top) (i32.mul (memory.size) (i32.const 65536))))
     (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))
     unreachable))
   (local.get $p))
 (func ${api('echo')} (param i32 i32) (result i32)
   (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16))
 ${after('echo')}
 (func ${api('move')} (param f64 f64) (result i32)
   (f64.store (i32.const 16) (f64.add (local.get 0) (f64.const 1))) (f64.store (i32.const 24) (local.get 1))
   (i32.const 16))
 (func ${api('same')} (param i32 i32) (result i32)
   (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16))
 ${after('same')}
 (func ${api('book')} (param i32 i32 f64 i64 i32 i32 i32 i32 i32 i32) (result i32)
   (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1))
   (f64.store (i32.const 24) (local.get 2)) (i64.store (i32.const 32) (local.get 3))
   (i32.store (i32.const 40) (local.get 4)) (i32.store (i32.const 44) (local.get 5))
   (i32.store8 (i32.const 48) (local.get 6)) (i32.store8 (i32.const 52) (local.get 7))
   (i32.store (i32.const 56) (local.get 8)) (i32.store (i32.const 60) (local.get 9))
   (i32.const 16))
 ${after('book')})`;
}
