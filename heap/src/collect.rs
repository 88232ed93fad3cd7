//! Collection: when to copy, when to promote, when to look at everything.
//!
//! A heap begins with a young space of 512 bytes that is copied when it is full. It grows with the number of roots, and
//! with what is alive, so that at least half of it is free after a collection. At 128 KB, or when something large is
//! allocated, it becomes a heap with generations: a nursery of a fixed size, whose survivors become old. Full collections
//! come when the old generation has doubled or used half the room to the limit, and always before a heap says that it is
//! out of memory.
//!
//! Pauses grow with what is alive: some 5 ns per object. There is no incremental marking; the slow path of the store
//! barrier is where it would go.

use crate::config::Zeal;
use crate::copy::Copier;
use crate::heap::{FIRST_BLOCK_BYTES, Heap, OutOfMemory, TORMENT_SHARE};
use crate::identity::Identities;
use crate::large::LargeSpace;
use crate::old::Old;
use crate::promote::Promoter;
use crate::roots::{Roots, Which};
use crate::stats::HeapStats;
use crate::trace::{Tracer, trace};
use crate::young::Block;
use std::time::Instant;

/// Bytes of the young space for each root. Thousands of globals or frames take longer to look at than a small space does to
/// fill: 10000 globals made each object 30 times as dear.
const ROOM_PER_ROOT: usize = 8;
/// The young space is copied up to this size; then survivors are promoted.
const MAX_COPIED_BYTES: usize = 128 << 10;
/// Under torment with generations, the nursery is no larger, unless that is less than a share of the heap.
const ZEAL_NURSERY_BYTES: usize = 4 << 10;
/// Under torment with generations, every so many collections are one full one.
const ZEAL_FULL_EVERY: u32 = 8;

/// What a heap has only once it collected, or was asked for an identity.
#[derive(Default)]
pub(crate) struct Side {
    pub(crate) identities: Identities,
    pub(crate) stats: HeapStats,
    /// Bytes of objects that were large from the start.
    pub(crate) large_bytes: u64,
    /// Bytes of young objects right after the last collection.
    pub(crate) young_survivors: usize,
}

impl Side {
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Side>() + self.identities.bytes()
    }
}

impl Heap {
    /// Makes room for what was asked for last.
    pub fn collect(&mut self, roots: &mut dyn Roots) -> Result<(), OutOfMemory> {
        self.collect_as(roots, false)
    }

    /// Collects all that is dead, and makes room for what was asked for last.
    pub fn collect_fully(&mut self, roots: &mut dyn Roots) -> Result<(), OutOfMemory> {
        self.collect_as(roots, true)
    }

    fn collect_as(&mut self, roots: &mut dyn Roots, full: bool) -> Result<(), OutOfMemory> {
        let wanted = std::mem::take(&mut self.wanted);
        if wanted > self.limit {
            return Err(OutOfMemory);
        }
        self.count_allocated();
        let started = Instant::now();
        let result = self.make_room(roots, wanted, full);
        self.open(if result.is_ok() { wanted } else { 0 });
        let young = self.young_used();
        let side = self.side();
        side.young_survivors = young;
        side.stats.paused(started.elapsed());
        result
    }

    fn make_room(&mut self, roots: &mut dyn Roots, wanted: usize, full: bool) -> Result<(), OutOfMemory> {
        if self.zeal == Zeal::Generations && self.old.is_none() {
            self.old = Some(Box::new(Old::new(self.limit)));
        }
        match self.old.take() {
            Some(old) => self.collect_generations(roots, old, wanted, full),
            None => self.collect_young(roots, wanted)?,
        }
        let sum = self.used().checked_add(wanted).ok_or(OutOfMemory)?;
        if sum > self.limit || !self.has_memory_for(wanted) { Err(OutOfMemory) } else { Ok(()) }
    }

    /// Is there a block for young objects, and can the host give what does not fit it?
    fn has_memory_for(&mut self, wanted: usize) -> bool {
        wanted <= self.young.bytes() - self.young_used() || LargeSpace::could_allocate(wanted)
    }

    /// Copies the young space, once more if the guess at its next size was bad.
    fn collect_young(&mut self, roots: &mut dyn Roots, wanted: usize) -> Result<(), OutOfMemory> {
        let before = self.young.bytes();
        let guess = if self.growing { 2 * before } else { before };
        let shown = self.copy_to(self.fitting(guess, before), roots)?;
        let alive = self.young_used();
        // What is too large to be young needs no room here.
        let wanted = if wanted > MAX_COPIED_BYTES / 4 { 0 } else { wanted };
        let ideal = (2 * alive + wanted + ROOM_PER_ROOT * shown).next_power_of_two();
        self.growing = ideal > before;
        if ideal > MAX_COPIED_BYTES && self.limit > MAX_COPIED_BYTES {
            let old = Box::new(Old::new(self.limit));
            self.collect_generations(roots, old, wanted, false);
            return Ok(());
        }
        let ideal = self.fitting(ideal, alive + wanted);
        let now = self.young.bytes();
        if ideal > now || ideal * 4 < now {
            self.copy_to(ideal, roots)?;
        }
        Ok(())
    }

    /// A size near this one for the young space, that holds at least so many bytes if the limit allows it.
    fn fitting(&self, size: usize, least: usize) -> usize {
        size.clamp(FIRST_BLOCK_BYTES, MAX_COPIED_BYTES.max(least.next_power_of_two())).min(self.limit.max(least))
    }

    /// Says how many roots there were.
    fn copy_to(&mut self, size: usize, roots: &mut dyn Roots) -> Result<usize, OutOfMemory> {
        let to = Block::new(size.next_multiple_of(8)).ok_or(OutOfMemory)?;
        let mut copier = Copier::new(&self.young, &to);
        let shown = trace(&mut copier, roots, Which::All, self.handles.get_mut());
        let top = copier.top();
        if let Some(side) = &mut self.side {
            side.identities.follow(|object| copier.fate(object));
            side.stats.copies += 1;
        }
        self.poison();
        self.move_to(to, top);
        Ok(shown)
    }

    fn collect_generations(&mut self, roots: &mut dyn Roots, mut old: Box<Old>, wanted: usize, full: bool) {
        let torment = self.zeal == Zeal::Generations && old.minors + 1 >= ZEAL_FULL_EVERY;
        let large = if wanted > self.nursery_bytes { wanted } else { 0 };
        if full || torment || old.is_due(large) {
            self.collect_all(roots, &mut old);
        } else {
            self.collect_minor(roots, &mut old);
            if old.used.saturating_add(wanted) > self.limit {
                self.collect_all(roots, &mut old);
            }
        }
        self.old = Some(old);
        self.fit_nursery();
    }

    fn collect_minor(&mut self, roots: &mut dyn Roots, old: &mut Old) {
        let which = if old.all_promoted { Which::Changed } else { Which::All };
        let mut promoter = Promoter::<false>::new(&self.young, old);
        promoter.reach_remembered();
        trace(&mut promoter, roots, which, self.handles.get_mut());
        let promoted = promoter.promoted;
        if let Some(side) = &mut self.side {
            side.identities.promote(|object| promoter.fate(object));
            side.stats.minor += 1;
            side.stats.promoted_bytes += promoted as u64;
        }
        old.minors += 1;
        self.promoted_all(old);
    }

    fn collect_all(&mut self, roots: &mut dyn Roots, old: &mut Old) {
        old.begin();
        let mut promoter = Promoter::<true>::new(&self.young, old);
        trace(&mut promoter, roots, Which::All, self.handles.get_mut());
        let promoted = promoter.promoted;
        if let Some(side) = &mut self.side {
            side.identities.promote(|object| promoter.fate(object));
            side.identities.forget(|object| promoter.fate(object));
            side.stats.full += 1;
            side.stats.promoted_bytes += promoted as u64;
        }
        old.end(self.limit);
        self.promoted_all(old);
    }

    fn promoted_all(&mut self, old: &mut Old) {
        old.all_promoted = true;
        self.poison();
        self.rewind();
    }

    /// The young space, which is empty, becomes a nursery. If the host has no memory, what there is will do.
    fn fit_nursery(&mut self) {
        let most = match self.zeal {
            Zeal::Generations => ZEAL_NURSERY_BYTES.max(self.used() / TORMENT_SHARE).next_power_of_two(),
            Zeal::Off | Zeal::Move => self.limit.max(FIRST_BLOCK_BYTES),
        };
        let bytes = self.nursery_bytes.min(most);
        if self.young.bytes() != bytes
            && let Some(block) = Block::new(bytes)
        {
            let start = block.start();
            self.move_to(block, start);
        }
    }

    /// Under torment, what young objects left behind is overwritten with what no engine can mistake for an object.
    fn poison(&mut self) {
        if self.zeal != Zeal::Off {
            let words = self.young_used() / 8;
            // SAFETY: [R-HEAP] the block is that long, and nothing in it is alive any more.
            unsafe { std::slice::from_raw_parts_mut(self.young.start(), if words > 0 { words } else { return }) }
                .fill(POISON);
        }
    }

    /// Bytes of objects allocated so far.
    pub(crate) fn allocated_bytes(&self) -> u64 {
        let young = self.young_used();
        self.side.as_ref().map_or(young as u64, |side| {
            side.stats.allocated_bytes + side.large_bytes + (young - side.young_survivors) as u64
        })
    }

    fn count_allocated(&mut self) {
        let allocated = self.allocated_bytes();
        let side = self.side();
        (side.stats.allocated_bytes, side.large_bytes) = (allocated, 0);
    }
}

/// No kind has this number.
const POISON: u64 = 0xDEAD_DEAD_DEAD_DEC0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::HeapConfig;
    use crate::header::{Header, Kind};
    use crate::value::Value;

    /// One root that stays as it is, so that it is shown only when all are asked for.
    struct Constant(Value, u32);

    impl Roots for Constant {
        fn each(&mut self, which: Which, visit: &mut dyn FnMut(&mut Value)) {
            if which == Which::All {
                self.1 += 1;
                visit(&mut self.0);
            }
        }
    }

    /// Prepends a cell to the list that the root cell holds.
    fn cons(heap: &mut Heap, roots: &mut Constant) {
        while heap.reserve(16).is_err() {
            heap.collect(roots).expect("the limit is far");
            if heap.used() < 1 << 19 {
                heap.verify(roots).expect("it is intact");
            }
        }
        let next = heap.allocate(Header::plain(Kind::Cell, 1), 1).expect("the room was reserved");
        let root = roots.0.as_object().expect("a cell");
        // SAFETY: [R-HEAP] cells have one word, a value.
        unsafe {
            next.set_word(0, root.value(0).bits());
            heap.store(root, 0, Value::object(next));
        }
    }

    #[test]
    fn constant_roots_are_asked_for_once_there_are_generations_and_then_no_more() {
        let mut heap = Heap::with_config(HeapConfig { nursery_bytes: 16 << 10, ..HeapConfig::new(1 << 30) });
        let root = heap.allocate(Header::plain(Kind::Cell, 1), 1).expect("there is room");
        // SAFETY: [R-HEAP] cells have one word, a value.
        unsafe { root.set_word(0, Value::NULL.bits()) }
        let mut roots = Constant(Value::object(root), 0);
        while heap.stats().minor == 0 {
            cons(&mut heap, &mut roots);
        }
        heap.verify(&mut roots).expect("it is intact");
        let asked = roots.1;
        (0..20_000).for_each(|_| cons(&mut heap, &mut roots));
        let stats = heap.stats();
        assert!(stats.minor > 10 && stats.full == 0, "{stats:?}");
        assert_eq!(u64::from(roots.1 - asked), stats.minor - 1, "only the verifier asks");
    }

    #[test]
    fn many_roots_are_not_looked_at_again_for_every_few_objects() {
        let mut heap = Heap::new(1 << 30);
        let mut roots = vec![Value::NULL; 10_000];
        for _ in 0..200_000 {
            while heap.reserve(16).is_err() {
                heap.collect(&mut roots).expect("the limit is far");
            }
            let cell = heap.allocate(Header::plain(Kind::Cell, 1), 1).expect("the room was reserved");
            // SAFETY: [R-HEAP] cells have one word, a value.
            unsafe { cell.set_word(0, Value::NULL.bits()) }
        }
        // 3.2 MB, 128 KB at a time.
        assert!(heap.stats().copies < 30, "{:?}", heap.stats());
    }

    #[test]
    fn full_collections_come_when_the_old_generation_has_doubled() {
        let mut heap = Heap::with_config(HeapConfig { nursery_bytes: 64 << 10, ..HeapConfig::new(1 << 30) });
        let mut roots = Constant(Value::NULL, 0);
        let root = heap.allocate(Header::plain(Kind::Cell, 1), 1).expect("there is room");
        // SAFETY: [R-HEAP] as above.
        unsafe { root.set_word(0, Value::NULL.bits()) }
        roots.0 = Value::object(root);
        (0..500_000).for_each(|_| cons(&mut heap, &mut roots));
        // 8 MB, by way of 2 and 4.
        assert_eq!(heap.stats().full, 2);
    }
}
