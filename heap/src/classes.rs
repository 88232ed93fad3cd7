//! The old space with size classes: blocks of 16 KB, each cut into cells of one size.
//!
//! ```text
//!   chunk: counts | block | block | … 15 in all          256 KB, aligned, so that an address leads to its chunk
//!   block: cell | cell | cell | …                        16 KB, aligned, of one class
//!   cell:  an object with one of the two marks, or a free cell: the address of the next one, whose low bits are 0
//! ```
//!
//! A full collection counts the live objects of each block while marking. At its end, blocks without any are given back,
//! full ones (or nearly so) are left alone, and the others are swept one by one when their class needs cells: reading
//! the headers of dead objects is put off until there is something to win. Before the next marking begins, what has not
//! been swept is, since a dead object with an old mark would look alive once the mark's turn comes again.
//!
//! The counts lie together, and at a different line of the page for each chunk: in the blocks themselves they would all
//! fall into the same few sets of the cache, and marking would miss at every object.

use crate::chunks::{BLOCK_BYTES, Block, Chunks};
use crate::header::Header;
use crate::object::Object;
use crate::old::OldSpace;
use std::ptr::null_mut;

/// A block with fewer free cells than one in so many is not worth sweeping.
const WORTH_SWEEPING: usize = 16;

/// Words of the cells of each class: steps of one, then of an eighth to a quarter.
const CELL_WORDS: [u16; 48] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    32, 36, 40, 44, 48, 56, 64, 72, 80, 96, 112, 128, 144, 160, 192, 224, 256,
];
const MAX_WORDS: usize = 256;

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

/// A class: its free cells, and its blocks.
struct Class {
    free: *mut u64,
    cell_words: usize,
    blocks: Vec<Block>,
    /// Blocks with dead objects that are worth sweeping.
    unswept: Vec<Block>,
    /// Blocks with a few dead objects.
    dense: Vec<Block>,
}

/// Size classes.
pub(crate) struct SizeClasses {
    classes: Box<[Class]>,
    chunks: Chunks,
    mark: u64,
}

impl SizeClasses {
    /// No blocks yet; live objects have this mark.
    pub(crate) fn new(mark: u64) -> SizeClasses {
        SizeClasses { classes: CELL_WORDS.iter().map(Class::new).collect(), chunks: Chunks::default(), mark }
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self, class: usize) {
        let class = &mut self.classes[class];
        match class.unswept.pop() {
            Some(block) => class.thread(block, self.mark),
            None => {
                let block = self.chunks.take();
                class.blocks.push(block);
                class.clear(block);
            }
        }
    }
}

impl Class {
    fn new(cell_words: &u16) -> Class {
        let cell_words = usize::from(*cell_words);
        Class { free: null_mut(), cell_words, blocks: vec![], unswept: vec![], dense: vec![] }
    }

    /// Cells of a block.
    fn cells(&self) -> usize {
        BLOCK_BYTES / 8 / self.cell_words
    }

    /// Where the cells of a block are, the last one first.
    fn each_cell(&self, block: Block) -> impl Iterator<Item = *mut u64> + use<> {
        let (start, words) = (block.start(), self.cell_words);
        (0..self.cells()).rev().map(move |n| start.wrapping_add(n * words))
    }

    /// Adds all cells of a new block to the free ones.
    fn clear(&mut self, block: Block) {
        for cell in self.each_cell(block) {
            // SAFETY: [R-HEAP] the block has that cell, and nobody uses it.
            unsafe { *cell = self.free.addr() as u64 }
            self.free = cell;
        }
    }

    /// Adds the cells without the mark to the free ones: backwards, so that they are used forwards.
    fn thread(&mut self, block: Block, mark: u64) {
        for cell in self.each_cell(block) {
            // SAFETY: [R-HEAP] the block has that cell; without the mark, it is free or a dead object.
            unsafe {
                if *cell & Header::MARK != mark {
                    *cell = self.free.addr() as u64;
                    self.free = cell;
                }
            }
        }
    }

    /// Decides what becomes of the blocks, by how many of their cells are taken.
    fn sort(&mut self, chunks: &mut Chunks) {
        // Free cells are found again when their blocks are swept.
        self.free = null_mut();
        let cells = self.cells();
        let Class { blocks, unswept, dense, .. } = self;
        blocks.retain(|&block| {
            let live = block.live();
            match cells - live {
                0 => {}
                _ if live == 0 => chunks.give_back(block),
                dead if dead < cells / WORTH_SWEEPING => dense.push(block),
                _ => unswept.push(block),
            }
            live > 0
        });
        // The first ones are used first.
        unswept.reverse();
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
            let unswept = std::mem::take(&mut class.unswept);
            let dense = std::mem::take(&mut class.dense);
            unswept.into_iter().chain(dense).for_each(|block| class.thread(block, self.mark));
            class.blocks.iter().for_each(|block| block.forget_live());
        }
        self.mark = mark;
    }

    #[inline(always)]
    unsafe fn count(&mut self, object: Object) {
        // SAFETY: [R-HEAP] the object lies in a block.
        unsafe { Block::containing(object.payload().wrapping_sub(1)) }.count();
    }

    fn end(&mut self) {
        self.classes.iter_mut().for_each(|class| class.sort(&mut self.chunks));
        self.chunks.trim();
    }

    fn each(&self, visit: &mut dyn FnMut(Object)) {
        for class in &self.classes {
            for cell in class.blocks.iter().flat_map(|&block| class.each_cell(block)) {
                // SAFETY: [R-HEAP] the block has that cell, which is an object or free.
                if unsafe { *cell } & Header::MARK == self.mark {
                    visit(Object::from_address(cell.expose_provenance() as u64));
                }
            }
        }
    }

    fn bytes(&self) -> usize {
        let list = |class: &Class| class.blocks.capacity() + class.unswept.capacity() + class.dense.capacity();
        let lists: usize = self.classes.iter().map(list).sum();
        self.chunks.bytes() + lists * size_of::<Block>() + self.classes.len() * size_of::<Class>()
    }
}

const _: () = assert!(CELL_WORDS[CELL_WORDS.len() - 1] as usize == MAX_WORDS);

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
        let before = space.chunks.taken();
        for n in 0..13_000 {
            new(&mut space, 1 + n % 7, SECOND);
        }
        assert!(space.chunks.taken() <= before + 7, "{} blocks after {before}", space.chunks.taken());
        space.begin(FIRST);
        space.end();
        assert_eq!((all(&space), space.chunks.taken()), (0, 0));
        assert!(space.bytes() < full / 2);
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

    #[test]
    fn neither_does_what_was_not_worth_sweeping() {
        let mut space = SizeClasses::new(FIRST);
        let objects: Vec<_> = (0..2000).map(|_| new(&mut space, 3, FIRST)).collect();
        for (n, turn) in [(1, SECOND), (2, FIRST), (3, SECOND), (4, FIRST)] {
            space.begin(turn);
            objects[n..].iter().for_each(|&object| mark(&mut space, object, turn));
            space.end();
            assert_eq!(all(&space), 2000 - n);
        }
    }
}
