//! What instructions on dynamic values mean: constants, conversions, tests, and numbers.
//!
//! The fast path of an op is what is inlined into every engine; whatever is rarer is a cold function.

use crate::meanings;
use regatta_heap::Value;
use regatta_runtime::Trap;

meanings! {
    special_const(which: u16) -> Value { Value::from_bits(Value::UNDEFINED.bits() | u64::from(which)) }
    val_from_i32(value: i32) -> Value { Value::i32(value) }

    num_add(a: Value, b: Value) -> Result<Value, Trap> {
        if Value::both_i32(a, b) {
            return Ok(match a.low_i32().checked_add(b.low_i32()) {
                Some(sum) => Value::i32(sum),
                None => Value::computed(f64::from(a.low_i32()) + f64::from(b.low_i32())),
            });
        }
        if a.is_f64() && b.is_f64() {
            return Ok(Value::computed(a.raw_f64() + b.raw_f64()));
        }
        slow_add(a, b)
    }
}

#[cold]
#[inline(never)]
fn slow_add(a: Value, b: Value) -> Result<Value, Trap> {
    match (a.as_number(), b.as_number()) {
        (Some(a), Some(b)) => Ok(Value::computed(a + b)),
        _ => Err(Trap::NotANumber),
    }
}
