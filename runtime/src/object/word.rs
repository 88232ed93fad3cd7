//! Words: where in an object a value is to be stored.
//!
//! Whoever finds out where a value goes need not be the one who stores it, for on that way the heap may want to be told (see
//! [`Heap::store`]), and some have to know before.

use regatta_heap::{Heap, Object, Value};

/// A payload word of an object that is a value. Good until something is allocated.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    object: Object,
    n: usize,
}

impl Word {
    /// Payload word `n`.
    ///
    /// # Safety
    /// The object must have more than `n` payload words, and that one must be a value.
    #[inline(always)]
    pub(crate) unsafe fn new(object: Object, n: usize) -> Word {
        Word { object, n }
    }

    /// Stores a value there.
    #[inline(always)]
    pub fn set(self, heap: &mut Heap, value: Value) {
        // SAFETY: [R-HEAP] the object has the word, which is a value.
        unsafe { heap.store(self.object, self.n, value) }
    }

    /// The same, if the heap need not be told of it; else does nothing and says `false`.
    #[inline(always)]
    pub fn set_untold(self, value: Value) -> bool {
        let untold = !Heap::minds(self.object, value);
        if untold {
            // SAFETY: [R-HEAP] the object has the word, which is a value, and no barrier is needed.
            unsafe { self.object.set_word(self.n, value.bits()) }
        }
        untold
    }
}
