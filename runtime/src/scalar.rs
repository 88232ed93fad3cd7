//! Scalars: typed values as they cross the border between the host and a program. Those of type `val` are [`Dynamic`].

use crate::dynamic::{Dynamic, NotGiven};
use crate::program::Program;
use regatta_heap::Value;
use regatta_ir::Type;
use regatta_ir::slot::Slot;
use std::fmt;

/// A value with its type.
#[derive(Clone, Debug)]
pub enum Scalar {
    /// A 32-bit integer.
    I32(i32),
    /// A 64-bit integer.
    I64(i64),
    /// A 32-bit float.
    F32(f32),
    /// A 64-bit float.
    F64(f64),
    /// A dynamic value.
    Val(Dynamic),
}

impl Scalar {
    /// Its type.
    pub fn ty(&self) -> Type {
        match self {
            Scalar::I32(_) => Type::I32,
            Scalar::I64(_) => Type::I64,
            Scalar::F32(_) => Type::F32,
            Scalar::F64(_) => Type::F64,
            Scalar::Val(_) => Type::Val,
        }
    }

    /// The slot that holds it in processes of `program`.
    pub fn to_slot(&self, program: &Program) -> Result<u64, NotGiven> {
        Ok(match self {
            Scalar::I32(v) => v.to_slot(),
            Scalar::I64(v) => v.to_slot(),
            Scalar::F32(v) => v.to_slot(),
            Scalar::F64(v) => v.to_slot(),
            Scalar::Val(v) => v.value(program)?.bits(),
        })
    }

    /// The value that a slot of this type holds in a process of `program`; a NaN comes out canonical, because its payload is
    /// nobody's business.
    pub fn from_slot(program: &Program, ty: Type, slot: u64) -> Scalar {
        match ty {
            Type::I32 => Scalar::I32(Slot::from_slot(slot)),
            Type::I64 => Scalar::I64(Slot::from_slot(slot)),
            Type::F32 => Scalar::F32(canonical_f32(Slot::from_slot(slot))),
            Type::F64 => Scalar::F64(canonical_f64(Slot::from_slot(slot))),
            Type::Val => Scalar::Val(Dynamic::of(program, Value::from_bits(slot))),
        }
    }

    /// Reads a value of type `ty` as people write it: integers in decimal or hexadecimal (`0xffffffff` is the `i32` -1),
    /// floats as Rust reads them, with `nan`, `inf` and `-inf`; dynamic values as [`Dynamic::parse`] does.
    pub fn parse(ty: Type, text: &str) -> Result<Scalar, ScalarError> {
        let text = text.trim();
        let parsed = match ty {
            Type::I32 => parse_integer(text, 32).map(|v| Scalar::I32(v as i32)),
            Type::I64 => parse_integer(text, 64).map(|v| Scalar::I64(v as i64)),
            Type::F32 => text.parse().ok().map(|v| Scalar::F32(canonical_f32(v))),
            Type::F64 => text.parse().ok().map(|v| Scalar::F64(canonical_f64(v))),
            Type::Val => Dynamic::parse(text).map(Scalar::Val),
        };
        parsed.ok_or_else(|| ScalarError { ty, text: text.to_string() })
    }
}

/// A text that is not a value of the type.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{text}` is not a value of type {ty}")]
pub struct ScalarError {
    /// The type wanted.
    pub ty: Type,
    /// The text given.
    pub text: String,
}

/// The low `bits` of an integer between -2^(bits-1) and 2^bits - 1.
fn parse_integer(text: &str, bits: u32) -> Option<i128> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let value = match digits.strip_prefix("0x") {
        Some(hex) if !hex.starts_with(['+', '-']) => i128::from_str_radix(hex, 16).ok()?,
        Some(_) => return None,
        None => digits.parse().ok()?,
    };
    let value = if negative { -value } else { value };
    (-(1i128 << (bits - 1))..1i128 << bits).contains(&value).then_some(value)
}

/// `v`, with every NaN as the canonical one.
#[inline(always)]
pub fn canonical_f32(v: f32) -> f32 {
    if v.is_nan() { f32::from_bits(0x7fc0_0000) } else { v }
}

/// `v`, with every NaN as the canonical one.
#[inline(always)]
pub fn canonical_f64(v: f64) -> f64 {
    if v.is_nan() { f64::from_bits(0x7ff8_0000_0000_0000) } else { v }
}

/// Equal when of one type and the same bits, all NaN being one.
impl PartialEq for Scalar {
    fn eq(&self, other: &Scalar) -> bool {
        match (self, other) {
            (Scalar::I32(a), Scalar::I32(b)) => a == b,
            (Scalar::I64(a), Scalar::I64(b)) => a == b,
            (Scalar::F32(a), Scalar::F32(b)) => canonical_f32(*a).to_bits() == canonical_f32(*b).to_bits(),
            (Scalar::F64(a), Scalar::F64(b)) => canonical_f64(*a).to_bits() == canonical_f64(*b).to_bits(),
            (Scalar::Val(a), Scalar::Val(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Scalar {}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::I32(v) => write!(f, "{v}"),
            Scalar::I64(v) => write!(f, "{v}"),
            Scalar::F32(v) if v.is_nan() => f.write_str("nan"),
            Scalar::F64(v) if v.is_nan() => f.write_str("nan"),
            Scalar::F32(v) => write!(f, "{v:?}"),
            Scalar::F64(v) => write!(f, "{v:?}"),
            Scalar::Val(v) => write!(f, "{v}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_wrap_only_as_bit_patterns() {
        assert_eq!(Scalar::parse(Type::I32, "0xffffffff"), Ok(Scalar::I32(-1)));
        assert_eq!(Scalar::parse(Type::I32, "-2147483648"), Ok(Scalar::I32(i32::MIN)));
        assert!(Scalar::parse(Type::I32, "-2147483649").is_err());
        assert!(Scalar::parse(Type::I32, "4294967296").is_err());
        assert!(Scalar::parse(Type::I32, "--1").is_err());
        assert!(Scalar::parse(Type::I64, "0x-1").is_err());
        assert_eq!(Scalar::parse(Type::I64, "0xffffffffffffffff"), Ok(Scalar::I64(-1)));
    }

    #[test]
    fn every_nan_is_one_nan_and_zeros_differ() {
        assert_eq!(Scalar::F64(f64::from_bits(0xfff8_0000_0000_0001)), Scalar::parse(Type::F64, "nan").unwrap());
        assert_ne!(Scalar::F64(0.0), Scalar::F64(-0.0));
        assert_ne!(Scalar::I32(0), Scalar::I64(0));
    }
}
