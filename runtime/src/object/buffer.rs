//! Buffers: bytes that programs read and write one by one, or several as a number.
//!
//! ```text
//!   buffer   header | length | storage, or an integer: there are no bytes
//!   storage  header | count | bytes
//! ```
//!
//! The length never changes. Contrast with arrays of bytes, which grow, and become arrays of something else.

use super::storage;
use crate::exec::Stop;
use crate::trap::Trap;
use regatta_heap::{Header, Heap, Kind, Object, Value};

/// Bytes of one buffer.
pub const MAX_BUFFER_BYTES: usize = 1 << 30;

const LENGTH: usize = 0;
const STORAGE: usize = 1;
const WORDS: usize = 2;

views! {
    /// A buffer.
    Buffer;
}

impl Buffer {
    /// A new buffer of zeros.
    pub fn new(heap: &mut Heap, len: usize) -> Result<Buffer, Stop> {
        if len > MAX_BUFFER_BYTES {
            return Err(Trap::LengthOverflow.into());
        }
        heap.reserve(storage::bytes(Kind::Bytes, len) + 8 + 8 * WORDS)?;
        let storage = match len {
            0 => Value::i32(0),
            _ => Value::object(storage::allocate(heap, Kind::Bytes, len)?),
        };
        let buffer = heap.allocate(Header::plain(Kind::Buffer, WORDS), WORDS)?;
        // SAFETY: [R-HEAP] the object is new and has two words, a raw one and a value.
        unsafe {
            buffer.set_word(LENGTH, len as u64);
            buffer.set_word(STORAGE, storage.bits());
        }
        Ok(Buffer(buffer))
    }

    /// A new buffer with these bytes.
    pub fn from_bytes(heap: &mut Heap, bytes: &[u8]) -> Result<Buffer, Stop> {
        let buffer = Buffer::new(heap, bytes.len())?;
        buffer.write(0, bytes);
        Ok(buffer)
    }

    /// How many bytes it has.
    pub fn len(self) -> usize {
        // SAFETY: [R-HEAP] word 0 of a buffer is its length.
        unsafe { self.0.word(LENGTH) as usize }
    }

    /// Has it none?
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        let Some(start) = self.start() else { return &[] };
        // SAFETY: [R-HEAP] the storage has so many bytes; [R-VALUE] it stays in place while it is looked at.
        unsafe { std::slice::from_raw_parts(start, self.len()) }
    }

    /// Overwrites the bytes from `at` on.
    ///
    /// # Panics
    /// If there are fewer.
    pub fn write(self, at: usize, bytes: &[u8]) {
        let end = at.checked_add(bytes.len()).filter(|&end| end <= self.len());
        assert!(end.is_some(), "the buffer has {} bytes", self.len());
        if let Some(start) = self.start() {
            // SAFETY: [R-HEAP] the storage has so many bytes. The source may be part of it.
            unsafe { start.add(at).copy_from(bytes.as_ptr(), bytes.len()) };
        }
    }

    /// Where its bytes begin, if it has any.
    fn start(self) -> Option<*mut u8> {
        // SAFETY: [R-HEAP] word 1 of a buffer is a value.
        let storage = unsafe { self.0.value(STORAGE) }.as_object()?;
        Some(storage.payload().wrapping_add(1).cast())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back() {
        let heap = &mut Heap::with_room(1 << 20);
        let buffer = Buffer::from_bytes(heap, b"0123456789").unwrap();
        buffer.write(3, b"abc");
        assert_eq!(buffer.bytes(), b"012abc6789");
        let part = *buffer.bytes().first_chunk::<4>().unwrap();
        buffer.write(6, &part);
        assert_eq!(buffer.bytes(), b"012abc012a");
        assert_eq!(Buffer::new(heap, 3).unwrap().bytes(), [0; 3]);
        let empty = Buffer::new(heap, 0).unwrap();
        empty.write(0, b"");
        assert!(empty.is_empty() && empty.bytes().is_empty());
        assert_eq!(Buffer::of(buffer.value()), Some(buffer));
        assert!(Buffer::of(Value::NULL).is_none());
    }

    #[test]
    #[should_panic(expected = "the buffer has 2 bytes")]
    fn nothing_is_written_behind_the_end() {
        let heap = &mut Heap::with_room(1 << 20);
        Buffer::new(heap, 2).unwrap().write(1, b"ab");
    }

    #[test]
    fn there_is_a_largest_buffer() {
        let heap = &mut Heap::with_room(1 << 20);
        assert_eq!(Buffer::new(heap, MAX_BUFFER_BYTES + 1), Err(Trap::LengthOverflow.into()));
    }
}
