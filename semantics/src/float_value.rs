//! What arithmetic on float values means: `f64` in dynamic clothes.
//!
//! An operand may be any number; the result is a float even where it is whole.

use crate::values::number;
use crate::{Way, meanings};
use regatta_heap::Value;
use regatta_runtime::Trap;

macro_rules! on_floats {
    ($($name:ident: |$a:ident, $b:ident| $result:expr;)*) => {
        meanings! { $(
            $name(a: Value, b: Value) -> Result<Value, Trap> {
                let ($a, $b) = both::<W>(a, b)?;
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
    float_rem: |a, b| W::seldom(|| Ok::<f64, Trap>(a % b))?;
    float_pow: |a, b| W::seldom(|| Ok::<f64, Trap>(a.powf(b)))?;
}

meanings! {
    float_neg(a: Value) -> Result<Value, Trap> {
        Ok(Value::computed(-if a.is_f64() { a.raw_f64() } else { W::seldom(|| cold_number(a))? }))
    }
}

#[inline(always)]
fn both<W: Way>(a: Value, b: Value) -> Result<(f64, f64), Trap> {
    if a.is_f64() && b.is_f64() {
        Ok((a.raw_f64(), b.raw_f64()))
    } else {
        Ok((W::seldom(|| cold_number(a))?, W::seldom(|| cold_number(b))?))
    }
}

#[cold]
#[inline(never)]
fn cold_number(a: Value) -> Result<f64, Trap> {
    number(a)
}
