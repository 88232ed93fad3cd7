//! What arithmetic on integer values means: `i32` in dynamic clothes.
//!
//! An operand must be a number that is a 32-bit integer, in whatever representation. Results are what [`crate::int32`]
//! says, but dividing MIN by -1 wraps.

use crate::values::integer;
use crate::{Way, meanings};
use regatta_heap::Value;
use regatta_runtime::Trap;

macro_rules! on_integers {
    ($($name:ident: |$a:ident, $b:ident| $result:expr;)*) => {
        meanings! { $(
            $name(a: Value, b: Value) -> Result<Value, Trap> {
                let ($a, $b) = both::<W>(a, b)?;
                Ok(Value::i32($result))
            }
        )* }
    };
}

on_integers! {
    int_add: |a, b| a.wrapping_add(b);
    int_sub: |a, b| a.wrapping_sub(b);
    int_mul: |a, b| a.wrapping_mul(b);
    int_div: |a, b| if b == 0 { return Err(Trap::DivideByZero) } else { a.wrapping_div(b) };
    int_rem: |a, b| if b == 0 { return Err(Trap::DivideByZero) } else { a.wrapping_rem(b) };
    int_pow: |a, b| W::seldom(|| Ok::<i32, Trap>(power(a, b)))?;
    int_and: |a, b| a & b;
    int_or: |a, b| a | b;
    int_xor: |a, b| a ^ b;
    int_shl: |a, b| a.wrapping_shl(b as u32);
    int_shr: |a, b| a.wrapping_shr(b as u32);
    int_ushr: |a, b| (a as u32).wrapping_shr(b as u32) as i32;
}

meanings! {
    int_neg(a: Value) -> Result<Value, Trap> { Ok(Value::i32(one::<W>(a)?.wrapping_neg())) }
    int_not(a: Value) -> Result<Value, Trap> { Ok(Value::i32(!one::<W>(a)?)) }
}

#[inline(always)]
fn both<W: Way>(a: Value, b: Value) -> Result<(i32, i32), Trap> {
    if Value::both_i32(a, b) {
        Ok((a.low_i32(), b.low_i32()))
    } else {
        Ok((W::seldom(|| integer(a))?, W::seldom(|| integer(b))?))
    }
}

#[inline(always)]
fn one<W: Way>(a: Value) -> Result<i32, Trap> {
    if a.is_i32() { Ok(a.low_i32()) } else { W::seldom(|| integer(a)) }
}

/// Towards zero where the exponent is negative: 1 and -1 have whole powers there, 0 would divide by zero and is 0.
#[inline(never)]
fn power(a: i32, b: i32) -> i32 {
    match (u32::try_from(b), a) {
        (Ok(b), _) => a.wrapping_pow(b),
        (Err(_), 1) => 1,
        (Err(_), -1) => {
            if b & 1 == 0 {
                1
            } else {
                -1
            }
        }
        _ => 0,
    }
}
