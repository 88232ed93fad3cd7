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
    /// How much there is.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_runs_where_nobody_can_write_it() {
        let mut memory = CodeMemory::default();
        let give = |n: u8| vec![0xB8, n, 0, 0, 0, 0xC3]; // `mov eax, n; ret`
        let starts: Vec<*const u8> = (0..50).map(|n| memory.add(&give(n)).expect("the host has memory")).collect();
        let large = vec![0xC3; CHUNK_BYTES + 1];
        memory.add(&large).expect("the host has memory");
        let after = memory.add(&give(7)).expect("the host has memory");
        for (n, &start) in starts.iter().chain([&after]).enumerate() {
            assert_eq!(start.addr() % ALIGNMENT, 0);
            // SAFETY: [R-NATIVE] what was written there follows the calling convention.
            let function = unsafe { std::mem::transmute::<*const u8, extern "sysv64" fn() -> i32>(start) };
            assert_eq!(function(), if n == 50 { 7 } else { n as i32 });
        }
        assert_eq!(format!("{memory:?}"), format!("{} bytes of machine code", 51 * 6 + CHUNK_BYTES + 1));
        let maps = std::fs::read_to_string("/proc/self/maps").expect("Linux says what is mapped");
        let ours: Vec<&str> = maps.lines().filter(|line| line.contains("regatta-code")).collect();
        assert!(ours.len() >= 4 && ours.iter().any(|line| line.contains("r-x")), "{maps}");
        assert!(!maps.contains("rwx"), "{maps}");
    }
}
