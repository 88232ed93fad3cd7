//! What comparisons of values mean, and the loops that count with them.
//!
//! Numbers are ordered by value, whatever their representation, and strings by their bytes; nothing else has an order.
//! Nothing is below, above or equal to NaN: so `not_lt` is not `ge`.

use crate::equality::equal_slowly;
use crate::number::{Add, plain};
use crate::values::number;
use crate::{Way, meanings};
use regatta_heap::Value;
use regatta_runtime::Trap;
use regatta_runtime::object::Str;
use std::cmp::Ordering;

/// Two integers or two floats in order or not; anything else by a method of [`Ordering`], which need not exist.
macro_rules! orders {
    ($($name:ident, $imm:ident: |$a:ident, $b:ident| $holds:expr, $rare:ident;)*) => {
        meanings! { $(
            $name(a: Value, b: Value) -> Result<bool, Trap> {
                if Value::both_i32(a, b) {
                    let ($a, $b) = (a.low_i32(), b.low_i32());
                    return Ok($holds);
                }
                if a.is_f64() && b.is_f64() {
                    let ($a, $b) = (a.raw_f64(), b.raw_f64());
                    return Ok($holds);
                }
                Ok(W::seldom(|| order(a, b))?.is_some_and(Ordering::$rare))
            }
            $imm(a: Value, b: i32) -> Result<bool, Trap> {
                if a.is_i32() {
                    let ($a, $b) = (a.low_i32(), b);
                    return Ok($holds);
                }
                if a.is_f64() {
                    let ($a, $b) = (a.raw_f64(), f64::from(b));
                    return Ok($holds);
                }
                Ok(W::seldom(|| order(a, Value::i32(b)))?.is_some_and(Ordering::$rare))
            }
        )* }
    };
}

orders! {
    val_is_lt, val_is_lt_imm: |a, b| a < b, is_lt;
    val_is_le, val_is_le_imm: |a, b| a <= b, is_le;
    val_is_gt, val_is_gt_imm: |a, b| a > b, is_gt;
    val_is_ge, val_is_ge_imm: |a, b| a >= b, is_ge;
}

meanings! {
    val_lt(a: Value, b: Value) -> Result<Value, Trap> { val_is_lt::<W>(a, b).map(Value::bool) }
    val_le(a: Value, b: Value) -> Result<Value, Trap> { val_is_le::<W>(a, b).map(Value::bool) }

    val_is_not_lt(a: Value, b: Value) -> Result<bool, Trap> { val_is_lt::<W>(a, b).map(|holds| !holds) }
    val_is_not_le(a: Value, b: Value) -> Result<bool, Trap> { val_is_le::<W>(a, b).map(|holds| !holds) }
    val_is_not_lt_imm(a: Value, b: i32) -> Result<bool, Trap> { val_is_lt_imm::<W>(a, b).map(|holds| !holds) }
    val_is_not_le_imm(a: Value, b: i32) -> Result<bool, Trap> { val_is_le_imm::<W>(a, b).map(|holds| !holds) }
    val_is_not_gt_imm(a: Value, b: i32) -> Result<bool, Trap> { val_is_gt_imm::<W>(a, b).map(|holds| !holds) }
    val_is_not_ge_imm(a: Value, b: i32) -> Result<bool, Trap> { val_is_ge_imm::<W>(a, b).map(|holds| !holds) }

    val_is_eq_imm(a: Value, b: i32) -> Result<bool, Trap> {
        if a.is_i32() { return Ok(a.low_i32() == b) }
        if a.is_f64() { return Ok(a.raw_f64() == f64::from(b)) }
        W::seldom(|| Ok(equal_slowly(a, Value::i32(b))))
    }
    val_is_ne_imm(a: Value, b: i32) -> Result<bool, Trap> { val_is_eq_imm::<W>(a, b).map(|holds| !holds) }

    num_inc_lt(i: Value, limit: Value) -> Result<(Value, bool), Trap> {
        counted::<W>(i, 1, limit, |next, limit| next < limit, |next| val_is_lt::<W>(next, limit))
    }
    num_inc_le(i: Value, limit: Value) -> Result<(Value, bool), Trap> {
        counted::<W>(i, 1, limit, |next, limit| next <= limit, |next| val_is_le::<W>(next, limit))
    }
    num_dec_gt(i: Value, limit: Value) -> Result<(Value, bool), Trap> {
        counted::<W>(i, -1, limit, |next, limit| next > limit, |next| val_is_gt::<W>(next, limit))
    }
    num_dec_ge(i: Value, limit: Value) -> Result<(Value, bool), Trap> {
        counted::<W>(i, -1, limit, |next, limit| next >= limit, |next| val_is_ge::<W>(next, limit))
    }
    num_inc_lt_imm(i: Value, limit: i32) -> Result<(Value, bool), Trap> { stepped::<W>(i, 1, |next| val_is_lt_imm::<W>(next, limit)) }
    num_inc_le_imm(i: Value, limit: i32) -> Result<(Value, bool), Trap> { stepped::<W>(i, 1, |next| val_is_le_imm::<W>(next, limit)) }
    num_dec_gt_imm(i: Value, limit: i32) -> Result<(Value, bool), Trap> { stepped::<W>(i, -1, |next| val_is_gt_imm::<W>(next, limit)) }
    num_dec_ge_imm(i: Value, limit: i32) -> Result<(Value, bool), Trap> { stepped::<W>(i, -1, |next| val_is_ge_imm::<W>(next, limit)) }

    num_add_lt(i: Value, step: Value, limit: Value) -> Result<(Value, bool), Trap> {
        moved::<W>(i, step, limit, |next, limit| next < limit, val_is_lt::<W>)
    }
    num_add_le(i: Value, step: Value, limit: Value) -> Result<(Value, bool), Trap> {
        moved::<W>(i, step, limit, |next, limit| next <= limit, val_is_le::<W>)
    }
    num_add_not_gt(x: Value, step: Value, limit: Value) -> Result<(Value, bool), Trap> {
        moved::<W>(x, step, limit, |next, limit| next <= limit, |next, limit| val_is_gt::<W>(next, limit).map(|holds| !holds))
    }
    num_add_not_gt_imm(x: Value, step: i32, limit: i32) -> Result<(Value, bool), Trap> {
        let next = match x.as_i32().and_then(|x| x.checked_add(step)) {
            Some(next) => return Ok((Value::i32(next), next <= limit)),
            None => W::seldom(|| step_slowly(x, step))?,
        };
        Ok((next, !val_is_gt_imm::<W>(next, limit)?))
    }
    num_count_ne_imm(i: Value, a: Value, b: i32) -> Result<(Value, bool), Trap> {
        stepped::<W>(i, 1, |_| val_is_ne_imm::<W>(a, b))
    }
}

/// A number that another one was added to, and how it compares with a third. Three integers are looked at first.
#[inline(always)]
fn moved<W: Way>(
    i: Value,
    step: Value,
    limit: Value,
    integers: impl FnOnce(i32, i32) -> bool,
    holds: impl FnOnce(Value, Value) -> Result<bool, Trap>,
) -> Result<(Value, bool), Trap> {
    if Value::both_i32(i, step)
        && limit.is_i32()
        && let Some(next) = i.low_i32().checked_add(step.low_i32())
    {
        return Ok((Value::i32(next), integers(next, limit.low_i32())));
    }
    let next = match i.is_f64() && step.is_f64() {
        true => Value::computed(i.raw_f64() + step.raw_f64()),
        false => plain::<W, Add>(i, step)?,
    };
    Ok((next, holds(next, limit)?))
}

/// As [`stepped`]; two integers, which is what loops count with, are looked at once for both.
#[inline(always)]
fn counted<W: Way>(
    i: Value,
    by: i32,
    limit: Value,
    integers: impl FnOnce(i32, i32) -> bool,
    again: impl FnOnce(Value) -> Result<bool, Trap>,
) -> Result<(Value, bool), Trap> {
    if Value::both_i32(i, limit)
        && let Some(next) = i.low_i32().checked_add(by)
    {
        return Ok((Value::i32(next), integers(next, limit.low_i32())));
    }
    W::seldom(|| stepped::<W>(i, by, again))
}

/// A number stepped by 1 or -1, and whether it goes on.
#[inline(always)]
fn stepped<W: Way>(i: Value, by: i32, again: impl FnOnce(Value) -> Result<bool, Trap>) -> Result<(Value, bool), Trap> {
    let next = match i.as_i32().and_then(|i| i.checked_add(by)) {
        Some(next) => Value::i32(next),
        None => W::seldom(|| step_slowly(i, by))?,
    };
    Ok((next, again(next)?))
}

#[cold]
#[inline(never)]
fn step_slowly(i: Value, by: i32) -> Result<Value, Trap> {
    Ok(Value::f64(number(i)? + f64::from(by)))
}

/// How two values of any representation are ordered; `None` where one is NaN.
#[cold]
#[inline(never)]
fn order(a: Value, b: Value) -> Result<Option<Ordering>, Trap> {
    if let (Some(a), Some(b)) = (Str::of(a), Str::of(b)) {
        return Ok(Some(a.order(b)));
    }
    Ok(number(a)?.partial_cmp(&number(b)?))
}
