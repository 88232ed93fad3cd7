//! The store barrier: how the heap learns that an old object refers to a young one.
//!
//! An old object has UNLOG in its header as long as nobody needs to look at it in a minor collection. A store tests that
//! one bit, in a word that a class check has loaded anyway. If it is set and a reference is stored, the slow path takes
//! over. If the reference is to a young object, it *remembers* the old one and clears the bit, so that further stores are as quick as into young objects; or, if the object is large, it
//! logs the one slot and leaves the bit alone, so that a minor collection does not read the whole of it. Tables with weak
//! keys are always remembered, since their slots cannot be read one by one. Young objects never have the bit.
//!
//! Initialising stores need none of this: a new object is young, or it is large and remembered from the start.

use crate::header::{Header, Scan};
use crate::heap::Heap;
use crate::object::Object;
use crate::old::Old;
use crate::trace::scan_of;
use crate::value::Value;

/// More slots than this are not logged between two collections: the large object is remembered as a whole.
const MAX_SLOTS: usize = 1 << 15;

impl Heap {
    /// Stores a value in payload word `n` of an object.
    ///
    /// # Safety
    /// The object must have more than `n` payload words, and that one must be a value.
    #[inline(always)]
    pub unsafe fn store(&mut self, object: Object, n: usize, value: Value) {
        // SAFETY: as the caller promises.
        unsafe {
            self.barrier(object, n, value);
            object.set_word(n, value.bits());
        }
    }

    /// Says that `value` is about to be stored in payload word `n` of an object, for those who store on their own.
    ///
    /// # Safety
    /// The object must have more than `n` payload words, and that one must be a value.
    #[inline(always)]
    pub unsafe fn barrier(&mut self, object: Object, n: usize, value: Value) {
        if object.header().has(Header::UNLOG) && value.is_object() {
            // SAFETY: as the caller promises.
            unsafe { self.barrier_slow(object, n, value) }
        }
    }

    /// The rest of [`Heap::barrier`], for engines that test the bit on their own.
    ///
    /// # Safety
    /// As for [`Heap::barrier`], and the object must have UNLOG.
    #[cold]
    #[inline(never)]
    pub unsafe fn barrier_slow(&mut self, object: Object, n: usize, value: Value) {
        let is_young = |value: Value| value.as_object().is_some_and(|object| self.young.holds(object.address()));
        if !is_young(value) {
            return;
        }
        let header = object.header();
        let by_slot = header.has(Header::LARGE) && scan_of(header) != Scan::Ephemerons;
        // SAFETY: as the caller promises. What refers to a young object is logged already.
        let logged = by_slot && is_young(unsafe { object.value(n) });
        let old = self.old.as_mut().expect("an old object has a place");
        if by_slot && old.slots.len() < MAX_SLOTS {
            if !logged {
                old.slots.push(object.payload().wrapping_add(n));
            }
        } else {
            old.remember(object);
        }
    }
}

impl Old {
    /// From now on, until the next collection, the object may refer to young ones.
    pub(crate) fn remember(&mut self, object: Object) {
        // SAFETY: [R-HEAP] bit 3 says nothing about how the object is laid out.
        unsafe { object.set_header(Header(object.header().0 & !Header::UNLOG)) }
        self.remembered.push(object);
    }
}
