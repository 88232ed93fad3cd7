//! The heap of one process: allocation, the store barrier, collection.
//!
//! An allocation either succeeds or says [`Collect`]; whoever asked then collects and does the whole thing again, so a
//! meaning asks for all it needs before it does anything. That keeps raw references away from collections: none is alive
//! when one happens.

use crate::header::Header;
use crate::object::Object;
use crate::roots::Roots;
use crate::value::Value;

/// There is no room: collect, then try again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Collect;

/// The live objects and what was asked for do not fit the heap's limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the heap reached its limit")]
pub struct OutOfMemory;

/// Objects of one process.
#[derive(Debug)]
pub struct Heap {
    blocks: Vec<Box<[u64]>>,
    top: *mut u64,
    end: *mut u64,
    used: usize,
    limit: usize,
    wanted: usize,
}

// SAFETY: the heap owns all it points to.
unsafe impl Send for Heap {}

impl Heap {
    /// A heap that may hold `limit` bytes of objects.
    pub fn new(limit: usize) -> Heap {
        Heap { blocks: vec![], top: std::ptr::null_mut(), end: std::ptr::null_mut(), used: 0, limit, wanted: 0 }
    }

    /// Makes sure that allocations of `bytes` altogether will succeed.
    #[inline(always)]
    pub fn reserve(&mut self, bytes: usize) -> Result<(), Collect> {
        if bytes <= self.end.addr() - self.top.addr() { Ok(()) } else { self.reserve_slowly(bytes) }
    }

    #[cold]
    #[inline(never)]
    fn reserve_slowly(&mut self, bytes: usize) -> Result<(), Collect> {
        self.wanted = bytes;
        if self.used + bytes > self.limit {
            return Err(Collect);
        }
        let mut block = vec![0; bytes.div_ceil(8).max(1 << 14)].into_boxed_slice();
        let range = block.as_mut_ptr_range();
        (self.top, self.end) = (range.start, range.end);
        self.blocks.push(block);
        Ok(())
    }

    /// A new object with this header and so many words of payload, which hold nothing yet: fill them before anything else
    /// happens.
    #[inline(always)]
    pub fn allocate(&mut self, header: Header, words: usize) -> Result<Object, Collect> {
        self.reserve(8 + 8 * words)?;
        let object = Object::from_address(self.top.expose_provenance() as u64);
        // SAFETY: there is room for the object.
        unsafe {
            *self.top = header.0;
            self.top = self.top.add(1 + words);
        }
        self.used += 8 + 8 * words;
        Ok(object)
    }

    /// Stores a value in payload word `n` of an object.
    ///
    /// # Safety
    /// The object must have more than `n` payload words, and that one must be a value.
    #[inline(always)]
    pub unsafe fn store(&mut self, object: Object, n: usize, value: Value) {
        // SAFETY: as the caller promises.
        unsafe { object.set_word(n, value.bits()) }
    }

    /// Makes room for what was asked for last.
    pub fn collect(&mut self, roots: &mut dyn Roots) -> Result<(), OutOfMemory> {
        let _ = roots;
        if self.used + self.wanted > self.limit { Err(OutOfMemory) } else { Ok(()) }
    }

    /// A number for the object that stays the same wherever it moves. This heap moves none.
    pub fn identity_hash(&mut self, object: Object) -> u32 {
        ((object.address() >> 3).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
    }

    /// Bytes of objects.
    pub fn used(&self) -> usize {
        self.used
    }
}
