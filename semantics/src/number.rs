//! What arithmetic on numbers means.
//!
//! An operation on two integers gives an integer where that is exact, and else works with floats; so does an operation
//! that meets a float. The integer 0 has no sign: where the result is -0, it is a float. Complex numbers are taken by the
//! operations that can do something with them, on the way to the trap.
//!
//! Integers and floats in all combinations are the fast path, which engines inline. What remains goes through a cold
//! function.

use crate::complex;
use crate::values::number;
use crate::{Way, Whole, meanings, outlined};
use regatta_heap::Value;
use regatta_runtime::{Context, Stop, Trap};

/// An operation on two numbers.
pub(crate) trait Operation {
    /// The result for integers, unless it takes floats to find it.
    fn integers(a: i32, b: i32) -> Option<Value>;
    /// The result for floats.
    fn floats(a: f64, b: f64) -> f64;
}

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident: |$a:ident, $b:ident| $integers:expr, $floats:expr;)*) => { $(
        $(#[$doc])*
        pub(crate) struct $name;

        impl Operation for $name {
            #[inline(always)]
            fn integers($a: i32, $b: i32) -> Option<Value> {
                $integers
            }

            #[inline(always)]
            fn floats($a: f64, $b: f64) -> f64 {
                $floats
            }
        }
    )* };
}

operations! {
    Add: |a, b| a.checked_add(b).map(Value::i32), a + b;
    Sub: |a, b| a.checked_sub(b).map(Value::i32), a - b;
    ReverseSub: |a, b| b.checked_sub(a).map(Value::i32), b - a;
    // Floats know whether a zero is negative.
    Mul: |a, b| a.checked_mul(b).filter(|&product| product != 0).map(Value::i32), a * b;
    Div: |a, b| Some(quotient(a, b)), a / b;
    ReverseDiv: |a, b| Some(quotient(b, a)), b / a;
    // MIN % -1 is 0, although MIN / -1 is no i32; a % 0 is NaN.
    Rem: |a, b| (b != 0).then(|| Value::i32(a.wrapping_rem(b))), a % b;
    Pow: |a, b| u32::try_from(b).ok().and_then(|b| a.checked_pow(b)).map(Value::i32), a.powf(b);
    /// The lesser one; NaN where there is one, and -0 before 0.
    Min: |a, b| Some(Value::i32(a.min(b))), crate::f64_min::<Whole>(a, b);
    Max: |a, b| Some(Value::i32(a.max(b))), crate::f64_max::<Whole>(a, b);
}

meanings! {
    num_add(cx: &mut Context<'_>, a: Value, b: Value) -> Result<Value, Stop> { arithmetic::<W, Add>(cx, a, b) }
    num_sub(cx: &mut Context<'_>, a: Value, b: Value) -> Result<Value, Stop> { arithmetic::<W, Sub>(cx, a, b) }
    num_mul(cx: &mut Context<'_>, a: Value, b: Value) -> Result<Value, Stop> { arithmetic::<W, Mul>(cx, a, b) }
    num_div(cx: &mut Context<'_>, a: Value, b: Value) -> Result<Value, Stop> { arithmetic::<W, Div>(cx, a, b) }
    num_rem(a: Value, b: Value) -> Result<Value, Trap> { plain::<W, Rem>(a, b) }
    num_pow(a: Value, b: Value) -> Result<Value, Trap> { W::seldom(|| rare::<Pow>(a, b)) }
    num_min(a: Value, b: Value) -> Result<Value, Trap> { plain::<W, Min>(a, b) }
    num_max(a: Value, b: Value) -> Result<Value, Trap> { plain::<W, Max>(a, b) }

    num_add_imm(cx: &mut Context<'_>, a: Value, b: i32) -> Result<Value, Stop> { with_constant::<W, Add>(cx, a, b) }
    num_sub_imm(cx: &mut Context<'_>, a: Value, b: i32) -> Result<Value, Stop> { with_constant::<W, Sub>(cx, a, b) }
    num_rsub_imm(cx: &mut Context<'_>, a: Value, b: i32) -> Result<Value, Stop> { with_constant::<W, ReverseSub>(cx, a, b) }
    num_mul_imm(cx: &mut Context<'_>, a: Value, b: i32) -> Result<Value, Stop> { with_constant::<W, Mul>(cx, a, b) }
    num_div_imm(cx: &mut Context<'_>, a: Value, b: i32) -> Result<Value, Stop> { with_constant::<W, Div>(cx, a, b) }
    num_rdiv_imm(cx: &mut Context<'_>, a: Value, b: i32) -> Result<Value, Stop> { with_constant::<W, ReverseDiv>(cx, a, b) }
    num_rem_imm(a: Value, b: i32) -> Result<Value, Trap> { plain::<W, Rem>(a, Value::i32(b)) }

    num_mul_add(cx: &mut Context<'_>, x: Value, a: Value, b: Value) -> Result<Value, Stop> { with_product::<W, Add>(cx, x, a, b) }
    num_mul_sub(cx: &mut Context<'_>, x: Value, a: Value, b: Value) -> Result<Value, Stop> { with_product::<W, Sub>(cx, x, a, b) }
    num_mul_plus(cx: &mut Context<'_>, a: Value, b: Value, c: Value) -> Result<Value, Stop> { with_product::<W, Add>(cx, c, a, b) }
    num_mul_plus_imm(cx: &mut Context<'_>, a: Value, b: i32, c: i32) -> Result<Value, Stop> {
        if a.is_i32() {
            if let Some(sum) = a.low_i32().checked_mul(b).and_then(|product| product.checked_add(c)) {
                return Ok(Value::i32(sum));
            }
        } else if a.is_f64() {
            return Ok(Value::computed(a.raw_f64() * f64::from(b) + f64::from(c)));
        }
        W::seldom(|| outlined(move || product_first::<Add>(cx, Value::i32(c), a, Value::i32(b))))
    }
    num_is_multiple_imm(a: Value, b: i32) -> Result<bool, Trap> {
        if a.is_i32() && b != 0 {
            return Ok(a.low_i32().wrapping_rem(b) == 0);
        }
        W::seldom(|| is_zero_rest(a, b))
    }
    num_is_no_multiple_imm(a: Value, b: i32) -> Result<bool, Trap> { num_is_multiple_imm::<W>(a, b).map(|is| !is) }

    num_neg(cx: &mut Context<'_>, a: Value) -> Result<Value, Stop> {
        if a.is_f64() {
            return Ok(Value::computed(-a.raw_f64()));
        }
        match a.as_i32().filter(|&a| a != 0).and_then(i32::checked_neg) {
            Some(negated) => Ok(Value::i32(negated)),
            None => W::seldom(|| rare_negation(cx, a)),
        }
    }
}

/// An operation that complex numbers know too.
#[inline(always)]
fn arithmetic<W: Way, O: complex::Operation>(cx: &mut Context<'_>, a: Value, b: Value) -> Result<Value, Stop> {
    if Value::both_i32(a, b) {
        if let Some(result) = O::integers(a.low_i32(), b.low_i32()) {
            return Ok(result);
        }
    } else if a.is_f64() {
        if b.is_f64() {
            return Ok(Value::computed(O::floats(a.raw_f64(), b.raw_f64())));
        }
        if b.is_i32() {
            return Ok(Value::computed(O::floats(a.raw_f64(), f64::from(b.low_i32()))));
        }
    } else if a.is_i32() && b.is_f64() {
        return Ok(Value::computed(O::floats(f64::from(a.low_i32()), b.raw_f64())));
    }
    W::seldom(|| outlined(move || rare_or_complex::<O>(cx, a, b)))
}

/// The same where `b` stands in the instruction. A float meets an integer here more often than not.
#[inline(always)]
fn with_constant<W: Way, O: complex::Operation>(cx: &mut Context<'_>, a: Value, b: i32) -> Result<Value, Stop> {
    if a.is_i32() {
        if let Some(result) = O::integers(a.low_i32(), b) {
            return Ok(result);
        }
    } else if a.is_f64() {
        return Ok(Value::computed(O::floats(a.raw_f64(), f64::from(b))));
    }
    W::seldom(|| outlined(move || rare_or_complex::<O>(cx, a, Value::i32(b))))
}

/// `x + a * b` or `x - a * b`, where floats are rounded after each step. That of integers is one where it fits: a product
/// that is -0 leaves an integer as it is.
#[inline(always)]
fn with_product<W: Way, O: complex::Operation>(
    cx: &mut Context<'_>,
    x: Value,
    a: Value,
    b: Value,
) -> Result<Value, Stop> {
    if Value::both_i32(a, b) {
        if let Some(product) = a.low_i32().checked_mul(b.low_i32()) {
            if x.is_i32() {
                if let Some(result) = O::integers(x.low_i32(), product) {
                    return Ok(result);
                }
            } else if x.is_f64() && product != 0 {
                return Ok(Value::computed(O::floats(x.raw_f64(), f64::from(product))));
            }
        }
    } else if let (Some(a), Some(b), Some(x)) = (quick(a), quick(b), quick(x)) {
        return Ok(Value::computed(O::floats(x, a * b)));
    }
    W::seldom(|| outlined(move || product_first::<O>(cx, x, a, b)))
}

/// A number as a float, in either of its two usual forms.
#[inline(always)]
fn quick(a: Value) -> Option<f64> {
    if a.is_f64() {
        return Some(a.raw_f64());
    }
    a.is_i32().then(|| f64::from(a.low_i32()))
}

/// The same in two steps, for numbers of any representation. Where one is complex there is room for both results before there
/// is one, as an instruction that can't have all it needs is done again.
fn product_first<O: complex::Operation>(cx: &mut Context<'_>, x: Value, a: Value, b: Value) -> Result<Value, Stop> {
    if [x, a, b].into_iter().any(|value| complex::parts(value).is_some()) {
        cx.process.heap.reserve(2 * complex::BYTES)?;
    }
    let product = arithmetic::<Whole, Mul>(cx, a, b)?;
    arithmetic::<Whole, O>(cx, x, product)
}

/// Is the rest 0, whatever the representation?
#[cold]
#[inline(never)]
fn is_zero_rest(a: Value, b: i32) -> Result<bool, Trap> {
    Ok(number(rare::<Rem>(a, Value::i32(b))?)? == 0.0)
}

/// An operation on real numbers only.
#[inline(always)]
pub(crate) fn plain<W: Way, O: Operation>(a: Value, b: Value) -> Result<Value, Trap> {
    if Value::both_i32(a, b)
        && let Some(result) = O::integers(a.low_i32(), b.low_i32())
    {
        return Ok(result);
    }
    W::seldom(|| rare::<O>(a, b))
}

/// Numbers of any representation.
#[cold]
#[inline(never)]
fn rare<O: Operation>(a: Value, b: Value) -> Result<Value, Trap> {
    if Value::both_i32(a, b) {
        let (a, b) = (a.low_i32(), b.low_i32());
        return Ok(O::integers(a, b).unwrap_or_else(|| narrow(O::floats(f64::from(a), f64::from(b)))));
    }
    Ok(Value::f64(O::floats(number(a)?, number(b)?)))
}

fn rare_or_complex<O: complex::Operation>(cx: &mut Context<'_>, a: Value, b: Value) -> Result<Value, Stop> {
    rare::<O>(a, b).or_else(|trap| complex::operate::<O>(cx, a, b).unwrap_or(Err(trap.into())))
}

#[cold]
#[inline(never)]
fn rare_negation(cx: &mut Context<'_>, a: Value) -> Result<Value, Stop> {
    match number(a) {
        Ok(number) => Ok(Value::f64(-number)),
        Err(trap) => complex::negate(cx, a).unwrap_or(Err(trap.into())),
    }
}

/// The number as an integer if it is one, and not -0.
#[inline(always)]
pub(crate) fn narrow(number: f64) -> Value {
    let integer = number as i32;
    // Bits, because -0 and 0 are equal.
    if f64::from(integer).to_bits() == number.to_bits() { Value::i32(integer) } else { Value::computed(number) }
}

/// `a / b`: an integer where it is one. A machine's integer division takes less than the way to floats, through theirs and
/// back, so that is tried first; by a divisor below zero, 0 would become -0.
#[inline(always)]
fn quotient(a: i32, b: i32) -> Value {
    if b > 0 && a % b == 0 {
        return Value::i32(a / b);
    }
    let quotient = f64::from(a) / f64::from(b);
    if b > 0 { Value::computed(quotient) } else { narrow(quotient) }
}
