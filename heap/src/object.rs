//! Objects, as raw memory: a header and payload words.
//!
//! An [`Object`] is an address. Nothing in its type keeps the object alive or in place: `[R-VALUE]` whoever holds one took
//! it from a live value, and lets go of it before anything is collected. The typed views that programs' meanings work
//! with are built on this.

use crate::header::{Header, Kind};
use crate::value::Value;

/// The address of an object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(transparent)]
pub struct Object(*mut u64);

impl Object {
    /// The object at this address.
    #[inline(always)]
    pub fn from_address(address: u64) -> Object {
        Object(std::ptr::with_exposed_provenance_mut(address as usize))
    }

    /// Its address.
    #[inline(always)]
    pub fn address(self) -> u64 {
        self.0.expose_provenance() as u64
    }

    /// Its header.
    #[inline(always)]
    pub fn header(self) -> Header {
        // SAFETY: [R-VALUE] the object lives, and every object begins with a header.
        unsafe { Header(*self.0) }
    }

    /// Replaces its header.
    ///
    /// # Safety
    /// The new header must describe the object as it is laid out, and the collector's bits, which are the lowest six, must
    /// stay as they are.
    #[inline(always)]
    pub unsafe fn set_header(self, header: Header) {
        // SAFETY: [R-VALUE] as in `header`.
        unsafe { *self.0 = header.0 }
    }

    /// Is it of this kind?
    #[inline(always)]
    pub fn is(self, kind: Kind) -> bool {
        self.header().is(kind)
    }

    /// Words of payload.
    #[inline]
    pub fn words(self) -> usize {
        let header = self.header();
        match header.count() {
            0xFFFF => {
                let bytes = header.kind().element_bytes().expect("only kinds with a length are this long");
                // The low 32 bits of a string's first word are its length, the others are nothing but length.
                // SAFETY: such an object has a first word.
                let first = unsafe { self.word(0) };
                let length = if header.is(Kind::String) { first as u32 as u64 } else { first };
                1 + (length as usize * bytes).div_ceil(8)
            }
            count => count,
        }
    }

    /// Bytes it takes, header included.
    #[inline]
    pub fn bytes(self) -> usize {
        8 + 8 * self.words()
    }

    /// Payload word `n`, raw.
    ///
    /// # Safety
    /// The object must have more than `n` payload words.
    #[inline(always)]
    pub unsafe fn word(self, n: usize) -> u64 {
        // SAFETY: [R-VALUE] the object lives; it has the word.
        unsafe { *self.0.add(1 + n) }
    }

    /// Sets payload word `n`, raw. References go through [`crate::Heap::store`].
    ///
    /// # Safety
    /// The object must have more than `n` payload words, and the word must keep its meaning: no reference may get in here
    /// unless the object is new.
    #[inline(always)]
    pub unsafe fn set_word(self, n: usize, word: u64) {
        // SAFETY: [R-VALUE] the object lives; it has the word.
        unsafe { *self.0.add(1 + n) = word }
    }

    /// Payload word `n`, which must be a value.
    ///
    /// # Safety
    /// The object must have more than `n` payload words, and that one must be a value.
    #[inline(always)]
    pub unsafe fn value(self, n: usize) -> Value {
        // SAFETY: as the caller promises.
        unsafe { Value::from_bits(self.word(n)) }
    }

    /// Where the payload begins.
    #[inline(always)]
    pub fn payload(self) -> *mut u64 {
        self.0.wrapping_add(1)
    }
}
