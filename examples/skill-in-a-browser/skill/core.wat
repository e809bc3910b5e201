;; The code of the component: what interface.wit declares, in the canonical ABI. A result lies at 16; arguments are put
;; behind 4096 and forgotten when a call has ended.
(module
  (memory (export "memory") 1)
  (global $top (mut i32) (i32.const 4096))

  (func (export "cabi_realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $top) (i32.const 15)) (i32.const -16)))
    (global.set $top (i32.add (local.get $at) (local.get $size)))
    (block $done
      (loop $more
        (br_if $done (i32.le_u (global.get $top) (i32.mul (memory.size) (i32.const 65536))))
        (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))
        unreachable))
    (local.get $at))

  ;; The error of `worth`: its case at 24, its symbol at 28.
  (func $problem (param $case i32) (param $holding i32) (result i32)
    (i32.store8 (i32.const 16) (i32.const 1))
    (i32.store8 (i32.const 24) (local.get $case))
    (if (local.get $holding)
      (then
        (i32.store (i32.const 28) (i32.load (local.get $holding)))
        (i32.store (i32.const 32) (i32.load offset=4 (local.get $holding)))))
    (i32.const 16))

  (func (export "acme:portfolio/valuation@1.0.0#worth")
    (param $at i32) (param $count i32) (param $is-only i32) (param $only i32) (result i32)
    (local $end i32) (local $positions i32) (local $shares i64) (local $sum i64)
    (local $price f64) (local $value f64) (local $total f64) (local $most f64) (local $largest i32)
    (local.set $end (i32.add (local.get $at) (i32.mul (local.get $count) (i32.const 32))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (block $skip
          (br_if $skip
            (i32.and (local.get $is-only) (i32.ne (i32.load8_u offset=24 (local.get $at)) (local.get $only))))
          (local.set $price (f64.load offset=16 (local.get $at)))
          (if (i32.eqz (f64.ge (local.get $price) (f64.const 0)))
            (then (return (call $problem (i32.const 1) (local.get $at)))))
          (local.set $shares (i64.load offset=8 (local.get $at)))
          (local.set $sum (i64.add (local.get $sum) (local.get $shares)))
          (if (i64.lt_u (local.get $sum) (local.get $shares))
            (then (return (call $problem (i32.const 2) (i32.const 0)))))
          (local.set $value (f64.mul (f64.convert_i64_u (local.get $shares)) (local.get $price)))
          (local.set $total (f64.add (local.get $total) (local.get $value)))
          (local.set $positions (i32.add (local.get $positions) (i32.const 1)))
          (if (i32.or (i32.eqz (local.get $largest)) (f64.gt (local.get $value) (local.get $most)))
            (then (local.set $largest (local.get $at)) (local.set $most (local.get $value)))))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (br $next)))
    (if (i32.eqz (local.get $positions))
      (then (return (call $problem (i32.const 0) (i32.const 0)))))
    (i32.store8 (i32.const 16) (i32.const 0))
    (i32.store (i32.const 24) (local.get $positions))
    (i64.store (i32.const 32) (local.get $sum))
    (f64.store (i32.const 40) (local.get $total))
    (i32.store8 (i32.const 48) (i32.const 1))
    (i32.store (i32.const 52) (i32.load (local.get $largest)))
    (i32.store (i32.const 56) (i32.load offset=4 (local.get $largest)))
    (i32.const 16))

  (func (export "cabi_post_acme:portfolio/valuation@1.0.0#worth") (param i32)
    (global.set $top (i32.const 4096)))

  (func (export "acme:portfolio/valuation@1.0.0#grow") (param $amount f64) (param $rate f64) (param $years i32) (result f64)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $years)))
        (local.set $amount (f64.add (local.get $amount) (f64.mul (local.get $amount) (local.get $rate))))
        (local.set $years (i32.sub (local.get $years) (i32.const 1)))
        (br $next)))
    (local.get $amount))

  (func (export "acme:portfolio/valuation@1.0.0#split") (param $shares i64) (param $ratio i32) (result i64)
    (i64.mul (local.get $shares) (i64.extend_i32_u (local.get $ratio)))))
