//! The memory of the young space: one block at a time, 512 bytes for a process that just began, a megabyte for a busy one.
//!
//! Blocks between 2 KB and 1 MB are handed from heap to heap of a thread through a small pool, since a growing heap goes
//! through all sizes and the host is slow to give and take the larger ones: fresh pages cost more than collecting does.
//! A block says nothing about what lies in it; that is its heap's business.

use std::alloc::{Layout, alloc, dealloc};
use std::cell::RefCell;
use std::ptr::null_mut;

/// Pooled sizes: 2 KB to 1 MB, powers of two.
const SMALLEST_POOLED: usize = 2 << 10;
const POOLED_SIZES: usize = 10;
/// Bytes a thread's pool may hold.
const MAX_POOL_BYTES: usize = 2 << 20;

/// Memory for young objects. Empty until it is needed.
pub(crate) struct Block {
    start: *mut u64,
    bytes: usize,
}

#[derive(Default)]
struct Pool {
    blocks: [Vec<*mut u64>; POOLED_SIZES],
    bytes: usize,
}

thread_local! {
    static POOL: RefCell<Pool> = RefCell::default();
}

impl Block {
    /// No memory at all.
    pub(crate) const NONE: Block = Block { start: null_mut(), bytes: 0 };

    /// A block of so many bytes, a multiple of 8; `None` if the host has none.
    pub(crate) fn new(bytes: usize) -> Option<Block> {
        debug_assert!(bytes > 0 && bytes.is_multiple_of(8));
        if let Some(start) = pooled(bytes) {
            return Some(Block { start, bytes });
        }
        // SAFETY: [R-HEAP] a block has at least one word.
        let start = unsafe { alloc(layout(bytes)?) }.cast::<u64>();
        start.expose_provenance();
        if start.is_null() { None } else { Some(Block { start, bytes }) }
    }

    /// Where it begins.
    #[inline(always)]
    pub(crate) fn start(&self) -> *mut u64 {
        self.start
    }

    /// How long it is.
    #[inline(always)]
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Does the address lie in it?
    #[inline(always)]
    pub(crate) fn holds(&self, address: u64) -> bool {
        address.wrapping_sub(self.start.addr() as u64) < self.bytes as u64
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        if self.start.is_null() || POOL.try_with(|pool| pool.borrow_mut().put(self)).unwrap_or(false) {
            return;
        }
        // SAFETY: [R-HEAP] the block came from `alloc` with this layout, and nobody else has it.
        unsafe { dealloc(self.start.cast(), layout(self.bytes).expect("the block was made with this layout")) }
    }
}

impl Pool {
    fn put(&mut self, block: &Block) -> bool {
        match size_number(block.bytes) {
            Some(size) if self.bytes + block.bytes <= MAX_POOL_BYTES => {
                self.blocks[size].push(block.start);
                self.bytes += block.bytes;
                true
            }
            _ => false,
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        for (size, blocks) in self.blocks.iter().enumerate() {
            let layout = layout(SMALLEST_POOLED << size).expect("pooled sizes are small");
            for &start in blocks {
                // SAFETY: [R-HEAP] blocks in the pool came from `alloc` with the layout of their size.
                unsafe { dealloc(start.cast(), layout) }
            }
        }
    }
}

fn pooled(bytes: usize) -> Option<*mut u64> {
    let size = size_number(bytes)?;
    let take = |pool: &RefCell<Pool>| {
        let mut pool = pool.borrow_mut();
        let start = pool.blocks[size].pop()?;
        pool.bytes -= bytes;
        Some(start)
    };
    POOL.try_with(take).ok().flatten()
}

fn size_number(bytes: usize) -> Option<usize> {
    let pooled = bytes.is_power_of_two() && bytes >= SMALLEST_POOLED;
    let size = (bytes / SMALLEST_POOLED).checked_ilog2()? as usize;
    if pooled && size < POOLED_SIZES { Some(size) } else { None }
}

fn layout(bytes: usize) -> Option<Layout> {
    Layout::from_size_align(bytes, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_come_back_through_the_pool() {
        let first = Block::new(4 << 10).expect("the host has 4 KB");
        let start = first.start();
        drop(first);
        assert_eq!(Block::new(4 << 10).expect("it is in the pool").start(), start);
    }

    #[test]
    fn the_pool_holds_no_more_than_it_may() {
        let blocks: Vec<_> = (0..5).map(|_| Block::new(1 << 20).expect("the host has 5 MB")).collect();
        drop(blocks);
        POOL.with(|pool| assert!(pool.borrow().bytes <= MAX_POOL_BYTES));
    }

    #[test]
    fn absurd_sizes_are_refused() {
        assert!(Block::new(usize::MAX & !7).is_none());
        assert!(Block::new((isize::MAX as usize) & !7).is_none());
    }
}
