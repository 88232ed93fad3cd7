//! Complex numbers in arithmetic: what `num_add` and its relatives do when an operand is one.
//!
//! A complex number is an object with two raw floats. It meets only itself and real numbers, which are complex numbers
//! without an imaginary part; results are always complex, also where that part is 0.

use crate::number;
use crate::values::number as real;
use regatta_heap::Value;
use regatta_runtime::object::Complex;
use regatta_runtime::{Context, Stop};

/// Real and imaginary part.
pub(crate) type Parts = (f64, f64);

/// What a complex number takes on the heap.
pub(crate) const BYTES: usize = 24;

/// An operation on numbers that complex numbers have too.
pub(crate) trait Operation: number::Operation {
    /// The result for complex numbers.
    fn complex(a: Parts, b: Parts) -> Parts;
}

macro_rules! operations {
    ($($name:ident: |$a:ident, $b:ident| $result:expr;)*) => { $(
        impl Operation for number::$name {
            fn complex($a: Parts, $b: Parts) -> Parts {
                $result
            }
        }
    )* };
}

operations! {
    Add: |a, b| (a.0 + b.0, a.1 + b.1);
    Sub: |a, b| (a.0 - b.0, a.1 - b.1);
    ReverseSub: |a, b| (b.0 - a.0, b.1 - a.1);
    Mul: |a, b| (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0);
    Div: |a, b| divide(a, b);
    ReverseDiv: |a, b| divide(b, a);
}

/// Applies an operation if an operand is complex and the other one a number.
pub(crate) fn operate<O: Operation>(cx: &mut Context<'_>, a: Value, b: Value) -> Option<Result<Value, Stop>> {
    let (left, right) = (parts(a), parts(b));
    if left.is_none() && right.is_none() {
        return None;
    }
    let left = left.or_else(|| Some((real(a).ok()?, 0.0)))?;
    let right = right.or_else(|| Some((real(b).ok()?, 0.0)))?;
    Some(make(cx, O::complex(left, right)))
}

pub(crate) fn negate(cx: &mut Context<'_>, a: Value) -> Option<Result<Value, Stop>> {
    parts(a).map(|(re, im)| make(cx, (-re, -im)))
}

/// The parts of a complex number.
pub(crate) fn parts(a: Value) -> Option<Parts> {
    Complex::of(a).map(|complex| (complex.re(), complex.im()))
}

fn make(cx: &mut Context<'_>, (re, im): Parts) -> Result<Value, Stop> {
    Ok(Complex::new(&mut cx.process.heap, re, im)?.value())
}

/// By Smith's method: scaling by the larger part of the divisor keeps its square out of the way.
fn divide(a: Parts, b: Parts) -> Parts {
    if b.0.abs() >= b.1.abs() {
        let ratio = b.1 / b.0;
        let scale = b.0 + b.1 * ratio;
        ((a.0 + a.1 * ratio) / scale, (a.1 - a.0 * ratio) / scale)
    } else {
        let ratio = b.0 / b.1;
        let scale = b.0 * ratio + b.1;
        ((a.0 * ratio + a.1) / scale, (a.1 * ratio - a.0) / scale)
    }
}
