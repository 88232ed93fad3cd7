//! Programs nobody wrote, from a source of random bytes.
//!
//! Four kinds, each for another question:
//!
//! * [`sealed`]: bytes whose checksums are right, so that a reader looks further than the checksums. *Can bytes hurt a
//!   loader?*
//! * [`nonsense`]: modules whose parts are mostly in range, and mean nothing. *Is the verifier total, do the text form and
//!   the binary form keep everything?* A few of them verify by chance.
//! * [`program`]: typed programs that always verify: functions that call each other through windows, nested loops,
//!   switches, memory, globals, floats. *Do all engines do the same?* [`mutated`] ones verify sometimes. *Is what the
//!   verifier lets through really harmless?*
//! * [`dynamic`]: the same with values, objects, methods, exceptions, patterns and natives. *Does a collector, whenever it
//!   comes, change anything?*
//!
//! Everything is derived from the op table where it can be, so a new op takes part without a line here. Not made: modules
//! that import from each other (the prelude of the standard natives among them), dynamic functions.

mod body;
mod calls;
mod control;
mod declare;
mod dynamic_calls;
mod emit;
mod guard;
mod guess;
mod known;
mod mutate;
mod nonsense;
mod operands;
mod program;
mod seal;
mod values;
mod world;

pub use mutate::mutated;
pub use nonsense::nonsense;
pub use program::{Generated, dynamic, program};
pub use seal::sealed;

use arbitrary::{Result, Unstructured};
use regatta_ir::Type;
use regatta_ir::vocabulary::{Immediate, Special};
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
    if ty == Type::Val {
        return dynamic_argument(u).map(Scalar::Val);
    }
    let slot = slot(u, ty)?;
    Ok(match ty {
        Type::I32 => Scalar::I32(slot as i32),
        Type::I64 => Scalar::I64(slot as i64),
        Type::F32 => Scalar::F32(f32::from_bits(slot as u32)),
        Type::F64 | Type::Val => Scalar::F64(f64::from_bits(slot)),
    })
}

/// A dynamic value the host may pass.
fn dynamic_argument(u: &mut Unstructured<'_>) -> Result<Dynamic> {
    Ok(match u.int_in_range(0..=7)? {
        0 => Dynamic::Undefined,
        1 => Dynamic::Null,
        2 => Dynamic::Bool(u.arbitrary()?),
        3 => Dynamic::F64(f64::from_bits(float_bits(u, Type::F64)?)),
        4 => Dynamic::Atom("x".into()),
        5 => Dynamic::Text("a-ü".into()),
        6 => Dynamic::I32(bits(u)? as i32),
        _ => Dynamic::I32(u.int_in_range(0..=5)?),
    })
}

/// A slot that a global of this type may start with.
fn global_slot(u: &mut Unstructured<'_>, ty: Type) -> Result<u64> {
    if ty != Type::Val {
        return slot(u, ty);
    }
    let value = match u.int_in_range(0..=2)? {
        0 => Immediate::Special(*u.choose(Special::ALL)?),
        1 => Immediate::F64(u.int_in_range(-8..=8).map(|n: i32| (f64::from(n) / 4.0).to_bits())?),
        _ => Immediate::I32(bits(u)? as i32),
    };
    Ok(value.to_slot())
}
