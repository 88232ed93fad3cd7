//! Values: 64 bits that say what they are. The only file that knows the bit patterns.
//!
//! ```text
//!   top 16 bits          the rest
//!   0x0000 - 0xFFF8      a float: every f64 but NaNs with other payloads, which become the canonical one
//!   0xFFF9               reference: address of an object
//!   0xFFFA               special: undefined, null, unit, false, true
//!   0xFFFB               atom: number of an interned text
//!   0xFFFC               function: its id
//!   0xFFFD               handle: bit 47 says process (0) or task (1), the number is below
//!   0xFFFE               f32: its bits
//!   0xFFFF               i32: its bits
//! ```
//!
//! Floats are as they are, so float arithmetic neither packs nor unpacks; the NaN that arithmetic makes on its own (top
//! bits 0x7FF8 or 0xFFF8, nothing below) is in range too, so only floats from outside are made canonical. Integers have
//! all top bits set, so that one `and` and one comparison see whether both operands are integers.

use crate::header::Kind;
use crate::object::Object;
use std::fmt;

/// A dynamic value.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Value(u64);

/// What a value is, as far as its bits say.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Tag {
    /// A 64-bit float.
    F64,
    /// A reference to an object.
    Object,
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// The one value that says nothing.
    Unit,
    /// `true` or `false`.
    Bool,
    /// An interned text.
    Atom,
    /// A function.
    Function,
    /// A handle of a process.
    Process,
    /// A handle of a task.
    Task,
    /// A 32-bit float.
    F32,
    /// A 32-bit integer.
    I32,
}

/// Values below this are floats.
pub const FIRST_TAGGED: u64 = OBJECT;
/// Tag of references, in place.
pub const OBJECT: u64 = 0xFFF9 << 48;
const SPECIAL: u64 = 0xFFFA << 48;
/// Tag of atoms, in place.
pub const ATOM: u64 = 0xFFFB << 48;
/// Tag of functions, in place.
pub const FUNCTION: u64 = 0xFFFC << 48;
const HANDLE: u64 = 0xFFFD << 48;
const F32: u64 = 0xFFFE << 48;
/// Tag of 32-bit integers, in place; also the first value that is one.
pub const I32: u64 = 0xFFFF << 48;
const TASK_BIT: u64 = 1 << 47;
const ADDRESS: u64 = (1 << 48) - 1;
const CANONICAL_NAN: u64 = 0x7FF8 << 48;

impl Value {
    /// `undefined`: what is not there.
    pub const UNDEFINED: Value = Value(SPECIAL);
    /// `null`.
    pub const NULL: Value = Value(SPECIAL | 1);
    /// The one value that says nothing.
    pub const UNIT: Value = Value(SPECIAL | 2);
    /// No value of any program: marks a place in a table whose key was taken away.
    pub const HOLE: Value = Value(SPECIAL | 6);
    /// `false`.
    pub const FALSE: Value = Value(SPECIAL | 4);
    /// `true`.
    pub const TRUE: Value = Value(SPECIAL | 5);

    /// The value with these bits. They must come from [`Value::bits`], and if it is a reference, its object must live.
    #[inline(always)]
    pub const fn from_bits(bits: u64) -> Value {
        Value(bits)
    }

    /// Its bits.
    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// A 32-bit integer.
    #[inline(always)]
    pub const fn i32(v: i32) -> Value {
        Value(I32 | v as u32 as u64)
    }

    /// A 64-bit float, from anywhere.
    #[inline(always)]
    pub const fn f64(v: f64) -> Value {
        if v.is_nan() { Value(CANONICAL_NAN) } else { Value(v.to_bits()) }
    }

    /// A 64-bit float that arithmetic made out of values: if it is NaN, its payload is an operand's or the machine's own,
    /// and both are in range.
    #[inline(always)]
    pub const fn computed(v: f64) -> Value {
        if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) { Value(v.to_bits()) } else { Value::f64(v) }
    }

    /// A 32-bit float.
    #[inline(always)]
    pub const fn f32(v: f32) -> Value {
        Value(F32 | if v.is_nan() { 0x7FC0_0000 } else { v.to_bits() as u64 })
    }

    /// `true` or `false`.
    #[inline(always)]
    pub const fn bool(v: bool) -> Value {
        Value(SPECIAL | 4 | v as u64)
    }

    /// An interned text, by its number.
    #[inline(always)]
    pub const fn atom(id: u32) -> Value {
        Value(ATOM | id as u64)
    }

    /// A function, by its id.
    #[inline(always)]
    pub const fn function(id: u32) -> Value {
        Value(FUNCTION | id as u64)
    }

    /// A handle of a process; 47 bits.
    #[inline(always)]
    pub const fn process(id: u64) -> Value {
        Value(HANDLE | id & (TASK_BIT - 1))
    }

    /// A handle of a task; 47 bits.
    #[inline(always)]
    pub const fn task(id: u64) -> Value {
        Value(HANDLE | TASK_BIT | id & (TASK_BIT - 1))
    }

    /// A reference.
    #[inline(always)]
    pub fn object(object: Object) -> Value {
        Value(OBJECT | object.address())
    }

    /// What its bits say it is.
    pub const fn tag(self) -> Tag {
        match self.0 >> 48 {
            0xFFF9 => Tag::Object,
            0xFFFA => match self.0 & 7 {
                0 => Tag::Undefined,
                1 => Tag::Null,
                2 => Tag::Unit,
                _ => Tag::Bool,
            },
            0xFFFB => Tag::Atom,
            0xFFFC => Tag::Function,
            0xFFFD if self.0 & TASK_BIT == 0 => Tag::Process,
            0xFFFD => Tag::Task,
            0xFFFE => Tag::F32,
            0xFFFF => Tag::I32,
            _ => Tag::F64,
        }
    }

    /// Is it a 32-bit integer?
    #[inline(always)]
    pub const fn is_i32(self) -> bool {
        self.0 >= I32
    }

    /// Are both 32-bit integers?
    #[inline(always)]
    pub const fn both_i32(a: Value, b: Value) -> bool {
        a.0 & b.0 >= I32
    }

    /// Is it a 64-bit float?
    #[inline(always)]
    pub const fn is_f64(self) -> bool {
        self.0 < FIRST_TAGGED
    }

    /// Is it a reference?
    #[inline(always)]
    pub const fn is_object(self) -> bool {
        self.0 >> 48 == OBJECT >> 48
    }

    /// Is it `null` or `undefined`?
    #[inline(always)]
    pub const fn is_nothing(self) -> bool {
        self.0 & !1 == SPECIAL
    }

    /// The low 32 bits: the integer, if it is one.
    #[inline(always)]
    pub const fn low_i32(self) -> i32 {
        self.0 as i32
    }

    /// The bits as a float: the float, if it is one.
    #[inline(always)]
    pub const fn raw_f64(self) -> f64 {
        f64::from_bits(self.0)
    }

    /// The integer.
    #[inline(always)]
    pub const fn as_i32(self) -> Option<i32> {
        if self.is_i32() { Some(self.0 as i32) } else { None }
    }

    /// The 64-bit float; an integer is none.
    #[inline(always)]
    pub const fn as_f64(self) -> Option<f64> {
        if self.is_f64() { Some(f64::from_bits(self.0)) } else { None }
    }

    /// The number, integer or 64-bit float, as a float.
    #[inline(always)]
    pub const fn as_number(self) -> Option<f64> {
        if self.is_f64() {
            Some(f64::from_bits(self.0))
        } else if self.is_i32() {
            Some(self.0 as i32 as f64)
        } else {
            None
        }
    }

    /// The 32-bit float.
    #[inline(always)]
    pub const fn as_f32(self) -> Option<f32> {
        if self.0 >> 48 == F32 >> 48 { Some(f32::from_bits(self.0 as u32)) } else { None }
    }

    /// `true` or `false`.
    #[inline(always)]
    pub const fn as_bool(self) -> Option<bool> {
        if self.0 & !1 == SPECIAL | 4 { Some(self.0 & 1 == 1) } else { None }
    }

    /// The atom's number.
    #[inline(always)]
    pub const fn as_atom(self) -> Option<u32> {
        if self.0 >> 48 == ATOM >> 48 { Some(self.0 as u32) } else { None }
    }

    /// The function's id.
    #[inline(always)]
    pub const fn as_function(self) -> Option<u32> {
        if self.0 >> 48 == FUNCTION >> 48 { Some(self.0 as u32) } else { None }
    }

    /// The process's number.
    pub const fn as_process(self) -> Option<u64> {
        if let Tag::Process = self.tag() { Some(self.0 & (TASK_BIT - 1)) } else { None }
    }

    /// The task's number.
    pub const fn as_task(self) -> Option<u64> {
        if let Tag::Task = self.tag() { Some(self.0 & (TASK_BIT - 1)) } else { None }
    }

    /// The object it refers to. `[R-VALUE]`: whoever holds a value of a running process holds a live one.
    #[inline(always)]
    pub fn as_object(self) -> Option<Object> {
        // Subtracting the tag, not masking, lets the machine fold the test and the address into one result.
        let address = self.0.wrapping_sub(OBJECT);
        if address <= ADDRESS { Some(Object::from_address(address)) } else { None }
    }

    /// The object it refers to, if it is of this kind.
    #[inline(always)]
    pub fn as_kind(self, kind: Kind) -> Option<Object> {
        // Not `filter`: what that makes is an `Option` that is tested again.
        match self.as_object() {
            Some(object) if object.is(kind) => Some(object),
            _ => None,
        }
    }

    /// The integer, read without a sign; of whatever is no integer, a number above all of those. So one comparison says
    /// whether it is an integer below a length.
    #[inline(always)]
    pub const fn place(self) -> u64 {
        self.0.wrapping_sub(I32)
    }
}

impl From<Value> for u64 {
    #[inline(always)]
    fn from(value: Value) -> u64 {
        value.0
    }
}

impl From<u64> for Value {
    #[inline(always)]
    fn from(bits: u64) -> Value {
        Value(bits)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tag() {
            Tag::F64 => write!(f, "{:?}", self.raw_f64()),
            Tag::I32 => write!(f, "{}", self.low_i32()),
            Tag::F32 => write!(f, "{:?}f32", f32::from_bits(self.0 as u32)),
            Tag::Bool => write!(f, "{}", *self == Value::TRUE),
            Tag::Atom => write!(f, "atom {}", self.0 as u32),
            Tag::Function => write!(f, "function {}", self.0 as u32),
            Tag::Object => write!(f, "object {:#x}", self.0 & ADDRESS),
            Tag::Process | Tag::Task => write!(f, "{:?} {}", self.tag(), self.0 & (TASK_BIT - 1)),
            Tag::Undefined | Tag::Null | Tag::Unit => f.write_str(match self.tag() {
                Tag::Undefined => "undefined",
                Tag::Null => "null",
                _ => "unit",
            }),
        }
    }
}

const _: () = {
    assert!(size_of::<Value>() == 8);
    assert!(Value::i32(-1).0 == 0xFFFF_0000_FFFF_FFFF);
    assert!(Value::f64(f64::NEG_INFINITY).0 < FIRST_TAGGED);
    assert!(Value::TRUE.0 == Value::bool(true).0 && Value::FALSE.0 == Value::bool(false).0);
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back() {
        for v in [i32::MIN, -1, 0, 1, i32::MAX] {
            assert_eq!(Value::i32(v).as_i32(), Some(v));
            assert_eq!(Value::i32(v).as_f64(), None);
            assert_eq!(Value::i32(v).as_number(), Some(f64::from(v)));
        }
        for v in [0.0, -0.0, 1.5, f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(Value::f64(v).as_f64().map(f64::to_bits), Some(v.to_bits()));
            assert_eq!(Value::f64(v).tag(), Tag::F64);
        }
        assert_eq!(Value::atom(u32::MAX).as_atom(), Some(u32::MAX));
        assert_eq!(Value::function(0x8000_0001).as_function(), Some(0x8000_0001));
        assert_eq!(Value::process(77).as_process(), Some(77));
        assert_eq!(Value::task(77).as_task(), Some(77));
        assert_eq!((Value::task(77).as_process(), Value::process(77).as_task()), (None, None));
        assert_eq!(Value::f32(1.25).as_f32(), Some(1.25));
        assert_eq!(Value::bool(true).as_bool(), Some(true));
    }

    #[test]
    fn no_nan_looks_like_something_else() {
        for bits in
            [0x7FF8_0000_0000_0000, 0xFFF8_0000_0000_0000, 0xFFF9_0000_0000_1234, u64::MAX, 0x7FF0_0000_0000_0001]
        {
            let value = Value::f64(f64::from_bits(bits));
            assert!(value.as_f64().is_some_and(f64::is_nan), "{bits:#x}");
        }
        // What the machine makes on its own.
        let zero = std::hint::black_box(0.0);
        assert!(Value::computed(zero / zero).is_f64());
        assert!(Value::computed(-(zero / zero)).is_f64());
        assert!(Value::computed(std::hint::black_box(f64::INFINITY) * zero).is_f64());
    }

    #[test]
    fn tags_are_told_apart() {
        let all = [
            (Value::UNDEFINED, Tag::Undefined),
            (Value::NULL, Tag::Null),
            (Value::UNIT, Tag::Unit),
            (Value::TRUE, Tag::Bool),
            (Value::FALSE, Tag::Bool),
            (Value::atom(3), Tag::Atom),
            (Value::i32(3), Tag::I32),
            (Value::f64(3.0), Tag::F64),
        ];
        for (value, tag) in all {
            assert_eq!(value.tag(), tag);
            assert!(value.as_object().is_none());
        }
        assert!(Value::NULL.is_nothing() && Value::UNDEFINED.is_nothing() && !Value::UNIT.is_nothing());
        assert!(!Value::both_i32(Value::i32(-1), Value::f64(1.0)) && Value::both_i32(Value::i32(0), Value::i32(-1)));
        assert!(!Value::both_i32(Value::f32(1.0), Value::f32(1.0)));
        for (value, _) in all {
            assert!(value.as_kind(Kind::Cell).is_none());
            match value.as_i32() {
                Some(integer) => assert_eq!(value.place(), u64::from(integer as u32)),
                None => assert!(value.place() > u64::from(u32::MAX)),
            }
        }
    }
}
