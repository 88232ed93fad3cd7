//! Flat strings: how text lies in an object of [`Kind::String`].
//!
//! ```text
//!   header | hash:32 length:32 | UTF-8 bytes, the last word filled up with zeros
//! ```
//!
//! The length counts bytes. The hash may be missing (0): whoever wants it computes it and may put it there, which changes
//! nothing that a program can see. Ropes and slices have the same first word.

use crate::header::{Header, Kind};
use crate::object::Object;

/// The most bytes of one string.
pub const MAX_STRING_BYTES: usize = (1 << 30) - 1;

/// Strings with more payload words than this are copied and compared by what the host has for that.
const MAX_LOOP_WORDS: usize = 5;

const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

/// The hash of a text; never 0, which says that nobody has computed it yet.
#[inline]
pub fn hash(bytes: &[u8]) -> u32 {
    let mut state = (bytes.len() as u64).wrapping_mul(ODD);
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        state = mix(state, u64::from_le_bytes(chunk.try_into().expect("chunks of eight")));
    }
    let mut last = [0; 8];
    last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    finish(mix(state, u64::from_le_bytes(last)))
}

/// The hash of a flat string: [`hash`] of its text, a word at a time, since its last word is filled up with zeros.
///
/// # Safety
/// The object must be a flat string.
#[inline]
pub unsafe fn hash_flat(object: Object) -> u32 {
    // SAFETY: [R-HEAP] a flat string has its length, and then the words that its bytes take.
    unsafe {
        let len = len(object);
        let mut state = (len as u64).wrapping_mul(ODD);
        for n in 1..=len / 8 {
            state = mix(state, object.word(n));
        }
        finish(mix(state, if len.is_multiple_of(8) { 0 } else { object.word(1 + len / 8) }))
    }
}

/// The hash of a text of `len` bytes that lies in several parts: [`hash`] of them put together.
pub fn hash_parts<'a>(len: usize, parts: impl Iterator<Item = &'a [u8]>) -> u32 {
    let mut state = (len as u64).wrapping_mul(ODD);
    let (mut word, mut filled) = (0, 0);
    for &byte in parts.flatten() {
        word |= u64::from(byte) << filled;
        filled += 8;
        if filled == 64 {
            state = mix(state, word);
            (word, filled) = (0, 0);
        }
    }
    finish(mix(state, word))
}

/// Takes in eight bytes: multiplies, and folds the high half back in, where the multiplication has mixed best.
#[inline(always)]
fn mix(state: u64, word: u64) -> u64 {
    let product = (state ^ word).wrapping_mul(ODD);
    product ^ product >> 32
}

#[inline(always)]
fn finish(state: u64) -> u32 {
    (state.wrapping_mul(ODD) >> 32) as u32 | 1
}

/// Payload words of a string of `len` bytes.
#[inline(always)]
pub const fn words(len: usize) -> usize {
    1 + len.div_ceil(8)
}

/// The header of a string of `len` bytes.
#[inline(always)]
pub const fn header(len: usize) -> Header {
    Header::plain(Kind::String, words(len))
}

/// The first payload word of a string, rope or slice; `hash` may be 0.
#[inline(always)]
pub const fn first_word(len: usize, hash: u32) -> u64 {
    (hash as u64) << 32 | len as u64
}

/// Fills a new string, the payload of which has [`words`]`(bytes.len())` words. The hash stays uncomputed.
///
/// # Safety
/// The object must have so many words, and nothing else may look at it meanwhile.
#[inline]
pub unsafe fn fill(object: Object, bytes: &[u8]) {
    let words = words(bytes.len());
    // SAFETY: the object has these words: the first, and behind it room for the bytes and the zeros after them.
    unsafe {
        object.set_word(words - 1, 0);
        object.set_word(0, first_word(bytes.len(), 0));
        object.payload().add(1).cast::<u8>().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
    }
}

/// Bytes of a string, rope or slice.
///
/// # Safety
/// The object must be one.
#[inline(always)]
pub unsafe fn len(object: Object) -> usize {
    // SAFETY: [R-HEAP] such an object has a first word, and its low half is the length.
    unsafe { object.word(0) as u32 as usize }
}

/// The characters of a flat string.
///
/// # Safety
/// The object must be one, and may not move or go away while the result is used.
#[inline(always)]
pub unsafe fn text<'a>(object: Object) -> &'a str {
    // SAFETY: [R-HEAP] the length is followed by so many bytes of UTF-8.
    unsafe {
        let bytes = std::slice::from_raw_parts(object.payload().add(1).cast::<u8>(), len(object));
        std::str::from_utf8_unchecked(bytes)
    }
}

/// Compares the text of two flat strings of one length.
///
/// # Safety
/// The objects must be such strings.
#[inline(always)]
pub unsafe fn same_text(a: Object, b: Object) -> bool {
    // SAFETY: [R-HEAP] both have the words that so many bytes take, and the last one is filled up with zeros.
    unsafe {
        let words = words(len(a));
        if words > MAX_LOOP_WORDS {
            return text(a) == text(b);
        }
        words == 1 || (a.word(1) == b.word(1) && (2..words).all(|n| a.word(n) == b.word(n)))
    }
}

/// Copies the text of a flat string to `to`. Where `room`, the bytes that may be written there, allows it, some zeros
/// follow.
///
/// # Safety
/// The object must be a flat string with at most `room` bytes, and not be what is written to.
#[inline(always)]
pub unsafe fn copy_text(object: Object, to: *mut u8, room: usize) {
    // SAFETY: as the caller promises; [R-HEAP] the string has the words that its bytes take.
    unsafe {
        let len = len(object);
        if (1..=8).contains(&len) && room >= 8 {
            return to.cast::<u64>().write_unaligned(object.word(1));
        }
        let words = words(len);
        if words > MAX_LOOP_WORDS || 8 * (words - 1) > room {
            to.copy_from_nonoverlapping(object.payload().add(1).cast::<u8>(), len);
            return;
        }
        for n in 1..words {
            to.add(8 * (n - 1)).cast::<u64>().write_unaligned(object.word(n));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heap::Heap;

    #[test]
    fn text_comes_back_and_ends_in_zeros() {
        let mut heap = Heap::new(1 << 20);
        for s in ["", "a", "1234567", "12345678", "123456789", "ä€😀"] {
            let object = heap.allocate(header(s.len()), words(s.len())).expect("there is room");
            // SAFETY: the object is new and has the words.
            unsafe {
                fill(object, s.as_bytes());
                assert_eq!(text(object), s);
                assert_eq!(object.words(), words(s.len()));
                if !s.len().is_multiple_of(8) {
                    assert_eq!(object.word(words(s.len()) - 1) >> (8 * (s.len() % 8)), 0, "{s}");
                }
            }
        }
    }

    #[test]
    fn words_say_what_bytes_say() {
        let mut heap = Heap::with_room(1 << 24);
        let letters = b"it was the best of times, it was the worst of times";
        let mut make = |bytes: &[u8]| {
            let object = heap.allocate(header(bytes.len()), words(bytes.len())).expect("there is room");
            // SAFETY: the object is new and has the words.
            unsafe { fill(object, bytes) };
            object
        };
        for len in 0..letters.len() {
            let text = &letters[..len];
            let (a, b) = (make(text), make(text));
            // SAFETY: both are flat strings; the room told is that of the buffer behind the place.
            unsafe {
                assert_eq!(hash_flat(a), hash(text));
                assert!(same_text(a, b));
                for n in 0..len {
                    let mut other = text.to_vec();
                    other[n] ^= 0x20;
                    assert!(!same_text(a, make(&other)), "{len} {n}");
                }
                for room in len..len + 9 {
                    let mut buffer = [b'?'; 64];
                    copy_text(a, buffer.as_mut_ptr().add(1), room);
                    assert_eq!((buffer[0], &buffer[1..=len]), (b'?', text));
                    assert!(buffer[1 + len..=room].iter().all(|&byte| byte == b'?' || byte == 0), "{len} {room}");
                    assert!(buffer[1 + room..].iter().all(|&byte| byte == b'?'), "{len} {room}");
                }
            }
        }
    }

    #[test]
    fn hashes_tell_texts_apart() {
        let texts = ["", "\0", "\0\0", "a", "b", "ab", "ba", "12345678", "123456780", "__add__", "__sub__"];
        for (n, a) in texts.iter().enumerate() {
            assert_ne!(hash(a.as_bytes()), 0);
            assert!(texts[..n].iter().all(|b| hash(b.as_bytes()) != hash(a.as_bytes())), "{a:?}");
        }
    }

    #[test]
    fn a_hash_does_not_see_how_a_text_is_divided() {
        let text = b"it was the best of times, it was the worst of times";
        for (n, m) in [(0, 0), (1, 2), (7, 8), (8, 16), (3, 50), (20, 51)] {
            let parts = [&text[..n], &text[n..m], &text[m..]];
            assert_eq!(hash_parts(text.len(), parts.into_iter()), hash(text));
        }
        assert_eq!(hash_parts(16, [&text[..8], &text[8..16]].into_iter()), hash(&text[..16]));
        assert_eq!(hash_parts(0, [].into_iter()), hash(b""));
    }
}
