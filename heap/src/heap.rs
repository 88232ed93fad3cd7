//! The heap of one process: allocation, and the room there is for it.
//!
//! An allocation either succeeds or says [`Collect`]; whoever asked then collects and does the whole thing again, so a
//! meaning asks for all it needs before it does anything. That keeps raw references away from collections: none is alive
//! when one happens.
//!
//! ```text
//!   start          top        end              end of the block
//!     | objects     | room     | promised to nobody |            young: one block, allocation moves `top`
//! ```
//!
//! `end` is where the limit, or torment, ends the room, so the common case is one comparison, one addition and one store
//! of a header. What the limit counts are bytes of objects, never memory of the host, and it is exact: a request fails if
//! and only if what is alive and the request together exceed it, whenever collections happened before. The price is that
//! a program that stays just below its limit collects very often.

use crate::collect::Side;
use crate::config::{HeapConfig, MIN_NURSERY_BYTES, Zeal};
use crate::header::Header;
use crate::large::LargeSpace;
use crate::object::Object;
use crate::old::Old;
use crate::value::Value;
use crate::young::Block;
use std::cell::RefCell;
use std::fmt;
use std::ptr::null_mut;

/// There is no room: collect, then try again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Collect;

/// The live objects and what was asked for do not fit the heap's limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the heap reached its limit")]
pub struct OutOfMemory;

/// Bytes of a heap's first block.
pub(crate) const FIRST_BLOCK_BYTES: usize = 512;
/// Objects with more bytes are old and large from the start.
const MAX_YOUNG_BYTES: usize = 32 << 10;

/// Under torment, every request collects as long as no more than this is in use,
const TORMENTED_BYTES: usize = 16 << 10;
/// and beyond that, every request that comes when this share of the rest has been allocated since the last collection.
pub(crate) const TORMENT_SHARE: usize = 8;

/// Objects of one process.
#[repr(C)]
pub struct Heap {
    top: *mut u64,
    end: *mut u64,
    pub(crate) young: Block,
    pub(crate) limit: usize,
    /// What was asked for last, in vain.
    pub(crate) wanted: usize,
    /// What was promised beyond the room there is: it is allocated outside of the young space.
    allowance: usize,
    pub(crate) old: Option<Box<Old>>,
    pub(crate) side: Option<Box<Side>>,
    /// Values that native code holds on to; see [`crate::handle`].
    pub(crate) handles: RefCell<Vec<Value>>,
    pub(crate) nursery_bytes: usize,
    pub(crate) zeal: Zeal,
    /// Did the last collection find that the young space has to grow?
    pub(crate) growing: bool,
}

// SAFETY: [R-HEAP] the heap owns all it points to.
unsafe impl Send for Heap {}

impl Heap {
    /// Where in a heap the address of the next object is, for engines that allocate on their own.
    pub const TOP_OFFSET: usize = std::mem::offset_of!(Heap, top);
    /// Where in a heap the address of the end of the room is.
    pub const END_OFFSET: usize = std::mem::offset_of!(Heap, end);

    /// A heap that may hold `limit` bytes of objects.
    pub fn new(limit: usize) -> Heap {
        Heap::with_config(HeapConfig::new(limit))
    }

    /// A heap set up like this. It takes no memory until something is allocated.
    pub fn with_config(config: HeapConfig) -> Heap {
        Heap {
            top: null_mut(),
            end: null_mut(),
            young: Block::NONE,
            limit: config.limit & !7,
            wanted: 0,
            allowance: 0,
            old: None,
            side: None,
            handles: RefCell::default(),
            nursery_bytes: config.nursery_bytes.max(MIN_NURSERY_BYTES) & !7,
            zeal: config.zeal,
            growing: true,
        }
    }

    /// A heap that has all the room its limit allows from the start, for tests of what allocates: it asks for a collection
    /// when it is full and not before.
    ///
    /// # Panics
    /// If the host does not have that much memory.
    pub fn with_room(limit: usize) -> Heap {
        let mut heap = Heap::new(limit);
        assert!(heap.begin(limit), "the host has no {limit} bytes");
        heap
    }

    /// Changes what every allocation has to go through, from the next collection on.
    pub fn set_zeal(&mut self, zeal: Zeal) {
        self.zeal = zeal;
        self.open(0);
    }

    /// Bytes left before something has to be done.
    #[inline(always)]
    fn room(&self) -> usize {
        self.end.addr() - self.top.addr()
    }

    /// Can an object with so many words of payload be allocated just like that?
    #[inline(always)]
    pub fn has_room(&self, words: usize) -> bool {
        words < self.room() / 8
    }

    /// Makes sure that allocations of `bytes` altogether will succeed.
    #[inline(always)]
    pub fn reserve(&mut self, bytes: usize) -> Result<(), Collect> {
        if bytes <= self.room() { Ok(()) } else { self.reserve_slowly(bytes) }
    }

    /// A new object with this header and so many words of payload, which hold nothing yet: fill them before anything else
    /// happens.
    #[inline(always)]
    pub fn allocate(&mut self, header: Header, words: usize) -> Result<Object, Collect> {
        if self.has_room(words) { Ok(self.bump(header, words)) } else { self.allocate_slowly(header, words) }
    }

    #[inline(always)]
    fn bump(&mut self, header: Header, words: usize) -> Object {
        debug_assert!(header.count() == words || header.count() == 0xFFFF, "the header tells the object's length");
        let object = Object::from_address(self.top.expose_provenance() as u64);
        // SAFETY: [R-HEAP] there is room for the object.
        unsafe {
            *self.top = header.0;
            self.top = self.top.add(1 + words);
        }
        object
    }

    #[cold]
    #[inline(never)]
    fn reserve_slowly(&mut self, bytes: usize) -> Result<(), Collect> {
        if bytes <= self.allowance {
            return Ok(());
        }
        let found = self.is_within_limit(bytes)
            && match self.zeal {
                Zeal::Off => self.make_way(bytes),
                Zeal::Move | Zeal::Generations => self.relent(bytes),
            };
        if found { Ok(()) } else { self.ask(bytes) }
    }

    /// Torment must end some time: where much is alive, a little may be allocated between two collections.
    fn relent(&mut self, bytes: usize) -> bool {
        let since = self.young_used() - self.side.as_ref().map_or(0, |side| side.young_survivors);
        let due = since >= self.used().saturating_sub(TORMENTED_BYTES) / TORMENT_SHARE;
        let room = self.farthest_end().addr().saturating_sub(self.top.addr());
        let found = !due && bytes <= room;
        if found {
            self.end = self.top.wrapping_byte_add(bytes.next_multiple_of(8));
        }
        found
    }

    /// What the next collection has to make room for.
    fn ask<T>(&mut self, bytes: usize) -> Result<T, Collect> {
        self.wanted = bytes;
        Err(Collect)
    }

    /// Finds room without a collection, if there is any.
    fn make_way(&mut self, bytes: usize) -> bool {
        if bytes <= MAX_YOUNG_BYTES {
            return self.young.start().is_null() && self.begin(bytes);
        }
        let due = self.old.as_ref().is_some_and(|old| old.is_due(bytes));
        let found = !due && LargeSpace::could_allocate(bytes);
        if found {
            self.allowance = bytes;
        }
        found
    }

    /// The first block.
    fn begin(&mut self, bytes: usize) -> bool {
        let Some(block) = Block::new(bytes.next_power_of_two().max(FIRST_BLOCK_BYTES)) else { return false };
        let start = block.start();
        self.move_to(block, start);
        self.open(0);
        true
    }

    #[cold]
    #[inline(never)]
    fn allocate_slowly(&mut self, header: Header, words: usize) -> Result<Object, Collect> {
        let bytes = words.checked_add(1).and_then(|words| words.checked_mul(8)).unwrap_or(usize::MAX);
        self.reserve_slowly(bytes)?;
        if bytes <= self.room() { Ok(self.bump(header, words)) } else { self.allocate_large(header, words) }
    }

    /// An object outside of the young space, on the allowance.
    fn allocate_large(&mut self, header: Header, words: usize) -> Result<Object, Collect> {
        let bytes = 8 + 8 * words;
        if !self.is_within_limit(bytes) {
            return self.ask(bytes);
        }
        let old = self.old.get_or_insert_with(|| Box::new(Old::new(self.limit)));
        let Some(place) = old.large.allocate(1 + words) else { return self.ask(bytes) };
        let object = Object::from_address(place.expose_provenance() as u64);
        // SAFETY: [R-HEAP] there is room for the object, and nothing else is there.
        unsafe { *place = header.with_mark(old.mark).0 | Header::LARGE }
        old.remember(object);
        old.used += bytes;
        self.allowance = self.allowance.saturating_sub(bytes);
        self.side().large_bytes += bytes as u64;
        self.end = self.end.min(self.farthest_end()).max(self.top);
        Ok(object)
    }

    fn is_within_limit(&self, bytes: usize) -> bool {
        self.used().checked_add(bytes).is_some_and(|sum| sum <= self.limit)
    }

    /// Where the block or the limit ends the room.
    fn farthest_end(&self) -> *mut u64 {
        let left = self.limit - self.old_used().min(self.limit);
        self.young.start().wrapping_byte_add(left.min(self.young.bytes()))
    }

    /// Opens the room, and promises `wanted` bytes. Under torment, that is all the room there is.
    pub(crate) fn open(&mut self, wanted: usize) {
        let farthest = self.farthest_end().max(self.top);
        let room = farthest.addr() - self.top.addr();
        let wanted = wanted.next_multiple_of(8);
        self.end = if self.zeal == Zeal::Off { farthest } else { self.top.wrapping_byte_add(wanted.min(room)) };
        self.allowance = if wanted > room { wanted } else { 0 };
    }

    /// The young space goes on in this block, behind `top`. Nothing may be allocated before [`Heap::open`].
    pub(crate) fn move_to(&mut self, block: Block, top: *mut u64) {
        self.young = block;
        (self.top, self.end) = (top, top);
    }

    /// The young space is empty again.
    pub(crate) fn rewind(&mut self) {
        let start = self.young.start();
        (self.top, self.end) = (start, start);
    }

    /// The next object's address.
    pub(crate) fn top(&self) -> *mut u64 {
        self.top
    }

    /// Bytes of objects: those that are alive, and those that are not yet known to be dead.
    #[inline]
    pub fn used(&self) -> usize {
        self.young_used() + self.old_used()
    }

    /// Bytes of young objects.
    pub(crate) fn young_used(&self) -> usize {
        self.top.addr() - self.young.start().addr()
    }

    fn old_used(&self) -> usize {
        self.old.as_ref().map_or(0, |old| old.used)
    }

    /// The most bytes of objects.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Bytes of the host's memory that it holds, itself included.
    pub fn physical_bytes(&self) -> usize {
        let old = self.old.as_ref().map_or(0, |old| old.bytes());
        let side = self.side.as_ref().map_or(0, |side| side.bytes());
        size_of::<Heap>() + self.young.bytes() + old + side + self.handles.borrow().capacity() * 8
    }

    /// A number for the object that stays the same wherever it moves. The first object asked about has the same number in
    /// every heap, and so has each that follows.
    pub fn identity_hash(&mut self, object: Object) -> u32 {
        let is_young = self.young.holds(object.address());
        self.side().identities.of(object, is_young)
    }

    pub(crate) fn side(&mut self) -> &mut Side {
        self.side.get_or_insert_default()
    }
}

impl fmt::Debug for Heap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let generations = self.old.is_some();
        f.debug_struct("Heap")
            .field("used", &self.used())
            .field("limit", &self.limit)
            .field("generations", &generations)
            .finish()
    }
}

const _: () = assert!(size_of::<Heap>() <= 160, "a million idle processes have a heap each");
