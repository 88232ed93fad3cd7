//! Dictionaries: properties of one object, found by hash. What an object has instead of a shape.
//!
//! ```text
//!   dictionary  header | 3 | entries in use | entries | index
//!   entries     header | count | name, access, value | hole | name, access, value | ... | room
//!   index       header | count | entry + 1, or 0 | ...                    four cells for three entries, at most
//! ```
//!
//! Properties keep the order they came in. One that is taken away leaves a hole (a name that is `undefined`), and its cell
//! in the index stays, so that probing goes on. Holes disappear when the entries are full.

use super::storage;
use crate::exec::Stop;
use crate::trap::Trap;
use regatta_heap::{Heap, Kind, Object, Value};
use regatta_ir::TextId;

/// Properties of one object, and holes between them.
pub const MAX_PROPERTIES: usize = 3 << 22;

// Payload words of the dictionary, and of an entry.
const USED: usize = 1;
const ENTRIES: usize = 2;
const INDEX: usize = 3;
const NAME: usize = 0;
const ACCESS: usize = 1;
const VALUE: usize = 2;
const ENTRY: usize = 3;

/// The properties of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dictionary(Object);

impl Dictionary {
    /// The dictionary that is the spill of an object of layout `DICTIONARY`.
    #[inline]
    pub(super) fn of(spill: Object) -> Dictionary {
        debug_assert!(spill.is(Kind::Values) && spill.words() == 4);
        Dictionary(spill)
    }

    /// A dictionary of these properties, with room for some more.
    pub(super) fn new(heap: &mut Heap, properties: &[(TextId, u16, Value)]) -> Result<Dictionary, Stop> {
        let (capacity, cells) = sizes(properties.len())?;
        heap.reserve(storage::bytes(Kind::Values, 3) + bytes(capacity, cells))?;
        let dictionary = Dictionary(storage::allocate(heap, Kind::Values, 3)?);
        dictionary.rebuild(heap, properties, capacity, cells)?;
        Ok(dictionary)
    }

    /// The dictionary as what a spill is.
    pub(super) fn as_spill(self) -> Value {
        Value::object(self.0)
    }

    fn part(self, n: usize) -> Value {
        // SAFETY: [R-HEAP] a dictionary has three values after its first word.
        unsafe { self.0.value(n) }
    }

    fn set_part(self, heap: &mut Heap, n: usize, value: Value) {
        // SAFETY: [R-HEAP] as in `part`.
        unsafe { heap.store(self.0, n, value) };
    }

    fn used(self) -> usize {
        self.part(USED).low_i32() as usize
    }

    fn entries_object(self) -> Object {
        self.part(ENTRIES).as_object().expect("[R-HEAP] a dictionary has entries")
    }

    fn index(self) -> Object {
        self.part(INDEX).as_object().expect("[R-HEAP] a dictionary has an index")
    }

    fn capacity(self) -> usize {
        // SAFETY: [R-HEAP] word 0 of storage says how many values it has.
        unsafe { self.entries_object().word(0) as usize / ENTRY }
    }

    fn cell_count(self) -> usize {
        // SAFETY: [R-HEAP] word 0 of storage says how many bytes it has.
        unsafe { self.index().word(0) as usize / 8 }
    }

    fn word_of(self, entry: usize, word: usize) -> Value {
        debug_assert!(entry < self.used());
        // SAFETY: [R-HEAP] entries in use are below the capacity, and each has three values.
        unsafe { self.entries_object().value(1 + ENTRY * entry + word) }
    }

    fn set_word_of(self, heap: &mut Heap, entry: usize, word: usize, value: Value) {
        debug_assert!(entry < self.used());
        // SAFETY: [R-HEAP] as in `word_of`.
        unsafe { heap.store(self.entries_object(), 1 + ENTRY * entry + word, value) };
    }

    /// The cell where probing for a name ends: with its entry, or empty.
    fn probe(self, name: TextId) -> (usize, Option<usize>) {
        let (index, mask) = (self.index(), self.cell_count() - 1);
        let mut place = name.0.wrapping_mul(0x9E37_79B9) as usize >> 5 & mask;
        loop {
            // SAFETY: [R-HEAP] the index has a word for each cell.
            let cell = unsafe { index.word(1 + place) } as usize;
            match cell.checked_sub(1) {
                None => return (place, None),
                Some(entry) if self.word_of(entry, NAME) == Value::atom(name.0) => return (place, Some(entry)),
                Some(_) => place = (place + 1) & mask,
            }
        }
    }

    /// The entry of a property.
    pub(super) fn find(self, name: TextId) -> Option<usize> {
        self.probe(name).1
    }

    /// The value of an entry that has been found.
    pub(super) fn value(self, entry: usize) -> Value {
        self.word_of(entry, VALUE)
    }

    /// The access of an entry that has been found.
    pub(super) fn access(self, entry: usize) -> u16 {
        self.word_of(entry, ACCESS).low_i32() as u16
    }

    pub(super) fn set(self, heap: &mut Heap, entry: usize, value: Value) {
        self.set_word_of(heap, entry, VALUE, value);
    }

    pub(super) fn set_access(self, heap: &mut Heap, entry: usize, access: u16) {
        self.set_word_of(heap, entry, ACCESS, Value::i32(access.into()));
    }

    /// Names, access and values, in the order they came.
    pub(super) fn properties(self) -> impl Iterator<Item = (TextId, u16, Value)> {
        (0..self.used()).filter_map(move |n| {
            let name = TextId(self.word_of(n, NAME).as_atom()?);
            Some((name, self.access(n), self.value(n)))
        })
    }

    /// Adds a property that is not there.
    pub(super) fn add(self, heap: &mut Heap, name: TextId, access: u16, value: Value) -> Result<(), Stop> {
        if self.used() == self.capacity() {
            let live: Vec<_> = self.properties().collect();
            let (capacity, cells) = sizes(live.len() + 1)?;
            heap.reserve(bytes(capacity, cells))?;
            self.rebuild(heap, &live, capacity, cells)?;
        }
        self.append(heap, name, access, value);
        Ok(())
    }

    /// Takes a property away, if it is there.
    pub(super) fn remove(self, heap: &mut Heap, name: TextId) {
        if let Some(entry) = self.find(name) {
            self.set_word_of(heap, entry, NAME, Value::UNDEFINED);
            self.set_word_of(heap, entry, VALUE, Value::UNDEFINED);
        }
    }

    /// Replaces everything. There is room on the heap.
    fn rebuild(
        self,
        heap: &mut Heap,
        live: &[(TextId, u16, Value)],
        capacity: usize,
        cells: usize,
    ) -> Result<(), Stop> {
        let entries = storage::allocate(heap, Kind::Values, ENTRY * capacity)?;
        let index = storage::allocate(heap, Kind::Bytes, 8 * cells)?;
        self.set_part(heap, ENTRIES, Value::object(entries));
        self.set_part(heap, INDEX, Value::object(index));
        self.set_part(heap, USED, Value::i32(0));
        for &(name, access, value) in live {
            self.append(heap, name, access, value);
        }
        Ok(())
    }

    /// Adds a property that is not there to entries that have room for it.
    fn append(self, heap: &mut Heap, name: TextId, access: u16, value: Value) {
        let (place, _) = self.probe(name);
        let entry = self.used();
        self.set_part(heap, USED, Value::i32(entry as i32 + 1));
        self.set_word_of(heap, entry, NAME, Value::atom(name.0));
        self.set_word_of(heap, entry, ACCESS, Value::i32(access.into()));
        self.set_word_of(heap, entry, VALUE, value);
        // SAFETY: [R-HEAP] the index has this cell, and bytes are raw.
        unsafe { self.index().set_word(1 + place, entry as u64 + 1) };
    }
}

/// Entries and cells for `live` properties and some more.
fn sizes(live: usize) -> Result<(usize, usize), Stop> {
    let cells = (2 * live).next_power_of_two().max(16);
    let capacity = cells / 4 * 3;
    if capacity > MAX_PROPERTIES { Err(Trap::LengthOverflow.into()) } else { Ok((capacity, cells)) }
}

fn bytes(capacity: usize, cells: usize) -> usize {
    storage::bytes(Kind::Values, ENTRY * capacity) + storage::bytes(Kind::Bytes, 8 * cells)
}
