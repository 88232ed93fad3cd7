//! What arithmetic on float values means: `f64` in dynamic clothes.
//!
//! An operand may be any number; the result is a float even where it is whole.

use crate::meanings;
use crate::values::number;
use regatta_heap::Value;
use regatta_runtime::Trap;

macro_rules! on_floats {
    ($($name:ident: |$a:ident, $b:ident| $result:expr;)*) => {
        meanings! { $(
            $name(a: Value, b: Value) -> Result<Value, Trap> {
                let ($a, $b) = both(a, b)?;
                Ok(Value::computed($result))
            }
        )* }
    };
}

on_floats! {
    float_add: |a, b| a + b;
    float_sub: |a, b| a - b;
    float_mul: |a, b| a * b;
    float_div: |a, b| a / b;
    float_rem: |a, b| a % b;
    float_pow: |a, b| a.powf(b);
}

meanings! {
    float_neg(a: Value) -> Result<Value, Trap> {
        Ok(Value::computed(-if a.is_f64() { a.raw_f64() } else { cold_number(a)? }))
    }
}

#[inline(always)]
fn both(a: Value, b: Value) -> Result<(f64, f64), Trap> {
    if a.is_f64() && b.is_f64() { Ok((a.raw_f64(), b.raw_f64())) } else { Ok((cold_number(a)?, cold_number(b)?)) }
}

#[cold]
#[inline(never)]
fn cold_number(a: Value) -> Result<f64, Trap> {
    number(a)
}
