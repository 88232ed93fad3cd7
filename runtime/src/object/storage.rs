//! Storage: objects without an identity of their own, which hold the elements of one that has.
//!
//! An array or map is small and never moves in the eyes of the program; what it holds lies in storage, which is
//! replaced by a larger one when it is full. Payload word 0 says how many elements there is room for, whether in use or
//! not.

use crate::exec::Stop;
use regatta_heap::{Header, Heap, Kind, Object, Value};

/// Payload words of storage for `count` elements.
#[inline]
pub fn words(kind: Kind, count: usize) -> usize {
    1 + (count * width(kind)).div_ceil(8)
}

/// `count`, and what fits into its last word besides.
#[inline]
pub fn rounded(kind: Kind, count: usize) -> usize {
    count.next_multiple_of(8 / width(kind))
}

/// Bytes that storage for `count` elements takes from the heap.
#[inline]
pub fn bytes(kind: Kind, count: usize) -> usize {
    8 + 8 * words(kind, count)
}

fn width(kind: Kind) -> usize {
    kind.element_bytes().expect("a kind of storage")
}

/// New storage, every word of it zero; of values, `undefined`.
pub fn allocate(heap: &mut Heap, kind: Kind, count: usize) -> Result<Object, Stop> {
    let storage = allocate_unfilled(heap, kind, count)?;
    fill(storage, kind, 0);
    Ok(storage)
}

/// New storage with the words of `old`, which is no larger and of the same kind, followed by what [`allocate`] puts
/// there.
pub fn allocate_copy(heap: &mut Heap, kind: Kind, count: usize, old: Object) -> Result<Object, Stop> {
    let storage = allocate_unfilled(heap, kind, count)?;
    let filled = old.words() - 1;
    debug_assert!(old.is(kind) && filled < storage.words());
    // SAFETY: [R-HEAP] both have that many words after the first; a new object overlaps no other.
    unsafe { std::ptr::copy_nonoverlapping(old.payload().add(1), storage.payload().add(1), filled) };
    fill(storage, kind, filled);
    Ok(storage)
}

fn allocate_unfilled(heap: &mut Heap, kind: Kind, count: usize) -> Result<Object, Stop> {
    let words = words(kind, count);
    let storage = heap.allocate(Header::plain(kind, words), words)?;
    // SAFETY: [R-HEAP] a new object has the words asked for, and the first is the number of elements.
    unsafe { storage.set_word(0, count as u64) };
    Ok(storage)
}

/// Fills from word `from` of the elements on.
fn fill(storage: Object, kind: Kind, from: usize) {
    let word = if kind == Kind::Values { Value::UNDEFINED.bits() } else { 0 };
    for n in 1 + from..storage.words() {
        // SAFETY: [R-HEAP] the storage is new and has that word; `undefined` is a value, raw storage holds anything.
        unsafe { storage.set_word(n, word) };
    }
}
