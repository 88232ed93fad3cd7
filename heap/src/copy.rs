//! Copying: how the young space is collected as long as it is all there is.
//!
//! Everything alive moves from one block to another, breadth first: the objects already copied are the list of those
//! still to be read (Cheney, 1970). What is left behind is garbage without anyone having looked at it, so the cost is that
//! of the live objects, and a heap of a few hundred bytes is collected in well under a microsecond.

use crate::header::Header;
use crate::object::Object;
use crate::trace::{Tracer, copy_words};
use crate::weak::Weaklings;
use crate::young::Block;

/// A collection from one block to another.
pub(crate) struct Copier<'h> {
    from: &'h Block,
    /// Behind what was copied.
    top: *mut u64,
    /// The first copied object that has not been read.
    next: *mut u64,
    weaklings: Weaklings,
}

impl<'h> Copier<'h> {
    /// A collection out of `from`. What is alive there fits `to`.
    pub(crate) fn new(from: &'h Block, to: &Block) -> Copier<'h> {
        Copier { from, top: to.start(), next: to.start(), weaklings: Weaklings::default() }
    }

    /// Behind what was copied.
    pub(crate) fn top(&self) -> *mut u64 {
        self.top
    }

    #[inline(always)]
    fn copy(&mut self, object: Object, header: Header) -> Object {
        let words = object.words();
        let to = Object::from_address(self.top.expose_provenance() as u64);
        // SAFETY: [R-HEAP] what is alive in the old block fits the new one, which nobody else uses.
        unsafe {
            *self.top = header.0;
            copy_words(object.payload(), self.top.add(1), words);
            self.top = self.top.add(1 + words);
            object.set_header(Header(to.address() | Header::FORWARDED));
        }
        if self.weaklings.watching {
            self.weaklings.wake(object.address());
        }
        to
    }
}

impl Tracer for Copier<'_> {
    #[inline(always)]
    fn reach(&mut self, object: Object) -> Object {
        if !self.from.holds(object.address()) {
            return object;
        }
        let header = object.header();
        match header.forwarded() {
            Some(now) => Object::from_address(now),
            None => self.copy(object, header),
        }
    }

    fn fate(&self, object: Object) -> Option<Object> {
        if self.from.holds(object.address()) {
            object.header().forwarded().map(Object::from_address)
        } else {
            Some(object)
        }
    }

    fn drain(&mut self) {
        while self.next < self.top {
            let object = Object::from_address(self.next.expose_provenance() as u64);
            let header = object.header();
            // SAFETY: [R-HEAP] objects lie one behind the other.
            self.next = unsafe { self.next.add(1 + object.words()) };
            self.scan(object, header);
        }
    }

    fn weaklings(&mut self) -> &mut Weaklings {
        &mut self.weaklings
    }
}
