//! What engines inline of arrays: an element that is there, by an index that is an integer, in storage that takes it.
//!
//! Most arrays hold any values, so that kind is asked for first, and for floats, which lie there in the same way. One
//! comparison tells whether an index is an integer and below the length ([`Value::place`]). All else is told to the caller
//! by `None` or `false`, and is the business of functions that are called.

use super::{Array, LENGTH};
use regatta_heap::{Heap, Kind, Value};

impl Array {
    /// The element that an index names, if the value is an array that has it and the index an `i32`: what engines inline.
    #[inline(always)]
    pub fn element_at(array: Value, index: Value) -> Option<Value> {
        let object = array.as_object()?;
        let array = Array(object);
        // The kind of storage that any values need is the usual one. Only arrays have a length, so that is read after.
        if object.is(Kind::Array) {
            if index.place() < array.len() as u64 {
                // SAFETY: [R-HEAP] the storage of such an array holds values, as many as it is long.
                return Some(unsafe { array.storage().value(1 + index.place() as usize) });
            }
            return None;
        }
        if object.is(Kind::FloatArray) {
            if index.place() < array.len() as u64 {
                // SAFETY: [R-HEAP] the bits of a float are the value.
                return Some(unsafe { array.storage().value(1 + index.place() as usize) });
            }
            return None;
        }
        let array = Array::of_object(object)?;
        // SAFETY: the index is below the length.
        if index.place() < array.len() as u64 { Some(unsafe { array.element(index.place() as usize) }) } else { None }
    }

    /// Stores into the element that an index names, if the value is an array that has it, the index an `i32`, and the
    /// storage of a kind that takes it; else changes nothing and says `false`. What engines inline.
    #[inline(always)]
    pub fn replace_at(heap: &mut Heap, array: Value, index: Value, value: Value) -> bool {
        let Some(object) = array.as_object() else { return false };
        let array = Array(object);
        if object.is(Kind::Array) {
            if index.place() < array.len() as u64 {
                // SAFETY: [R-HEAP] as in `element_at`.
                unsafe { heap.store(array.storage(), 1 + index.place() as usize, value) };
                return true;
            }
            return false;
        }
        let Some(array) = Array::of_object(object) else { return false };
        // SAFETY: the index is below the length.
        index.place() < array.len() as u64 && unsafe { array.store(heap, index.place() as usize, value) }
    }

    /// Adds an element, if the value is an array with room for one more and of a kind that takes it; else changes nothing
    /// and says `false`. What engines inline.
    #[inline(always)]
    pub fn append_to(heap: &mut Heap, array: Value, value: Value) -> bool {
        let Some(object) = array.as_object() else { return false };
        if !object.is(Kind::Array) {
            return Array::of_object(object).is_some_and(|array| array.append(heap, value));
        }
        let array = Array(object);
        let sizes = array.sizes();
        let len = sizes as u32;
        if len as usize >= array.capacity() {
            return false;
        }
        // SAFETY: [R-HEAP] the storage of such an array holds values, as many as its capacity says. That is the upper half of
        // word 0, and the length, which is below it, the lower one.
        unsafe {
            heap.store(array.storage(), 1 + len as usize, value);
            object.set_word(LENGTH, sizes + 1);
        }
        true
    }
}
