//! Strings: UTF-8 in one piece, in two others, or inside another.
//!
//! ```text
//!   flat    header | hash : 32, length : 32 | bytes, the last word filled up with zeros
//!   rope    header | hash : 32, length : 32 | left string | right string
//!   slice   header | hash : 32, length : 32 | flat string | offset in it, as an integer
//! ```
//!
//! Putting two strings together makes a rope unless the result is small, so a text that grows at its end is not copied
//! each time. When the bytes are wanted in one piece, the rope is *flattened*: they are copied once, and the rope itself turns into a slice
//! of the copy, so that everyone who holds it gains. Whatever only reads walks over the parts and needs no room.
//!
//! Programs can't tell the three kinds apart: all have the class of strings. Offsets count bytes. A slice keeps the whole string alive that it
//! lies in; a small one is a copy for that reason.

mod filling;

pub use filling::{Filling, Piece};

use crate::exec::Stop;
use crate::trap::Trap;
use regatta_heap::header::FIRST_KIND_LAYOUT;
use regatta_heap::string::{self, MAX_STRING_BYTES};
use regatta_heap::{Header, Heap, Kind, Object, Value};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::marker::PhantomData;

/// A rope has at least so many bytes, a slice too: below, copying costs less than the object with two references.
pub const MIN_ROPE_BYTES: usize = 40;

const FIRST: usize = 0;
const LEFT: usize = 1;
const RIGHT: usize = 2;
const ROOT: usize = 1;
const OFFSET: usize = 2;
const ROPE_WORDS: usize = 3;
const ROPE_BYTES: usize = 8 + 8 * ROPE_WORDS;
const LAYOUT: u32 = FIRST_KIND_LAYOUT + Kind::String as u32;

/// A string.
#[derive(Clone, Copy, Debug)]
pub struct Str(Object);

/// Looking.
impl Str {
    /// The string that a value is.
    #[inline(always)]
    pub fn of(value: Value) -> Option<Str> {
        let object = value.as_object()?;
        let kind = (object.header().0 >> 8) as u8;
        (kind.wrapping_sub(Kind::String as u8) <= Kind::Slice as u8 - Kind::String as u8).then_some(Str(object))
    }

    /// The string as a value.
    #[inline(always)]
    pub fn value(self) -> Value {
        Value::object(self.0)
    }

    /// Its length in bytes.
    #[inline(always)]
    pub fn len(self) -> usize {
        // SAFETY: [R-HEAP] it is a string, in whatever form.
        unsafe { string::len(self.0) }
    }

    /// Has it no bytes?
    #[inline(always)]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Its characters, if they lie in one piece.
    #[inline]
    pub fn text(&self) -> Option<&str> {
        (!self.0.is(Kind::Rope)).then(|| self.leaf())
    }

    /// Its characters, piece by piece, from the first to the last.
    pub fn parts(&self) -> Parts<'_> {
        Parts { next: Some(*self), later: Vec::new(), string: PhantomData }
    }

    /// Its characters in one piece, outside the heap if need be.
    pub fn to_text(&self) -> Cow<'_, str> {
        match self.text() {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(self.parts().fold(String::with_capacity(self.len()), |text, part| text + part)),
        }
    }

    /// The hash of its text; computed once.
    #[inline(always)]
    pub fn hash(self) -> u32 {
        match self.known_hash() {
            0 => self.compute_hash(),
            known => known,
        }
    }

    #[inline(always)]
    fn first_word(self) -> u64 {
        // SAFETY: [R-HEAP] a string, in whatever form, has a first word: hash and length.
        unsafe { self.0.word(FIRST) }
    }

    #[inline(always)]
    fn known_hash(self) -> u32 {
        (self.first_word() >> 32) as u32
    }

    #[cold]
    #[inline(never)]
    fn hash_in_parts(self) -> u32 {
        match self.text() {
            Some(text) => string::hash(text.as_bytes()),
            None => string::hash_parts(self.len(), self.parts().map(str::as_bytes)),
        }
    }

    /// Is it one object, with nothing but its text in it?
    #[inline(always)]
    pub(super) fn is_flat(self) -> bool {
        self.0.is(Kind::String)
    }

    #[inline(never)]
    fn compute_hash(self) -> u32 {
        // SAFETY: [R-HEAP] it is a flat string.
        let hash = if self.is_flat() { unsafe { string::hash_flat(self.0) } } else { self.hash_in_parts() };
        // SAFETY: [R-HEAP] as above; the length stays. Shared strings came with their hash.
        unsafe { self.0.set_word(FIRST, string::first_word(self.len(), hash)) };
        hash
    }

    /// The characters of a string that is no rope.
    #[inline(always)]
    fn leaf(&self) -> &str {
        debug_assert!(!self.0.is(Kind::Rope));
        // SAFETY: [R-HEAP] a flat string has its text, and a slice lies inside a flat string, between two characters.
        unsafe {
            if self.0.is(Kind::String) {
                return string::text(self.0);
            }
            let (root, offset) = self.place();
            string::text(root).get_unchecked(offset..offset + self.len())
        }
    }

    /// The flat string in which a string that is no rope lies, and where.
    #[inline]
    fn place(self) -> (Object, usize) {
        if self.0.is(Kind::String) {
            return (self.0, 0);
        }
        // SAFETY: [R-HEAP] a slice has a string in one word and an integer in the next.
        let (root, offset) = unsafe { (self.0.value(ROOT), self.0.value(OFFSET)) };
        (root.as_object().expect("[R-HEAP] a slice lies in a string"), offset.low_i32() as usize)
    }

    /// The halves of a rope.
    #[inline]
    fn halves(self) -> Option<(Str, Str)> {
        if !self.0.is(Kind::Rope) {
            return None;
        }
        // SAFETY: [R-HEAP] a rope has a string in each of two words.
        let half = |n| unsafe { self.0.value(n) }.as_object().map(Str);
        half(LEFT).zip(half(RIGHT))
    }
}

/// Pieces of a string.
#[derive(Debug)]
pub struct Parts<'s> {
    next: Option<Str>,
    later: Vec<Str>,
    string: PhantomData<&'s Str>,
}

impl<'s> Iterator for Parts<'s> {
    type Item = &'s str;

    fn next(&mut self) -> Option<&'s str> {
        let mut string = self.next.take().or_else(|| self.later.pop())?;
        while let Some((left, right)) = string.halves() {
            self.later.push(right);
            string = left;
        }
        let bytes: *const str = string.leaf();
        // SAFETY: [R-VALUE] the piece is part of a string that lives and stays in place while it is looked at.
        Some(unsafe { &*bytes })
    }
}

/// Comparing.
impl Str {
    /// Have they the same characters?
    #[inline]
    pub fn equals(self, other: Str) -> bool {
        if self.0 == other.0 {
            return true;
        }
        if self.len() != other.len() || differ(self.known_hash(), other.known_hash()) {
            return false;
        }
        if self.is_flat() && other.is_flat() {
            // SAFETY: [R-HEAP] both are flat, and of one length.
            return unsafe { string::same_text(self.0, other.0) };
        }
        self.equals_in_parts(other)
    }

    /// Is a key of a table this text? It is flat; both have been asked for their hashes, so first words say most of it.
    #[inline(always)]
    pub(super) fn is_key(self, key: Value) -> bool {
        debug_assert!(self.is_flat() && self.known_hash() != 0);
        match key.as_kind(Kind::String) {
            // SAFETY: [R-HEAP] both are flat, and of one length if their first words are equal.
            Some(key) => self.first_word() == Str(key).first_word() && unsafe { string::same_text(self.0, key) },
            None => key.is_object() && self.is_long_key(key),
        }
    }

    #[cold]
    #[inline(never)]
    fn is_long_key(self, key: Value) -> bool {
        Str::of(key).is_some_and(|key| self.equals(key))
    }

    #[cold]
    #[inline(never)]
    fn equals_in_parts(self, other: Str) -> bool {
        match (self.text(), other.text()) {
            (Some(a), Some(b)) => a == b,
            _ => self.order(other).is_eq(),
        }
    }

    /// Their order by bytes.
    pub fn order(self, other: Str) -> Ordering {
        if let (Some(a), Some(b)) = (self.text(), other.text()) {
            return a.cmp(b);
        }
        let (mut left, mut right) = (self.parts(), other.parts());
        let (mut a, mut b) = (&b""[..], &b""[..]);
        loop {
            if a.is_empty() {
                a = left.next().map_or(a, str::as_bytes);
            }
            if b.is_empty() {
                b = right.next().map_or(b, str::as_bytes);
            }
            let both = a.len().min(b.len());
            let order = a[..both].cmp(&b[..both]);
            if order.is_ne() || both == 0 {
                return order.then(a.len().cmp(&b.len()));
            }
            (a, b) = (&a[both..], &b[both..]);
        }
    }
}

/// Two hashes that are both known and not equal.
#[inline(always)]
fn differ(a: u32, b: u32) -> bool {
    a != b && a != 0 && b != 0
}

/// Making.
impl Str {
    /// A new flat string.
    #[inline]
    pub fn new(heap: &mut Heap, text: &str) -> Result<Str, Stop> {
        let string = Str::unfilled(heap, text.len())?;
        // SAFETY: [R-HEAP] the string is new and has room for so many bytes.
        unsafe { string::fill(string.0, text.as_bytes()) };
        Ok(string)
    }

    /// A new flat string, the bytes of which are still to be written.
    #[inline(always)]
    fn unfilled(heap: &mut Heap, len: usize) -> Result<Str, Stop> {
        if len > MAX_STRING_BYTES {
            return Err(Trap::LengthOverflow.into());
        }
        let words = string::words(len);
        let object = heap.allocate(string::header(len), words)?;
        // SAFETY: [R-HEAP] the string is new and has these words; the last one may be the first.
        unsafe {
            object.set_word(words - 1, 0);
            object.set_word(FIRST, string::first_word(len, 0));
        }
        Ok(Str(object))
    }

    /// Room that a flat string takes.
    pub const fn bytes(len: usize) -> usize {
        8 + 8 * string::words(len)
    }

    /// The most room that putting two strings of this length together takes.
    pub const fn concat_bytes() -> usize {
        if Str::bytes(MIN_ROPE_BYTES) > ROPE_BYTES { Str::bytes(MIN_ROPE_BYTES) } else { ROPE_BYTES }
    }

    /// One string after another.
    #[inline]
    pub fn concat(heap: &mut Heap, left: Str, right: Str) -> Result<Str, Stop> {
        let len = left.len() + right.len();
        if left.is_empty() {
            return Ok(right);
        }
        if right.is_empty() {
            return Ok(left);
        }
        if len < MIN_ROPE_BYTES {
            return Str::of_pieces(heap, Piece::Str(left), Piece::Str(right));
        }
        if len > MAX_STRING_BYTES {
            return Err(Trap::LengthOverflow.into());
        }
        Str::three_words(heap, Kind::Rope, len, left.value(), right.value())
    }

    /// A new rope or slice.
    #[inline]
    fn three_words(heap: &mut Heap, kind: Kind, len: usize, first: Value, second: Value) -> Result<Str, Stop> {
        let object = heap.allocate(Header::new(kind, LAYOUT, ROPE_WORDS), ROPE_WORDS)?;
        // SAFETY: [R-HEAP] the object is new and has three words.
        unsafe {
            object.set_word(FIRST, string::first_word(len, 0));
            object.set_word(1, first.bits());
            object.set_word(2, second.bits());
        }
        Ok(Str(object))
    }

    /// Writes to a new flat string.
    #[inline]
    fn write(self, at: usize, text: &str) {
        debug_assert!(self.0.is(Kind::String) && at + text.len() <= self.len());
        // SAFETY: [R-HEAP] the bytes follow the first word; the text lies in another object, as this one is new.
        unsafe {
            let start = self.0.payload().add(1).cast::<u8>().add(at);
            start.copy_from_nonoverlapping(text.as_ptr(), text.len());
        }
    }

    /// The bytes from `from` up to `to`; both stand between two characters and are at most the length.
    pub fn slice(self, heap: &mut Heap, from: usize, to: usize) -> Result<Str, Stop> {
        if from == 0 && to == self.len() {
            return Ok(self);
        }
        self.flatten(heap)?;
        let part = self.leaf().get(from..to).ok_or(Trap::SplitCharacter)?;
        if part.len() < MIN_ROPE_BYTES {
            let string = Str::unfilled(heap, part.len())?;
            string.write(0, part);
            return Ok(string);
        }
        let (root, offset) = self.place();
        Str::three_words(heap, Kind::Slice, to - from, Value::object(root), Value::i32((offset + from) as i32))
    }

    /// Sees to it that the bytes lie in one piece. Changes nothing that a program can see.
    #[inline]
    pub fn flatten(self, heap: &mut Heap) -> Result<(), Stop> {
        if self.0.is(Kind::Rope) { self.flatten_rope(heap) } else { Ok(()) }
    }

    #[cold]
    #[inline(never)]
    fn flatten_rope(self, heap: &mut Heap) -> Result<(), Stop> {
        let flat = Str::unfilled(heap, self.len())?;
        // From the end to the start: strings grow at their end, and so what waits to be copied is one string at a time.
        let mut end = self.len();
        let mut waiting = vec![self];
        while let Some(string) = waiting.pop() {
            if let Some((left, right)) = string.halves() {
                waiting.extend([left, right]);
            } else {
                let part = string.leaf();
                end -= part.len();
                flat.write(end, part);
            }
        }
        debug_assert_eq!(end, 0);
        // SAFETY: [R-HEAP] a rope has the words of a slice, and the same first one; the values go through the barrier.
        unsafe {
            heap.store(self.0, ROOT, flat.value());
            heap.store(self.0, OFFSET, Value::i32(0));
            self.0.set_header(self.0.header().with_kind(Kind::Slice));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heap() -> Heap {
        Heap::with_room(1 << 28)
    }

    fn flat(heap: &mut Heap, text: &str) -> Str {
        Str::new(heap, text).expect("there is room")
    }

    fn concat(heap: &mut Heap, left: Str, right: Str) -> Str {
        Str::concat(heap, left, right).expect("there is room")
    }

    /// The text, put together of pieces of so many bytes, from the left or from the right.
    fn rope(heap: &mut Heap, text: &str, piece: usize, from_left: bool) -> Str {
        let pieces = text.as_bytes().chunks(piece).map(|piece| std::str::from_utf8(piece).expect("ASCII"));
        let mut pieces: Vec<Str> = pieces.map(|piece| flat(heap, piece)).collect();
        if !from_left {
            pieces.reverse();
        }
        let together =
            pieces.into_iter().reduce(|a, b| if from_left { concat(heap, a, b) } else { concat(heap, b, a) });
        together.expect("the text is not empty")
    }

    #[test]
    fn small_strings_are_copied_and_large_ones_are_not() {
        let mut heap = heap();
        let (a, b) = (flat(&mut heap, "ä€"), flat(&mut heap, "😀"));
        let small = concat(&mut heap, a, b);
        assert_eq!((small.text(), small.len()), (Some("ä€😀"), 9));
        let empty = flat(&mut heap, "");
        assert_eq!(concat(&mut heap, a, empty).value(), a.value());
        assert_eq!(concat(&mut heap, empty, a).value(), a.value());
        let long = flat(&mut heap, &"x".repeat(MIN_ROPE_BYTES));
        let rope = concat(&mut heap, long, a);
        assert_eq!((rope.text(), rope.len()), (None, MIN_ROPE_BYTES + 5));
    }

    #[test]
    fn every_form_of_a_text_is_the_same_text() {
        let mut heap = heap();
        let text = "it was the best of times, it was the worst of times, it was the age of wisdom";
        let before = "it was the best of times, it was the worst of times, it was the age of wisdo";
        let after = "it was the best of times, it was the worst of times, it was the age of wisdon";
        let around = flat(&mut heap, &format!("<{text}>"));
        let forms = [
            flat(&mut heap, text),
            rope(&mut heap, text, 1, true),
            rope(&mut heap, text, 7, false),
            around.slice(&mut heap, 1, 1 + text.len()).expect("there is room"),
        ];
        for a in forms {
            for b in forms {
                assert!(a.equals(b));
                assert_eq!(a.order(b), Ordering::Equal);
            }
            for (other, order) in [(before, Ordering::Greater), (after, Ordering::Less), ("", Ordering::Greater)] {
                let other = flat(&mut heap, other);
                assert!(!a.equals(other));
                assert_eq!((a.order(other), other.order(a)), (order, order.reverse()));
            }
            assert_eq!(a.to_text(), text);
            assert_eq!(a.hash(), string::hash(text.as_bytes()));
            assert_eq!(a.hash(), a.known_hash());
        }
    }

    #[test]
    fn a_rope_of_a_million_parts_becomes_flat() {
        const PARTS: usize = 1_000_000;
        let mut heap = heap();
        let digits: String = (0..PARTS).map(|n| char::from(b'0' + (n % 10) as u8)).collect();
        for from_left in [true, false] {
            let string = rope(&mut heap, &digits, 1, from_left);
            let hash = string.hash();
            assert_eq!(string.parts().map(str::len).sum::<usize>(), PARTS);
            string.flatten(&mut heap).expect("there is room");
            assert_eq!(string.text(), Some(&*digits));
            assert_eq!(string.hash(), hash);
        }
    }

    #[test]
    fn slices_lie_in_flat_strings() {
        let mut heap = heap();
        let text: String = ('a'..='z').cycle().take(200).collect();
        let whole = rope(&mut heap, &text, 30, true);
        let outer = whole.slice(&mut heap, 10, 190).expect("there is room");
        let inner = outer.slice(&mut heap, 5, 100).expect("there is room");
        assert_eq!(inner.text(), Some(&text[15..110]));
        assert_eq!(inner.place().0, outer.place().0);
        let small = inner.slice(&mut heap, 1, 4).expect("there is room");
        assert!(small.0.is(Kind::String) && small.text() == Some(&text[16..19]));
        assert_eq!(inner.slice(&mut heap, 0, 95).expect("nothing to do").value(), inner.value());
        let umlaut = flat(&mut heap, "ä");
        assert_eq!(umlaut.slice(&mut heap, 0, 1).unwrap_err(), Stop::trap(Trap::SplitCharacter));
    }

    #[test]
    fn strings_have_a_limit() {
        let mut heap = heap();
        let mut string = flat(&mut heap, &"x".repeat(1 << 10));
        for _ in 10..29 {
            string = concat(&mut heap, string, string);
        }
        assert_eq!(Str::concat(&mut heap, string, string).unwrap_err(), Stop::trap(Trap::LengthOverflow));
    }
}
