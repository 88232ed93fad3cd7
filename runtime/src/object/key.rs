//! Keys: values as maps and sets see them.
//!
//! Two values that a program calls equal are one key: 1 and 1.0, 0 and -0, two strings of the same characters, boxes of
//! one number. NaN is one key too, which it is not for the program. So a number is first brought to one form (an integer if
//! it is one), and what is left to compare by content are strings and boxes; everything else is its bits.
//!
//! Hashes depend on contents, or on the order in which objects were first asked for theirs, and never on addresses: a
//! program finds its entries in the same order and at the same cost on every run. The price is that whoever chooses the keys
//! knows the hashes too, and can choose keys that collide; the cost of that is bounded by fuel only where a native
//! counts it. A host that lets strangers choose keys should know.

use crate::exec::Stop;
use regatta_heap::{Heap, Kind, Object, Value, string};

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
    /// The key that a value is. May allocate.
    #[inline]
    pub fn of(heap: &mut Heap, value: Value) -> Result<Key, Stop> {
        if let Some(object) = value.as_object() {
            return Key::of_object(heap, object);
        }
        let value = one_form(value);
        Ok(Key { value, hash: scatter(value.bits()), by_content: false })
    }

    #[inline]
    fn of_object(heap: &mut Heap, object: Object) -> Result<Key, Stop> {
        if object.is(Kind::String) {
            return Ok(Key { value: Value::object(object), hash: text_hash(object), by_content: true });
        }
        Ok(Key::of_other(heap, object))
    }

    #[inline(never)]
    fn of_other(heap: &mut Heap, object: Object) -> Key {
        let value = Value::object(object);
        if object.is(Kind::I64) {
            return Key { value, hash: scatter(boxed(object)), by_content: true };
        }
        if object.is(Kind::Complex) {
            let [re, im] = parts(object);
            if im == Value::i32(0).bits() {
                let value = Value::from_bits(re);
                return Key { value, hash: scatter(re), by_content: false };
            }
            return Key { value, hash: scatter(re ^ im.rotate_left(32)), by_content: true };
        }
        Key { value, hash: identity(heap, object), by_content: false }
    }

    /// Is this one, as it stands in a table, the same key?
    #[inline(always)]
    pub fn is(&self, other: Value) -> bool {
        self.value == other || (self.by_content && other.is_object() && same_content(self.value, other))
    }
}

/// A number of the object's own. Objects do not move yet.
fn identity(_: &mut Heap, object: Object) -> u32 {
    scatter(object.address())
}

/// Numbers that are equal, as one and the same.
#[inline]
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

/// The hash of a flat string; computed once.
#[inline(always)]
fn text_hash(object: Object) -> u32 {
    // SAFETY: [R-HEAP] word 0 of a string has its hash, or 0, in its upper half; putting it there changes nothing else.
    unsafe {
        let known = (object.word(0) >> 32) as u32;
        if known != 0 {
            return known;
        }
        let hash = string::hash(string::text(object).as_bytes());
        object.set_word(0, string::first_word(string::len(object), hash));
        hash
    }
}

#[inline]
fn same_content(a: Value, b: Value) -> bool {
    let (Some(a), Some(b)) = (a.as_object(), b.as_object()) else { return false };
    if a.is(Kind::String) && b.is(Kind::String) {
        // SAFETY: [R-HEAP] both are flat strings.
        return unsafe { string::text(a) == string::text(b) };
    }
    (a.is(Kind::I64) && b.is(Kind::I64) && boxed(a) == boxed(b))
        || (a.is(Kind::Complex) && b.is(Kind::Complex) && parts(a) == parts(b))
}

/// The integer in a box.
fn boxed(object: Object) -> u64 {
    // SAFETY: [R-HEAP] a box is one raw word.
    unsafe { object.word(0) }
}

/// The parts of a complex number, each in its one form.
fn parts(object: Object) -> [u64; 2] {
    // SAFETY: [R-HEAP] a complex number is two raw words, which are floats.
    [0, 1].map(|n| one_form(Value::f64(f64::from_bits(unsafe { object.word(n) }))).bits())
}
