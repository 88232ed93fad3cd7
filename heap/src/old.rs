//! The old generation: what survived a minor collection, and what was too large to be young.
//!
//! Made when the first object needs it; most processes die without one. Objects here never move. They are marked by
//! full collections, with two marks that take turns: an object is alive if it has the present one, and new objects get
//! it right away. Between full collections, the only thing to know is which old objects refer to young ones; that is
//! what [`crate::barrier`] keeps up to date.
//!
//! How small objects are laid out is behind [`OldSpace`], so that it can be raced against others: size classes
//! ([`SizeClasses`]) hold a fragmented heap in two thirds of the memory that marked regions need.

use crate::classes::SizeClasses;
use crate::large::LargeSpace;
use crate::object::Object;

/// Where small old objects lie.
pub(crate) trait OldSpace {
    /// The most words, header included, that an object here may have.
    const MAX_WORDS: usize;

    /// Memory for an object of so many words, header included. The object must get the present mark.
    fn allocate(&mut self, words: usize) -> *mut u64;

    /// A full collection begins: from now on `mark` is the present mark, and nothing has it.
    fn begin(&mut self, mark: u64);

    /// The object got the present mark, by being found alive or by being new, during a full collection.
    ///
    /// # Safety
    /// The object must lie in this space.
    unsafe fn count(&mut self, object: Object);

    /// All that is alive is marked: the rest may be reused.
    fn end(&mut self);

    /// Every object, alive or not known to be dead, in some order.
    fn each(&self, visit: &mut dyn FnMut(Object));

    /// Bytes of memory it holds.
    fn bytes(&self) -> usize;
}

/// The space for small objects that was found best.
pub(crate) type Space = SizeClasses;

/// The first mark; the other is 2, in place. Objects without either are young.
pub(crate) const FIRST_MARK: u64 = 1 << 1;
const BOTH_MARKS: u64 = 3 << 1;

/// An old generation grows by at least this much before it is collected.
const MIN_GROWTH: usize = 2 << 20;

/// Old objects, and what is remembered about them.
pub(crate) struct Old {
    pub(crate) space: Space,
    pub(crate) large: LargeSpace,
    /// Bytes of its objects.
    pub(crate) used: usize,
    /// The present mark, in place.
    pub(crate) mark: u64,
    /// Objects without UNLOG: they may refer to young ones anywhere.
    pub(crate) remembered: Vec<Object>,
    /// Places in large objects that may refer to young ones.
    pub(crate) slots: Vec<*mut u64>,
    /// Objects that were reached and not yet read; empty between collections.
    pub(crate) grey: Vec<Object>,
    /// Long objects that have been read up to a word; empty between collections.
    pub(crate) wide: Vec<(Object, usize)>,
    /// Did everything young come into being after the last collection? If not, old roots may refer to it.
    pub(crate) all_promoted: bool,
    /// Collect everything when there are more bytes than this.
    pub(crate) threshold: usize,
    /// Minor collections since the last full one.
    pub(crate) minors: u32,
}

impl Old {
    /// An empty one, for a heap with this limit.
    pub(crate) fn new(limit: usize) -> Old {
        let mut old = Old {
            space: Space::new(FIRST_MARK),
            large: LargeSpace::default(),
            used: 0,
            mark: FIRST_MARK,
            remembered: vec![],
            slots: vec![],
            grey: vec![],
            wide: vec![],
            all_promoted: false,
            threshold: 0,
            minors: 0,
        };
        old.set_threshold(limit);
        old
    }

    /// Is it time to collect everything, if `bytes` more were to be stored?
    pub(crate) fn is_due(&self, bytes: usize) -> bool {
        self.used.saturating_add(bytes) > self.threshold
    }

    /// After a full collection: the next one comes at twice the size, and when half the room to the limit is gone.
    pub(crate) fn set_threshold(&mut self, limit: usize) {
        let grown = self.used.saturating_add(self.used.max(MIN_GROWTH));
        let halfway = self.used + limit.saturating_sub(self.used) / 2;
        self.threshold = grown.min(halfway);
        self.minors = 0;
    }

    /// Everything is about to be marked anew; nothing needs to be remembered, since nothing will be young.
    pub(crate) fn begin(&mut self) {
        self.forget_remembered();
        self.mark ^= BOTH_MARKS;
        self.used = 0;
        self.space.begin(self.mark);
    }

    /// Everything alive has been marked.
    pub(crate) fn end(&mut self, limit: usize) {
        self.space.end();
        self.large.sweep(self.mark);
        self.set_threshold(limit);
    }

    /// Objects that were remembered are like all others.
    pub(crate) fn forget_remembered(&mut self) {
        for object in self.remembered.drain(..) {
            let header = object.header();
            // SAFETY: [R-HEAP] bit 3 says nothing about how the object is laid out.
            unsafe { object.set_header(crate::header::Header(header.0 | crate::header::Header::UNLOG)) }
        }
        self.slots.clear();
    }

    /// Every object.
    pub(crate) fn each(&self, visit: &mut dyn FnMut(Object)) {
        self.space.each(visit);
        self.large.each(visit);
    }

    /// Bytes of memory it holds.
    pub(crate) fn bytes(&self) -> usize {
        let lists = (self.remembered.capacity() + self.slots.capacity() + self.grey.capacity()) * 8;
        size_of::<Old>() + lists + self.space.bytes() + self.large.bytes()
    }
}
