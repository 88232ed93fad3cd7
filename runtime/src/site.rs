//! Sites: what an instruction that goes by name remembers of what it has found, for all processes of a program.
//!
//! ```text
//!   site: four words        word = fact:   layout:32 | slot:16 | how:16
//! ```
//!
//! A fact says what the name of the site's instruction means in objects of one layout (class or shape): a slot of the
//! object, a slot of its spill, a method, or nothing. It is true for good, because layouts never change, and it is one word,
//! so that no thread can read half of one: facts are read and written without any order. Losing one costs time only.
//!
//! Word 0 holds nothing but facts about a slot of the object itself, so the fast path is one comparison with the object's
//! header. The other words hold whatever came next. When all are taken, the program is asked each time.
//!
//! Each instruction has a site of its own, because what a fact leaves out (the name, and who asks) is the instruction's.
//! Linking sees to it: in code that comes in, no site is named ([V-SITE]). Number 0 is shared by all that come when there
//! are too many; it remembers nothing.

use regatta_heap::Header;
use regatta_ir::SiteId;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Sites of one program, with the one that remembers nothing.
pub const MAX_PROGRAM_SITES: usize = 1 << 21;

/// What a name means in objects of a layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fact(u64);

/// How an object of the layout has what the name means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// In this payload word.
    Own,
    /// In this payload word of its spill.
    Spill,
    /// As the method in this slot of the class's vtable.
    Method,
    /// As the method with this number, of all that kinds have.
    OfKind,
    /// Not at all.
    Absent,
}

/// By number; there are eight, so that three bits are always one of them.
const HOW: [How; 8] =
    [How::Own, How::Spill, How::Method, How::OfKind, How::Absent, How::Absent, How::Absent, How::Absent];

impl Fact {
    /// No fact: no layout has this number.
    pub(crate) const NONE: Fact = Fact(u64::MAX);
    /// A fact about the same layout, to leave no room for another.
    const NOBODY: Fact = Fact(u64::MAX - 1);

    /// A fact about objects of `layout`.
    #[inline]
    pub fn new(layout: u32, how: How, slot: u16) -> Fact {
        Fact(u64::from(layout) << 32 | u64::from(slot) << 16 | how as u64)
    }

    /// Is it about the object with this header?
    #[inline(always)]
    pub fn is_about(self, header: Header) -> bool {
        (self.0 ^ header.0) >> 32 == 0
    }

    /// How the object has it.
    #[inline(always)]
    pub fn how(self) -> How {
        HOW[(self.0 & 7) as usize]
    }

    /// Where.
    #[inline(always)]
    pub fn slot(self) -> usize {
        (self.0 >> 16) as u16 as usize
    }
}

/// What is remembered at one place of the code.
#[derive(Debug)]
#[repr(align(32))]
pub struct Site([AtomicU64; 4]);

impl Site {
    fn word(&self, n: usize) -> Fact {
        Fact(self.0[n].load(Ordering::Relaxed))
    }

    /// The fact that engines look at first: if it is about an object, that one has it in a payload word of its own.
    #[inline(always)]
    pub fn first(&self) -> Fact {
        self.word(0)
    }

    /// The other facts.
    #[inline(always)]
    pub fn others(&self) -> [Fact; 3] {
        [1, 2, 3].map(|n| self.word(n))
    }

    /// The fact about the object with this header, if there is one.
    #[inline]
    pub fn find(&self, header: Header) -> Option<Fact> {
        (0..4).map(|n| self.word(n)).find(|fact| fact.is_about(header))
    }

    /// Remembers a fact, if there is room. Two threads may take the same word: then one of the facts is lost.
    pub fn learn(&self, fact: Fact) {
        let from = if fact.how() == How::Own { 0 } else { 1 };
        for n in from..4 {
            let word = self.word(n);
            if word == fact {
                return;
            }
            if word == Fact::NONE {
                return self.0[n].store(fact.0, Ordering::Relaxed);
            }
        }
    }
}

/// All sites of a program, at a fixed place.
#[derive(Debug)]
pub(crate) struct Sites {
    // The first of them, in `words`.
    first: *const Site,
    // Words and not sites, because only memory without special alignment is free as long as nobody touches it.
    words: Box<[AtomicU64]>,
    count: AtomicUsize,
    adding: Mutex<()>,
}

// SAFETY: `first` points into what the table owns, which are atomic words.
unsafe impl Send for Sites {}
// SAFETY: as above.
unsafe impl Sync for Sites {}

impl Sites {
    pub(crate) fn new() -> Sites {
        let words = Box::new_zeroed_slice(4 * (MAX_PROGRAM_SITES + 1));
        // SAFETY: all zero bits are an `AtomicU64`.
        let words: Box<[AtomicU64]> = unsafe { words.assume_init() };
        let start = words.as_ptr().align_offset(align_of::<Site>());
        let first = words[start..].as_ptr().cast::<Site>();
        let sites = Sites { first, words, count: AtomicUsize::new(0), adding: Mutex::new(()) };
        sites.fill(0, Fact::NOBODY);
        sites
    }

    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    /// Adds an empty site. When there is no room, it is the one that remembers nothing.
    pub(crate) fn add(&self) -> SiteId {
        let _guard = self.adding.lock().expect("nobody panics here");
        let n = self.count();
        if n == MAX_PROGRAM_SITES {
            return SiteId(0);
        }
        self.fill(n, Fact::NONE);
        SiteId(n as u32)
    }

    /// Makes site number `n`, which is the next.
    fn fill(&self, n: usize, fact: Fact) {
        self.count.store(n + 1, Ordering::Release);
        self.get(SiteId(n as u32)).0.iter().for_each(|word| word.store(fact.0, Ordering::Relaxed));
    }

    /// The first word of the first site.
    pub(crate) fn first_word(&self) -> *const u64 {
        self.first.cast()
    }

    #[inline(always)]
    pub(crate) fn get(&self, id: SiteId) -> &Site {
        debug_assert!(id.index() < self.count(), "[V-REF] code names only sites of its program");
        debug_assert!(self.first.addr() + 32 * id.index() < self.words.as_ptr_range().end.addr());
        // SAFETY: [V-REF] the site exists, so its words do, and `first` is aligned for them.
        unsafe { &*self.first.add(id.index()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regatta_heap::Kind;

    fn header(layout: u32) -> Header {
        Header::new(Kind::Instance, layout, 3)
    }

    #[test]
    fn facts_say_what_they_were_made_of() {
        let fact = Fact::new(0x8000_0007, How::Method, 9);
        assert!(fact.is_about(header(0x8000_0007)) && !fact.is_about(header(7)));
        assert_eq!((fact.how(), fact.slot()), (How::Method, 9));
        assert!(!Fact::NONE.is_about(header(0)), "a layout that nobody has");
    }

    #[test]
    fn a_site_keeps_four_facts_and_only_own_slots_in_front() {
        let sites = Sites::new();
        let site = sites.get(sites.add());
        assert_eq!(site.find(header(0)), None);
        let facts: Vec<Fact> =
            (0..6).map(|n| Fact::new(n, [How::Absent, How::Own][n as usize % 2], n as u16)).collect();
        facts.iter().for_each(|&fact| site.learn(fact));
        assert_eq!(site.first(), facts[1]);
        for n in 0..6 {
            let known = [0, 1, 2, 3].contains(&n);
            assert_eq!(site.find(header(n)), known.then(|| facts[n as usize]), "{n}");
        }
    }

    #[test]
    fn what_finds_no_room_remembers_nothing() {
        let sites = Sites::new();
        assert_eq!((sites.add(), sites.add()), (SiteId(1), SiteId(2)));
        sites.count.store(MAX_PROGRAM_SITES, Ordering::Release);
        let site = sites.get(sites.add());
        site.learn(Fact::new(7, How::Own, 1));
        assert_eq!(site.find(header(7)), None);
        assert!(!site.first().is_about(header(7)));
    }
}
