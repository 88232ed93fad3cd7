//! Tagged values: what languages call enums, variants or sums. A tag, which is an atom, and what it comes with.
//!
//! As a tuple, but for the tag in word 0: nothing changes it.

use crate::exec::Stop;
use crate::trap::Trap;
use regatta_heap::header::MAX_PLAIN_WORDS;
use regatta_heap::{Header, Heap, Kind, Object, Value};
use regatta_ir::TextId;

views! {
    /// A tagged value.
    Enum;
}

impl Enum {
    /// A new one.
    #[inline(always)]
    pub fn new(heap: &mut Heap, tag: TextId, items: &[u64]) -> Result<Enum, Stop> {
        let words = 1 + items.len();
        if words > MAX_PLAIN_WORDS {
            return Err(Trap::LengthOverflow.into());
        }
        let object = heap.allocate(Header::plain(Kind::Enum, words), words)?;
        // SAFETY: [R-HEAP] the object is new and has a word for the tag and each item.
        unsafe {
            object.set_word(0, Value::atom(tag.0).bits());
            for (n, &item) in items.iter().enumerate() {
                object.set_word(1 + n, item);
            }
        }
        Ok(Enum(object))
    }

    /// Its tag.
    #[inline(always)]
    pub fn tag(self) -> TextId {
        // SAFETY: [R-HEAP] word 0 is an atom.
        TextId(unsafe { self.0.word(0) } as u32)
    }

    /// How many values come with the tag.
    #[inline(always)]
    pub fn len(self) -> usize {
        self.0.header().count() - 1
    }

    /// Is it the tag alone?
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Value number `n` behind the tag.
    #[inline(always)]
    pub fn get(self, n: usize) -> Option<Value> {
        // SAFETY: [R-HEAP] the header says how many words there are; all are values.
        if n < self.len() { Some(unsafe { self.0.value(1 + n) }) } else { None }
    }

    /// All values behind the tag.
    pub fn iter(self) -> impl ExactSizeIterator<Item = Value> {
        (0..self.len()).map(move |n| self.get(n).unwrap_or(Value::UNDEFINED))
    }
}
