// Core modules as text: AGENT, the texts that the code names, and the few functions that JSON needs in bare WebAssembly.

export type WatParts = {
  /** AGENT as JSON text. */
  readonly agent: string;
  /** Texts of the module: `{{name}}` in the code stands for address and length, as two constants. */
  readonly texts?: { readonly [name: string]: string };
  /** The names of what is imported from `pypes`. */
  readonly imports?: readonly (keyof typeof SIGNATURES)[];
  /** Further functions, `run` too. */
  readonly code: string;
};

const SIGNATURES = {
  log: '(param i32 i32 i32)',
  progress: '(param f64 i32 i32)',
  use: '(param i32 i32 i32 i32) (result i64)',
  now: '(result f64)',
  random: '(param i32 i32)',
} as const;

const AGENT_AT = 16;

export function wat({ agent, texts = {}, imports = [], code }: WatParts): string {
  let data = `${agent}\0`;
  let filled = code;
  for (const [name, text] of Object.entries(texts)) {
    const at = AGENT_AT + Buffer.byteLength(data);
    filled = filled.replaceAll(`{{${name}}}`, `(i32.const ${at}) (i32.const ${Buffer.byteLength(text)})`);
    data += text;
  }
  return `(module
${imports.map((name) => ` (import "pypes" "${name}" (func $${name} ${SIGNATURES[name]}))`).join('\n')}
 (memory (export "memory") 4)
 (global (export "AGENT") i32 (i32.const ${AGENT_AT}))
 (data (i32.const ${AGENT_AT}) "${toLiteral(data)}")
${LIBRARY}
${filled})`;
}

function toLiteral(text: string): string {
  const isPlain = (byte: number) => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
  return [...Buffer.from(text)]
    .map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : `\\${byte.toString(16).padStart(2, '0')}`))
    .join('');
}

/** The result is written from 64 KiB on; what `alloc` gives begins at 128 KiB. */
const LIBRARY = `
 (global $out (mut i32) (i32.const 65536))
 (global $top (mut i32) (i32.const 131072))
 (func $alloc (export "alloc") (param $length i32) (result i32)
   (local $at i32)
   (local.set $at (global.get $top))
   (global.set $top (i32.add (local.get $at) (local.get $length)))
   (block $done (loop $more
     (br_if $done (i32.le_u (global.get $top) (i32.mul (memory.size) (i32.const 65536))))
     (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))
     (return (i32.const 0))))
   (local.get $at))
 (func $pack (param $at i32) (param $length i32) (result i64)
   (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $length))))
 (func $fail (param $at i32) (param $length i32) (result i64)
   (i64.or (call $pack (local.get $at) (local.get $length)) (i64.const 0x80000000)))
 (func $failed (param $packed i64) (result i32)
   (i64.ne (i64.and (local.get $packed) (i64.const 0x80000000)) (i64.const 0)))
 (func $at (param $packed i64) (result i32) (i32.wrap_i64 (i64.shr_u (local.get $packed) (i64.const 32))))
 (func $length (param $packed i64) (result i32)
   (i32.and (i32.wrap_i64 (local.get $packed)) (i32.const 0x7fffffff)))
 (func $put (param $from i32) (param $length i32)
   (memory.copy (global.get $out) (local.get $from) (local.get $length))
   (global.set $out (i32.add (global.get $out) (local.get $length))))
 (func $put_packed (param $packed i64)
   (call $put (call $at (local.get $packed)) (call $length (local.get $packed))))
 ;; Decimal digits of a number.
 (func $put_number (param $n i32)
   (if (i32.ge_u (local.get $n) (i32.const 10)) (then (call $put_number (i32.div_u (local.get $n) (i32.const 10)))))
   (i32.store8 (global.get $out) (i32.add (i32.const 48) (i32.rem_u (local.get $n) (i32.const 10))))
   (global.set $out (i32.add (global.get $out) (i32.const 1))))
 (func $done (result i64) (call $pack (i32.const 65536) (i32.sub (global.get $out) (i32.const 65536))))
 ;; Zero for what is no number.
 (func $number (param $packed i64) (result i32)
   (local $at i32) (local $end i32) (local $n i32) (local $digit i32)
   (local.set $at (call $at (local.get $packed)))
   (local.set $end (i32.add (local.get $at) (call $length (local.get $packed))))
   (block $done (loop $more
     (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
     (local.set $digit (i32.sub (i32.load8_u (local.get $at)) (i32.const 48)))
     (br_if $done (i32.gt_u (local.get $digit) (i32.const 9)))
     (local.set $n (i32.add (i32.mul (local.get $n) (i32.const 10)) (local.get $digit)))
     (local.set $at (i32.add (local.get $at) (i32.const 1)))
     (br $more)))
   (local.get $n))
 (func $is_equal (param $a i32) (param $b i32) (param $length i32) (result i32)
   (block $differ (loop $more
     (if (i32.eqz (local.get $length)) (then (return (i32.const 1))))
     (br_if $differ (i32.ne (i32.load8_u (local.get $a)) (i32.load8_u (local.get $b))))
     (local.set $a (i32.add (local.get $a) (i32.const 1)))
     (local.set $b (i32.add (local.get $b) (i32.const 1)))
     (local.set $length (i32.sub (local.get $length) (i32.const 1)))
     (br $more)))
   (i32.const 0))
 ;; The value after a key such as "name": in JSON without spaces; text, number or literal. Zero where it is not there.
 (func $field (param $packed i64) (param $key i32) (param $key_length i32) (result i64)
   (local $at i32) (local $end i32) (local $from i32) (local $is_text i32) (local $byte i32)
   (local.set $at (call $at (local.get $packed)))
   (local.set $end (i32.add (local.get $at) (call $length (local.get $packed))))
   (block $none
     (loop $search
       (br_if $none (i32.gt_u (i32.add (local.get $at) (local.get $key_length)) (local.get $end)))
       (if (i32.eqz (call $is_equal (local.get $at) (local.get $key) (local.get $key_length)))
         (then (local.set $at (i32.add (local.get $at) (i32.const 1))) (br $search))))
     (local.set $at (i32.add (local.get $at) (local.get $key_length)))
     (local.set $from (local.get $at))
     (local.set $is_text (i32.eq (i32.load8_u (local.get $at)) (i32.const 34)))
     (block $over (loop $more
       (local.set $at (i32.add (local.get $at) (i32.const 1)))
       (br_if $over (i32.ge_u (local.get $at) (local.get $end)))
       (local.set $byte (i32.load8_u (local.get $at)))
       (if (local.get $is_text)
         (then
           (if (i32.eq (local.get $byte) (i32.const 92)) (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
           (if (i32.eq (local.get $byte) (i32.const 34))
             (then (local.set $at (i32.add (local.get $at) (i32.const 1))) (br $over)))
           (br $more)))
       (br_if $over (i32.eq (local.get $byte) (i32.const 44)))
       (br_if $over (i32.eq (local.get $byte) (i32.const 125)))
       (br_if $over (i32.eq (local.get $byte) (i32.const 93)))
       (br $more)))
     (return (call $pack (local.get $from) (i32.sub (local.get $at) (local.get $from)))))
   (i64.const 0))`;
