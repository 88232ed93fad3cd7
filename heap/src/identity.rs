//! Identity hashes: numbers for objects that have none, kept beside the heap.
//!
//! An address is no hash, since objects move and engines must agree. So the first time an object is asked for, it gets
//! the next number of its heap, scrambled; the table follows objects as they move and forgets those that died. A heap
//! that nobody asks has no table.

use crate::object::Object;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map by address.
pub(crate) type AddressMap<T> = HashMap<u64, T, BuildHasherDefault<AddressHasher>>;

/// One multiplication: addresses are not chosen by an enemy.
#[derive(Default)]
pub(crate) struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(self.0 << 8 | u64::from(byte));
        }
    }

    fn write_u64(&mut self, address: u64) {
        self.0 = (address >> 3).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(26);
    }
}

/// The numbers given out, by address: young objects apart, so that a minor collection looks at no others.
#[derive(Default)]
pub(crate) struct Identities {
    young: AddressMap<u32>,
    old: AddressMap<u32>,
    given: u32,
}

impl Identities {
    /// The number of an object.
    pub(crate) fn of(&mut self, object: Object, is_young: bool) -> u32 {
        let Identities { young, old, given } = self;
        let map = if is_young { young } else { old };
        *map.entry(object.address()).or_insert_with(|| {
            *given = given.wrapping_add(1);
            scramble(*given)
        })
    }

    /// Young objects moved, and stay young.
    pub(crate) fn follow(&mut self, fate: impl Fn(Object) -> Option<Object>) {
        let before = std::mem::take(&mut self.young);
        self.young = moved(before, &fate).collect();
    }

    /// Young objects became old.
    pub(crate) fn promote(&mut self, fate: impl Fn(Object) -> Option<Object>) {
        let before = std::mem::take(&mut self.young);
        self.old.extend(moved(before, &fate));
    }

    /// Old objects died.
    pub(crate) fn forget(&mut self, fate: impl Fn(Object) -> Option<Object>) {
        self.old.retain(|&address, _| fate(Object::from_address(address)).is_some());
    }

    /// Bytes of the tables, roughly.
    pub(crate) fn bytes(&self) -> usize {
        (self.young.capacity() + self.old.capacity()) * size_of::<(u64, u32, u8)>()
    }
}

fn moved(map: AddressMap<u32>, fate: &impl Fn(Object) -> Option<Object>) -> impl Iterator<Item = (u64, u32)> {
    map.into_iter().filter_map(|(address, hash)| Some((fate(Object::from_address(address))?.address(), hash)))
}

/// Spreads neighbours over all 32 bits; different numbers stay different.
const fn scramble(n: u32) -> u32 {
    let n = (n ^ n >> 16).wrapping_mul(0x7FEB_352D);
    let n = (n ^ n >> 15).wrapping_mul(0x846C_A68B);
    n ^ n >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_different_and_spread() {
        let mut seen: Vec<u32> = (1..=10_000).map(scramble).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 10_000);
        assert!(seen[0] < 1 << 22 && seen[9_999] > u32::MAX - (1 << 22));
    }
}
