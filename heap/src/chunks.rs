//! Blocks and the chunks they are taken from.
//!
//! ```text
//!   0       16 KB   32 KB           256 KB
//!   | counts | block | block | … | block |      counts: 16 numbers in one line of the first page
//! ```
//!
//! Number 0 of a chunk's counts says how many of its blocks are taken; number `n`, how many objects of block `n` were
//! found alive. A chunk is given back to the host when none of its blocks is taken. Of the first 16 KB, only the page
//! with the counts is ever touched.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;

/// Bytes of a block.
pub(crate) const BLOCK_BYTES: usize = 16 << 10;
/// Bytes of a chunk, and its alignment.
const CHUNK_BYTES: usize = 256 << 10;
const BLOCKS: usize = CHUNK_BYTES / BLOCK_BYTES - 1;
const LINE: usize = 64;
const LINES: usize = 64;
const PAGE: usize = 4 << 10;

type Counts = [Cell<u16>; BLOCKS + 1];

/// 16 KB of memory in a chunk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block(*mut u64);

/// The chunks of a space.
#[derive(Default)]
pub(crate) struct Chunks {
    chunks: Vec<*mut u8>,
    /// Blocks that nobody has taken.
    free: Vec<Block>,
}

impl Block {
    /// The block in which this place is.
    ///
    /// # Safety
    /// It must be in one.
    #[inline(always)]
    pub(crate) unsafe fn containing(place: *mut u64) -> Block {
        Block(place.map_addr(|address| address & !(BLOCK_BYTES - 1)))
    }

    /// Where it begins.
    pub(crate) fn start(self) -> *mut u64 {
        self.0
    }

    /// Objects counted.
    pub(crate) fn live(self) -> usize {
        usize::from(self.counts()[self.number()].get())
    }

    /// Begins counting.
    pub(crate) fn forget_live(self) {
        self.counts()[self.number()].set(0);
    }

    /// One more object.
    #[inline(always)]
    pub(crate) fn count(self) {
        let count = &self.counts()[self.number()];
        count.set(count.get() + 1);
    }

    #[inline(always)]
    fn number(self) -> usize {
        self.0.addr() / BLOCK_BYTES % (BLOCKS + 1)
    }

    fn taken(self) -> &'static Cell<u16> {
        &self.counts()[0]
    }

    #[inline(always)]
    fn counts(self) -> &'static Counts {
        // SAFETY: [R-HEAP] the block exists, and so does its chunk: nobody keeps what is returned here.
        unsafe { counts(self.0.map_addr(|address| address & !(CHUNK_BYTES - 1)).cast()) }
    }
}

impl Chunks {
    /// A block, with anything in it.
    pub(crate) fn take(&mut self) -> Block {
        if self.free.is_empty() {
            self.grow();
        }
        let block = self.free.pop().expect("a chunk has blocks");
        block.forget_live();
        block.taken().set(block.taken().get() + 1);
        block
    }

    fn grow(&mut self) {
        // SAFETY: [R-HEAP] a chunk has bytes.
        let chunk = unsafe { alloc(layout()) };
        if chunk.is_null() {
            // Survivors have nowhere to go. They are at most a nursery; there is no state to go back to.
            handle_alloc_error(layout());
        }
        chunk.expose_provenance();
        // SAFETY: [R-HEAP] the chunk is that long, and nobody else has it yet.
        unsafe { counts_place(chunk).write([const { Cell::new(0) }; BLOCKS + 1]) }
        self.chunks.push(chunk);
        let blocks = (1..=BLOCKS).rev().map(|n| Block(chunk.wrapping_add(n * BLOCK_BYTES).cast()));
        self.free.extend(blocks);
    }

    /// Nothing in the block is alive, and nobody refers to it any more.
    pub(crate) fn give_back(&mut self, block: Block) {
        block.taken().set(block.taken().get() - 1);
        self.free.push(block);
    }

    /// Gives chunks without objects back to the host. As many are kept as have objects, and one more, since the heap will
    /// double before the next full collection.
    pub(crate) fn trim(&mut self) {
        // SAFETY: [R-HEAP] the chunk is in the list, so it exists.
        let is_empty = |&&chunk: &&*mut u8| unsafe { counts(chunk) }[0].get() == 0;
        let empty = self.chunks.iter().filter(is_empty).count();
        let spare = 1 + self.chunks.len() - empty;
        let mut doomed: Vec<usize> =
            self.chunks.iter().filter(is_empty).skip(spare).map(|chunk| chunk.addr()).collect();
        if doomed.is_empty() {
            return;
        }
        doomed.sort_unstable();
        self.chunks.retain(|chunk| doomed.binary_search(&chunk.addr()).is_err());
        self.free.retain(|block| doomed.binary_search(&(block.0.addr() & !(CHUNK_BYTES - 1))).is_err());
        for chunk in doomed {
            // SAFETY: [R-HEAP] none of its blocks is taken or free, and it is in no list any more.
            unsafe { dealloc(std::ptr::with_exposed_provenance_mut(chunk), layout()) }
        }
    }

    /// Blocks that are taken.
    #[cfg(test)]
    pub(crate) fn taken(&self) -> usize {
        self.chunks.len() * BLOCKS - self.free.len()
    }

    /// Bytes of memory.
    pub(crate) fn bytes(&self) -> usize {
        let blocks = self.chunks.len() * BLOCKS * BLOCK_BYTES;
        blocks + self.chunks.len() * PAGE + (self.chunks.capacity() + self.free.capacity()) * 8
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        for &chunk in &self.chunks {
            // SAFETY: [R-HEAP] the chunk came from `alloc` with this layout, and the heap ends.
            unsafe { dealloc(chunk, layout()) }
        }
    }
}

fn layout() -> Layout {
    Layout::from_size_align(CHUNK_BYTES, CHUNK_BYTES).expect("the sizes are constants")
}

/// The counts of a chunk lie at a line that depends on its address.
#[inline(always)]
fn counts_place(chunk: *mut u8) -> *mut Counts {
    chunk.wrapping_add(chunk.addr() / CHUNK_BYTES % LINES * LINE).cast()
}

/// # Safety
/// The chunk must exist for as long as the counts are used.
#[inline(always)]
unsafe fn counts(chunk: *mut u8) -> &'static Counts {
    // SAFETY: as the caller promises.
    unsafe { &*counts_place(chunk) }
}

const _: () = {
    assert!(size_of::<Counts>() <= LINE && LINE * LINES <= PAGE);
    assert!(BLOCK_BYTES / 8 <= u16::MAX as usize, "a count holds all objects of a block");
};
