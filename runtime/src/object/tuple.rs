//! Tuples: a fixed number of values in one object.
//!
//! The header says how many, so a tuple takes one word more than what it holds. Nothing changes it: it needs no barrier
//! and can't contain itself.

use crate::exec::Stop;
use crate::trap::Trap;
use regatta_heap::header::MAX_PLAIN_WORDS;
use regatta_heap::{Header, Heap, Kind, Object, Value};

views! {
    /// A tuple.
    Tuple;
}

impl Tuple {
    /// A new tuple of these values.
    #[inline(always)]
    pub fn new(heap: &mut Heap, items: &[u64]) -> Result<Tuple, Stop> {
        if items.len() > MAX_PLAIN_WORDS {
            return Err(Trap::LengthOverflow.into());
        }
        let tuple = heap.allocate(Header::plain(Kind::Tuple, items.len()), items.len())?;
        for (n, &item) in items.iter().enumerate() {
            // SAFETY: [R-HEAP] the tuple is new and has a word for each item.
            unsafe { tuple.set_word(n, item) };
        }
        Ok(Tuple(tuple))
    }

    /// How many values it has.
    #[inline(always)]
    pub fn len(self) -> usize {
        self.0.header().count()
    }

    /// Has it none?
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Value number `n`.
    #[inline(always)]
    pub fn get(self, n: usize) -> Option<Value> {
        // SAFETY: [R-HEAP] the header of a tuple says how many words it has, all of them values.
        if n < self.len() { Some(unsafe { self.0.value(n) }) } else { None }
    }

    /// All its values.
    pub fn iter(self) -> impl ExactSizeIterator<Item = Value> {
        (0..self.len()).map(move |n| self.get(n).unwrap_or(Value::UNDEFINED))
    }
}
