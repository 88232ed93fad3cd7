//! What rounding, roots and absolute values of numbers mean.
//!
//! An integer is its own rounding. A float that was rounded becomes an integer where it can, as it is often an index
//! next.

use crate::meanings;
use crate::number::narrow;
use crate::values::number;
use regatta_heap::Value;
use regatta_runtime::Trap;

meanings! {
    num_sqrt(a: Value) -> Result<Value, Trap> {
        if a.is_f64() { Ok(Value::computed(a.raw_f64().sqrt())) } else { W::seldom(|| Ok(Value::f64(number(a)?.sqrt()))) }
    }
    num_abs(a: Value) -> Result<Value, Trap> {
        if a.is_f64() { return Ok(Value::computed(a.raw_f64().abs())) }
        // The absolute value of MIN is no i32.
        match a.as_i32().and_then(i32::checked_abs) {
            Some(abs) => Ok(Value::i32(abs)),
            None => W::seldom(|| number(a).map(|a| Value::f64(a.abs()))),
        }
    }
    num_floor(a: Value) -> Result<Value, Trap> { if a.is_i32() { Ok(a) } else { W::seldom(|| round(a, f64::floor)) } }
    num_ceil(a: Value) -> Result<Value, Trap> { if a.is_i32() { Ok(a) } else { W::seldom(|| round(a, f64::ceil)) } }
    num_trunc(a: Value) -> Result<Value, Trap> { if a.is_i32() { Ok(a) } else { W::seldom(|| round(a, f64::trunc)) } }
    num_round(a: Value) -> Result<Value, Trap> { if a.is_i32() { Ok(a) } else { W::seldom(|| round(a, half_up)) } }
}

#[cold]
#[inline(never)]
fn round(a: Value, how: fn(f64) -> f64) -> Result<Value, Trap> {
    Ok(narrow(how(number(a)?)))
}

/// The nearest integer; of two, the greater. Adding a half first would round twice: the float below 0.5 gives 1.
fn half_up(a: f64) -> f64 {
    let below = a.floor();
    let nearest = if a - below >= 0.5 { below + 1.0 } else { below };
    nearest.copysign(a) // from -0.5 on up to 0 it is -0
}
