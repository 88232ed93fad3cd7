//! What equality of values means.
//!
//! Three relations: `val_eq` is what a language calls `==`, numbers, strings and boxes by value and all else by identity;
//! `val_same` is identity, which for numbers is being the same number (NaN is, and -0 is not 0); `val_equal` looks
//! inside collections and objects and has a file of its own.

use crate::complex;
use crate::meanings;
use crate::values::number;
use regatta_heap::Value;
use regatta_runtime::Trap;
use regatta_runtime::object::{I64, Str};

meanings! {
    val_is_eq(a: Value, b: Value) -> Result<bool, Trap> {
        if Value::both_i32(a, b) {
            Ok(a == b)
        } else if a.is_f64() && b.is_f64() {
            Ok(a.raw_f64() == b.raw_f64())
        } else {
            W::seldom(|| Ok(equal_slowly(a, b)))
        }
    }
    val_is_ne(a: Value, b: Value) -> Result<bool, Trap> { val_is_eq::<W>(a, b).map(|holds| !holds) }
    val_eq(a: Value, b: Value) -> Result<Value, Trap> { val_is_eq::<W>(a, b).map(Value::bool) }
    val_ne(a: Value, b: Value) -> Result<Value, Trap> { val_is_ne::<W>(a, b).map(Value::bool) }

    val_is_same(a: Value, b: Value) -> bool { a == b || same_number(a, b) }
    val_is_not_same(a: Value, b: Value) -> bool { !val_is_same::<W>(a, b) }
    val_same(a: Value, b: Value) -> Value { Value::bool(val_is_same::<W>(a, b)) }
}

/// Equality of anything but two integers or two floats.
#[cold]
#[inline(never)]
pub(crate) fn equal_slowly(a: Value, b: Value) -> bool {
    if a.is_object() && b.is_object() {
        return equal_objects(a, b);
    }
    match (number(a), number(b)) {
        (Ok(a), Ok(b)) => a == b,
        (Ok(real), Err(_)) => is_real(b, real),
        (Err(_), Ok(real)) => is_real(a, real),
        (Err(_), Err(_)) => a == b,
    }
}

/// Strings and boxes are compared by what they hold.
fn equal_objects(a: Value, b: Value) -> bool {
    if let (Some(a), Some(b)) = (Str::of(a), Str::of(b)) {
        return a.equals(b);
    }
    if let (Some(a), Some(b)) = (I64::of(a), I64::of(b)) {
        return a.get() == b.get();
    }
    match (complex::parts(a), complex::parts(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

/// Is it this real number, as a complex one?
fn is_real(a: Value, real: f64) -> bool {
    complex::parts(a).is_some_and(|parts| parts == (real, 0.0))
}

/// One number in two representations: an integer and the float with its bits, or two NaNs.
#[inline]
fn same_number(a: Value, b: Value) -> bool {
    match (a.as_number(), b.as_number()) {
        (Some(a), Some(b)) => a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
        _ => false,
    }
}
