//! Tables: what maps and sets are made of. Entries in the order they came, and an index by hash.
//!
//! ```text
//!   map      header | live : 32, used : 32 | entries | index
//!   entries  header | count | key, value | key, value | hole | … | room          of a set: keys only
//!   index    header | count | hash : 32, entry + 1 : 32 | 0 | …                  none while there are few entries
//! ```
//!
//! A new key takes the next entry, so going through a table is going through its entries. A key that is taken away
//! leaves a hole, and its cell in the index stays, as a place where nothing is found and probing goes on. Holes
//! disappear when the entries are full: then those that live move together, to larger storage if they need it, and the
//! index is made anew. Cells carry the whole hash, so that a probe looks at an entry only when it is very likely the
//! right one, and making an index anew hashes no key.
//!
//! Whoever goes through a table by entry numbers while adding to it may miss entries if others were taken away: that is
//! when entries move.

use super::key::Key;
use super::storage;
use crate::exec::Stop;
use crate::trap::Trap;
use regatta_heap::{Header, Heap, Kind, Object, Value};

/// Entries of one map or set, holes included.
pub const MAX_TABLE_ENTRIES: usize = 3 << 25;

/// More entries than this have an index.
const MAX_UNINDEXED: usize = 8;
/// The fewest cells of an index.
const MIN_CELLS: usize = 32;

const SIZES: usize = 0;
const ENTRIES: usize = 1;
const INDEX: usize = 2;
const WORDS: usize = 3;

/// A map or set. `W` is the words of an entry: 2 or 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Table<const W: usize>(pub(super) Object);

/// Looking.
impl<const W: usize> Table<W> {
    #[inline(always)]
    fn sizes(self) -> u64 {
        // SAFETY: [R-HEAP] word 0 of a table is how many entries live and how many are used.
        unsafe { self.0.word(SIZES) }
    }

    /// Entries that are no holes.
    #[inline(always)]
    pub(super) fn live(self) -> usize {
        self.sizes() as u32 as usize
    }

    /// Entries, holes included.
    #[inline(always)]
    pub(super) fn used(self) -> usize {
        (self.sizes() >> 32) as usize
    }

    fn set_sizes(self, live: usize, used: usize) {
        debug_assert!(live <= used && used <= self.capacity());
        // SAFETY: [R-HEAP] word 0 is raw.
        unsafe { self.0.set_word(SIZES, (used as u64) << 32 | live as u64) };
    }

    #[inline(always)]
    fn entries(self) -> Option<Object> {
        // SAFETY: [R-HEAP] word 1 of a table is its entries or `null`.
        unsafe { self.0.value(ENTRIES) }.as_object()
    }

    #[inline(always)]
    fn index(self) -> Option<Cells> {
        // SAFETY: [R-HEAP] word 2 of a table is its index or `null`.
        unsafe { self.0.value(INDEX) }.as_object().map(Cells)
    }

    /// Entries there is room for.
    #[inline(always)]
    fn capacity(self) -> usize {
        // SAFETY: [R-HEAP] word 0 of storage says how many values it has room for.
        self.entries().map_or(0, |entries| unsafe { entries.word(0) } as usize / W)
    }

    /// The key of an entry; a hole has none.
    #[inline(always)]
    pub(super) fn key_at(self, n: usize) -> Option<Value> {
        if n < self.used() { Some(self.word_of(n, 0)).filter(|&key| key != Value::HOLE) } else { None }
    }

    /// The second word of an entry.
    #[inline(always)]
    pub(super) fn value_at(self, n: usize) -> Option<Value> {
        if n < self.used() { Some(self.word_of(n, W - 1)) } else { None }
    }

    /// A word of an entry in use.
    #[inline(always)]
    fn word_of(self, n: usize, word: usize) -> Value {
        debug_assert!(n < self.used() && word < W);
        let entries = self.entries().expect("a table in use has entries");
        // SAFETY: [R-HEAP] entries in use are below the capacity, and each has `W` words.
        unsafe { entries.value(1 + n * W + word) }
    }

    /// The entry of a key.
    #[inline(always)]
    pub(super) fn find(self, key: &Key) -> Option<usize> {
        let Some(cells) = self.index() else { return self.find_rarely(key) };
        let entries = self.entries()?;
        // SAFETY: [R-HEAP] as in `word_of`; the index leads to entries in use.
        let at = |n: usize| unsafe { entries.value(1 + n * W) };
        // What most keys are has a loop of its own, in which comparing is no call.
        match key.flat() {
            Some(string) => cells.find(key.hash, |n| string.is_key(at(n))),
            None if key.is_its_bits() => cells.find(key.hash, |n| at(n) == key.value),
            None => self.find_rarely(key),
        }
    }

    /// The entry of a key of any sort, with or without an index.
    #[inline(never)]
    fn find_rarely(self, key: &Key) -> Option<usize> {
        match self.index() {
            Some(cells) => cells.find(key.hash, |n| key.is(self.word_of(n, 0))),
            None => (0..self.used()).find(|&n| key.is(self.word_of(n, 0))),
        }
    }
}

/// Changing.
impl<const W: usize> Table<W> {
    pub(super) fn new(heap: &mut Heap, kind: Kind) -> Result<Table<W>, Stop> {
        let object = heap.allocate(Header::plain(kind, WORDS), WORDS)?;
        // SAFETY: [R-HEAP] the object is new and has three words.
        unsafe {
            object.set_word(SIZES, 0);
            object.set_word(ENTRIES, Value::NULL.bits());
            object.set_word(INDEX, Value::NULL.bits());
        }
        Ok(Table(object))
    }

    /// Puts words into the entry of a key, which is made if there is none. Says whether there was one.
    #[inline(always)]
    pub(super) fn put(self, heap: &mut Heap, key: &Key, value: Value) -> Result<bool, Stop> {
        if let Some(n) = self.find(key) {
            if W == 2 {
                self.store(heap, n, 1, value);
            }
            return Ok(true);
        }
        self.add(heap, key, value).map(|()| false)
    }

    /// Makes an entry for a key that has none.
    #[inline(never)]
    fn add(self, heap: &mut Heap, key: &Key, value: Value) -> Result<(), Stop> {
        if self.used() == self.capacity() {
            self.make_room(heap)?;
        }
        let n = self.used();
        if let Some(cells) = self.index() {
            cells.add(key.hash, n);
        }
        self.set_sizes(self.live() + 1, n + 1);
        self.store(heap, n, 0, key.value);
        if W == 2 {
            self.store(heap, n, 1, value);
        }
        Ok(())
    }

    /// Takes a key away; gives the second word of its entry.
    pub(super) fn remove(self, heap: &mut Heap, key: &Key) -> Option<Value> {
        let n = self.find(key)?;
        let value = self.word_of(n, W - 1);
        self.store(heap, n, W - 1, Value::UNDEFINED);
        self.store(heap, n, 0, Value::HOLE);
        self.set_sizes(self.live() - 1, self.used());
        Some(value)
    }

    /// Takes all keys away.
    pub(super) fn clear(self, heap: &mut Heap) {
        // SAFETY: [R-HEAP] words 1 and 2 may be `null` when no entry is in use.
        unsafe {
            self.0.set_word(SIZES, 0);
            heap.store(self.0, ENTRIES, Value::NULL);
            heap.store(self.0, INDEX, Value::NULL);
        }
    }

    #[inline(always)]
    fn store(self, heap: &mut Heap, n: usize, word: usize, value: Value) {
        debug_assert!(n < self.used() && word < W);
        let entries = self.entries().expect("a table in use has entries");
        // SAFETY: [R-HEAP] as in `word_of`.
        unsafe { heap.store(entries, 1 + n * W + word, value) };
    }

    /// Moves the entries that live together, to storage with room for at least one more.
    #[cold]
    #[inline(never)]
    fn make_room(self, heap: &mut Heap) -> Result<(), Stop> {
        let (capacity, cells) = room_for(self.live())?;
        let index_bytes = if cells > 0 { storage::bytes(Kind::Bytes, 8 * cells) } else { 0 };
        heap.reserve(storage::bytes(Kind::Values, W * capacity) + index_bytes)?;
        let hashes = self.hashes(heap, cells > 0);
        let entries = storage::allocate(heap, Kind::Values, W * capacity)?;
        let lives = |&n: &usize| self.word_of(n, 0) != Value::HOLE;
        for (to, from) in (0..self.used()).filter(lives).enumerate() {
            for word in 0..W {
                // SAFETY: [R-HEAP] the new storage has room for all that live.
                unsafe { entries.set_word(1 + to * W + word, self.word_of(from, word).bits()) };
            }
        }
        let index = match cells {
            0 => Value::NULL,
            _ => {
                let index = Cells(storage::allocate(heap, Kind::Bytes, 8 * cells)?);
                for (to, from) in (0..self.used()).filter(lives).enumerate() {
                    index.add(hashes[from], to);
                }
                Value::object(index.0)
            }
        };
        // SAFETY: [R-HEAP] words 1 and 2 of a table are values, and these are what they should be.
        unsafe {
            heap.store(self.0, ENTRIES, Value::object(entries));
            heap.store(self.0, INDEX, index);
        }
        self.set_sizes(self.live(), self.live());
        Ok(())
    }

    /// The hash of each entry, if wanted: from the index, or computed when there is none yet.
    fn hashes(self, heap: &mut Heap, wanted: bool) -> Vec<u32> {
        let mut hashes = vec![0; if wanted { self.used() } else { 0 }];
        match self.index() {
            Some(cells) if wanted => cells.each(|hash, n| hashes[n] = hash),
            _ => {
                for (n, hash) in hashes.iter_mut().enumerate() {
                    *hash = Key::of(heap, self.word_of(n, 0)).hash;
                }
            }
        }
        hashes
    }
}

/// Entries to make room for when `live` are there and one more comes, and cells of the index. Leaves room for a quarter
/// more, so that moving entries together pays.
fn room_for(live: usize) -> Result<(usize, usize), Stop> {
    let wanted = live + live / 4 + 1;
    if wanted <= MAX_UNINDEXED {
        return Ok((if wanted <= MAX_UNINDEXED / 2 { MAX_UNINDEXED / 2 } else { MAX_UNINDEXED }, 0));
    }
    let cells = (wanted * 4).div_ceil(3).next_power_of_two().max(MIN_CELLS);
    let capacity = cells / 4 * 3;
    if capacity > MAX_TABLE_ENTRIES { Err(Trap::LengthOverflow.into()) } else { Ok((capacity, cells)) }
}

/// An index. At most three of four cells are in use, so probing ends.
#[derive(Clone, Copy)]
struct Cells(Object);

impl Cells {
    #[inline(always)]
    fn count(self) -> usize {
        // SAFETY: [R-HEAP] word 0 of storage says how many bytes it has.
        unsafe { self.0.word(0) as usize / 8 }
    }

    /// Where probing for a hash begins: its upper bits, as the lowest one of a text's hash is always set.
    #[inline(always)]
    fn start(self, hash: u32) -> usize {
        ((u64::from(hash) * self.count() as u64) >> 32) as usize
    }

    #[inline(always)]
    fn cell(self, n: usize) -> u64 {
        debug_assert!(n < self.count());
        // SAFETY: [R-HEAP] the storage has so many words after its first.
        unsafe { self.0.word(1 + n) }
    }

    /// The entry with this hash that `same` accepts.
    #[inline(always)]
    fn find(self, hash: u32, same: impl Fn(usize) -> bool) -> Option<usize> {
        let mask = self.count() - 1;
        let mut place = self.start(hash);
        loop {
            let cell = self.cell(place);
            let n = (cell as u32).checked_sub(1)?;
            if (cell >> 32) as u32 == hash && same(n as usize) {
                return Some(n as usize);
            }
            place = (place + 1) & mask;
        }
    }

    fn add(self, hash: u32, n: usize) {
        let mask = self.count() - 1;
        let mut place = self.start(hash);
        while self.cell(place) != 0 {
            place = (place + 1) & mask;
        }
        // SAFETY: [R-HEAP] as in `cell`; bytes are raw.
        unsafe { self.0.set_word(1 + place, u64::from(hash) << 32 | (n as u64 + 1)) };
    }

    fn each(self, mut visit: impl FnMut(u32, usize)) {
        for cell in (0..self.count()).map(|n| self.cell(n)).filter(|&cell| cell != 0) {
            visit((cell >> 32) as u32, (cell as u32 - 1) as usize);
        }
    }
}
