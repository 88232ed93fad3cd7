//! Memory for machine code: written through one mapping, run through another, so that no page is both at one address.
//!
//! Code is added at the end and stays until all of it goes, so nobody who runs it ever has to stop for somebody who writes.

use memmap2::{Mmap, MmapMut, MmapOptions};
use rustix::fs::{MemfdFlags, ftruncate, memfd_create};
use std::fmt;
use std::fs::File;
use std::io;

/// Bytes of a chunk. Only pages that were written take memory.
const CHUNK_BYTES: usize = 1 << 20;
/// Where functions begin.
const ALIGNMENT: usize = 16;

/// Machine code, growing by chunks.
#[derive(Default)]
pub(super) struct CodeMemory {
    chunks: Vec<Chunk>,
    bytes: usize,
}

struct Chunk {
    run: Mmap,
    write: MmapMut,
    used: usize,
}

impl fmt::Debug for CodeMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of machine code", self.bytes)
    }
}

impl Chunk {
    fn new(bytes: usize) -> io::Result<Chunk> {
        let file = File::from(memfd_create("regatta-code", MemfdFlags::CLOEXEC)?);
        ftruncate(&file, bytes as u64)?;
        // SAFETY: [R-NATIVE] the file has no name, and nobody but this chunk has it.
        let (write, run) =
            unsafe { (MmapOptions::new().len(bytes).map_mut(&file)?, MmapOptions::new().len(bytes).map_exec(&file)?) };
        Ok(Chunk { run, write, used: 0 })
    }

    fn room(&self) -> usize {
        self.write.len() - self.used
    }
}

impl CodeMemory {
    /// Adds code, which must not depend on where it lies; says where it does.
    pub(super) fn add(&mut self, code: &[u8]) -> io::Result<*const u8> {
        if self.chunks.last().is_none_or(|chunk| chunk.room() < code.len()) {
            self.chunks.push(Chunk::new(code.len().next_multiple_of(CHUNK_BYTES))?);
        }
        let chunk = self.chunks.last_mut().expect("there is one now");
        let start = chunk.run.as_ptr().wrapping_add(chunk.used);
        chunk.write[chunk.used..chunk.used + code.len()].copy_from_slice(code);
        chunk.used = (chunk.used + code.len()).next_multiple_of(ALIGNMENT).min(chunk.write.len());
        self.bytes += code.len();
        start.expose_provenance();
        Ok(start)
    }
}
