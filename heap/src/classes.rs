//! The old space with size classes: blocks of 16 KB, each cut into cells of one size.
//!
//! ```text
//!   block: class, cells, live | cell | cell | cell | …        aligned to 16 KB, so a cell's address leads to its block
//!   cell:  an object with one of the two marks, or a free cell: the address of the next one, whose low bits are 0
//! ```
//!
//! A full collection counts the live objects of each block while marking. At its end, blocks without any are given back,
//! full ones (or nearly so) are left alone, and the others are swept one by one when their class needs cells: reading
//! the headers of dead objects is put off until there is something to win. Before the next marking begins, what has not
//! been swept is, since a dead object with an old mark would look alive once the mark's turn comes again.

use crate::header::Header;
use crate::object::Object;
use crate::old::OldSpace;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::null_mut;

/// Alignment of blocks, and their length but for what the host's allocator needs to pack them.
const ALIGN: usize = 16 << 10;
const BLOCK_BYTES: usize = ALIGN - 64;
const FIRST_CELL: usize = size_of::<Block>();
/// Empty blocks kept for the next request.
const MAX_SPARE: usize = 8;
/// A block with fewer free cells than one in so many is not worth sweeping.
const WORTH_SWEEPING: u32 = 16;

/// Words of the cells of each class: steps of one, then of an eighth to a quarter.
const CELL_WORDS: [u16; 48] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    32, 36, 40, 44, 48, 56, 64, 72, 80, 96, 112, 128, 144, 160, 192, 224, 254,
];
const MAX_WORDS: usize = 254;

/// Class of each number of words.
const CLASS_OF: [u8; MAX_WORDS + 1] = {
    let mut classes = [0; MAX_WORDS + 1];
    let (mut words, mut class) = (0, 0);
    while words <= MAX_WORDS {
        if words > CELL_WORDS[class] as usize {
            class += 1;
        }
        classes[words] = class as u8;
        words += 1;
    }
    classes
};

/// What a block begins with.
#[repr(C)]
struct Block {
    cell_words: u32,
    cells: u32,
    /// Marked objects, as far as the present or last marking has counted.
    live: u32,
    _class: u32,
}

/// A class: its free cells, and its blocks.
struct Class {
    free: *mut u64,
    blocks: Vec<*mut Block>,
    /// Blocks with dead objects that are worth sweeping.
    unswept: Vec<*mut Block>,
    /// Blocks with a few dead objects.
    dense: Vec<*mut Block>,
}

/// Size classes.
pub(crate) struct SizeClasses {
    classes: Box<[Class]>,
    spare: Vec<*mut Block>,
    blocks: usize,
    mark: u64,
}

impl SizeClasses {
    /// No blocks yet; live objects have this mark.
    pub(crate) fn new(mark: u64) -> SizeClasses {
        let class = |_: &u16| Class { free: null_mut(), blocks: vec![], unswept: vec![], dense: vec![] };
        SizeClasses { classes: CELL_WORDS.iter().map(class).collect(), spare: vec![], blocks: 0, mark }
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self, class: usize) {
        let block = match self.classes[class].unswept.pop() {
            Some(block) => block,
            None => self.new_block(class),
        };
        // SAFETY: [R-HEAP] the block belongs to the class; an unswept one has dead objects, a new one has none alive.
        self.classes[class].free = unsafe { thread(block, self.mark, null_mut()) };
    }

    fn new_block(&mut self, class: usize) -> *mut Block {
        let block = self.spare.pop().unwrap_or_else(|| {
            self.blocks += 1;
            allocate_block()
        });
        let cell_words = u32::from(CELL_WORDS[class]);
        let cells = ((BLOCK_BYTES - FIRST_CELL) / 8) as u32 / cell_words;
        // SAFETY: [R-HEAP] the block is nobody else's, and large enough for its first words and its cells.
        unsafe {
            block.write(Block { cell_words, cells, live: 0, _class: class as u32 });
            for n in 0..cells {
                *cell(block, n) = 0;
            }
        }
        self.classes[class].blocks.push(block);
        block
    }

    fn give_back(&mut self, block: *mut Block) {
        if self.spare.len() < MAX_SPARE {
            self.spare.push(block);
        } else {
            self.blocks -= 1;
            // SAFETY: [R-HEAP] nothing in the block is alive, and nobody refers to it any more.
            unsafe { free_block(block) }
        }
    }

    /// Decides what becomes of the blocks of a class, by how many of their cells are taken.
    fn sort(&mut self, class: usize) {
        let mut empty = vec![];
        let Class { free, blocks, unswept, dense } = &mut self.classes[class];
        // Free cells are found again when their blocks are swept.
        *free = null_mut();
        blocks.retain(|&block| {
            // SAFETY: [R-HEAP] the class's blocks exist.
            let Block { cells, live, .. } = unsafe { block.read() };
            match cells - live {
                0 => {}
                _ if live == 0 => empty.push(block),
                dead if dead < cells / WORTH_SWEEPING => dense.push(block),
                _ => unswept.push(block),
            }
            live > 0
        });
        // The lowest addresses are used first.
        unswept.reverse();
        empty.into_iter().for_each(|block| self.give_back(block));
    }
}

impl OldSpace for SizeClasses {
    const MAX_WORDS: usize = MAX_WORDS;

    #[inline(always)]
    fn allocate(&mut self, words: usize) -> *mut u64 {
        let class = CLASS_OF[words] as usize;
        if self.classes[class].free.is_null() {
            self.refill(class);
        }
        let cell = self.classes[class].free;
        // SAFETY: [R-HEAP] a free cell says where the next one is.
        self.classes[class].free = std::ptr::with_exposed_provenance_mut(unsafe { *cell } as usize);
        cell
    }

    fn begin(&mut self, mark: u64) {
        for class in &mut self.classes {
            for block in class.unswept.drain(..).chain(class.dense.drain(..)) {
                // SAFETY: [R-HEAP] the block belongs to the class and has dead objects.
                class.free = unsafe { thread(block, self.mark, class.free) };
            }
            for &block in &class.blocks {
                // SAFETY: [R-HEAP] the class's blocks exist.
                unsafe { (*block).live = 0 }
            }
        }
        self.mark = mark;
    }

    #[inline(always)]
    unsafe fn count(&mut self, object: Object) {
        let block = object.payload().wrapping_sub(1).map_addr(|address| address & !(ALIGN - 1)).cast::<Block>();
        // SAFETY: [R-HEAP] the object lies in a block, and blocks are aligned to their size.
        unsafe { (*block).live += 1 }
    }

    fn end(&mut self) {
        (0..self.classes.len()).for_each(|class| self.sort(class));
    }

    fn each(&self, visit: &mut dyn FnMut(Object)) {
        for &block in self.classes.iter().flat_map(|class| &class.blocks) {
            // SAFETY: [R-HEAP] the block exists, and so do its cells, which are objects or free.
            for n in 0..unsafe { (*block).cells } {
                // SAFETY: as above.
                let cell = unsafe { cell(block, n) };
                // SAFETY: as above.
                if unsafe { *cell } & Header::MARK == self.mark {
                    visit(Object::from_address(cell.expose_provenance() as u64));
                }
            }
        }
    }

    fn bytes(&self) -> usize {
        let lists: usize =
            self.classes.iter().map(|c| c.blocks.capacity() + c.unswept.capacity() + c.dense.capacity()).sum();
        self.blocks * ALIGN + lists * 8 + self.classes.len() * size_of::<Class>()
    }
}

impl Drop for SizeClasses {
    fn drop(&mut self) {
        for &block in self.classes.iter().flat_map(|class| &class.blocks).chain(&self.spare) {
            // SAFETY: [R-HEAP] each block is in one list of its class, or spare.
            unsafe { free_block(block) }
        }
    }
}

/// Threads the cells without the mark into a list that goes on with `rest`. Says where it begins.
///
/// # Safety
/// The block must exist and have such cells; none may be in a list already.
unsafe fn thread(block: *mut Block, mark: u64, rest: *mut u64) -> *mut u64 {
    let mut next = rest;
    // SAFETY: as the caller promises. Backwards, so that the list goes forwards.
    unsafe {
        for n in (0..(*block).cells).rev() {
            let cell = cell(block, n);
            if *cell & Header::MARK != mark {
                *cell = next.addr() as u64;
                next = cell;
            }
        }
    }
    next
}

/// # Safety
/// The block must have that many cells.
unsafe fn cell(block: *mut Block, n: u32) -> *mut u64 {
    // SAFETY: as the caller promises.
    unsafe { block.add(1).cast::<u64>().add((n * (*block).cell_words) as usize) }
}

fn block_layout() -> Layout {
    Layout::from_size_align(BLOCK_BYTES, ALIGN).expect("the sizes are constants")
}

fn allocate_block() -> *mut Block {
    // SAFETY: [R-HEAP] a block has bytes.
    let block = unsafe { alloc(block_layout()) }.cast::<Block>();
    if block.is_null() {
        // Survivors have nowhere to go. They are at most a nursery; there is no state to go back to.
        handle_alloc_error(block_layout());
    }
    block.expose_provenance();
    block
}

/// # Safety
/// Nobody may refer to the block any more.
unsafe fn free_block(block: *mut Block) {
    // SAFETY: as the caller promises; it came from `alloc` with this layout.
    unsafe { dealloc(block.cast(), block_layout()) }
}

const _: () = {
    assert!(CELL_WORDS[CELL_WORDS.len() - 1] as usize == MAX_WORDS);
    assert!(FIRST_CELL == 16);
    // The largest cells leave little of a block unused.
    assert!((BLOCK_BYTES - FIRST_CELL) / 8 / MAX_WORDS == 8);
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::Kind;

    const FIRST: u64 = 2;
    const SECOND: u64 = 4;

    fn new(space: &mut SizeClasses, words: usize, mark: u64) -> Object {
        let start = space.allocate(words);
        let object = Object::from_address(start.expose_provenance() as u64);
        // SAFETY: the cell has room for the object.
        unsafe { *start = Header::plain(Kind::Complex, words - 1).with_mark(mark).0 }
        object
    }

    fn mark(space: &mut SizeClasses, object: Object, mark: u64) {
        // SAFETY: the object lies in the space; marks say nothing about how it is laid out.
        unsafe {
            object.set_header(object.header().with_mark(mark));
            space.count(object);
        }
    }

    fn all(space: &SizeClasses) -> usize {
        let mut n = 0;
        space.each(&mut |_| n += 1);
        n
    }

    #[test]
    fn every_size_fits_its_class() {
        for words in 1..=MAX_WORDS {
            let cell = CELL_WORDS[CLASS_OF[words] as usize] as usize;
            assert!(cell >= words && (words <= 32 || cell <= words + words / 4), "{words} words in a cell of {cell}");
        }
    }

    #[test]
    fn dead_cells_are_used_again_and_empty_blocks_given_back() {
        let mut space = SizeClasses::new(FIRST);
        let objects: Vec<_> = (0..20_000).map(|n| new(&mut space, 1 + n % 7, FIRST)).collect();
        let full = space.bytes();
        space.begin(SECOND);
        objects.iter().step_by(3).for_each(|&object| mark(&mut space, object, SECOND));
        space.end();
        assert_eq!(all(&space), 6667);
        let blocks = space.blocks;
        for n in 0..13_000 {
            new(&mut space, 1 + n % 7, SECOND);
        }
        assert!(space.blocks <= blocks + 7, "{} blocks after {blocks}", space.blocks);
        space.begin(FIRST);
        space.end();
        assert_eq!((all(&space), space.blocks), (0, MAX_SPARE));
        assert!(space.bytes() < full / 4);
    }

    #[test]
    fn what_was_not_swept_does_not_come_back_to_life() {
        let mut space = SizeClasses::new(FIRST);
        let objects: Vec<_> = (0..3000).map(|_| new(&mut space, 3, FIRST)).collect();
        let alive = objects[1500];
        for turn in [SECOND, FIRST, SECOND, FIRST] {
            space.begin(turn);
            mark(&mut space, alive, turn);
            space.end();
            assert_eq!(all(&space), 1);
        }
    }
}
