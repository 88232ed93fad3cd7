//! What constants, conversions and truth tests of dynamic values mean.
//!
//! A number is an `i32` or an `f64`, whichever represents it; programs can't tell `3` from `3.0`. So a conversion to an
//! integer takes a float that is one, and a conversion to a float takes an integer. A 64-bit integer lies in a box on the
//! heap and takes no part in arithmetic on values.
//!
//! Throughout this crate, the fast path of an op is what is inlined into every engine; whatever is rarer is a cold
//! function.

use crate::meanings;
use regatta_heap::Value;
use regatta_ir::{FuncId, TextId};
use regatta_runtime::object::I64;
use regatta_runtime::{Context, Stop, Trap};

meanings! {
    special_const(which: u16) -> Value { Value::from_bits(Value::UNDEFINED.bits() | u64::from(which)) }
    atom_const(text: TextId) -> Value { Value::atom(text.0) }
    func_val(func: FuncId) -> Value { Value::function(func.0) }

    val_from_i32(a: i32) -> Value { Value::i32(a) }
    val_from_f32(a: f32) -> Value { Value::f32(a) }
    val_from_f64(a: f64) -> Value { Value::f64(a) }
    val_from_bool(a: i32) -> Value { Value::bool(a != 0) }
    val_from_i64(cx: &mut Context<'_>, a: i64) -> Result<Value, Stop> {
        W::quick_if::<Stop>(|| cx.process.heap.has_room(1))?;
        Ok(I64::new(&mut cx.process.heap, a)?.value())
    }

    i32_from_val(a: Value) -> Result<i32, Trap> { if a.is_i32() { Ok(a.low_i32()) } else { W::seldom(|| integer(a)) } }
    f64_from_val(a: Value) -> Result<f64, Trap> { if a.is_f64() { Ok(a.raw_f64()) } else { number(a) } }
    f32_from_val(a: Value) -> Result<f32, Trap> { number(a).map(|a| a as f32) }
    i64_from_val(a: Value) -> Result<i64, Trap> {
        if a.is_i32() {
            return Ok(i64::from(a.low_i32()));
        }
        I64::of(a).map_or_else(|| W::seldom(|| whole_number(a)), |boxed| Ok(boxed.get()))
    }

    bool_from_val(a: Value) -> Result<bool, Trap> {
        // Two bit patterns are what conditions usually see, objects and nothing what walks along lists do.
        if a == Value::TRUE {
            Ok(true)
        } else if a == Value::FALSE {
            Ok(false)
        } else if a.is_object() {
            Ok(true)
        } else if a.is_nothing() {
            Ok(false)
        } else {
            W::seldom(|| Ok(is_truthy(a)))
        }
    }
    val_is_false(a: Value) -> Result<bool, Trap> { bool_from_val::<W>(a).map(|holds| !holds) }
    val_not(a: Value) -> Result<Value, Trap> { bool_from_val::<W>(a).map(|holds| Value::bool(!holds)) }
    val_is_nothing(a: Value) -> bool { a.is_nothing() }
    val_is_something(a: Value) -> bool { !a.is_nothing() }
}

/// Is it neither nothing, `false`, zero nor NaN?
#[cold]
#[inline(never)]
pub fn is_truthy(a: Value) -> bool {
    match number(a) {
        Ok(number) => number != 0.0 && !number.is_nan(),
        Err(_) => !a.is_nothing() && a != Value::FALSE,
    }
}

/// The number as a float, for paths on which it may be of any representation.
#[inline]
pub(crate) fn number(a: Value) -> Result<f64, Trap> {
    a.as_number().or_else(|| a.as_f32().map(f64::from)).ok_or(Trap::NotANumber)
}

/// The integer that a number is.
#[cold]
#[inline(never)]
pub(crate) fn integer(a: Value) -> Result<i32, Trap> {
    let number = number(a)?;
    if f64::from(number as i32) == number { Ok(number as i32) } else { Err(Trap::NotAnInteger) }
}

#[cold]
#[inline(never)]
fn whole_number(a: Value) -> Result<i64, Trap> {
    // The first float above the range: `as` would give the greatest integer for it, which is not equal, yet rounds to it.
    const END: f64 = 9223372036854775808.0;
    let number = number(a)?;
    let whole = number as i64;
    if whole as f64 == number && number != END { Ok(whole) } else { Err(Trap::NotAnInteger) }
}
