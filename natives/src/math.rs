//! Natives on numbers as such. Results are integers whenever they can be; to programs that is the same number.
//!
//! Not yet known: whether the functions of this machine's library give the last bit that another's do.

use crate::arguments::{Arguments, Outcome, number};
use regatta_heap::Value;
use std::f64::consts;

macro_rules! functions {
    ($($name:ident = |$x:ident $(, $y:ident)?| $result:expr;)*) => { $(
        pub(crate) fn $name<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
            let $x = args.number(0)?;
            $(let $y = args.number(1)?;)?
            args.plain(number($result))
        }
    )* };
}

functions! {
    abs = |x| x.abs();
    sign = |x| if x == 0.0 || x.is_nan() { x } else { x.signum() };
    floor = |x| x.floor();
    ceil = |x| x.ceil();
    round = |x| round_up(x);
    trunc = |x| x.trunc();
    min = |x, y| if x.is_nan() || y.is_nan() { f64::NAN } else if y < x || (x == 0.0 && y.is_sign_negative() && y == 0.0) { y } else { x };
    max = |x, y| if x.is_nan() || y.is_nan() { f64::NAN } else if y > x || (y == 0.0 && x.is_sign_negative() && x == 0.0) { y } else { x };
    pow = |x, y| if y.is_nan() || (y.is_infinite() && x.abs() == 1.0) { f64::NAN } else { x.powf(y) };
    sqrt = |x| x.sqrt();
    sin = |x| x.sin();
    cos = |x| x.cos();
    tan = |x| x.tan();
    asin = |x| x.asin();
    acos = |x| x.acos();
    atan = |x| x.atan();
    atan2 = |y, x| y.atan2(x);
    exp = |x| x.exp();
    ln = |x| x.ln();
    log10 = |x| x.log10();
}

/// The nearest integer; of two, the one above. Adding a half first would round 0.49999999999999994 up.
fn round_up(x: f64) -> f64 {
    let floor = x.floor();
    if x - floor >= 0.5 { floor + 1.0 } else { floor }.copysign(x)
}

pub(crate) fn random<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    const STEPS: f64 = (1u64 << 53) as f64;
    let bits = args.host.random_bits() >> 11;
    args.plain(Value::f64(bits as f64 / STEPS))
}

pub(crate) fn pi<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.plain(Value::f64(consts::PI))
}

pub(crate) fn e<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.plain(Value::f64(consts::E))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_up() {
        for (x, rounded) in
            [(0.5, 1.0), (-0.5, -0.0), (2.5, 3.0), (-2.5, -2.0), (0.49999999999999994, 0.0), (1e300, 1e300)]
        {
            assert_eq!(round_up(x).to_bits(), f64::to_bits(rounded), "{x}");
        }
        assert!(round_up(f64::NAN).is_nan() && round_up(f64::INFINITY).is_infinite());
    }
}
