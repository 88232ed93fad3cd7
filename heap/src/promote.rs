//! Promotion: how a heap with generations is collected.
//!
//! Every young object that is alive becomes old: it is copied to the old space, once, and stays there. A *minor*
//! collection starts from the roots and from what old objects are remembered to refer to, and takes all old objects to be
//! alive. A *full* one marks old objects as it meets them, and promotes the young ones on the way. Both follow references
//! depth first, with a stack, which lays out lists and trees in the order in which they are walked.
//!
//! Promoting everything at once was measured against letting objects age: aging never paid for what it costs.

use crate::header::{Header, Scan};
use crate::object::Object;
use crate::old::{Old, OldSpace, Space};
use crate::trace::{Tracer, copy_words, scan_of};
use crate::weak::Weaklings;
use crate::young::Block;
use std::alloc::{Layout, handle_alloc_error};

/// Words of an object that are read before looking at what they refer to.
const MAX_AT_ONCE: usize = 32;

/// A collection out of a young block into the old generation.
pub(crate) struct Promoter<'h, const FULL: bool> {
    young: &'h Block,
    old: &'h mut Old,
    weaklings: Weaklings,
    /// Bytes promoted.
    pub(crate) promoted: usize,
}

impl<'h, const FULL: bool> Promoter<'h, FULL> {
    /// A collection of what lies in `young`.
    pub(crate) fn new(young: &'h Block, old: &'h mut Old) -> Promoter<'h, FULL> {
        Promoter { young, old, weaklings: Weaklings::default(), promoted: 0 }
    }

    /// Old objects that may refer to young ones are roots of a minor collection.
    pub(crate) fn reach_remembered(&mut self) {
        let remembered = std::mem::take(&mut self.old.remembered);
        for &object in &remembered {
            self.scan(object, object.header());
        }
        self.old.remembered = remembered;
        let slots = std::mem::take(&mut self.old.slots);
        for &slot in &slots {
            // SAFETY: [R-BARRIER] what was logged is a value's place in an old object, and those stay where they are.
            unsafe { self.reach_slot(slot) };
        }
        self.old.slots = slots;
        self.old.forget_remembered();
    }

    #[inline(always)]
    fn promote(&mut self, object: Object, header: Header) -> Object {
        let words = object.words();
        let (place, bits) = if words < Space::MAX_WORDS {
            (self.old.space.allocate(1 + words), Header::UNLOG)
        } else {
            (self.large_place(words), Header::UNLOG | Header::LARGE)
        };
        let now = Object::from_address(place.expose_provenance() as u64);
        // SAFETY: [R-HEAP] the place is new and has room for the object; the old copy only has to say where it went.
        unsafe {
            *place = header.with_mark(self.old.mark).0 | bits;
            copy_words(object.payload(), place.add(1), words);
            object.set_header(Header(now.address() | Header::FORWARDED));
            if FULL && bits & Header::LARGE == 0 {
                self.old.space.count(now);
            }
        }
        self.old.used += 8 + 8 * words;
        self.promoted += 8 + 8 * words;
        self.reached(object, now, header);
        now
    }

    #[cold]
    #[inline(never)]
    fn large_place(&mut self, words: usize) -> *mut u64 {
        let place = self.old.large.allocate(1 + words);
        place.unwrap_or_else(|| handle_alloc_error(Layout::array::<u64>(1 + words).expect("the object exists")))
    }

    #[inline(always)]
    fn mark(&mut self, object: Object) {
        let header = object.header();
        if header.has(Header::SHARED) || header.0 & Header::MARK == self.old.mark {
            return;
        }
        // SAFETY: [R-HEAP] marks say nothing about how an object is laid out; small old objects lie in the old space.
        unsafe {
            object.set_header(header.with_mark(self.old.mark));
            if !header.has(Header::LARGE) {
                self.old.space.count(object);
            }
        }
        self.old.used += object.bytes();
        self.reached(object, object, header);
    }

    /// Reads some words of a long object, so that what they refer to is read while it is in the cache.
    fn scan_some(&mut self, object: Object, from: usize) {
        let to = object.words().min(from + MAX_AT_ONCE);
        if to < object.words() {
            self.old.wide.push((object, to));
        }
        for n in from..to {
            // SAFETY: [R-HEAP] all words of such objects, but perhaps the first, are values.
            unsafe { self.reach_slot(object.payload().add(n)) };
        }
    }

    /// An object was reached for the first time.
    #[inline(always)]
    fn reached(&mut self, before: Object, now: Object, header: Header) {
        if self.weaklings.watching {
            self.weaklings.wake(before.address());
        }
        if scan_of(header) != Scan::Raw {
            self.old.grey.push(now);
        }
    }
}

impl<const FULL: bool> Tracer for Promoter<'_, FULL> {
    #[inline(always)]
    fn reach(&mut self, object: Object) -> Object {
        if self.young.holds(object.address()) {
            let header = object.header();
            match header.forwarded() {
                Some(now) => Object::from_address(now),
                None => self.promote(object, header),
            }
        } else {
            if FULL {
                self.mark(object);
            }
            object
        }
    }

    fn fate(&self, object: Object) -> Option<Object> {
        let header = object.header();
        if self.young.holds(object.address()) {
            header.forwarded().map(Object::from_address)
        } else if !FULL || header.has(Header::SHARED) || header.0 & Header::MARK == self.old.mark {
            Some(object)
        } else {
            None
        }
    }

    fn drain(&mut self) {
        loop {
            while let Some(object) = self.old.grey.pop() {
                let header = object.header();
                if header.count() > MAX_AT_ONCE && matches!(scan_of(header), Scan::Values | Scan::ValuesAfterFirst) {
                    self.old.wide.push((object, usize::from(scan_of(header) == Scan::ValuesAfterFirst)));
                } else {
                    self.scan(object, header);
                }
            }
            match self.old.wide.pop() {
                Some((object, from)) => self.scan_some(object, from),
                None => return,
            }
        }
    }

    fn weaklings(&mut self) -> &mut Weaklings {
        &mut self.weaklings
    }
}
