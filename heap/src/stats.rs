//! What a heap has done so far.

use crate::heap::Heap;
use std::time::Duration;

/// Counts of a heap's life. Bytes are those of objects.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct HeapStats {
    /// Times the young space was copied.
    pub copies: u64,
    /// Minor collections.
    pub minor: u64,
    /// Full collections.
    pub full: u64,
    /// Allocated in all.
    pub allocated_bytes: u64,
    /// Promoted in all.
    pub promoted_bytes: u64,
    /// In use now.
    pub used_bytes: usize,
    /// Memory of the host, now.
    pub physical_bytes: usize,
    /// Time spent collecting.
    pub pause_total: Duration,
    /// The longest pause.
    pub pause_max: Duration,
}

impl HeapStats {
    pub(crate) fn paused(&mut self, pause: Duration) {
        self.pause_total += pause;
        self.pause_max = self.pause_max.max(pause);
    }
}

impl Heap {
    /// What it has done so far.
    pub fn stats(&self) -> HeapStats {
        let stats = self.side.as_ref().map_or_else(HeapStats::default, |side| side.stats);
        let (used_bytes, physical_bytes) = (self.used(), self.physical_bytes());
        HeapStats { allocated_bytes: self.allocated_bytes(), used_bytes, physical_bytes, ..stats }
    }
}
