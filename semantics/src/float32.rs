//! What float instructions on `f32` mean.
//!
//! IEEE 754, round to nearest even, no fused steps. A NaN has no payload or sign that a program could see: where bits
//! come to light (`reinterpret`, stores, results for the host) every NaN is the canonical one.

use crate::meanings;
use regatta_runtime::Trap;
use regatta_runtime::scalar::canonical_f32;

meanings! {
    f32_const(value: f32) -> f32 { value }

    f32_add(a: f32, b: f32) -> f32 { a + b }
    f32_sub(a: f32, b: f32) -> f32 { a - b }
    f32_mul(a: f32, b: f32) -> f32 { a * b }
    f32_div(a: f32, b: f32) -> f32 { a / b }
    f32_mul_add(x: f32, a: f32, b: f32) -> f32 { x + a * b }
    f32_mul_sub(x: f32, a: f32, b: f32) -> f32 { x - a * b }

    // `<` can't tell -0 from +0, so equal operands decide by sign.
    f32_min(a: f32, b: f32) -> f32 {
        if a < b { a } else if b < a { b } else if a == b { if a.is_sign_negative() { a } else { b } } else { f32::NAN }
    }
    f32_max(a: f32, b: f32) -> f32 {
        if a > b { a } else if b > a { b } else if a == b { if a.is_sign_negative() { b } else { a } } else { f32::NAN }
    }
    // A NaN has no sign to give: it counts as positive.
    f32_copysign(a: f32, b: f32) -> f32 { a.copysign(canonical_f32(b)) }

    f32_abs(a: f32) -> f32 { a.abs() }
    f32_neg(a: f32) -> f32 { -a }
    f32_sqrt(a: f32) -> f32 { a.sqrt() }
    f32_floor(a: f32) -> Result<f32, Trap> { W::seldom(|| Ok(a.floor())) }
    f32_ceil(a: f32) -> Result<f32, Trap> { W::seldom(|| Ok(a.ceil())) }
    f32_trunc(a: f32) -> Result<f32, Trap> { W::seldom(|| Ok(a.trunc())) }
    f32_nearest(a: f32) -> Result<f32, Trap> { W::seldom(|| Ok(a.round_ties_even())) }

    f32_eq(a: f32, b: f32) -> bool { a == b }
    f32_ne(a: f32, b: f32) -> bool { a != b }
    f32_lt(a: f32, b: f32) -> bool { a < b }
    f32_le(a: f32, b: f32) -> bool { a <= b }
    // With NaN, "not less" is not "greater or equal".
    f32_nlt(a: f32, b: f32) -> bool { !f32_lt::<W>(a, b) }
    f32_nle(a: f32, b: f32) -> bool { !f32_le::<W>(a, b) }
}
