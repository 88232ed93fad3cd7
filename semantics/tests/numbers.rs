//! Arithmetic on values against plain arithmetic on floats, and against the rules of representation.

use arbtest::arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use regatta_heap::Value;
use regatta_runtime::host::StandardHost;
use regatta_runtime::process::ProcessLimits;
use regatta_runtime::{Context, Natives, Process, Program};
use regatta_semantics::{self as meaning, Quick, Whole};

/// A number, with a liking for those at which something happens.
fn number(u: &mut Unstructured<'_>) -> Result<Value> {
    const INTEGERS: [i32; 10] = [0, 1, -1, 2, -2, i32::MAX, i32::MIN, i32::MAX - 1, 46341, 65536];
    const FLOATS: [f64; 10] =
        [0.0, -0.0, 0.5, -1.5, 2147483648.0, -2147483649.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300];
    Ok(match u.int_in_range(0..=3)? {
        0 => Value::i32(*u.choose(&INTEGERS)?),
        1 => Value::f64(*u.choose(&FLOATS)?),
        2 => Value::i32(u.arbitrary()?),
        _ => Value::f64(u.arbitrary()?),
    })
}

fn float(value: Value) -> f64 {
    value.as_number().expect("a number")
}

/// The same number, NaN too; the sign of zero counts.
fn same(value: Value, expected: f64) -> bool {
    let number = float(value);
    number.to_bits() == expected.to_bits() || (number.is_nan() && expected.is_nan())
}

fn is_integer(a: Value, b: Value, exact: f64) -> bool {
    a.is_i32() && b.is_i32() && f64::from(exact as i32).to_bits() == exact.to_bits()
}

/// What ECMAScript calls ToInt32, by its own words.
fn to_int32(number: f64) -> i32 {
    if !number.is_finite() {
        return 0;
    }
    number.trunc().rem_euclid(4294967296.0) as u32 as i32
}

#[test]
fn arithmetic_is_that_of_floats() {
    let program = Program::new(Natives::new());
    arbtest(|u| {
        let mut process = Process::new(&program, ProcessLimits::default(), Box::new(StandardHost)).expect("no memory");
        let cx = &mut Context { program: &program, process: &mut process };
        let (a, b) = (number(u)?, number(u)?);
        let (x, y) = (float(a), float(b));
        for (name, result, expected) in [
            ("add", meaning::num_add::<Whole>(cx, a, b), x + y),
            ("sub", meaning::num_sub::<Whole>(cx, a, b), x - y),
            ("mul", meaning::num_mul::<Whole>(cx, a, b), x * y),
            ("div", meaning::num_div::<Whole>(cx, a, b), x / y),
        ] {
            let result = result.expect("numbers do not trap");
            assert!(same(result, expected), "{a:?} {name} {b:?} is {result:?}, not {expected}");
            assert_eq!(result.is_i32(), is_integer(a, b, expected), "{a:?} {name} {b:?}");
        }
        let rem = meaning::num_rem::<Whole>(a, b).expect("numbers do not trap");
        let expected = if a.is_i32() && b.is_i32() { x % y + 0.0 } else { x % y };
        assert!(same(rem, expected), "{a:?} rem {b:?} is {rem:?}, not {expected}");
        let neg = meaning::num_neg::<Whole>(cx, a).expect("numbers do not trap");
        assert!(same(neg, -x), "neg {a:?} is {neg:?}");
        Ok(())
    });
}

#[test]
fn a_constant_is_an_operand() {
    let program = Program::new(Natives::new());
    arbtest(|u| {
        let mut process = Process::new(&program, ProcessLimits::default(), Box::new(StandardHost)).expect("no memory");
        let cx = &mut Context { program: &program, process: &mut process };
        let (a, n) = (number(u)?, i32::from(u.arbitrary::<i16>()?));
        let b = Value::i32(n);
        let both =
            |x: Value, y: Value| assert!(same(x, float(y)) && x.is_i32() == y.is_i32(), "{a:?} {n}: {x:?} {y:?}");
        both(meaning::num_add_imm::<Whole>(cx, a, n).unwrap(), meaning::num_add::<Whole>(cx, a, b).unwrap());
        both(meaning::num_sub_imm::<Whole>(cx, a, n).unwrap(), meaning::num_sub::<Whole>(cx, a, b).unwrap());
        both(meaning::num_rsub_imm::<Whole>(cx, a, n).unwrap(), meaning::num_sub::<Whole>(cx, b, a).unwrap());
        both(meaning::num_mul_imm::<Whole>(cx, a, n).unwrap(), meaning::num_mul::<Whole>(cx, a, b).unwrap());
        both(meaning::num_div_imm::<Whole>(cx, a, n).unwrap(), meaning::num_div::<Whole>(cx, a, b).unwrap());
        both(meaning::num_rdiv_imm::<Whole>(cx, a, n).unwrap(), meaning::num_div::<Whole>(cx, b, a).unwrap());
        both(meaning::num_rem_imm::<Whole>(a, n).unwrap(), meaning::num_rem::<Whole>(a, b).unwrap());
        both(meaning::num_and_imm::<Whole>(a, n).unwrap(), meaning::num_and::<Whole>(a, b).unwrap());
        both(meaning::num_ushr_imm::<Whole>(a, n).unwrap(), meaning::num_ushr::<Whole>(a, b).unwrap());
        Ok(())
    });
}

#[test]
fn comparisons_are_those_of_floats() {
    arbtest(|u| {
        let (a, b) = (number(u)?, number(u)?);
        let (x, y) = (float(a), float(b));
        assert_eq!(meaning::val_is_lt::<Whole>(a, b), Ok(x < y));
        assert_eq!(meaning::val_is_le::<Whole>(a, b), Ok(x <= y));
        assert_eq!(meaning::val_is_gt::<Whole>(a, b), Ok(x > y));
        assert_eq!(meaning::val_is_ge::<Whole>(a, b), Ok(x >= y));
        assert_eq!(meaning::val_is_not_lt::<Whole>(a, b), Ok(x >= y || x.is_nan() || y.is_nan()));
        assert_eq!(meaning::val_is_eq::<Whole>(a, b), Ok(x == y));
        assert_eq!(meaning::val_is_same::<Whole>(a, b), same(a, y));
        Ok(())
    });
}

#[test]
fn bits_are_those_of_integers_modulo_2_to_the_32() {
    arbtest(|u| {
        let (a, b) = (number(u)?, number(u)?);
        let (x, y) = (to_int32(float(a)), to_int32(float(b)));
        for (name, result, expected) in [
            ("and", meaning::num_and::<Whole>(a, b), f64::from(x & y)),
            ("or", meaning::num_or::<Whole>(a, b), f64::from(x | y)),
            ("xor", meaning::num_xor::<Whole>(a, b), f64::from(x ^ y)),
            ("shl", meaning::num_shl::<Whole>(a, b), f64::from(x << (y & 31))),
            ("shr", meaning::num_shr::<Whole>(a, b), f64::from(x >> (y & 31))),
            ("ushr", meaning::num_ushr::<Whole>(a, b), f64::from(x as u32 >> (y & 31))),
            ("not", meaning::num_not::<Whole>(a), f64::from(!x)),
        ] {
            let result = result.expect("numbers do not trap");
            assert!(same(result, expected), "{a:?} {name} {b:?} is {result:?}, not {expected}");
            assert_eq!(result.is_i32(), f64::from(expected as i32) == expected);
        }
        Ok(())
    });
}

/// What ends has done nothing, and what does not gives what the whole way gives.
#[test]
fn the_quick_way_leads_to_the_same_place() {
    let program = Program::new(Natives::new());
    arbtest(|u| {
        let mut process = Process::new(&program, ProcessLimits::default(), Box::new(StandardHost)).expect("no memory");
        let cx = &mut Context { program: &program, process: &mut process };
        let (a, b) = (number(u)?, number(u)?);
        for (quick, whole) in [
            (meaning::num_add::<Quick>(cx, a, b), meaning::num_add::<Whole>(cx, a, b)),
            (meaning::num_mul::<Quick>(cx, a, b), meaning::num_mul::<Whole>(cx, a, b)),
            (meaning::num_div::<Quick>(cx, a, b), meaning::num_div::<Whole>(cx, a, b)),
            (meaning::num_neg::<Quick>(cx, a), meaning::num_neg::<Whole>(cx, a)),
        ] {
            assert!(
                quick.is_err() || quick.map(Value::bits) == whole.map(Value::bits),
                "{a:?} {b:?}: {quick:?} {whole:?}"
            );
        }
        let quick = meaning::val_is_lt::<Quick>(a, b);
        assert!(quick.is_err() || quick == meaning::val_is_lt::<Whole>(a, b));
        let integers = a.is_i32() && b.is_i32();
        assert!(!integers || (quick.is_ok() && meaning::num_and::<Quick>(a, b).is_ok()), "integers are quick");
        Ok(())
    });
}
