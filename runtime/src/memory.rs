//! Linear memory: a process's array of bytes that typed code loads from and stores to.
//!
//! Every access names an effective address, computed in 64 bits without wrapping, and is checked exactly: the last byte
//! touched must exist. Contents are little-endian.

use crate::trap::Trap;
use regatta_ir::limits::{MAX_PAGES, PAGE_BYTES};
use std::alloc::Layout;

/// The linear memory of a process; without bytes when the program declares none.
#[derive(Debug, Default)]
pub struct Memory {
    bytes: Vec<u8>,
    max_pages: u32,
    declared: bool,
}

impl Memory {
    /// `min` zeroed pages that may grow to `max`; `None` when the host can't give that much.
    pub fn new(min: u32, max: u32) -> Option<Memory> {
        Some(Memory {
            bytes: zeroed((min as usize).checked_mul(PAGE_BYTES)?)?,
            max_pages: max.min(MAX_PAGES),
            declared: true,
        })
    }

    /// Did a program declare it? Memory without bytes may still be one that can grow.
    pub fn is_declared(&self) -> bool {
        self.declared
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, to change.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// Size in pages.
    pub fn pages(&self) -> u32 {
        (self.bytes.len() / PAGE_BYTES) as u32
    }

    /// Adds zeroed pages; `None`, and nothing happens, when that would pass the maximum.
    pub fn grow(&mut self, pages: u32) -> Option<u32> {
        let before = self.pages();
        let after = before.checked_add(pages).filter(|&after| after <= self.max_pages)?;
        let more = after as usize * PAGE_BYTES - self.bytes.len();
        self.bytes.try_reserve_exact(more).ok()?;
        self.bytes.resize(after as usize * PAGE_BYTES, 0);
        Some(before)
    }

    /// The `N` bytes at `address`.
    #[inline(always)]
    pub fn load<const N: usize>(&self, address: u64) -> Result<[u8; N], Trap> {
        if address.saturating_add(N as u64) <= self.bytes.len() as u64 {
            // SAFETY: [R-MEM] the line above shows that `address..address + N` lies inside `bytes`. (Where the address is
            // known to stay below 2^36, as in every meaning, saturating costs nothing.)
            Ok(unsafe { self.bytes.as_ptr().add(address as usize).cast::<[u8; N]>().read() })
        } else {
            Err(Trap::MemoryOutOfBounds)
        }
    }

    /// Sets the `N` bytes at `address`.
    #[inline(always)]
    pub fn store<const N: usize>(&mut self, address: u64, value: [u8; N]) -> Result<(), Trap> {
        if address.saturating_add(N as u64) <= self.bytes.len() as u64 {
            // SAFETY: [R-MEM] as in `load`; `&mut self` makes the bytes ours alone.
            unsafe { self.bytes.as_mut_ptr().add(address as usize).cast::<[u8; N]>().write(value) };
            Ok(())
        } else {
            Err(Trap::MemoryOutOfBounds)
        }
    }

    /// Copies `len` bytes within memory; the ranges may overlap. Checked before anything moves.
    pub fn copy(&mut self, to: u32, from: u32, len: u32) -> Result<(), Trap> {
        let (to, from) = (self.range(to, len)?, self.range(from, len)?);
        self.bytes.copy_within(from, to.start);
        Ok(())
    }

    /// Sets `len` bytes to `byte`. Checked before anything is written.
    pub fn fill(&mut self, to: u32, byte: u8, len: u32) -> Result<(), Trap> {
        let to = self.range(to, len)?;
        self.bytes[to].fill(byte);
        Ok(())
    }

    /// The bytes from `start` on, if they all exist.
    pub fn range(&self, start: u32, len: u32) -> Result<std::ops::Range<usize>, Trap> {
        let end = u64::from(start) + u64::from(len);
        if end <= self.bytes.len() as u64 { Ok(start as usize..end as usize) } else { Err(Trap::MemoryOutOfBounds) }
    }
}

/// `len` zero bytes, whose pages cost nothing until they are touched; `None` when the host can't give that much.
fn zeroed(len: usize) -> Option<Vec<u8>> {
    let layout = Layout::array::<u8>(len).ok()?;
    if len == 0 {
        return Some(Vec::new());
    }
    // SAFETY: the layout is not empty; a pointer that is not null owns `len` bytes, all initialised, allocated by the
    // allocator that `Vec` uses.
    unsafe {
        let bytes = std::alloc::alloc_zeroed(layout);
        (!bytes.is_null()).then(|| Vec::from_raw_parts(bytes, len, len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_exact() {
        let mut memory = Memory::new(1, 2).unwrap();
        let end = PAGE_BYTES as u64;
        assert_eq!(memory.store(end - 4, 7u32.to_le_bytes()), Ok(()));
        assert_eq!(memory.load::<4>(end - 4), Ok([7, 0, 0, 0]));
        assert_eq!(memory.load::<4>(end - 3), Err(Trap::MemoryOutOfBounds));
        assert_eq!(memory.load::<1>(end), Err(Trap::MemoryOutOfBounds));
        assert_eq!(memory.copy(0, PAGE_BYTES as u32, 0), Ok(()));
        assert_eq!(memory.fill(PAGE_BYTES as u32, 0, 1), Err(Trap::MemoryOutOfBounds));
    }

    #[test]
    fn growth_stops_at_the_maximum() {
        let mut memory = Memory::new(1, 2).unwrap();
        assert_eq!(memory.grow(1), Some(1));
        assert_eq!(memory.grow(1), None);
        assert_eq!(memory.grow(u32::MAX), None);
        assert_eq!(memory.pages(), 2);
    }
}
