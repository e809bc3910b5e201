;; The source of checksums/component.wasm: checksums of bytes, check digits of numbers (npm run build:skills).
(module
  (memory (export "memory") 1)
  ;; 16: results that do not fit into one value. 1024: the table of CRC-32. From 4096: arguments of the call under way.
  (global $top (mut i32) (i32.const 4096))

  (func (export "cabi_realloc")
    (param $old i32) (param $size i32) (param $align i32) (param $wanted i32) (result i32)
    (local $at i32) (local $pages i32)
    (local.set $at
      (i32.and
        (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
    (global.set $top (i32.add (local.get $at) (local.get $wanted)))
    (if (i32.or
          (i32.lt_u (local.get $at) (i32.const 4096))
          (i32.lt_u (global.get $top) (local.get $at)))
      (then unreachable))
    (local.set $pages
      (i32.sub
        (i32.add (i32.shr_u (global.get $top) (i32.const 16)) (i32.const 1))
        (memory.size)))
    (if (i32.gt_s (local.get $pages) (i32.const 0))
      (then
        (if (i32.eq (memory.grow (local.get $pages)) (i32.const -1)) (then unreachable))))
    (memory.copy (local.get $at) (local.get $old)
      (select (local.get $size) (local.get $wanted) (i32.lt_u (local.get $size) (local.get $wanted))))
    (local.get $at))

  ;; What a call was given is nobody's when it returns: numbers go back, and records from a place of their own.
  (func $forget
    (global.set $top (i32.const 4096)))

  (func $fill
    (local $byte i32) (local $sum i32) (local $bit i32)
    (loop $bytes
      (local.set $sum (local.get $byte))
      (local.set $bit (i32.const 8))
      (loop $bits
        (local.set $sum
          (i32.xor
            (i32.shr_u (local.get $sum) (i32.const 1))
            (i32.and (i32.const 0xedb88320) (i32.sub (i32.const 0) (i32.and (local.get $sum) (i32.const 1))))))
        (local.set $bit (i32.sub (local.get $bit) (i32.const 1)))
        (br_if $bits (local.get $bit)))
      (i32.store offset=1024 (i32.shl (local.get $byte) (i32.const 2)) (local.get $sum))
      (local.set $byte (i32.add (local.get $byte) (i32.const 1)))
      (br_if $bytes (i32.lt_u (local.get $byte) (i32.const 256)))))
  (start $fill)

  (func $crc32 (param $at i32) (param $length i32) (result i32)
    (local $end i32) (local $sum i32)
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (local.set $sum (i32.const -1))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (local.set $sum
          (i32.xor
            (i32.shr_u (local.get $sum) (i32.const 8))
            (i32.load offset=1024
              (i32.shl
                (i32.and (i32.xor (local.get $sum) (i32.load8_u (local.get $at))) (i32.const 255))
                (i32.const 2)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (i32.xor (local.get $sum) (i32.const -1)))

  (func $adler32 (param $at i32) (param $length i32) (result i32)
    (local $end i32) (local $a i32) (local $b i32)
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (local.set $a (i32.const 1))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (local.set $a (i32.rem_u (i32.add (local.get $a) (i32.load8_u (local.get $at))) (i32.const 65521)))
        (local.set $b (i32.rem_u (i32.add (local.get $b) (local.get $a)) (i32.const 65521)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (i32.or (i32.shl (local.get $b) (i32.const 16)) (local.get $a)))

  (func $fnv1a (param $at i32) (param $length i32) (result i64)
    (local $end i32) (local $sum i64)
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (local.set $sum (i64.const 0xcbf29ce484222325))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (local.set $sum
          (i64.mul (i64.xor (local.get $sum) (i64.load8_u (local.get $at))) (i64.const 0x100000001b3)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (local.get $sum))

  (func (export "pypes:checksums/bytes@1.0.0#crc32") (param $at i32) (param $length i32) (result i32)
    (call $crc32 (local.get $at) (local.get $length))
    (call $forget))
  (func (export "pypes:checksums/bytes@1.0.0#adler32") (param $at i32) (param $length i32) (result i32)
    (call $adler32 (local.get $at) (local.get $length))
    (call $forget))
  (func (export "pypes:checksums/bytes@1.0.0#fnv1a") (param $at i32) (param $length i32) (result i64)
    (call $fnv1a (local.get $at) (local.get $length))
    (call $forget))
  (func (export "pypes:checksums/bytes@1.0.0#text-sums") (param $at i32) (param $length i32) (result i32)
    (i32.store offset=0 (i32.const 16) (call $crc32 (local.get $at) (local.get $length)))
    (i32.store offset=4 (i32.const 16) (call $adler32 (local.get $at) (local.get $length)))
    (i64.store offset=8 (i32.const 16) (call $fnv1a (local.get $at) (local.get $length)))
    (call $forget)
    (i32.const 16))

  ;; A digit's value; 10 for what does not count, 11 for what may not be there.
  (func $digit (param $character i32) (result i32)
    (if (i32.lt_u (i32.sub (local.get $character) (i32.const 48)) (i32.const 10))
      (then (return (i32.sub (local.get $character) (i32.const 48)))))
    (if (i32.or (i32.eq (local.get $character) (i32.const 32)) (i32.eq (local.get $character) (i32.const 45)))
      (then (return (i32.const 10))))
    (i32.const 11))

  ;; The sum of Luhn from the last digit to the first, and how many digits there are; -1 of them: something else was there.
  (func $luhn (param $at i32) (param $length i32) (param $double i32) (result i32 i32)
    (local $end i32) (local $digit i32) (local $sum i32) (local $count i32)
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (local.set $end (i32.sub (local.get $end) (i32.const 1)))
        (local.set $digit (call $digit (i32.load8_u (local.get $end))))
        (br_if $next (i32.eq (local.get $digit) (i32.const 10)))
        (if (i32.eq (local.get $digit) (i32.const 11))
          (then (return (i32.const 0) (i32.const -1))))
        (local.set $digit (i32.shl (local.get $digit) (local.get $double)))
        (if (i32.gt_u (local.get $digit) (i32.const 9))
          (then (local.set $digit (i32.sub (local.get $digit) (i32.const 9)))))
        (local.set $sum (i32.add (local.get $sum) (local.get $digit)))
        (local.set $count (i32.add (local.get $count) (i32.const 1)))
        (local.set $double (i32.xor (local.get $double) (i32.const 1)))
        (br $next)))
    (local.get $sum)
    (local.get $count))

  ;; One digit alone checks nothing.
  (func (export "pypes:checksums/digits@1.0.0#luhn") (param $at i32) (param $length i32) (result i32)
    (local $sum i32) (local $count i32)
    (call $luhn (local.get $at) (local.get $length) (i32.const 0))
    (local.set $count)
    (local.set $sum)
    (call $forget)
    (i32.and
      (i32.gt_s (local.get $count) (i32.const 1))
      (i32.eqz (i32.rem_u (local.get $sum) (i32.const 10)))))

  (func (export "pypes:checksums/digits@1.0.0#luhn-digit") (param $at i32) (param $length i32) (result i32)
    (local $sum i32) (local $count i32) (local $failed i32)
    (call $luhn (local.get $at) (local.get $length) (i32.const 1))
    (local.set $count)
    (local.set $sum)
    (call $forget)
    (local.set $failed (i32.le_s (local.get $count) (i32.const 0)))
    (i32.store8 offset=0 (i32.const 16) (local.get $failed))
    (i32.store8 offset=1 (i32.const 16)
      (select
        (i32.lt_s (local.get $count) (i32.const 0))
        (i32.rem_u (i32.sub (i32.const 10) (i32.rem_u (local.get $sum) (i32.const 10))) (i32.const 10))
        (local.get $failed)))
    (i32.const 16))

  (func (export "pypes:checksums/digits@1.0.0#isbn") (param $at i32) (param $length i32) (result i32)
    (local $result i32)
    (local.set $result (call $isbn (local.get $at) (local.get $length)))
    (call $forget)
    (local.get $result))

  (func $isbn (param $at i32) (param $length i32) (result i32)
    (local $end i32) (local $digit i32) (local $count i32) (local $ten i32) (local $thirteen i32) (local $prefix i32)
    (local $last i32)
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (local.set $digit (call $digit (i32.load8_u (local.get $at))))
        ;; X stands for ten, as the tenth and last digit.
        (if (i32.and
              (i32.eq (i32.or (i32.load8_u (local.get $at)) (i32.const 32)) (i32.const 120))
              (i32.eq (local.get $count) (i32.const 9)))
          (then (local.set $digit (i32.const 10)) (local.set $last (i32.const 1)))
          (else
            (if (i32.eq (local.get $digit) (i32.const 11)) (then (return (i32.const 0))))
            (if (i32.eq (local.get $digit) (i32.const 10))
              (then
                (local.set $at (i32.add (local.get $at) (i32.const 1)))
                (br $next)))
            (if (local.get $last) (then (return (i32.const 0))))))
        (local.set $ten
          (i32.add (local.get $ten) (i32.mul (local.get $digit) (i32.sub (i32.const 10) (local.get $count)))))
        (local.set $thirteen
          (i32.add
            (local.get $thirteen)
            (i32.mul
              (local.get $digit)
              (i32.add (i32.const 1) (i32.shl (i32.and (local.get $count) (i32.const 1)) (i32.const 1))))))
        (if (i32.lt_u (local.get $count) (i32.const 3))
          (then
            (local.set $prefix (i32.add (i32.mul (local.get $prefix) (i32.const 10)) (local.get $digit)))))
        (local.set $count (i32.add (local.get $count) (i32.const 1)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (if (i32.eq (local.get $count) (i32.const 10))
      (then (return (i32.eqz (i32.rem_u (local.get $ten) (i32.const 11))))))
    (i32.and
      (i32.and
        (i32.eq (local.get $count) (i32.const 13))
        (i32.eq (i32.or (local.get $prefix) (i32.const 1)) (i32.const 979)))
      (i32.eqz (i32.rem_u (local.get $thirteen) (i32.const 10)))))
)
