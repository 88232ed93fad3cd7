//! What conversions mean.
//!
//! `trunc` goes towards zero and traps where the result does not exist; `trunc_sat` gives the nearest end of the range
//! instead, and 0 for NaN: what Rust's `as` does.

#![expect(
    clippy::manual_range_contains,
    reason = "the ranges of all rows are written in one way, to be read side by side"
)]

use crate::meanings;
use regatta_runtime::Trap;
use regatta_runtime::scalar::{canonical_f32, canonical_f64};

/// `a` as an integer type, if it lies in the range whose fractions truncate into the type. The ends are written so that
/// they are exact in the float type: with `f32`, nothing lies between -2^31 and the next float below.
macro_rules! truncate {
    ($a:ident as $int:ty, if $in_range:expr) => {
        if $a.is_nan() {
            Err(Trap::InvalidConversion)
        } else if $in_range {
            Ok($a as $int)
        } else {
            Err(Trap::IntegerOverflow)
        }
    };
}

/// 2^31, 2^32, 2^63 and 2^64: powers of two, exact in `f32` and `f64`.
const P31: f64 = 2147483648.0;
const P32: f64 = 4294967296.0;
const P63: f64 = 9223372036854775808.0;
const P64: f64 = 18446744073709551616.0;

meanings! {
    i32_wrap_i64(a: i64) -> i32 { a as i32 }
    i64_extend_i32_s(a: i32) -> i64 { i64::from(a) }
    i64_extend_i32_u(a: i32) -> i64 { i64::from(a as u32) }

    i32_trunc_f32_s(a: f32) -> Result<i32, Trap> { truncate!(a as i32, if a >= -P31 as f32 && a < P31 as f32) }
    i32_trunc_f32_u(a: f32) -> Result<i32, Trap> { truncate!(a as u32, if a > -1.0 && a < P32 as f32).map(|v| v as i32) }
    i32_trunc_f64_s(a: f64) -> Result<i32, Trap> { truncate!(a as i32, if a > -P31 - 1.0 && a < P31) }
    i32_trunc_f64_u(a: f64) -> Result<i32, Trap> { truncate!(a as u32, if a > -1.0 && a < P32).map(|v| v as i32) }
    i64_trunc_f32_s(a: f32) -> Result<i64, Trap> { truncate!(a as i64, if a >= -P63 as f32 && a < P63 as f32) }
    i64_trunc_f32_u(a: f32) -> Result<i64, Trap> { truncate!(a as u64, if a > -1.0 && a < P64 as f32).map(|v| v as i64) }
    i64_trunc_f64_s(a: f64) -> Result<i64, Trap> { truncate!(a as i64, if a >= -P63 && a < P63) }
    i64_trunc_f64_u(a: f64) -> Result<i64, Trap> { truncate!(a as u64, if a > -1.0 && a < P64).map(|v| v as i64) }

    i32_trunc_sat_f32_s(a: f32) -> i32 { a as i32 }
    i32_trunc_sat_f32_u(a: f32) -> i32 { a as u32 as i32 }
    i32_trunc_sat_f64_s(a: f64) -> i32 { a as i32 }
    i32_trunc_sat_f64_u(a: f64) -> i32 { a as u32 as i32 }
    i64_trunc_sat_f32_s(a: f32) -> i64 { a as i64 }
    i64_trunc_sat_f32_u(a: f32) -> i64 { a as u64 as i64 }
    i64_trunc_sat_f64_s(a: f64) -> i64 { a as i64 }
    i64_trunc_sat_f64_u(a: f64) -> i64 { a as u64 as i64 }

    f32_convert_i32_s(a: i32) -> f32 { a as f32 }
    f32_convert_i32_u(a: i32) -> f32 { a as u32 as f32 }
    f32_convert_i64_s(a: i64) -> f32 { a as f32 }
    f32_convert_i64_u(a: i64) -> f32 { a as u64 as f32 }
    f64_convert_i32_s(a: i32) -> f64 { a as f64 }
    f64_convert_i32_u(a: i32) -> f64 { a as u32 as f64 }
    f64_convert_i64_s(a: i64) -> f64 { a as f64 }
    f64_convert_i64_u(a: i64) -> f64 { a as u64 as f64 }

    f32_demote_f64(a: f64) -> f32 { a as f32 }
    f64_promote_f32(a: f32) -> f64 { f64::from(a) }

    i32_reinterpret_f32(a: f32) -> i32 { canonical_f32(a).to_bits() as i32 }
    i64_reinterpret_f64(a: f64) -> i64 { canonical_f64(a).to_bits() as i64 }
    f32_reinterpret_i32(a: i32) -> f32 { f32::from_bits(a as u32) }
    f64_reinterpret_i64(a: i64) -> f64 { f64::from_bits(a as u64) }
}
