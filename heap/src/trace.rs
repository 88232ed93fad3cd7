//! Tracing: what every collection does the same way, whatever it does with the objects it reaches.
//!
//! A [`Tracer`] says what happens when an object is reached: it is copied to the other half ([`crate::copy`]), promoted,
//! or marked ([`crate::promote`]). This file knows how objects are read: which of their words are values, and which of
//! those keep what they refer to alive. Weak objects are put aside for [`crate::weak`].

use crate::header::{Header, Kind, Scan};
use crate::object::Object;
use crate::roots::{Roots, Which};
use crate::value::Value;
use crate::weak::Weaklings;

/// One way of keeping what is reached.
pub(crate) trait Tracer {
    /// The object is alive. Says where it is from now on.
    fn reach(&mut self, object: Object) -> Object;

    /// Where the object is now, if it has been reached. Asked of objects as they were named before the collection.
    fn fate(&self, object: Object) -> Option<Object>;

    /// Follows all references out of what has been reached so far.
    fn drain(&mut self);

    /// What was put aside.
    fn weaklings(&mut self) -> &mut Weaklings;

    /// The value is alive.
    #[inline(always)]
    fn reach_value(&mut self, value: &mut Value) {
        if let Some(object) = value.as_object() {
            let now = self.reach(object);
            if now != object {
                *value = Value::object(now);
            }
        }
    }

    /// The value in this place is alive.
    ///
    /// # Safety
    /// There must be a value.
    #[inline(always)]
    unsafe fn reach_slot(&mut self, slot: *mut u64) {
        // SAFETY: as the caller promises; `Value` is the same 64 bits.
        self.reach_value(unsafe { &mut *slot.cast::<Value>() });
    }

    /// The object has been reached: so is what it refers to.
    #[inline(always)]
    fn scan(&mut self, object: Object, header: Header) {
        let first = match scan_of(header) {
            Scan::Values => 0,
            Scan::ValuesAfterFirst => 1,
            Scan::Raw => return,
            Scan::Weak => return self.weaklings().put_aside(object),
            Scan::Ephemerons => return self.weaklings().put_table_aside(object),
        };
        let payload = object.payload();
        for n in first..object.words() {
            // SAFETY: [R-HEAP] such words of such kinds are values.
            unsafe { self.reach_slot(payload.add(n)) };
        }
    }
}

/// How an object with this header is read.
#[inline(always)]
pub(crate) fn scan_of(header: Header) -> Scan {
    SCANS[(header.0 >> 8) as u8 as usize % SCANS.len()]
}

/// A row for each kind; the length is a power of two, so that finding one needs no check.
const SCANS: [Scan; 32] = {
    let mut scans = [Scan::Raw; 32];
    let mut n = 0;
    while n < Kind::ALL.len() {
        scans[n] = Kind::ALL[n].scan();
        n += 1;
    }
    scans
};

/// Reaches everything that is alive, then decides about what is weak. Says how many roots there were.
pub(crate) fn trace<T: Tracer>(tracer: &mut T, roots: &mut dyn Roots, which: Which, handles: &mut [Value]) -> usize {
    let watch = PanicWatch;
    let mut shown = handles.len();
    roots.each(which, &mut |value| {
        shown += 1;
        tracer.reach_value(value);
    });
    std::mem::forget(watch);
    for value in handles {
        tracer.reach_value(value);
    }
    tracer.drain();
    crate::weak::decide(tracer);
    shown
}

/// Nobody may see a heap of which half has moved.
struct PanicWatch;

impl Drop for PanicWatch {
    fn drop(&mut self) {
        std::process::abort();
    }
}

/// Copies an object's words. Most objects have only a few, for which calling `memcpy` takes longer than copying does.
///
/// # Safety
/// Both places must have room for so many words, and must not overlap.
#[inline(always)]
pub(crate) unsafe fn copy_words(from: *const u64, to: *mut u64, words: usize) {
    // SAFETY: as the caller promises.
    unsafe {
        match words {
            0 => {}
            1 => *to = *from,
            2 => *to.cast::<[u64; 2]>() = *from.cast::<[u64; 2]>(),
            3 => *to.cast::<[u64; 3]>() = *from.cast::<[u64; 3]>(),
            4 => *to.cast::<[u64; 4]>() = *from.cast::<[u64; 4]>(),
            5 => *to.cast::<[u64; 5]>() = *from.cast::<[u64; 5]>(),
            6 => *to.cast::<[u64; 6]>() = *from.cast::<[u64; 6]>(),
            _ => std::ptr::copy_nonoverlapping(from, to, words),
        }
    }
}
