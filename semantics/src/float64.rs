//! What float instructions on `f64` mean.
//!
//! IEEE 754, round to nearest even, no fused steps. A NaN has no payload or sign that a program could see: where bits
//! come to light (`reinterpret`, stores, results for the host) every NaN is the canonical one.

use crate::meanings;
use regatta_runtime::Trap;
use regatta_runtime::scalar::canonical_f64;

meanings! {
    f64_const(value: f64) -> f64 { value }

    f64_add(a: f64, b: f64) -> f64 { a + b }
    f64_sub(a: f64, b: f64) -> f64 { a - b }
    f64_mul(a: f64, b: f64) -> f64 { a * b }
    f64_div(a: f64, b: f64) -> f64 { a / b }
    f64_mul_add(x: f64, a: f64, b: f64) -> f64 { x + a * b }
    f64_mul_plus(a: f64, b: f64, c: f64) -> f64 { a * b + c }
    f64_rdiv(a: f64, b: i32) -> f64 { f64::from(b) / a }
    f64_mul_sub(x: f64, a: f64, b: f64) -> f64 { x - a * b }

    // `<` can't tell -0 from +0, so equal operands decide by sign.
    f64_min(a: f64, b: f64) -> f64 {
        if a < b { a } else if b < a { b } else if a == b { if a.is_sign_negative() { a } else { b } } else { f64::NAN }
    }
    f64_max(a: f64, b: f64) -> f64 {
        if a > b { a } else if b > a { b } else if a == b { if a.is_sign_negative() { b } else { a } } else { f64::NAN }
    }
    // A NaN has no sign to give: it counts as positive.
    f64_copysign(a: f64, b: f64) -> f64 { a.copysign(canonical_f64(b)) }

    f64_abs(a: f64) -> f64 { a.abs() }
    f64_neg(a: f64) -> f64 { -a }
    f64_sqrt(a: f64) -> f64 { a.sqrt() }
    f64_floor(a: f64) -> Result<f64, Trap> { W::seldom(|| Ok(a.floor())) }
    f64_ceil(a: f64) -> Result<f64, Trap> { W::seldom(|| Ok(a.ceil())) }
    f64_trunc(a: f64) -> Result<f64, Trap> { W::seldom(|| Ok(a.trunc())) }
    f64_nearest(a: f64) -> Result<f64, Trap> { W::seldom(|| Ok(a.round_ties_even())) }

    f64_eq(a: f64, b: f64) -> bool { a == b }
    f64_ne(a: f64, b: f64) -> bool { a != b }
    f64_lt(a: f64, b: f64) -> bool { a < b }
    f64_le(a: f64, b: f64) -> bool { a <= b }
    // With NaN, "not less" is not "greater or equal".
    f64_nlt(a: f64, b: f64) -> bool { !f64_lt::<W>(a, b) }
    f64_nle(a: f64, b: f64) -> bool { !f64_le::<W>(a, b) }
}
