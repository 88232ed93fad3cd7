//! How a heap is set up: its limit, the size of its nursery, and whether it is to be tormented.

/// Bytes of a nursery, unless told otherwise.
pub const NURSERY_BYTES: usize = 1 << 20;
/// The smallest nursery.
pub const MIN_NURSERY_BYTES: usize = 512;

/// Collecting far more often than needed, to bring out references that were held across a collection.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Zeal {
    /// Collect when there is no room.
    #[default]
    Off,
    /// Every request for memory first asks for a collection, which moves every young object. Where more than 16 KB are
    /// alive, not quite every one does, so that the time it takes grows with what is allocated, and not with its square.
    Move,
    /// As `Move`, and with generations from the start: each collection promotes all, every eighth is a full one. This is
    /// the one that finds forgotten store barriers.
    Generations,
}

/// What a heap is made with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HeapConfig {
    /// The most bytes of objects.
    pub limit: usize,
    /// Bytes allocated between two minor collections, once there are generations.
    pub nursery_bytes: usize,
    /// Torment.
    pub zeal: Zeal,
}

impl HeapConfig {
    /// The usual heap, with this limit.
    pub const fn new(limit: usize) -> HeapConfig {
        HeapConfig { limit, nursery_bytes: NURSERY_BYTES, zeal: Zeal::Off }
    }
}
