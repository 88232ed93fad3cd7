//! The limits this crate adds to those of [`regatta_ir::limits`].

/// Errors kept per call; further ones are only counted.
pub const MAX_ERRORS: usize = 1000;
/// Bits of definedness kept at one time for branch targets ahead and loop headers behind (64 MiB).
pub const MAX_FLOW_BITS: usize = 1 << 29;
/// Bits of definedness merged or compared in one function: what a program of many registers and many branches may cost.
pub const MAX_FLOW_WORK: u64 = 1 << 36;
/// Bytes in the name of an import: two names and the dot between them.
pub const MAX_IMPORT_NAME_BYTES: usize = 2 * regatta_ir::limits::MAX_NAME_BYTES + 1;
