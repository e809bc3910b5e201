;; The source of statistics/component.wasm: running statistics, and a histogram for quantiles (npm run build:skills).
(module
  (import "[export]pypes:statistics/running@1.0.0" "[resource-new]summary" (func $new (param i32) (result i32)))
  (import "[export]pypes:statistics/running@1.0.0" "[resource-rep]summary" (func $place (param i32) (result i32)))
  (import "[export]pypes:statistics/running@1.0.0" "[resource-drop]summary" (func $drop (param i32)))

  ;; 16: results. From 1024: summaries, each of 13624 bytes, and above them the arguments of the call under way.
  ;; A summary: 0 count, 8 mean, 16 sum of squared distances from it, 24 least, 32 most, 40 the next free one,
  ;; from 48 the buckets: 848 of negative values, one of zero, 848 of positive ones, ascending, 8 bytes each.
  (memory (export "memory") 1)
  (global $floor (mut i32) (i32.const 1024))
  (global $top (mut i32) (i32.const 1024))
  (global $free (mut i32) (i32.const 0))

  (func (export "cabi_realloc")
    (param $old i32) (param $size i32) (param $align i32) (param $wanted i32) (result i32)
    (local $at i32)
    (local.set $at
      (i32.and
        (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
    (call $reach (local.get $at) (i32.add (local.get $at) (local.get $wanted)))
    (memory.copy (local.get $at) (local.get $old)
      (select (local.get $size) (local.get $wanted) (i32.lt_u (local.get $size) (local.get $wanted))))
    (local.get $at))

  ;; Makes the memory reach from one place to another, which is the top from now on.
  (func $reach (param $from i32) (param $to i32)
    (local $pages i32)
    (if (i32.or
          (i32.lt_u (local.get $from) (global.get $floor))
          (i32.lt_u (local.get $to) (local.get $from)))
      (then unreachable))
    (local.set $pages
      (i32.sub (i32.add (i32.shr_u (local.get $to) (i32.const 16)) (i32.const 1)) (memory.size)))
    (if (i32.gt_s (local.get $pages) (i32.const 0))
      (then
        (if (i32.eq (memory.grow (local.get $pages)) (i32.const -1)) (then unreachable))))
    (global.set $top (local.get $to)))

  (func $forget
    (global.set $top (global.get $floor)))

  ;; Room for a summary. Calls that make one have no arguments in memory, so there is nothing above the floor to lose.
  (func $take (result i32)
    (local $at i32)
    (local.set $at (global.get $free))
    (if (local.get $at)
      (then (global.set $free (i32.load offset=40 (local.get $at))))
      (else
        (local.set $at (global.get $floor))
        (call $reach (local.get $at) (i32.add (local.get $at) (i32.const 13624)))
        (global.set $floor (global.get $top))))
    (memory.fill (local.get $at) (i32.const 0) (i32.const 13624))
    (f64.store offset=24 (local.get $at) (f64.const inf))
    (f64.store offset=32 (local.get $at) (f64.const -inf))
    (local.get $at))

  (func (export "pypes:statistics/running@1.0.0#[dtor]summary") (param $at i32)
    (i32.store offset=40 (local.get $at) (global.get $free))
    (global.set $free (local.get $at)))

  (func (export "pypes:statistics/running@1.0.0#[constructor]summary") (result i32)
    (call $new (call $take)))

  (func $in-range (param $value f64) (result i32)
    (f64.le (f64.abs (local.get $value)) (f64.const 1e140)))

  ;; Which bucket a value belongs to: sixteen of them for each power of two from 2^-20 to 2^32.
  (func $bucket (param $value f64) (result i32)
    (local $key i32)
    (if (f64.lt (f64.abs (local.get $value)) (f64.const 0x1p-20)) (then (return (i32.const 848))))
    (local.set $key
      (i32.sub
        (i32.wrap_i64 (i64.shr_u (i64.reinterpret_f64 (f64.abs (local.get $value))) (i64.const 48)))
        (i32.const 16048)))
    (if (i32.gt_u (local.get $key) (i32.const 847)) (then (local.set $key (i32.const 847))))
    (local.set $key (i32.add (local.get $key) (i32.const 1)))
    (if (f64.lt (local.get $value) (f64.const 0))
      (then (return (i32.sub (i32.const 848) (local.get $key)))))
    (i32.add (i32.const 848) (local.get $key)))

  ;; The middle of a bucket.
  (func $middle (param $bucket i32) (result f64)
    (local $key i32)
    (local.set $key (i32.sub (local.get $bucket) (i32.const 848)))
    (if (i32.eqz (local.get $key)) (then (return (f64.const 0))))
    (if (i32.lt_s (local.get $key) (i32.const 0))
      (then (return (f64.neg (call $middle (i32.sub (i32.const 848) (local.get $key)))))))
    (f64.reinterpret_i64
      (i64.or
        (i64.shl (i64.extend_i32_u (i32.add (local.get $key) (i32.const 16047))) (i64.const 48))
        (i64.const 0x800000000000))))

  (func $add (param $at i32) (param $value f64)
    (local $count i64) (local $distance f64) (local $slot i32)
    (local.set $count (i64.add (i64.load (local.get $at)) (i64.const 1)))
    (i64.store (local.get $at) (local.get $count))
    (local.set $distance (f64.sub (local.get $value) (f64.load offset=8 (local.get $at))))
    (f64.store offset=8 (local.get $at)
      (f64.add
        (f64.load offset=8 (local.get $at))
        (f64.div (local.get $distance) (f64.convert_i64_u (local.get $count)))))
    (f64.store offset=16 (local.get $at)
      (f64.add
        (f64.load offset=16 (local.get $at))
        (f64.mul (local.get $distance) (f64.sub (local.get $value) (f64.load offset=8 (local.get $at))))))
    (f64.store offset=24 (local.get $at) (f64.min (f64.load offset=24 (local.get $at)) (local.get $value)))
    (f64.store offset=32 (local.get $at) (f64.max (f64.load offset=32 (local.get $at)) (local.get $value)))
    (local.set $slot (i32.add (local.get $at) (i32.shl (call $bucket (local.get $value)) (i32.const 3))))
    (i64.store offset=48 (local.get $slot) (i64.add (i64.load offset=48 (local.get $slot)) (i64.const 1))))

  (func $fault (param $case i32) (result i32)
    (i32.store8 (i32.const 16) (i32.const 1))
    (i32.store8 (i32.const 24) (local.get $case))
    (i32.const 16))

  (func $count-of (param $at i32) (result i32)
    (i32.store8 (i32.const 16) (i32.const 0))
    (i64.store (i32.const 24) (i64.load (local.get $at)))
    (i32.const 16))

  (func (export "pypes:statistics/running@1.0.0#[method]summary.add") (param $at i32) (param $value f64) (result i32)
    (if (i32.eqz (call $in-range (local.get $value))) (then (return (call $fault (i32.const 1)))))
    (call $add (local.get $at) (local.get $value))
    (call $count-of (local.get $at)))

  (func (export "pypes:statistics/running@1.0.0#[method]summary.add-all")
    (param $at i32) (param $values i32) (param $length i32) (result i32)
    (local $index i32)
    (call $forget)
    (block $checked
      (loop $next
        (br_if $checked (i32.eq (local.get $index) (local.get $length)))
        (if (i32.eqz
              (call $in-range (f64.load (i32.add (local.get $values) (i32.shl (local.get $index) (i32.const 3))))))
          (then (return (call $fault (i32.const 1)))))
        (local.set $index (i32.add (local.get $index) (i32.const 1)))
        (br $next)))
    (local.set $index (i32.const 0))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $index) (local.get $length)))
        (call $add
          (local.get $at)
          (f64.load (i32.add (local.get $values) (i32.shl (local.get $index) (i32.const 3)))))
        (local.set $index (i32.add (local.get $index) (i32.const 1)))
        (br $next)))
    (call $count-of (local.get $at)))

  (func (export "pypes:statistics/running@1.0.0#[method]summary.report") (param $at i32) (result i32)
    (local $variance f64)
    (if (i64.eqz (i64.load (local.get $at))) (then (return (call $fault (i32.const 0)))))
    (local.set $variance
      (f64.div (f64.load offset=16 (local.get $at)) (f64.convert_i64_u (i64.load (local.get $at)))))
    (drop (call $count-of (local.get $at)))
    (f64.store (i32.const 32) (f64.load offset=8 (local.get $at)))
    (f64.store (i32.const 40) (local.get $variance))
    (f64.store (i32.const 48) (f64.sqrt (local.get $variance)))
    (f64.store (i32.const 56) (f64.load offset=24 (local.get $at)))
    (f64.store (i32.const 64) (f64.load offset=32 (local.get $at)))
    (i32.const 16))

  ;; The extremes are known; between them the first bucket up to which that share of all values lies.
  (func (export "pypes:statistics/running@1.0.0#[method]summary.quantile")
    (param $at i32) (param $share f64) (result i32)
    (local $count i64) (local $rank i64) (local $seen i64) (local $bucket i32)
    (local.set $count (i64.load (local.get $at)))
    (if (i64.eqz (local.get $count)) (then (return (call $fault (i32.const 0)))))
    (if (i32.eqz
          (i32.and (f64.ge (local.get $share) (f64.const 0)) (f64.le (local.get $share) (f64.const 1))))
      (then (return (call $fault (i32.const 2)))))
    (local.set $rank
      ;; A little less than the product: 0.07 of 100 values are seven, though not in binary.
      (i64.trunc_f64_u
        (f64.ceil
          (f64.mul
            (f64.mul (local.get $share) (f64.convert_i64_u (local.get $count)))
            (f64.const 0.999999999999)))))
    (i32.store8 (i32.const 16) (i32.const 0))
    (if (i64.le_u (local.get $rank) (i64.const 1))
      (then (f64.store (i32.const 24) (f64.load offset=24 (local.get $at))) (return (i32.const 16))))
    (if (i64.ge_u (local.get $rank) (local.get $count))
      (then (f64.store (i32.const 24) (f64.load offset=32 (local.get $at))) (return (i32.const 16))))
    (block $found
      (loop $next
        (local.set $seen
          (i64.add
            (local.get $seen)
            (i64.load offset=48 (i32.add (local.get $at) (i32.shl (local.get $bucket) (i32.const 3))))))
        (br_if $found (i64.ge_u (local.get $seen) (local.get $rank)))
        (local.set $bucket (i32.add (local.get $bucket) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $bucket) (i32.const 1696)))))
    (f64.store (i32.const 24)
      (f64.min
        (f64.max (call $middle (local.get $bucket)) (f64.load offset=24 (local.get $at)))
        (f64.load offset=32 (local.get $at))))
    (i32.const 16))

  (func (export "pypes:statistics/running@1.0.0#[static]summary.merge") (param $a i32) (param $b i32) (result i32)
    (local $at i32) (local $from i32)
    (local.set $at (call $take))
    (memory.copy (local.get $at) (call $place (local.get $a)) (i32.const 13624))
    (local.set $from (call $place (local.get $b)))
    (call $absorb (local.get $at) (local.get $from))
    (call $drop (local.get $a))
    (call $drop (local.get $b))
    (call $new (local.get $at)))

  (func $absorb (param $at i32) (param $from i32)
    (local $count i64) (local $share f64) (local $distance f64) (local $bucket i32)
    (local.set $count (i64.add (i64.load (local.get $at)) (i64.load (local.get $from))))
    (if (i64.eqz (local.get $count)) (then (return)))
    ;; Which share of all values comes from there.
    (local.set $share
      (f64.div (f64.convert_i64_u (i64.load (local.get $from))) (f64.convert_i64_u (local.get $count))))
    (local.set $distance
      (f64.sub (f64.load offset=8 (local.get $from)) (f64.load offset=8 (local.get $at))))
    (f64.store offset=16 (local.get $at)
      (f64.add
        (f64.add (f64.load offset=16 (local.get $at)) (f64.load offset=16 (local.get $from)))
        (f64.mul
          (f64.mul (local.get $distance) (local.get $distance))
          (f64.mul (f64.convert_i64_u (i64.load (local.get $at))) (local.get $share)))))
    (f64.store offset=8 (local.get $at)
      (f64.add (f64.load offset=8 (local.get $at)) (f64.mul (local.get $distance) (local.get $share))))
    (i64.store (local.get $at) (local.get $count))
    (f64.store offset=24 (local.get $at)
      (f64.min (f64.load offset=24 (local.get $at)) (f64.load offset=24 (local.get $from))))
    (f64.store offset=32 (local.get $at)
      (f64.max (f64.load offset=32 (local.get $at)) (f64.load offset=32 (local.get $from))))
    (loop $next
      (i64.store offset=48 (local.get $at)
        (i64.add (i64.load offset=48 (local.get $at)) (i64.load offset=48 (local.get $from))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (local.set $from (i32.add (local.get $from) (i32.const 8)))
      (local.set $bucket (i32.add (local.get $bucket) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $bucket) (i32.const 1697)))))
)
