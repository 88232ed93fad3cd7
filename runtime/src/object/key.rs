//! Keys: values as maps and sets see them.
//!
//! Two values that a program calls equal are one key: 1 and 1.0, 0 and -0, two strings of the same characters, boxes of
//! one number. NaN is one key too, which it is not for the program. So a number is first brought to one form (an
//! integer if it is one), and what is left to compare by content are strings and boxes; everything else is its bits.
//!
//! Hashes depend on contents, or on the order in which objects were first asked for theirs, and never on addresses: a
//! program finds its entries in the same order and at the same cost on every run. The price is that whoever chooses the
//! keys knows the hashes too, and can choose keys that collide; the cost of that is bounded by fuel only where a native
//! counts it. A host that lets strangers choose keys should know.

use super::{Complex, I64, Str};
use regatta_heap::{Heap, Object, Value};

/// A value that is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The value in its one form.
    pub value: Value,
    /// Its hash: equal keys have equal ones.
    pub hash: u32,
    /// Is it compared by more than its bits?
    by_content: bool,
}

impl Key {
    /// The key that a value is.
    #[inline(always)]
    pub fn of(heap: &mut Heap, value: Value) -> Key {
        Key::by_value(value).unwrap_or_else(|object| Key::identity(heap, object))
    }

    /// The key that a value is, if it is a string: for those who have code of their own for these.
    #[inline(always)]
    pub(super) fn of_string(value: Value) -> Option<Key> {
        Str::of(value).map(|string| Key { value, hash: string.hash(), by_content: true })
    }

    #[inline(never)]
    fn identity(heap: &mut Heap, object: Object) -> Key {
        Key { value: Value::object(object), hash: heap.identity_hash(object), by_content: false }
    }

    /// The key that a value is, unless it is an object that is itself and nothing else.
    #[inline(always)]
    pub fn by_value(value: Value) -> Result<Key, Object> {
        if let Some(key) = Key::of_string(value) {
            return Ok(key);
        }
        match value.as_object() {
            None => Ok(Key::simple(value)),
            Some(object) => Key::boxed(value).ok_or(object),
        }
    }

    /// A key that no value of a program is.
    pub const NOTHING: Key = Key { value: Value::HOLE, hash: 0, by_content: false };

    #[inline(always)]
    fn simple(value: Value) -> Key {
        let value = if value.is_i32() { value } else { one_form(value) };
        Key { value, hash: scatter(value.bits()), by_content: false }
    }

    #[inline(never)]
    fn boxed(value: Value) -> Option<Key> {
        if let Some(integer) = I64::of(value) {
            return Some(Key { value, hash: scatter(integer.get() as u64), by_content: true });
        }
        let [re, im] = Complex::of(value).map(parts)?;
        if im == Value::i32(0) {
            return Some(Key::simple(re));
        }
        Some(Key { value, hash: scatter(re.bits() ^ im.bits().rotate_left(32)), by_content: true })
    }

    /// Is it compared by nothing but its bits?
    #[inline(always)]
    pub(super) fn is_its_bits(&self) -> bool {
        !self.by_content
    }

    /// The string that it is, if that is flat.
    #[inline(always)]
    pub(super) fn flat(&self) -> Option<Str> {
        if self.by_content { Str::of(self.value).filter(|string| string.is_flat()) } else { None }
    }

    /// Is this one, as it stands in a table, the same key?
    #[inline(always)]
    pub fn is(&self, other: Value) -> bool {
        self.value == other || (self.by_content && other.is_object() && same_content(self.value, other))
    }
}

/// Numbers that are equal, as one and the same.
#[inline(never)]
fn one_form(value: Value) -> Value {
    let Some(number) = value.as_f64().or_else(|| value.as_f32().map(f64::from)) else { return value };
    let integer = number as i32;
    if f64::from(integer) == number { Value::i32(integer) } else { Value::f64(number) }
}

/// Spreads the bits of a value; neighbours come far apart.
#[inline(always)]
fn scatter(bits: u64) -> u32 {
    let product = u128::from(bits ^ 0x5851_F42D_4C95_7F2D) * 0x9E37_79B9_7F4A_7C15;
    ((product >> 64) as u64 ^ product as u64) as u32
}

#[inline(always)]
fn same_content(a: Value, b: Value) -> bool {
    match (Str::of(a), Str::of(b)) {
        (Some(a), Some(b)) => a.equals(b),
        _ => same_number(a, b),
    }
}

#[cold]
#[inline(never)]
fn same_number(a: Value, b: Value) -> bool {
    if let (Some(a), Some(b)) = (I64::of(a), I64::of(b)) {
        return a.get() == b.get();
    }
    Complex::of(a).zip(Complex::of(b)).is_some_and(|(a, b)| parts(a) == parts(b))
}

/// The parts of a complex number, each in its one form.
fn parts(complex: Complex) -> [Value; 2] {
    [complex.re(), complex.im()].map(|part| one_form(Value::f64(part)))
}
