//! The store barrier: how the heap learns that an old object refers to a young one.
//!
//! An old object has UNLOG in its header as long as nobody needs to look at it in a minor collection. A store tests that
//! one bit, in a word that a class check has loaded anyway. If it is set and a reference is stored, the slow path takes
//! over. If the reference is to a young object, it *remembers* the old one and clears the bit, so that further stores are
//! as quick as into young objects; or, if the old object is large, it logs the one slot and leaves the bit alone, so that
//! a minor collection does not read the whole of it. Tables with weak keys are always remembered, since their slots
//! cannot be read one by one. Young objects never have the bit.
//!
//! Initialising stores need none of this: a new object is young, or it is large and remembered from the start.

use crate::header::{Header, Scan};
use crate::heap::Heap;
use crate::object::Object;
use crate::old::Old;
use crate::trace::scan_of;
use crate::value::Value;

/// So many slots are always logged between two collections. From there on, an object is remembered as a whole unless it is
/// so long that reading all of it would take longer than logging more.
const MAX_SLOTS: usize = 1 << 15;
/// Words of an object that are read in the time that one more slot takes.
const WORDS_PER_SLOT: usize = 4;

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

    /// Does the heap have to be told of a store of `value` in this object?
    #[inline(always)]
    pub fn minds(object: Object, value: Value) -> bool {
        object.header().has(Header::UNLOG) && value.is_object()
    }

    /// Says that `value` is about to be stored in payload word `n` of an object, for those who store on their own.
    ///
    /// # Safety
    /// The object must have more than `n` payload words, and that one must be a value.
    #[inline(always)]
    pub unsafe fn barrier(&mut self, object: Object, n: usize, value: Value) {
        if Heap::minds(object, value) {
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
        if by_slot && (old.slots.len() < MAX_SLOTS || old.slots.len() < object.words() / WORDS_PER_SLOT) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::HeapConfig;
    use crate::header::Kind;
    use crate::roots::{Roots, Which};

    /// A root that is shown to full collections only, since it never changes.
    struct Constant(Value);

    impl Roots for Constant {
        fn each(&mut self, which: Which, visit: &mut dyn FnMut(&mut Value)) {
            if which == Which::All {
                visit(&mut self.0);
            }
        }
    }

    const LENGTH: usize = 100_000;

    /// A heap with a large old array of nulls.
    fn with_array(length: usize) -> (Heap, Constant, Object) {
        let mut heap = Heap::with_config(HeapConfig { nursery_bytes: 4 << 20, ..HeapConfig::new(1 << 30) });
        let array = heap.allocate(Header::plain(Kind::Values, 1 + length), 1 + length).expect("there is room");
        // SAFETY: the object is new and has that many words.
        unsafe {
            array.set_word(0, length as u64);
            (1..=length).for_each(|n| array.set_word(n, Value::NULL.bits()));
        }
        let mut roots = Constant(Value::object(array));
        heap.collect(&mut roots).expect("there is room");
        (heap, roots, array)
    }

    fn cell(heap: &mut Heap, n: usize) -> Value {
        let cell = heap.allocate(Header::plain(Kind::Cell, 1), 1).expect("the nursery is large enough");
        // SAFETY: the object is new and has one word.
        unsafe { cell.set_word(0, Value::i32(n as i32).bits()) }
        Value::object(cell)
    }

    fn lists(heap: &Heap) -> (usize, usize) {
        let old = heap.old.as_ref().expect("something is old");
        (old.slots.len(), old.remembered.len())
    }

    #[test]
    fn stores_into_large_objects_are_logged_until_it_does_not_pay() {
        const MORE: usize = MAX_SLOTS + 1000;
        for (length, stores, logged) in [
            (LENGTH, 10, (10, 0)),
            (LENGTH, MAX_SLOTS, (MAX_SLOTS, 0)),
            (LENGTH, MORE, (MAX_SLOTS, 1)),
            (MORE * WORDS_PER_SLOT - 1, MORE, (MORE, 0)),
            (MORE * WORDS_PER_SLOT - 5, MORE, (MORE - 1, 1)),
        ] {
            let (mut heap, mut roots, array) = with_array(length);
            for n in 0..stores {
                let value = cell(&mut heap, n);
                // SAFETY: the array has that element; elements are values.
                unsafe { heap.store(array, 1 + n * 7919 % length, value) }
            }
            assert_eq!(lists(&heap), logged);
            heap.verify(&mut roots).expect("everything is known");
            heap.collect(&mut roots).expect("there is room");
            heap.verify(&mut roots).expect("everything was found");
            assert_eq!((lists(&heap), heap.used()), ((0, 0), array.bytes() + 16 * stores));
            for n in 0..stores {
                // SAFETY: as above.
                let value = unsafe { array.value(1 + n * 7919 % length) };
                // SAFETY: a cell has one value.
                assert_eq!(value.as_object().map(|cell| unsafe { cell.value(0) }), Some(Value::i32(n as i32)));
            }
        }
    }

    #[test]
    fn storing_in_one_place_again_and_again_is_logged_once() {
        let (mut heap, mut roots, array) = with_array(LENGTH);
        let value = cell(&mut heap, 0);
        // SAFETY: the array has that element; elements are values.
        (0..1000).for_each(|_| unsafe { heap.store(array, 5, value) });
        assert_eq!(lists(&heap), (1, 0));
        // Numbers and old objects are nobody's business.
        heap.collect(&mut roots).expect("there is room");
        // SAFETY: as above.
        unsafe {
            heap.store(array, 5, Value::i32(1));
            heap.store(array, 6, Value::object(array));
        }
        assert_eq!(lists(&heap), (0, 0));
    }
}
