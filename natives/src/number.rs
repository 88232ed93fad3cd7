//! Natives on numbers and their text.

mod digits;
mod radix;

use crate::arguments::{Arguments, Outcome, number};
use regatta_heap::Value;
use regatta_runtime::display::number::write_f64;

/// The usual text.
fn usual(number: f64) -> String {
    let mut text = String::new();
    write_f64(&mut text, number).expect("strings take everything");
    text
}

pub(crate) fn to_fixed<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let number = args.number(0)?;
    let digits = if args.is_absent(1) { 0 } else { args.integer_in(1, 0..=100)? };
    let text = if number.abs() < 1e21 { digits::fixed(number, digits as usize) } else { usual(number) };
    args.give(&text)
}

pub(crate) fn to_precision<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let number = args.number(0)?;
    let text = match args.is_absent(1) {
        false if number.is_finite() => digits::precise(number, args.integer_in(1, 1..=100)? as usize),
        _ => usual(number),
    };
    args.give(&text)
}

pub(crate) fn to_string<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let number = args.number(0)?;
    let radix = if args.is_absent(1) { 10 } else { args.integer_in(1, 2..=36)? };
    let text = if radix == 10 || !number.is_finite() { usual(number) } else { radix::text(number, radix as u32) };
    args.give(&text)
}

pub(crate) fn parse_int<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let text = args.chars(0)?;
    let radix = if args.is_absent(1) { None } else { Some(args.integer_in(1, 2..=36)? as u32) };
    let text = text.trim_start();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).filter(|_| matches!(radix, None | Some(16)));
    let (radix, text) = hex.map_or((radix.unwrap_or(10), text), |rest| (16, rest));
    let digits = text.bytes().take_while(|&byte| char::from(byte).is_digit(radix)).count();
    args.plain(number(radix::integer(&text[..digits], radix).map_or(f64::NAN, |n| sign * n)))
}

pub(crate) fn parse_float<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let text = args.chars(0)?;
    let text = text.trim_start();
    args.plain(number(text[..float_len(text)].parse().unwrap_or(f64::NAN)))
}

/// Bytes of the float that a text begins with.
fn float_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    if text[sign..].starts_with("Infinity") {
        return sign + "Infinity".len();
    }
    let whole = digits(sign);
    let mut end = sign + whole;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        end += if whole + fraction > 0 { 1 + fraction } else { 0 };
    }
    if whole + fraction == 0 {
        return 0;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = if end + 1 + sign <= bytes.len() { digits(end + 1 + sign) } else { 0 };
        end += if exponent > 0 { 1 + sign + exponent } else { 0 };
    }
    end
}

pub(crate) fn is_nan<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.plain(Value::bool(args.value(0).as_number().is_some_and(f64::is_nan)))
}

pub(crate) fn is_finite<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.plain(Value::bool(args.value(0).as_number().is_some_and(f64::is_finite)))
}
