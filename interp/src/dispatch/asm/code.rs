//! Memory for machine code: written through one mapping, run through another, so that no page is both at one address.
//!
//! Code is added at the end and stays until all of it goes, so nobody who runs it ever has to stop for somebody who writes.
//!
//! The second mapping is made from the first, which needs no file: `perf` looks for names of code only where memory belongs
//! to none.

use rustix::fs::{MemfdFlags, ftruncate, memfd_create};
use rustix::mm::{MapFlags, MprotectFlags, MremapFlags, ProtFlags, mmap, mmap_anonymous, mprotect, mremap, munmap};
use std::ffi::c_void;
use std::fmt;
use std::io;
use std::ptr;

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
    run: Mapping,
    write: Mapping,
    used: usize,
}

/// Pages at an address, until it is dropped.
struct Mapping {
    start: *mut c_void,
    bytes: usize,
}

// SAFETY: [R-NATIVE] the pages belong to nobody else, and whoever writes there has the chunk to himself.
unsafe impl Send for Mapping {}
// SAFETY: as above.
unsafe impl Sync for Mapping {}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: [R-NATIVE] the mapping is ours, and code lives as long as whoever may enter it.
        let _ = unsafe { munmap(self.start, self.bytes) };
    }
}

impl fmt::Debug for CodeMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of machine code", self.bytes)
    }
}

/// Pages to read and write at one address.
const WRITTEN: ProtFlags = ProtFlags::READ.union(ProtFlags::WRITE);
/// And to run at another.
const RUN: ProtFlags = ProtFlags::READ.union(ProtFlags::EXEC);

impl Chunk {
    fn new(bytes: usize) -> io::Result<Chunk> {
        Chunk::without_file(bytes).or_else(|_| Chunk::of_file(bytes))
    }

    fn without_file(bytes: usize) -> io::Result<Chunk> {
        let map = |start| Mapping { start, bytes };
        // SAFETY: [R-NATIVE] the pages are new; of shared ones, none moved means all of them once more; and nobody has the
        // address at which they may be run yet.
        unsafe {
            let write = map(mmap_anonymous(ptr::null_mut(), bytes, WRITTEN, MapFlags::SHARED)?);
            let run = map(mremap(write.start, 0, bytes, MremapFlags::MAYMOVE)?);
            mprotect(run.start, bytes, MprotectFlags::READ | MprotectFlags::EXEC)?;
            Ok(Chunk { run, write, used: 0 })
        }
    }

    /// The same by way of a file without a name, where pages can't be mapped again: under valgrind.
    fn of_file(bytes: usize) -> io::Result<Chunk> {
        let file = memfd_create("regatta-code", MemfdFlags::CLOEXEC)?;
        ftruncate(&file, bytes as u64)?;
        // SAFETY: [R-NATIVE] the pages are new, and nobody else has the file.
        let map = |rights| unsafe { mmap(ptr::null_mut(), bytes, rights, MapFlags::SHARED, &file, 0) };
        let write = Mapping { start: map(WRITTEN)?, bytes };
        let run = Mapping { start: map(RUN)?, bytes };
        Ok(Chunk { run, write, used: 0 })
    }

    fn room(&self) -> usize {
        self.write.bytes - self.used
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
        let start = chunk.run.start.cast::<u8>().cast_const().wrapping_add(chunk.used);
        // SAFETY: [R-NATIVE] there is room behind what is used, which nobody runs yet.
        unsafe { ptr::copy_nonoverlapping(code.as_ptr(), chunk.write.start.cast::<u8>().add(chunk.used), code.len()) };
        chunk.used = (chunk.used + code.len()).next_multiple_of(ALIGNMENT).min(chunk.write.bytes);
        self.bytes += code.len();
        start.expose_provenance();
        Ok(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_way_of_a_file_it_is_the_same() {
        let chunk = Chunk::of_file(CHUNK_BYTES).expect("the host has memory");
        let mut memory = CodeMemory { chunks: vec![chunk], bytes: 0 };
        let start = memory.add(&[0xB8, 9, 0, 0, 0, 0xC3]).expect("there is room"); // `mov eax, 9; ret`
        // SAFETY: [R-NATIVE] what was written there follows the calling convention.
        let function = unsafe { std::mem::transmute::<*const u8, extern "sysv64" fn() -> i32>(start) };
        assert_eq!((function(), memory.chunks.len()), (9, 1));
    }

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
        // What `perf` takes for memory of no file; one mapping to run and one to write for each chunk.
        let ours: Vec<&str> = maps.lines().filter(|line| line.contains("/dev/zero")).collect();
        let count = |rights| ours.iter().filter(|line| line.contains(rights)).count();
        assert!(count("r-xs") >= 2 && count("rw-s") >= 2, "{maps}");
        assert!(!maps.contains("rwx"), "{maps}");
    }
}
