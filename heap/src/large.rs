//! Large objects: each has memory of its own, and stores into it are logged slot by slot.
//!
//! An array of a million slots into which one young reference was stored must not be read as a whole at the next minor
//! collection. Objects get here when they are too large for the old space at promotion, or too large to be young.

use crate::header::Header;
use crate::object::Object;
use std::alloc::{Layout, alloc, dealloc};

/// Large objects, with the bytes that each was allocated with.
#[derive(Default)]
pub(crate) struct LargeSpace {
    objects: Vec<(Object, usize)>,
    bytes: usize,
}

impl LargeSpace {
    /// Memory for an object of so many words, header included; `None` if the host has none.
    pub(crate) fn allocate(&mut self, words: usize) -> Option<*mut u64> {
        let bytes = words.checked_mul(8)?;
        self.objects.try_reserve(1).ok()?;
        // SAFETY: [R-HEAP] an object has at least one word.
        let start = unsafe { alloc(layout(bytes)?) }.cast::<u64>();
        if start.is_null() {
            return None;
        }
        self.objects.push((Object::from_address(start.expose_provenance() as u64), bytes));
        self.bytes += bytes;
        Some(start)
    }

    /// Could the host give so many bytes?
    pub(crate) fn could_allocate(bytes: usize) -> bool {
        Vec::<u8>::new().try_reserve_exact(bytes).is_ok()
    }

    /// Frees what does not have the mark.
    pub(crate) fn sweep(&mut self, mark: u64) {
        let freed = &mut self.bytes;
        self.objects.retain(|&(object, bytes)| {
            let alive = object.header().0 & Header::MARK == mark;
            if !alive {
                *freed -= bytes;
                free(object, bytes);
            }
            alive
        });
    }

    /// Every object.
    pub(crate) fn each(&self, visit: &mut dyn FnMut(Object)) {
        self.objects.iter().for_each(|&(object, _)| visit(object));
    }

    /// Bytes of memory it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes + self.objects.capacity() * size_of::<(Object, usize)>()
    }
}

impl Drop for LargeSpace {
    fn drop(&mut self) {
        self.objects.iter().for_each(|&(object, bytes)| free(object, bytes));
    }
}

fn free(object: Object, bytes: usize) {
    let start = object.payload().wrapping_sub(1);
    // SAFETY: [R-HEAP] the memory came from `alloc` with this layout, and the object is dead.
    unsafe { dealloc(start.cast(), layout(bytes).expect("the object was made with this layout")) }
}

fn layout(bytes: usize) -> Option<Layout> {
    Layout::from_size_align(bytes, 16).ok()
}
