//! What integer instructions on `i32` mean.
//!
//! Two's complement throughout: an op reads its operands as signed or unsigned where its name says so, and wraps where
//! its result does not fit. Shifts and rotates use the low 5 bits of the second operand. Fused forms (immediates, compare and
//! branch, loop steps) mean the same functions.

use crate::meanings;
use regatta_runtime::{Context, Trap};

meanings! {
    i32_const(value: i32) -> i32 { value }

    i32_add(a: i32, b: i32) -> i32 { a.wrapping_add(b) }
    i32_sum(_cx: &mut Context<'_>, a: i32, b: i32) -> i32 { i32_add::<W>(a, b) }
    i32_sub(a: i32, b: i32) -> i32 { a.wrapping_sub(b) }
    i32_rsub(a: i32, b: i32) -> i32 { b.wrapping_sub(a) }
    i32_add_plus(a: i32, b: i32, c: i32) -> i32 { a.wrapping_add(b).wrapping_add(c) }
    i32_mul(a: i32, b: i32) -> i32 { a.wrapping_mul(b) }

    i32_div_s(a: i32, b: i32) -> Result<i32, Trap> {
        if b == 0 { return Err(Trap::DivideByZero) }
        a.checked_div(b).ok_or(Trap::IntegerOverflow)
    }
    i32_div_u(a: i32, b: i32) -> Result<i32, Trap> {
        (a as u32).checked_div(b as u32).map(|q| q as i32).ok_or(Trap::DivideByZero)
    }
    i32_rem_s(a: i32, b: i32) -> Result<i32, Trap> {
        // MIN % -1 is 0, although MIN / -1 overflows.
        if b == 0 { Err(Trap::DivideByZero) } else { Ok(a.wrapping_rem(b)) }
    }
    i32_rem_u(a: i32, b: i32) -> Result<i32, Trap> {
        (a as u32).checked_rem(b as u32).map(|r| r as i32).ok_or(Trap::DivideByZero)
    }

    i32_and(a: i32, b: i32) -> i32 { a & b }
    i32_or(a: i32, b: i32) -> i32 { a | b }
    i32_xor(a: i32, b: i32) -> i32 { a ^ b }
    i32_shl(a: i32, b: i32) -> i32 { a.wrapping_shl(b as u32) }
    i32_shr_s(a: i32, b: i32) -> i32 { a.wrapping_shr(b as u32) }
    i32_shr_u(a: i32, b: i32) -> i32 { (a as u32).wrapping_shr(b as u32) as i32 }
    i32_rotl(a: i32, b: i32) -> i32 { a.rotate_left(b as u32 % 32) }
    i32_rotr(a: i32, b: i32) -> i32 { a.rotate_right(b as u32 % 32) }

    i32_clz(a: i32) -> i32 { a.leading_zeros() as i32 }
    i32_ctz(a: i32) -> i32 { a.trailing_zeros() as i32 }
    i32_popcnt(a: i32) -> i32 { a.count_ones() as i32 }

    i32_eq(a: i32, b: i32) -> bool { a == b }
    i32_ne(a: i32, b: i32) -> bool { a != b }
    i32_lt_s(a: i32, b: i32) -> bool { a < b }
    i32_lt_u(a: i32, b: i32) -> bool { (a as u32) < b as u32 }
    i32_le_s(a: i32, b: i32) -> bool { a <= b }
    i32_le_u(a: i32, b: i32) -> bool { a as u32 <= b as u32 }
    i32_gt_s(a: i32, b: i32) -> bool { a > b }
    i32_gt_u(a: i32, b: i32) -> bool { a as u32 > b as u32 }
    i32_ge_s(a: i32, b: i32) -> bool { a >= b }
    i32_ge_u(a: i32, b: i32) -> bool { a as u32 >= b as u32 }
    i32_any(a: i32, b: i32) -> bool { a & b != 0 }
    i32_none(a: i32, b: i32) -> bool { a & b == 0 }

    i32_inc_lt(i: i32, limit: i32) -> (i32, bool) { i32_add_lt::<W>(i, 1, limit) }
    i32_inc_le(i: i32, limit: i32) -> (i32, bool) { i32_add_le::<W>(i, 1, limit) }
    i32_dec_gt(i: i32, limit: i32) -> (i32, bool) { let next = i.wrapping_sub(1); (next, next > limit) }
    i32_add_lt(i: i32, step: i32, limit: i32) -> (i32, bool) { let next = i.wrapping_add(step); (next, next < limit) }
    i32_add_le(i: i32, step: i32, limit: i32) -> (i32, bool) { let next = i.wrapping_add(step); (next, next <= limit) }

    i32_extend8_s(a: i32) -> i32 { i32::from(a as i8) }
    i32_extend16_s(a: i32) -> i32 { i32::from(a as i16) }
}
