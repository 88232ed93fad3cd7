//! An index that only grows: from a hash to the number of what has it. Readers take no lock.
//!
//! Open addressing over cells of one word, `hash:32 | number + 1:32`, at most half of them in use. Whoever adds holds a
//! lock; when the table gets full, a larger one takes its place, and the old one stays for readers that still look at it,
//! until the index goes away. All old tables together are not larger than the present one.

use std::ptr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

/// From hashes to numbers.
#[derive(Debug)]
pub(crate) struct Index {
    cells: AtomicPtr<Cells>,
    used: Mutex<usize>,
}

#[derive(Debug)]
struct Cells {
    cells: Box<[AtomicU64]>,
    before: *mut Cells,
}

// SAFETY: the index owns its tables, and all it changes in them while others look are atomic words.
unsafe impl Send for Index {}
// SAFETY: as above.
unsafe impl Sync for Index {}

impl Index {
    /// An empty index with room for `room` numbers.
    pub(crate) fn new(room: usize) -> Index {
        let first = Cells::new((2 * room).next_power_of_two().max(8), ptr::null_mut());
        Index { cells: AtomicPtr::new(Box::into_raw(Box::new(first))), used: Mutex::new(0) }
    }

    /// The number with this hash that `same` accepts.
    #[inline]
    pub(crate) fn find(&self, hash: u32, same: impl Fn(u32) -> bool) -> Option<u32> {
        self.cells().find(hash, same)
    }

    /// The number that `same` accepts; if there is none, the one that `make` gives, which is asked while nobody else can
    /// add anything.
    pub(crate) fn find_or_add<E>(
        &self,
        hash: u32,
        same: impl Fn(u32) -> bool,
        make: impl FnOnce() -> Result<u32, E>,
    ) -> Result<u32, E> {
        if let Some(found) = self.find(hash, &same) {
            return Ok(found);
        }
        let mut used = self.used.lock().expect("nobody panics while an index grows");
        if let Some(found) = self.find(hash, &same) {
            return Ok(found);
        }
        let number = make()?;
        if 2 * (*used + 1) > self.cells().cells.len() {
            self.grow();
        }
        self.cells().add(hash, number);
        *used += 1;
        Ok(number)
    }

    fn cells(&self) -> &Cells {
        // SAFETY: a table, once it is here, lives as long as the index.
        unsafe { &*self.cells.load(Ordering::Acquire) }
    }

    fn grow(&self) {
        let old = self.cells();
        let new = Cells::new(2 * old.cells.len(), ptr::from_ref(old).cast_mut());
        for cell in &old.cells {
            let cell = cell.load(Ordering::Relaxed);
            if cell != 0 {
                new.add((cell >> 32) as u32, cell as u32 - 1);
            }
        }
        self.cells.store(Box::into_raw(Box::new(new)), Ordering::Release);
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        let mut cells = *self.cells.get_mut();
        while !cells.is_null() {
            // SAFETY: each table came from a box, is in the chain once, and nobody looks any more.
            cells = unsafe { Box::from_raw(cells) }.before;
        }
    }
}

impl Cells {
    fn new(len: usize, before: *mut Cells) -> Cells {
        Cells { cells: (0..len).map(|_| AtomicU64::new(0)).collect(), before }
    }

    #[inline]
    fn find(&self, hash: u32, same: impl Fn(u32) -> bool) -> Option<u32> {
        let mut at = hash as usize;
        loop {
            let cell = self.cells[at & (self.cells.len() - 1)].load(Ordering::Acquire);
            if cell == 0 {
                return None;
            }
            if (cell >> 32) as u32 == hash && same(cell as u32 - 1) {
                return Some(cell as u32 - 1);
            }
            at += 1;
        }
    }

    fn add(&self, hash: u32, number: u32) {
        let mut at = hash as usize;
        loop {
            let cell = &self.cells[at & (self.cells.len() - 1)];
            if cell.load(Ordering::Relaxed) == 0 {
                return cell.store(u64::from(hash) << 32 | u64::from(number + 1), Ordering::Release);
            }
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    #[test]
    fn numbers_are_found_again_after_growth() {
        let index = Index::new(1);
        // Only seven different hashes: what tells numbers apart is `same`.
        for n in 0..1000 {
            let added = index.find_or_add(n % 7, |other| other == n, || Ok::<_, Infallible>(n));
            assert_eq!(added, Ok(n));
        }
        for n in 0..1000 {
            assert_eq!(index.find(n % 7, |other| other == n), Some(n));
        }
        assert_eq!(index.find(3, |other| other == 1000), None);
    }

    #[test]
    fn threads_agree_on_numbers() {
        let (index, next) = (Index::new(1), AtomicU64::new(0));
        let hashes: Vec<AtomicU64> = (0..500).map(|_| AtomicU64::new(u64::MAX)).collect();
        let work = || {
            for hash in 0..500 {
                let same = |n: u32| hashes[n as usize].load(Ordering::Relaxed) == hash;
                let make = || {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    hashes[n as usize].store(hash, Ordering::Relaxed);
                    Ok::<_, Infallible>(n as u32)
                };
                let Ok(n) = index.find_or_add(hash as u32, same, make);
                assert_eq!(hashes[n as usize].load(Ordering::Relaxed), hash);
            }
        };
        std::thread::scope(|scope| {
            scope.spawn(work);
            scope.spawn(work);
        });
        assert_eq!(next.load(Ordering::Relaxed), 500);
    }
}
