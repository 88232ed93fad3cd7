//! Texts: each text that code names is in a program once, as an atom and as a string.
//!
//! A text's number ([`TextId`]) is the atom of that name. The text itself lies in a flat string object that belongs to the
//! program: [`SHARED`](Header::SHARED), never moved, never collected, so a string constant is an address and allocates
//! nothing. Texts only come, and so a process that makes atoms out of strings without end meets a limit.
//!
//! A few texts are in every program, at the same numbers: [`atoms`].

use crate::index::Index;
use regatta_heap::{Header, header::FIRST_KIND_LAYOUT};
use regatta_heap::{Object, Value, string};
use regatta_ir::TextId;
use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// Texts of one program.
pub const MAX_ATOMS: usize = 1 << 22;

/// The program has as many texts as it can hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the program would have more than {MAX_ATOMS} texts")]
pub struct TooManyTexts;

/// A text of a program.
#[derive(Clone, Copy)]
pub struct Text<'p> {
    object: Object,
    program: PhantomData<&'p Texts>,
}

impl<'p> Text<'p> {
    /// Its characters.
    #[inline]
    pub fn as_str(self) -> &'p str {
        // SAFETY: [R-TEXT] it is a flat string that stays as it is while the program lives.
        unsafe { string::text(self.object) }
    }

    /// Its hash: [`string::hash`] of its bytes.
    #[inline]
    pub fn hash(self) -> u32 {
        // SAFETY: [R-TEXT] as above; the hash was computed when the string was made.
        (unsafe { self.object.word(0) } >> 32) as u32
    }

    /// The text as a string.
    #[inline(always)]
    pub fn value(self) -> Value {
        Value::object(self.object)
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// All texts of a program.
#[derive(Debug)]
pub(crate) struct Texts {
    // By number; pages that nobody touched cost nothing.
    places: Box<[AtomicPtr<u64>]>,
    count: AtomicUsize,
    index: Index,
}

impl Texts {
    /// The texts that are in every program.
    pub(crate) fn new() -> Texts {
        let places = Box::new_zeroed_slice(MAX_ATOMS);
        // SAFETY: all zero bits are an `AtomicPtr` that is null.
        let places = unsafe { places.assume_init() };
        let texts = Texts { places, count: AtomicUsize::new(0), index: Index::new(2 * atoms::ALL.len()) };
        for (n, text) in atoms::ALL.iter().enumerate() {
            assert_eq!(texts.intern(text), Ok(TextId(n as u32)), "known texts are different ones");
        }
        texts
    }

    /// The first place.
    pub(crate) fn as_ptr(&self) -> *const AtomicPtr<u64> {
        self.places.as_ptr()
    }

    /// The text with this number. Code names only texts of its program [V-REF].
    #[inline(always)]
    pub(crate) fn get(&self, id: TextId) -> Option<Text<'_>> {
        let start = self.places.get(id.index())?.load(Ordering::Acquire);
        if start.is_null() {
            return None;
        }
        Some(Text { object: Object::from_address(start.addr() as u64), program: PhantomData })
    }

    pub(crate) fn find(&self, text: &str) -> Option<TextId> {
        self.find_hashed(string::hash(text.as_bytes()), text)
    }

    #[inline]
    pub(crate) fn find_hashed(&self, hash: u32, text: &str) -> Option<TextId> {
        self.index.find(hash, |n| self.is(n, text)).map(TextId)
    }

    pub(crate) fn intern(&self, text: &str) -> Result<TextId, TooManyTexts> {
        let hash = string::hash(text.as_bytes());
        self.index.find_or_add(hash, |n| self.is(n, text), || self.add(text, hash)).map(TextId)
    }

    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    fn is(&self, n: u32, text: &str) -> bool {
        self.get(TextId(n)).is_some_and(|other| other.as_str() == text)
    }

    /// Only the index calls this, one thread at a time.
    fn add(&self, text: &str, hash: u32) -> Result<u32, TooManyTexts> {
        let number = self.count.load(Ordering::Relaxed);
        let place = self.places.get(number).ok_or(TooManyTexts)?;
        let header = string::header(text.len());
        let words: Box<[u64]> = vec![0; 1 + string::words(text.len())].into_boxed_slice();
        let start = Box::into_raw(words).cast::<u64>();
        let object = Object::from_address(start.expose_provenance() as u64);
        // SAFETY: the object is new and has a header and the words of a string of this length.
        unsafe {
            object.set_header(Header(header.0 | Header::SHARED));
            string::fill(object, text.as_bytes());
            object.set_word(0, string::first_word(text.len(), hash));
        }
        place.store(start, Ordering::Release);
        self.count.store(number + 1, Ordering::Release);
        Ok(number as u32)
    }
}

impl Drop for Texts {
    fn drop(&mut self) {
        let count = self.count();
        for place in &mut self.places[..count] {
            let start = *place.get_mut();
            let words = 1 + Object::from_address(start.addr() as u64).words();
            // SAFETY: `add` made this box of so many words; no process of the program is left to look at it.
            drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(start, words)) });
        }
    }
}

const _: () = assert!(string::header(0).layout() == FIRST_KIND_LAYOUT + regatta_heap::Kind::String as u32);

macro_rules! known {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// Texts that every program has at the same numbers.
        pub mod atoms {
            use regatta_ir::TextId;

            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "only their numbers are used")]
            enum Number { $($name),* }

            $(
                #[doc = concat!("`", $text, "`")]
                pub const $name: TextId = TextId(Number::$name as u32);
            )*

            /// All of them, by number.
            pub const ALL: &[&str] = &[$($text),*];
        }
    };
}

known! {
    EMPTY = "";
    // Words that say what a value is.
    UNDEFINED = "undefined";
    NULL = "null";
    UNIT = "unit";
    BOOLEAN = "boolean";
    TRUE = "true";
    FALSE = "false";
    NUMBER = "number";
    I32 = "i32";
    I64 = "i64";
    F32 = "f32";
    F64 = "f64";
    COMPLEX = "complex";
    STRING = "string";
    ATOM = "atom";
    ARRAY = "array";
    TUPLE = "tuple";
    MAP = "map";
    SET = "set";
    ENUM = "enum";
    CELL = "cell";
    BUFFER = "buffer";
    FUNCTION = "function";
    OBJECT = "object";
    INSTANCE = "instance";
    PROXY = "proxy";
    REGEX = "regex";
    WEAK = "weak";
    WEAK_MAP = "weakmap";
    PROCESS = "process";
    TASK = "task";
    // Names of methods that operators look for.
    MAGIC_ADD = "__add__";
    MAGIC_SUB = "__sub__";
    MAGIC_MUL = "__mul__";
    MAGIC_DIV = "__div__";
    MAGIC_REM = "__rem__";
    MAGIC_EQ = "__eq__";
    MAGIC_LT = "__lt__";
    MAGIC_LE = "__le__";
    MAGIC_STR = "__str__";
    MAGIC_CALL = "__call__";
    MAGIC_GETATTR = "__getattr__";
    MAGIC_SETATTR = "__setattr__";
    // Common names.
    PROTO = "__proto__";
    CONSTRUCTOR = "constructor";
    LENGTH = "length";
    NAME = "name";
    MESSAGE = "message";
    OK = "ok";
    ERROR = "error";
    NONE = "none";
    SOME = "some";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number() {
        let texts = Texts::new();
        let known = texts.count();
        let hello = texts.intern("hello").expect("there is room");
        assert_eq!(hello, TextId(known as u32));
        assert_eq!(texts.intern("hello"), Ok(hello));
        assert_eq!(texts.find("hello"), Some(hello));
        assert_eq!(texts.find("hell"), None);
        assert_eq!(texts.intern("length"), Ok(atoms::LENGTH));
        let text = texts.get(hello).expect("just added");
        assert_eq!((text.as_str(), text.hash()), ("hello", string::hash(b"hello")));
        assert!(texts.get(TextId(hello.0 + 1)).is_none() && texts.get(TextId(u32::MAX)).is_none());
    }

    #[test]
    fn known_texts_are_where_they_should_be() {
        let texts = Texts::new();
        assert_eq!(texts.get(atoms::EMPTY).map(Text::as_str), Some(""));
        assert_eq!(texts.get(atoms::MAGIC_ADD).map(Text::as_str), Some("__add__"));
        assert_eq!(texts.get(atoms::SOME).map(Text::as_str), Some("some"));
    }

    #[test]
    fn strings_of_a_program_are_shared_objects() {
        let texts = Texts::new();
        let long = "x".repeat(1 << 20);
        let id = texts.intern(&long).expect("there is room");
        let object = texts.get(id).and_then(|text| text.value().as_object()).expect("a string is an object");
        assert!(object.header().0 & Header::SHARED != 0 && object.is(regatta_heap::Kind::String));
        assert_eq!(object.words(), string::words(long.len()));
    }
}
