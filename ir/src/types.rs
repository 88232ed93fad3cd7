//! Types of registers, and signatures of functions.

use std::fmt;

/// The type of a register. A register has one type for the whole function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Type {
    /// A 32-bit integer; signedness belongs to the operation.
    I32 = 0,
    /// A 64-bit integer.
    I64 = 1,
    /// A 32-bit IEEE 754 float.
    F32 = 2,
    /// A 64-bit IEEE 754 float.
    F64 = 3,
    /// A dynamic value.
    Val = 4,
}

impl Type {
    /// Every type, in the order of its code.
    pub const ALL: [Type; 5] = [Type::I32, Type::I64, Type::F32, Type::F64, Type::Val];

    /// The code used in binary modules.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The type with this code.
    pub fn from_code(code: u8) -> Option<Type> {
        Type::ALL.get(usize::from(code)).copied()
    }

    /// As written in the text form.
    pub const fn name(self) -> &'static str {
        match self {
            Type::I32 => "i32",
            Type::I64 => "i64",
            Type::F32 => "f32",
            Type::F64 => "f64",
            Type::Val => "val",
        }
    }

    /// The type with this name.
    pub fn from_name(name: &str) -> Option<Type> {
        Type::ALL.into_iter().find(|ty| ty.name() == name)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a function takes and gives.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Signature {
    /// Types of the arguments.
    pub params: Box<[Type]>,
    /// Types of the results.
    pub results: Box<[Type]>,
}

/// Slots of a frame header, which lies at the start of a call window while the callee runs.
pub const HEADER: usize = 2;

/// The most arguments that a called value adds to those it is given: a receiver before them, a closure behind. Windows of
/// instructions that call values have room for them.
pub const MAX_BOUND_ARGUMENTS: usize = 2;

/// The layout of a call window, counted from its first register:
///
/// ```text
///   before:   -          -          argument 0, argument 1 …
///   after:    result 0   result 1   -           -             result 2, result 3 …
/// ```
///
/// The first two results take the place of the header; more come behind the arguments, because a register has one type
/// and the arguments have theirs.
impl Signature {
    /// A signature from two lists.
    pub fn new(params: impl Into<Box<[Type]>>, results: impl Into<Box<[Type]>>) -> Signature {
        Signature { params: params.into(), results: results.into() }
    }

    /// Where argument `n` sits in a call window.
    #[inline]
    pub fn argument_slot(&self, n: usize) -> usize {
        HEADER + n
    }

    /// Where result `n` lands in a call window.
    #[inline]
    pub fn result_slot(&self, n: usize) -> usize {
        if n < HEADER { n } else { self.params.len() + n }
    }

    /// Registers of a call window.
    #[inline]
    pub fn window_slots(&self) -> usize {
        HEADER + self.params.len() + self.results.len().saturating_sub(HEADER)
    }
}

/// `(i32, i32) -> i32`, `() -> ()`, `(f64) -> (f64, f64)`.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |types: &[Type]| types.iter().map(|ty| ty.name()).collect::<Vec<_>>().join(", ");
        match &*self.results {
            [one] => write!(f, "({}) -> {one}", list(&self.params)),
            many => write!(f, "({}) -> ({})", list(&self.params), list(many)),
        }
    }
}
