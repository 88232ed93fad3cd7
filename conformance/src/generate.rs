//! Programs nobody wrote, from a source of random bytes.
//!
//! Three kinds, each for another question:
//!
//! * [`sealed`]: bytes whose checksums are right, so that a reader looks further than the checksums. *Can bytes hurt a
//!   loader?*
//! * [`nonsense`]: modules whose parts are mostly in range, and mean nothing. *Is the verifier total, do the text form and
//!   the binary form keep everything?* A few of them verify by chance.
//! * [`program`]: typed programs that always verify: functions that call each other through windows, nested loops,
//!   switches, memory, globals, floats. *Do all engines do the same?* [`mutated`] ones verify sometimes. *Is what the
//!   verifier lets through really harmless?*
//!
//! Everything is derived from the op table where it can be, so a new op takes part without a line here. Not made: modules
//! that import from each other, dynamic functions, values of type `val` in programs.

mod body;
mod calls;
mod control;
mod emit;
mod known;
mod mutate;
mod nonsense;
mod operands;
mod program;
mod seal;

pub use mutate::mutated;
pub use nonsense::nonsense;
pub use program::{Generated, program};
pub use seal::sealed;

use arbitrary::{Result, Unstructured};
use regatta_ir::Type;
use regatta_vm::{Dynamic, Scalar};

/// The types that programs compute with.
const TYPES: [Type; 4] = [Type::I32, Type::I64, Type::F32, Type::F64];

/// Numbers at which something often happens.
const EDGES: [u64; 16] = [
    0,
    1,
    2,
    31,
    32,
    63,
    64,
    0x7fff,
    0x8000,
    0xffff,
    0x7fff_ffff,
    0x7fff_fff0,
    0xffff_ffff,
    i64::MAX as u64,
    1 << 63,
    u64::MAX,
];

/// Bits of a number: an edge, a small one, or any.
fn bits(u: &mut Unstructured<'_>) -> Result<u64> {
    match u.int_in_range(0..=3)? {
        0 => Ok(*u.choose(&EDGES)?),
        1 => Ok(u64::from(u.arbitrary::<u8>()?)),
        2 => Ok((u.arbitrary::<i8>()? as i64) as u64),
        _ => u.arbitrary(),
    }
}

/// Bits of a float of this type: a plain number, or any.
fn float_bits(u: &mut Unstructured<'_>, ty: Type) -> Result<u64> {
    const PLAIN: [f64; 10] = [0.0, -0.0, 1.0, -1.5, 0.1, 3e9, -1e19, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    match (u.ratio(3, 4)?, ty) {
        (true, Type::F32) => Ok(u64::from((*u.choose(&PLAIN)? as f32).to_bits())),
        (true, _) => Ok(u.choose(&PLAIN)?.to_bits()),
        (false, Type::F32) => Ok(u64::from(u.arbitrary::<u32>()?)),
        (false, _) => u.arbitrary(),
    }
}

/// A slot of this type.
fn slot(u: &mut Unstructured<'_>, ty: Type) -> Result<u64> {
    match ty {
        Type::F32 | Type::F64 => float_bits(u, ty),
        Type::I32 => Ok(bits(u)? & 0xffff_ffff),
        Type::I64 | Type::Val => bits(u),
    }
}

/// A value the host may pass.
fn scalar(u: &mut Unstructured<'_>, ty: Type) -> Result<Scalar> {
    let slot = slot(u, ty)?;
    Ok(match ty {
        Type::I32 => Scalar::I32(slot as i32),
        Type::I64 => Scalar::I64(slot as i64),
        Type::F32 => Scalar::F32(f32::from_bits(slot as u32)),
        Type::F64 => Scalar::F64(f64::from_bits(slot)),
        Type::Val if slot & 1 == 0 => Scalar::Val(Dynamic::I32(slot as i32)),
        Type::Val => Scalar::Val(Dynamic::F64(f64::from_bits(slot))),
    })
}
