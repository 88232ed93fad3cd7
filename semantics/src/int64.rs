//! What integer instructions on `i64` mean.
//!
//! Two's complement throughout: an op reads its operands as signed or unsigned where its name says so, and wraps where
//! its result does not fit. Shifts and rotates use the low 6 bits of the second operand. Fused forms (immediates, compare and
//! branch, loop steps) mean the same functions.

use crate::meanings;
use regatta_runtime::Trap;

meanings! {
    i64_const(value: i64) -> i64 { value }

    i64_add(a: i64, b: i64) -> i64 { a.wrapping_add(b) }
    i64_sub(a: i64, b: i64) -> i64 { a.wrapping_sub(b) }
    i64_rsub(a: i64, b: i64) -> i64 { b.wrapping_sub(a) }
    i64_mul(a: i64, b: i64) -> i64 { a.wrapping_mul(b) }
    i64_mul_plus(a: i64, b: i64, c: i64) -> i64 { a.wrapping_mul(b).wrapping_add(c) }

    i64_div_s(a: i64, b: i64) -> Result<i64, Trap> {
        if b == 0 { return Err(Trap::DivideByZero) }
        a.checked_div(b).ok_or(Trap::IntegerOverflow)
    }
    i64_div_u(a: i64, b: i64) -> Result<i64, Trap> {
        (a as u64).checked_div(b as u64).map(|q| q as i64).ok_or(Trap::DivideByZero)
    }
    i64_rem_s(a: i64, b: i64) -> Result<i64, Trap> {
        // MIN % -1 is 0, although MIN / -1 overflows.
        if b == 0 { Err(Trap::DivideByZero) } else { Ok(a.wrapping_rem(b)) }
    }
    i64_rem_u(a: i64, b: i64) -> Result<i64, Trap> {
        (a as u64).checked_rem(b as u64).map(|r| r as i64).ok_or(Trap::DivideByZero)
    }

    i64_and(a: i64, b: i64) -> i64 { a & b }
    i64_or(a: i64, b: i64) -> i64 { a | b }
    i64_xor(a: i64, b: i64) -> i64 { a ^ b }
    i64_shl(a: i64, b: i64) -> i64 { a.wrapping_shl(b as u32) }
    i64_shr_s(a: i64, b: i64) -> i64 { a.wrapping_shr(b as u32) }
    i64_shr_u(a: i64, b: i64) -> i64 { (a as u64).wrapping_shr(b as u32) as i64 }
    i64_rotl(a: i64, b: i64) -> i64 { a.rotate_left(b as u32 % 64) }
    i64_rotr(a: i64, b: i64) -> i64 { a.rotate_right(b as u32 % 64) }

    i64_clz(a: i64) -> i64 { a.leading_zeros() as i64 }
    i64_ctz(a: i64) -> i64 { a.trailing_zeros() as i64 }
    i64_popcnt(a: i64) -> i64 { a.count_ones() as i64 }

    i64_eq(a: i64, b: i64) -> bool { a == b }
    i64_ne(a: i64, b: i64) -> bool { a != b }
    i64_lt_s(a: i64, b: i64) -> bool { a < b }
    i64_lt_u(a: i64, b: i64) -> bool { (a as u64) < b as u64 }
    i64_le_s(a: i64, b: i64) -> bool { a <= b }
    i64_le_u(a: i64, b: i64) -> bool { a as u64 <= b as u64 }
    i64_gt_s(a: i64, b: i64) -> bool { a > b }
    i64_gt_u(a: i64, b: i64) -> bool { a as u64 > b as u64 }
    i64_ge_s(a: i64, b: i64) -> bool { a >= b }
    i64_ge_u(a: i64, b: i64) -> bool { a as u64 >= b as u64 }
    i64_any(a: i64, b: i64) -> bool { a & b != 0 }
    i64_none(a: i64, b: i64) -> bool { a & b == 0 }

    i64_inc_lt(i: i64, limit: i64) -> (i64, bool) { i64_add_lt::<W>(i, 1, limit) }
    i64_inc_le(i: i64, limit: i64) -> (i64, bool) { i64_add_le::<W>(i, 1, limit) }
    i64_dec_gt(i: i64, limit: i64) -> (i64, bool) { let next = i.wrapping_sub(1); (next, next > limit) }
    i64_add_lt(i: i64, step: i64, limit: i64) -> (i64, bool) { let next = i.wrapping_add(step); (next, next < limit) }
    i64_add_le(i: i64, step: i64, limit: i64) -> (i64, bool) { let next = i.wrapping_add(step); (next, next <= limit) }
    i64_count_ne(i: i64, a: i64, b: i64) -> (i64, bool) { (i.wrapping_add(1), a != b) }

    i64_extend8_s(a: i64) -> i64 { i64::from(a as i8) }
    i64_extend16_s(a: i64) -> i64 { i64::from(a as i16) }
    i64_extend32_s(a: i64) -> i64 { i64::from(a as i32) }
}
