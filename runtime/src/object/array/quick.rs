//! What engines inline of arrays: an element that is there, by an index that is an integer, in storage that takes it.
//!
//! Most arrays hold any values, so that kind is asked for first, and for floats, which lie there in the same way. One
//! comparison tells whether an index is an integer and below the length ([`Value::place`]). All else is told to the caller
//! by `None` or `false`, and is the business of functions that are called. What stores a value that may be a reference asks for
//! the place first, so that an engine can find out whether the heap has to be told.

use super::{Array, LENGTH};
use crate::object::Word;
use regatta_heap::{Header, Kind, Value};

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

    /// The element that an index names, to be stored into, if the value is an array of any values that has it.
    #[inline(always)]
    pub fn place_at(array: Value, index: Value) -> Option<Word> {
        let array = Array(array.as_kind(Kind::Array)?);
        if index.place() < array.len() as u64 {
            // SAFETY: [R-HEAP] the storage of such an array holds values, as many as it is long.
            Some(unsafe { Word::new(array.storage(), 1 + index.place() as usize) })
        } else {
            None
        }
    }

    /// Does the heap want to be told of references that are stored among the elements of what may be an array?
    #[inline(always)]
    pub fn minds(array: Value) -> bool {
        let Some(object) = array.as_kind(Kind::Array) else { return false };
        let array = Array(object);
        array.capacity() > 0 && array.storage().header().has(Header::UNLOG)
    }

    /// Stores into the element that an index names, if the value is an array of numbers that has it and takes this one; else
    /// changes nothing and says `false`.
    #[inline(always)]
    pub fn replace_number_at(array: Value, index: Value, value: Value) -> bool {
        let Some(array) = Array::of(array) else { return false };
        // SAFETY: the index is below the length.
        index.place() < array.len() as u64 && unsafe { array.store_number(index.place() as usize, value) }
    }

    /// The array that a value is, if it is one of any values with room for one more, and that room.
    #[inline(always)]
    pub fn room_in(array: Value) -> Option<(Array, Word)> {
        let array = Array(array.as_kind(Kind::Array)?);
        let sizes = array.sizes();
        if (sizes as u32 as usize) < array.capacity() {
            // SAFETY: [R-HEAP] the storage of such an array holds values, as many as its capacity says.
            Some((array, unsafe { Word::new(array.storage(), 1 + sizes as u32 as usize) }))
        } else {
            None
        }
    }

    /// Adds the element that has just been stored where there was room.
    #[inline(always)]
    pub fn lengthen(self) {
        // SAFETY: [R-HEAP] the capacity is the upper half of word 0, and the length, which is below it, the lower one.
        unsafe { self.0.set_word(LENGTH, self.sizes() + 1) };
    }

    /// Adds a number, if the value is an array of numbers that takes it and has room; else changes nothing and says `false`.
    #[inline(always)]
    pub fn append_number_to(array: Value, value: Value) -> bool {
        let Some(array) = Array::of(array) else { return false };
        let len = array.len();
        // SAFETY: `len` is below the capacity.
        let stored = len < array.capacity() && unsafe { array.store_number(len, value) };
        if stored {
            array.lengthen();
        }
        stored
    }
}
