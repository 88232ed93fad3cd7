//! Tables at a fixed place, for things that come one after another and stay: readers need no lock, only the number.
//!
//! The table is as long as it can ever get; pages that nobody touched cost nothing. One thread at a time adds.

use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// Things by number.
#[derive(Debug)]
pub(crate) struct Places<T> {
    places: Box<[AtomicPtr<T>]>,
    count: AtomicUsize,
}

impl<T> Places<T> {
    /// Room for `limit` things.
    pub(crate) fn new(limit: usize) -> Places<T> {
        let places = Box::new_zeroed_slice(limit);
        // SAFETY: all zero bits are an `AtomicPtr` that is null.
        Places { places: unsafe { places.assume_init() }, count: AtomicUsize::new(0) }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    /// How many more there can be.
    pub(crate) fn room(&self) -> usize {
        self.places.len() - self.count()
    }

    /// The first place.
    pub(crate) fn as_ptr(&self) -> *const AtomicPtr<T> {
        self.places.as_ptr()
    }

    /// The one with this number.
    #[inline(always)]
    pub(crate) fn get(&self, number: usize) -> Option<&T> {
        let place = self.places.get(number)?.load(Ordering::Acquire);
        // SAFETY: [R-PLACE] a place is null or holds what `push` put there, for as long as the table lives.
        unsafe { place.as_ref() }
    }

    /// The one with this number, which exists.
    ///
    /// # Safety
    /// There must be one.
    #[inline(always)]
    pub(crate) unsafe fn get_known(&self, number: usize) -> &T {
        debug_assert!(number < self.count());
        // SAFETY: [R-PLACE] as in `get`; the caller promises that the place is filled.
        unsafe { &*self.places.get_unchecked(number).load(Ordering::Acquire) }
    }

    /// Adds one where there is room; whoever adds holds a lock.
    pub(crate) fn push(&self, thing: T) -> &T {
        let number = self.count();
        let thing = Box::into_raw(Box::new(thing));
        let before = self.places[number].swap(thing, Ordering::Release);
        assert!(before.is_null(), "one thread at a time adds");
        self.count.store(number + 1, Ordering::Release);
        // SAFETY: [R-PLACE] it stays there.
        unsafe { &*thing }
    }
}

impl<T> Drop for Places<T> {
    fn drop(&mut self) {
        let count = self.count();
        for place in &mut self.places[..count] {
            let thing = std::mem::replace(place.get_mut(), ptr::null_mut());
            // SAFETY: `push` took it out of a box, and nobody is left to look at it.
            drop(unsafe { Box::from_raw(thing) });
        }
    }
}
