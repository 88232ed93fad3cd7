//! Numbers: how constants are written, and read back to the same bits.

use super::error::ParseError;
use super::lexer::{Cursor, Piece, shortened};
use crate::types::Type;
use crate::vocabulary::Immediate;
use std::fmt::{self, Write};

const CANONICAL_NAN_32: u32 = 0x7fc0_0000;
const CANONICAL_NAN_64: u64 = 0x7ff8_0000_0000_0000;

/// A constant of this type in a field of `bits` bits; the field is sign-extended when the type is wider.
pub(super) fn constant(cursor: &mut Cursor<'_>, ty: Type, bits: u8) -> Result<u64, ParseError> {
    let piece = numeral(cursor)?;
    match ty {
        Type::F32 => f32_bits(piece).map(u64::from),
        Type::F64 => f64_bits(piece),
        Type::I32 => signed(piece, bits, bits == 32),
        Type::I64 | Type::Val => signed(piece, bits, bits == 64),
    }
}

/// A number from 0 up that fits this many bits.
pub(super) fn unsigned(cursor: &mut Cursor<'_>, bits: u8) -> Result<u64, ParseError> {
    index(numeral(cursor)?, bits)
}

/// The same, of a piece taken already.
pub(super) fn index(piece: Piece<'_>, bits: u8) -> Result<u64, ParseError> {
    Ok(integer(piece, 0, (1i128 << bits) - 1)? as u64)
}

/// An element of typed data: as many bits, signed or not.
pub(super) fn element(piece: Piece<'_>, bits: u8) -> Result<u64, ParseError> {
    signed(piece, bits, true)
}

pub(super) fn numeral<'s>(cursor: &mut Cursor<'s>) -> Result<Piece<'s>, ParseError> {
    cursor.numeral().ok_or_else(|| cursor.expected("a number"))
}

/// A number as a value: an `i32` when it is written as an integer, else an `f64`.
pub(super) fn value_number(cursor: &mut Cursor<'_>) -> Result<Immediate, ParseError> {
    let piece = numeral(cursor)?;
    match value(piece.text) {
        Some(_) => Ok(Immediate::I32(integer(piece, i32::MIN.into(), i32::MAX.into())? as i32)),
        None => f64_bits(piece).map(Immediate::F64),
    }
}

/// Writes a number as a value: floats always with a point, an exponent or a word.
pub(super) fn write_value_number(out: &mut dyn Write, number: Immediate) -> fmt::Result {
    match number {
        Immediate::I32(value) => write!(out, "{value}"),
        Immediate::F64(bits) => write_f64(out, bits),
        Immediate::Special(special) => out.write_str(special.word()),
    }
}

/// Two's complement in `bits` bits; `whole` when all bit patterns may also be written without a sign.
fn signed(piece: Piece<'_>, bits: u8, whole: bool) -> Result<u64, ParseError> {
    let half = 1i128 << (bits - 1);
    let value = integer(piece, -half, if whole { half * 2 - 1 } else { half - 1 })?;
    Ok(value as u64 & (u64::MAX >> (64 - bits)))
}

fn integer(piece: Piece<'_>, low: i128, high: i128) -> Result<i128, ParseError> {
    let error = |what: String| ParseError::new(piece.span(), format!("`{}` is {what}", shortened(piece.text)));
    let value = value(piece.text).ok_or_else(|| error("not an integer".to_string()))?;
    if (low..=high).contains(&value) { Ok(value) } else { Err(error(format!("not between {low} and {high}"))) }
}

/// The integer written, or one that is surely too large.
fn value(text: &str) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        Some(hex) => (16, hex),
        None => (10, digits),
    };
    let mut magnitude: Option<u64> = Some(0);
    for digit in digits.bytes() {
        let digit = char::from(digit).to_digit(radix)?;
        magnitude = magnitude.and_then(|sum| sum.checked_mul(radix.into())?.checked_add(digit.into()));
    }
    let magnitude = magnitude.map_or(i128::MAX, i128::from);
    (!digits.is_empty()).then_some(if negative { -magnitude } else { magnitude })
}

fn f32_bits(piece: Piece<'_>) -> Result<u32, ParseError> {
    match special(piece, 32, 0x7f80_0000, u64::from(CANONICAL_NAN_32))? {
        Some(bits) => Ok(bits as u32),
        None => finite(piece, f32::is_infinite).map(f32::to_bits),
    }
}

pub(super) fn f64_bits(piece: Piece<'_>) -> Result<u64, ParseError> {
    match special(piece, 64, 0x7ff0_0000_0000_0000, CANONICAL_NAN_64)? {
        Some(bits) => Ok(bits),
        None => finite(piece, f64::is_infinite).map(f64::to_bits),
    }
}

/// `inf`, `-inf`, `nan` and `nan:0x…` with all bits.
fn special(piece: Piece<'_>, bits: u8, infinity: u64, nan: u64) -> Result<Option<u64>, ParseError> {
    let sign = 1 << (bits - 1);
    match piece.text {
        "inf" | "+inf" => return Ok(Some(infinity)),
        "-inf" => return Ok(Some(infinity | sign)),
        "nan" => return Ok(Some(nan)),
        _ => {}
    }
    let Some(digits) = piece.text.strip_prefix("nan:") else { return Ok(None) };
    let pattern = index(Piece { text: digits, start: piece.start + 4 }, bits)?;
    if pattern & !sign > infinity {
        return Ok(Some(pattern));
    }
    Err(ParseError::new(piece.span(), format!("{pattern:#x} is not the bits of a NaN")))
}

fn finite<F: std::str::FromStr + Copy>(piece: Piece<'_>, is_infinite: impl Fn(F) -> bool) -> Result<F, ParseError> {
    let error = |what: &str| ParseError::new(piece.span(), format!("`{}` is {what}", shortened(piece.text)));
    // Rust reads words such as `-nan` and `infinity` too; we have our own.
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    if !piece.text.bytes().all(plain) {
        return Err(error("not a number").with_help("numbers are 1, -1.5, 1e-9, inf, -inf, nan or nan:0xBITS"));
    }
    let value = piece.text.parse().map_err(|_| error("not a number"))?;
    if is_infinite(value) { Err(error("larger than any finite number").with_help("write inf")) } else { Ok(value) }
}

/// Writes the constant of this type in a field of `bits` bits.
pub(super) fn write_constant(out: &mut dyn Write, ty: Type, bits: u8, field: u64) -> fmt::Result {
    match ty {
        Type::F32 => write_f32(out, field as u32),
        Type::F64 => write_f64(out, field),
        Type::I32 | Type::I64 => write!(out, "{}", (field << (64 - bits)) as i64 >> (64 - bits)),
        Type::Val => write!(out, "{field:#x}"),
    }
}

fn write_f32(out: &mut dyn Write, bits: u32) -> fmt::Result {
    let value = f32::from_bits(bits);
    match value.is_nan() {
        false => write!(out, "{value:?}"),
        true if bits == CANONICAL_NAN_32 => out.write_str("nan"),
        true => write!(out, "nan:{bits:#x}"),
    }
}

pub(super) fn write_f64(out: &mut dyn Write, bits: u64) -> fmt::Result {
    let value = f64::from_bits(bits);
    match value.is_nan() {
        false => write!(out, "{value:?}"),
        true if bits == CANONICAL_NAN_64 => out.write_str("nan"),
        true => write!(out, "nan:{bits:#x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lexer::Lines;

    fn read(text: &str, ty: Type, bits: u8) -> Result<u64, String> {
        let mut cursor = Lines::new(text, 0..text.len()).next().unwrap();
        let value = constant(&mut cursor, ty, bits).and_then(|value| cursor.finish().map(|()| value));
        value.map_err(|error| error.message)
    }

    fn written(ty: Type, bits: u8, field: u64) -> String {
        let mut out = String::new();
        write_constant(&mut out, ty, bits, field).unwrap();
        out
    }

    #[test]
    fn integers_fit_their_field() {
        assert_eq!(read("-1", Type::I32, 16), Ok(0xffff));
        assert_eq!(read("0x7fff", Type::I64, 16), Ok(0x7fff));
        assert_eq!(read("0xffffffff", Type::I32, 32), Ok(0xffff_ffff));
        assert_eq!(read("18446744073709551615", Type::I64, 64), Ok(u64::MAX));
        assert_eq!(read("-9223372036854775808", Type::I64, 64), Ok(1 << 63));
        assert_eq!(read("40000", Type::I32, 16), Err("`40000` is not between -32768 and 32767".into()));
        assert_eq!(
            read("99999999999999999999999", Type::I64, 32),
            Err("`99999999999999999999999` is not between -2147483648 and 2147483647".into())
        );
        assert_eq!(read("1.5", Type::I32, 16), Err("`1.5` is not an integer".into()));
        assert_eq!(read("0x", Type::I32, 16), Err("`0x` is not an integer".into()));
    }

    #[test]
    fn floats_keep_their_bits() {
        let doubles = [0.0, -0.0, 1.0, -1.5, 1e300, 5e-324, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, 0.1];
        let patterns = [CANONICAL_NAN_64, 0x7ff0_0000_0000_0001, u64::MAX];
        for bits in doubles.map(f64::to_bits).into_iter().chain(patterns) {
            let text = written(Type::F64, 64, bits);
            assert_eq!(read(&text, Type::F64, 64), Ok(bits), "{text}");
        }
        let singles = [0.0, -0.0, 1.0, 0.1, f32::MAX, f32::MIN_POSITIVE, 1e-45, f32::INFINITY, f32::NEG_INFINITY];
        for bits in singles.map(f32::to_bits).into_iter().chain([CANONICAL_NAN_32, 0x7f80_0001, u32::MAX]) {
            let text = written(Type::F32, 32, bits.into());
            assert_eq!(read(&text, Type::F32, 32), Ok(bits.into()), "{text}");
        }
        assert_eq!(written(Type::F64, 64, CANONICAL_NAN_64), "nan");
        assert_eq!(written(Type::F32, 32, u64::from(1.0f32.to_bits())), "1.0");
    }

    #[test]
    fn numbers_that_are_none() {
        assert_eq!(read("1e999", Type::F64, 64), Err("`1e999` is larger than any finite number".into()));
        assert_eq!(read("-nan", Type::F64, 64), Err("`-nan` is not a number".into()));
        assert_eq!(read("nan:0x0", Type::F64, 64), Err("0x0 is not the bits of a NaN".into()));
        assert_eq!(read("0x10", Type::F32, 32), Err("`0x10` is not a number".into()));
        assert_eq!(read("x", Type::F32, 32), Err("`x` stands where a number belongs".into()));
    }
}
