//! Numbers as text, as JavaScript writes them.
//!
//! The digits are the fewest that read back as the same float; Rust finds them. Where the point goes is decided here:
//! a number from a millionth up to 10^21 is written out, any other with an exponent.

use std::fmt::{self, Write};

/// The greatest power of ten that is written out.
const MAX_PLAIN_POWER: i32 = 21;
/// The most zeros that stand between the point and the first digit.
const MAX_LEADING_ZEROS: i32 = 6;

/// An integer's digits, with its sign in front.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decimal {
    bits: u128,
    len: u32,
}

impl Decimal {
    /// Those of `integer`. They come two at a time from the end, and never leave registers.
    #[inline]
    pub fn of(integer: i32) -> Decimal {
        let (mut bits, mut len) = (0, 0);
        let mut rest = integer.unsigned_abs();
        while rest >= 100 {
            let (hundreds, pair) = (rest / 100, rest % 100);
            let tens = pair / 10;
            bits = bits << 16 | u128::from(tens | (pair - 10 * tens) << 8 | u32::from_le_bytes(*b"00\0\0"));
            len += 2;
            rest = hundreds;
        }
        let mut put = |byte: u32| {
            bits = bits << 8 | u128::from(byte);
            len += 1;
        };
        put(u32::from(b'0') + rest % 10);
        if rest >= 10 {
            put(u32::from(b'0') + rest / 10);
        }
        if integer < 0 {
            put(b'-'.into());
        }
        Decimal { bits, len }
    }

    /// How many bytes it has.
    #[inline(always)]
    pub fn len(self) -> usize {
        self.len as usize
    }

    /// Has it none? No integer has.
    pub fn is_empty(self) -> bool {
        false
    }

    /// Its bytes, the first one lowest, and zeros above them.
    #[inline(always)]
    pub fn bits(self) -> u128 {
        self.bits
    }

    /// Writes it.
    pub fn write(self, out: &mut impl Write) -> fmt::Result {
        self.bits.to_le_bytes()[..self.len()].iter().try_for_each(|&byte| out.write_char(byte.into()))
    }
}

/// Writes a float.
pub fn write_f64(out: &mut impl Write, number: f64) -> fmt::Result {
    // Integers below are exact, and so have no other digits.
    const EXACT: f64 = 9007199254740992.0;
    if number.trunc() == number && number.abs() < EXACT {
        return write!(out, "{}", number as i64); // -0 is written as 0
    }
    match name(number) {
        Some(name) => out.write_str(name),
        None => write_digits(out, format_args!("{number:e}")),
    }
}

/// Writes a 32-bit float: the digits that read back as the same one.
pub fn write_f32(out: &mut impl Write, number: f32) -> fmt::Result {
    match name(number.into()) {
        Some(name) => out.write_str(name),
        None if number == 0.0 => out.write_str("0"),
        None => write_digits(out, format_args!("{number:e}")),
    }
}

/// What has no digits.
fn name(number: f64) -> Option<&'static str> {
    match number {
        f64::INFINITY => Some("Infinity"),
        f64::NEG_INFINITY => Some("-Infinity"),
        _ if number.is_nan() => Some("NaN"),
        _ => None,
    }
}

/// Writes what Rust writes as `-d.ddde-x`.
fn write_digits(out: &mut impl Write, scientific: fmt::Arguments<'_>) -> fmt::Result {
    let mut buffer = Buffer::default();
    buffer.write_fmt(scientific)?;
    let (mantissa, power) = buffer.text().split_once('e').expect("the format has an exponent");
    let power: i32 = power.parse().expect("the exponent is an integer");
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (first, rest) = mantissa.split_at(1);
    let rest = rest.strip_prefix('.').unwrap_or("");
    out.write_str(sign)?;
    // Digits in front of the point, if the number is written out.
    let whole = power + 1;
    if (1 - MAX_LEADING_ZEROS..=0).contains(&whole) {
        out.write_str("0.")?;
        zeros(out, -whole)?;
        return write!(out, "{first}{rest}");
    }
    if !(1..=MAX_PLAIN_POWER).contains(&whole) {
        let point = if rest.is_empty() { "" } else { "." };
        return write!(out, "{first}{point}{rest}e{power:+}");
    }
    out.write_str(first)?;
    match rest.split_at_checked(power as usize) {
        Some((whole, "")) => out.write_str(whole),
        Some((whole, fraction)) => write!(out, "{whole}.{fraction}"),
        None => {
            out.write_str(rest)?;
            zeros(out, power - rest.len() as i32)
        }
    }
}

fn zeros(out: &mut impl Write, count: i32) -> fmt::Result {
    (0..count).try_for_each(|_| out.write_char('0'))
}

/// Room for the digits of one float.
#[derive(Default)]
struct Buffer {
    bytes: [u8; 32],
    len: usize,
}

impl Buffer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).expect("only text is written")
    }
}

impl Write for Buffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.bytes[self.len..].get_mut(..text.len()).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len += text.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(number: f64) -> String {
        let mut out = String::new();
        write_f64(&mut out, number).expect("strings take everything");
        out
    }

    #[test]
    fn floats_look_as_in_javascript() {
        for (number, expected) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (100.0, "100"),
            (123456789.125, "123456789.125"),
            (1e20, "100000000000000000000"),
            (123456789012345680000.0, "123456789012345680000"),
            (1e21, "1e+21"),
            (1.5e21, "1.5e+21"),
            (-1e21, "-1e+21"),
            (999999999999999900000.0, "999999999999999900000"),
            (0.001, "0.001"),
            (0.000001, "0.000001"),
            (0.0000012345, "0.0000012345"),
            (0.0000001, "1e-7"),
            (0.00000012345, "1.2345e-7"),
            (-0.0000001, "-1e-7"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
            (9007199254740991.0, "9007199254740991"),
            (9007199254740992.0, "9007199254740992"),
            (9007199254740994.0, "9007199254740994"),
            (4294967296.5, "4294967296.5"),
            (1.0 / 3.0, "0.3333333333333333"),
            (2.0 / 3.0 * 1e20, "66666666666666660000"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(text(number), expected);
        }
    }

    #[test]
    fn integers_have_their_digits() {
        let ends = [i32::MIN, i32::MIN + 1, i32::MAX, i32::MAX - 1];
        let near_powers = (0..10).map(|power| 10i32.pow(power)).flat_map(|n| [n - 1, n, n + 1, -n, 1 - n]);
        for integer in (-12_345..=12_345).chain(near_powers).chain(ends) {
            let (decimal, expected) = (Decimal::of(integer), integer.to_string());
            let mut out = String::new();
            decimal.write(&mut out).expect("strings take everything");
            assert_eq!((&*out, decimal.len()), (&*expected, expected.len()));
            assert!(decimal.bits() >> (8 * decimal.len()) == 0);
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let mut state = 1u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let number = f64::from_bits(state ^ state >> 29);
            if number.is_finite() {
                assert_eq!(text(number).parse(), Ok(number), "{number:e}");
            }
        }
    }

    #[test]
    fn small_floats_have_their_own_digits() {
        let text = |number: f32| {
            let mut out = String::new();
            write_f32(&mut out, number).expect("strings take everything");
            out
        };
        assert_eq!([0.1, 16777216.0, 1e21, -0.0, 3.4e38].map(text), ["0.1", "16777216", "1e+21", "0", "3.4e+38"]);
    }
}
