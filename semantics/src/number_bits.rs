//! What bit operations on numbers mean.
//!
//! An operand is taken modulo 2^32, without what follows the point, and read as signed; NaN and the infinities are 0.
//! Results are integers, but an unsigned shift can give a float: it is never negative.

use crate::values::number;
use crate::{Way, meanings};
use regatta_heap::Value;
use regatta_runtime::Trap;

macro_rules! bit_operations {
    ($($name:ident, $imm:ident: |$a:ident, $b:ident| $result:expr;)*) => {
        meanings! { $(
            $name(a: Value, b: Value) -> Result<Value, Trap> {
                let ($a, $b) = if Value::both_i32(a, b) { (a.low_i32(), b.low_i32()) } else { (bits::<W>(a)?, bits::<W>(b)?) };
                Ok($result)
            }
            $imm(a: Value, b: i32) -> Result<Value, Trap> {
                let ($a, $b) = (if a.is_i32() { a.low_i32() } else { bits::<W>(a)? }, b);
                Ok($result)
            }
        )* }
    };
}

bit_operations! {
    num_and, num_and_imm: |a, b| Value::i32(a & b);
    num_or, num_or_imm: |a, b| Value::i32(a | b);
    num_xor, num_xor_imm: |a, b| Value::i32(a ^ b);
    num_shl, num_shl_imm: |a, b| Value::i32(a.wrapping_shl(b as u32));
    num_shr, num_shr_imm: |a, b| Value::i32(a.wrapping_shr(b as u32));
    num_ushr, num_ushr_imm: |a, b| unsigned((a as u32).wrapping_shr(b as u32));
}

meanings! {
    num_not(a: Value) -> Result<Value, Trap> { Ok(Value::i32(!if a.is_i32() { a.low_i32() } else { bits::<W>(a)? })) }
}

#[inline(always)]
fn unsigned(number: u32) -> Value {
    match i32::try_from(number) {
        Ok(small) => Value::i32(small),
        Err(_) => Value::computed(f64::from(number)),
    }
}

/// The low 32 bits of a number of any representation.
#[inline(always)]
fn bits<W: Way>(a: Value) -> Result<i32, Trap> {
    W::seldom(|| bits_of_any(a))
}

#[cold]
#[inline(never)]
fn bits_of_any(a: Value) -> Result<i32, Trap> {
    if a.is_i32() {
        return Ok(a.low_i32());
    }
    Ok(low_bits(number(a)?))
}

/// The low 32 bits of the integer part.
fn low_bits(number: f64) -> i32 {
    // 2^63: below, the conversion to i64 is exact.
    const END: f64 = 9223372036854775808.0;
    if number.abs() < END {
        return number as i64 as i32;
    }
    let raw = number.to_bits();
    let exponent = (raw >> 52 & 0x7FF) as u32;
    // The mantissa stands `shift` bits to the left of the point: it has no low bits from 32 on, nor has what is no number.
    let shift = exponent - 1075;
    if shift >= 32 {
        return 0;
    }
    let magnitude = ((raw & ((1 << 52) - 1) | 1 << 52) as u32) << shift;
    if number < 0.0 { magnitude.wrapping_neg() as i32 } else { magnitude as i32 }
}

#[cfg(test)]
mod tests {
    use super::low_bits;

    #[test]
    fn bits_are_taken_modulo_2_to_the_32() {
        let p = |n: i32| 2f64.powi(n);
        for (number, expected) in [
            (0.0, 0),
            (-0.0, 0),
            (3.99, 3),
            (-3.99, -3),
            (p(31), i32::MIN),
            (p(32), 0),
            (p(32) + 5.0, 5),
            (-p(31) - 1.0, i32::MAX),
            (p(53) + 2.0, 2),
            (p(63), 0),
            (p(63) + p(11), 2048),
            (-p(63) - p(11), -2048),
            (p(83) + p(31), i32::MIN),
            (p(84), 0),
            (p(1000), 0),
            (f64::MAX, 0),
            (f64::NAN, 0),
            (f64::INFINITY, 0),
            (f64::NEG_INFINITY, 0),
            (f64::MIN_POSITIVE, 0),
        ] {
            assert_eq!(low_bits(number), expected, "{number}");
        }
    }
}
