(module
  (func (export "run") (param $n i32) (result i64)
    (local $total i64) (local $last i64) (local $i i64) (local $x i64)
    (if (i32.lt_s (local.get $n) (i32.const 2)) (then (return (i64.const 0))))
    (local.set $last (i64.extend_i32_s (local.get $n)))
    (local.set $i (i64.const 2))
    (loop $start
      (local.set $x (local.get $i))
      (loop $step
        (if (i32.wrap_i64 (i64.and (local.get $x) (i64.const 1)))
          (then (local.set $x (i64.add (i64.mul (local.get $x) (i64.const 3)) (i64.const 1))))
          (else (local.set $x (i64.shr_s (local.get $x) (i64.const 1)))))
        (local.set $total (i64.add (local.get $total) (i64.const 1)))
        (br_if $step (i64.ne (local.get $x) (i64.const 1))))
      (local.set $i (i64.add (local.get $i) (i64.const 1)))
      (br_if $start (i64.le_s (local.get $i) (local.get $last))))
    (local.get $total)))
