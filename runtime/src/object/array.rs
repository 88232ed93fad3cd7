//! Arrays: elements by position, in the narrowest storage that holds them all.
//!
//! ```text
//!   array    header | length : 32, capacity : 32 | storage, or an integer: room to make with the first element
//!   storage  header | count | elements
//! ```
//!
//! An array of integers keeps 4 bytes an element, one of floats the floats as they are; a store that does not fit turns
//! the array into the next wider kind, for good. Programs can't tell: an integer comes back from an array of floats as
//! a float, which is the same number. A new array has no storage, so that its first element decides; its second word
//! then holds the capacity that was wished for.
//!
//! Contrast with tuples, which are one object and never change.

mod quick;

use super::storage;
use crate::exec::Stop;
use crate::trap::Trap;
use regatta_heap::{Header, Heap, Kind, Object, Value};

/// Elements of one array.
pub const MAX_ARRAY_LENGTH: usize = 1 << 28;

const LENGTH: usize = 0;
const STORAGE: usize = 1;
const WORDS: usize = 2;
/// The smallest capacity that growing makes.
const FIRST_CAPACITY: usize = 4;

/// An array.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Array(Object);

/// What an array's storage holds, narrowest first: bytes are integers, and integers are exact as floats.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Elements {
    /// Integers from 0 to 255.
    Bytes,
    /// 32-bit integers.
    Ints,
    /// 64-bit floats.
    Floats,
    /// Any values.
    Any,
}

impl Elements {
    /// The narrowest that a new array with this element gets; bytes only come from where they are asked for.
    pub fn of(value: Value) -> Elements {
        match (value.is_i32(), value.is_f64()) {
            (true, _) => Elements::Ints,
            (_, true) => Elements::Floats,
            _ => Elements::Any,
        }
    }

    /// The narrowest that holds these and `value` too.
    fn with(self, value: Value) -> Elements {
        match value.as_i32() {
            Some(0..=255) => self,
            _ => self.max(Elements::of(value)),
        }
    }

    fn array_kind(self) -> Kind {
        match self {
            Elements::Bytes => Kind::ByteArray,
            Elements::Ints => Kind::IntArray,
            Elements::Floats => Kind::FloatArray,
            Elements::Any => Kind::Array,
        }
    }

    fn storage_kind(self) -> Kind {
        match self {
            Elements::Bytes => Kind::Bytes,
            Elements::Ints => Kind::Ints,
            Elements::Floats => Kind::Floats,
            Elements::Any => Kind::Values,
        }
    }
}

/// The element that `index` names: an integer, or a float that is exactly one. What is below 0 or no `i32` is beyond
/// everything: `usize::MAX`.
#[inline]
pub fn position(index: Value) -> Result<usize, Trap> {
    match index.as_i32() {
        Some(n) if n >= 0 => Ok(n as usize),
        _ => position_slowly(index),
    }
}

#[cold]
#[inline(never)]
fn position_slowly(index: Value) -> Result<usize, Trap> {
    match index.as_number() {
        Some(n) if n.trunc() == n => Ok(if (0.0..=f64::from(i32::MAX)).contains(&n) { n as usize } else { usize::MAX }),
        _ => Err(Trap::NotAnInteger),
    }
}

/// Looking.
impl Array {
    /// The array that a value is.
    #[inline(always)]
    pub fn of(value: Value) -> Option<Array> {
        value.as_object().and_then(Array::of_object)
    }

    /// The array that an object is.
    #[inline(always)]
    pub fn of_object(object: Object) -> Option<Array> {
        let kind = (object.header().0 >> 8) as u8;
        (kind.wrapping_sub(Kind::Array as u8) <= Kind::ByteArray as u8 - Kind::Array as u8).then_some(Array(object))
    }

    /// The array as a value.
    #[inline(always)]
    pub fn value(self) -> Value {
        Value::object(self.0)
    }

    /// The array as an object.
    pub fn object(self) -> Object {
        self.0
    }

    /// What it holds.
    #[inline(always)]
    pub fn elements(self) -> Elements {
        let header = self.0.header();
        if header.is(Kind::IntArray) {
            Elements::Ints
        } else if header.is(Kind::FloatArray) {
            Elements::Floats
        } else if header.is(Kind::ByteArray) {
            Elements::Bytes
        } else {
            Elements::Any
        }
    }

    #[inline(always)]
    fn sizes(self) -> u64 {
        // SAFETY: [R-HEAP] word 0 of an array is its length and capacity.
        unsafe { self.0.word(LENGTH) }
    }

    /// How many elements it has.
    #[inline(always)]
    pub fn len(self) -> usize {
        self.sizes() as u32 as usize
    }

    /// Has it none?
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// How many elements its storage has room for.
    #[inline(always)]
    pub fn capacity(self) -> usize {
        (self.sizes() >> 32) as usize
    }

    /// Its storage; only arrays with a capacity have one.
    #[inline(always)]
    fn storage(self) -> Object {
        debug_assert!(self.capacity() > 0);
        // SAFETY: [R-HEAP] word 1 of an array with a capacity is a reference to its storage.
        Object::from_address(unsafe { self.0.word(STORAGE) } - regatta_heap::value::OBJECT)
    }

    /// Element `n`.
    #[inline(always)]
    pub fn get(self, n: usize) -> Option<Value> {
        // SAFETY: `n` is below the length.
        if n < self.len() { Some(unsafe { self.element(n) }) } else { None }
    }

    /// All elements, as they are when each one is asked for.
    pub fn iter(self) -> impl ExactSizeIterator<Item = Value> {
        (0..self.len()).map(move |n| self.get(n).unwrap_or(Value::UNDEFINED))
    }

    /// Element `n`.
    ///
    /// # Safety
    /// `n` must be below the length.
    #[inline(always)]
    unsafe fn element(self, n: usize) -> Value {
        let elements = self.storage().payload().wrapping_add(1);
        let header = self.0.header();
        // SAFETY: [R-HEAP] the length is not above the capacity; storage has so many elements, as wide as its kind
        // says; the bits of a float are the value.
        unsafe {
            if header.is(Kind::IntArray) {
                Value::i32(*elements.cast::<i32>().add(n))
            } else if header.is(Kind::ByteArray) {
                Value::i32(i32::from(*elements.cast::<u8>().add(n)))
            } else {
                Value::from_bits(*elements.add(n))
            }
        }
    }
}

/// Making.
impl Array {
    /// A new array without elements, but with a wish for the room that its first one should make.
    #[cold]
    #[inline(never)]
    pub fn new(heap: &mut Heap, capacity: usize) -> Result<Array, Stop> {
        let array = heap.allocate(Header::plain(Kind::IntArray, WORDS), WORDS)?;
        // SAFETY: [R-HEAP] the object is new and has two words, a raw one and a value.
        unsafe {
            array.set_word(LENGTH, 0);
            array.set_word(STORAGE, Value::i32(capacity.min(MAX_ARRAY_LENGTH) as i32).bits());
        }
        Ok(Array(array))
    }

    /// A new array of these values.
    #[cold]
    #[inline(never)]
    pub fn from_values(heap: &mut Heap, values: &[u64]) -> Result<Array, Stop> {
        let elements = values.iter().map(|&bits| Elements::of(Value::from_bits(bits))).max();
        let Some(elements) = elements else { return Array::new(heap, 0) };
        let array = Array::with_storage(heap, elements, values.len())?;
        for (n, &bits) in values.iter().enumerate() {
            // SAFETY: there is room for all values, and `elements` holds the widest.
            unsafe { put(elements, array.storage(), n, Value::from_bits(bits)) };
        }
        Ok(array)
    }

    /// A new array of `len` times the same value.
    #[cold]
    #[inline(never)]
    pub fn filled(heap: &mut Heap, len: usize, value: Value) -> Result<Array, Stop> {
        let elements = Elements::of(value);
        let array = Array::with_storage(heap, elements, len)?;
        for n in 0..len {
            // SAFETY: there is room for `len` elements, and they hold this value.
            unsafe { put(elements, array.storage(), n, value) };
        }
        Ok(array)
    }

    /// A new array of bytes.
    pub fn from_bytes(heap: &mut Heap, bytes: &[u8]) -> Result<Array, Stop> {
        let array = Array::with_storage(heap, Elements::Bytes, bytes.len())?;
        if !bytes.is_empty() {
            let to = array.storage().payload().wrapping_add(1).cast::<u8>();
            // SAFETY: [R-HEAP] the new storage has room for so many bytes.
            unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len()) };
        }
        Ok(array)
    }

    /// A new array whose elements are all zero, or `undefined`.
    fn with_storage(heap: &mut Heap, elements: Elements, len: usize) -> Result<Array, Stop> {
        if len > MAX_ARRAY_LENGTH {
            return Err(Trap::LengthOverflow.into());
        }
        let kind = elements.storage_kind();
        let capacity = storage::rounded(kind, len);
        heap.reserve(storage::bytes(kind, capacity) + 8 + 8 * WORDS)?;
        let storage = match capacity {
            0 => Value::i32(0),
            _ => Value::object(storage::allocate(heap, kind, capacity)?),
        };
        let array = heap.allocate(Header::plain(elements.array_kind(), WORDS), WORDS)?;
        // SAFETY: [R-HEAP] the object is new and has two words; the length is not above the capacity.
        unsafe {
            array.set_word(LENGTH, (capacity as u64) << 32 | len as u64);
            array.set_word(STORAGE, storage.bits());
        }
        Ok(Array(array))
    }
}

/// Changing.
impl Array {
    /// Stores into element `n` if there is one and the value fits its storage; else changes nothing and says `false`.
    #[inline(always)]
    pub fn replace(self, heap: &mut Heap, n: usize, value: Value) -> bool {
        // SAFETY: `n` is below the length.
        n < self.len() && unsafe { self.store(heap, n, value) }
    }

    /// Adds an element if there is room and the value fits the storage; else changes nothing and says `false`.
    #[inline(always)]
    pub fn append(self, heap: &mut Heap, value: Value) -> bool {
        let len = self.len();
        // SAFETY: `len` is below the capacity.
        let stored = len < self.capacity() && unsafe { self.store(heap, len, value) };
        if stored {
            self.set_len(len + 1);
        }
        stored
    }

    /// Stores into element `n`; the array becomes wider if it must.
    #[cold]
    #[inline(never)]
    pub fn set(self, heap: &mut Heap, n: usize, value: Value) -> Result<(), Stop> {
        if n >= self.len() {
            return Err(Trap::IndexOutOfBounds.into());
        }
        if !self.replace(heap, n, value) {
            self.move_to(heap, self.elements().with(value), self.capacity())?;
            let stored = self.replace(heap, n, value);
            debug_assert!(stored);
        }
        Ok(())
    }

    /// Adds an element; the array becomes wider and larger if it must.
    #[cold]
    #[inline(never)]
    pub fn push(self, heap: &mut Heap, value: Value) -> Result<(), Stop> {
        if self.append(heap, value) {
            return Ok(());
        }
        let (len, capacity) = (self.len(), self.capacity());
        if len >= MAX_ARRAY_LENGTH {
            return Err(Trap::LengthOverflow.into());
        }
        if capacity == 0 {
            // SAFETY: [R-HEAP] word 1 of an array without capacity is an integer.
            let wished = unsafe { self.0.value(STORAGE) }.low_i32() as usize;
            self.move_to(heap, Elements::of(value), wished.max(FIRST_CAPACITY))?;
        } else {
            let capacity = if len < capacity { capacity } else { 2 * capacity };
            self.move_to(heap, self.elements().with(value), capacity)?;
        }
        let stored = self.append(heap, value);
        debug_assert!(stored);
        Ok(())
    }

    /// Takes the last element away.
    #[cold]
    #[inline(never)]
    pub fn pop(self) -> Option<Value> {
        let last = self.len().checked_sub(1)?;
        let value = self.get(last);
        if self.elements() == Elements::Any {
            // SAFETY: [R-HEAP] the storage has the element; `undefined` is no reference, so no barrier is needed.
            unsafe { self.storage().set_word(1 + last, Value::UNDEFINED.bits()) };
        }
        self.set_len(last);
        value
    }

    #[inline(always)]
    fn set_len(self, len: usize) {
        debug_assert!(len <= self.capacity());
        // SAFETY: [R-HEAP] word 0 is raw; the capacity stays.
        unsafe { self.0.set_word(LENGTH, self.sizes() >> 32 << 32 | len as u64) };
    }

    /// Stores into place `n` if the value fits.
    ///
    /// # Safety
    /// `n` must be below the capacity.
    #[inline(always)]
    unsafe fn store(self, heap: &mut Heap, n: usize, value: Value) -> bool {
        if self.elements() == Elements::Any {
            // SAFETY: [R-HEAP] the storage has a value there.
            unsafe { heap.store(self.storage(), 1 + n, value) };
            return true;
        }
        // SAFETY: as the caller promises.
        unsafe { self.store_number(n, value) }
    }

    /// The same in an array of numbers; `false` in others.
    ///
    /// # Safety
    /// As there.
    #[inline(always)]
    unsafe fn store_number(self, n: usize, value: Value) -> bool {
        let elements = self.elements();
        let fits = match elements {
            Elements::Any => false,
            Elements::Ints => value.is_i32(),
            Elements::Floats => value.is_f64() || value.is_i32(),
            Elements::Bytes => matches!(value.as_i32(), Some(0..=255)),
        };
        if fits {
            // SAFETY: [R-HEAP] the storage has an element there, and the value is one.
            unsafe { put(elements, self.storage(), n, value) };
        }
        fits
    }

    /// Moves the elements to new storage; the array is of that kind then.
    fn move_to(self, heap: &mut Heap, to: Elements, capacity: usize) -> Result<(), Stop> {
        let kind = to.storage_kind();
        let capacity = storage::rounded(kind, capacity.min(MAX_ARRAY_LENGTH));
        let storage = if self.capacity() > 0 && self.elements() == to {
            storage::allocate_copy(heap, kind, capacity, self.storage())?
        } else {
            let storage = storage::allocate(heap, kind, capacity)?;
            for (n, value) in self.iter().enumerate() {
                // SAFETY: the new storage has no less room, and wider elements hold what narrower ones do.
                unsafe { put(to, storage, n, value) };
            }
            storage
        };
        // SAFETY: [R-HEAP] word 1 is a value, and the header says what the new storage is.
        unsafe {
            heap.store(self.0, STORAGE, Value::object(storage));
            self.0.set_word(LENGTH, (capacity as u64) << 32 | self.len() as u64);
            let header = self.0.header();
            let fresh = Header::plain(to.array_kind(), WORDS);
            self.0.set_header(header.with_kind(fresh.kind()).with_layout(fresh.layout()));
        }
        Ok(())
    }
}

/// Writes element `n` of storage, without a barrier.
///
/// # Safety
/// The storage must hold these elements and have one at `n`, which the value fits or is narrower than; if they are of
/// any kind, the storage must be new.
#[inline(always)]
unsafe fn put(elements: Elements, storage: Object, n: usize, value: Value) {
    let place = storage.payload().wrapping_add(1);
    // SAFETY: [R-HEAP] storage has elements of the width its kind says, as many as the caller promises.
    unsafe {
        match elements {
            Elements::Bytes => *place.cast::<u8>().add(n) = value.low_i32() as u8,
            Elements::Ints => *place.cast::<i32>().add(n) = value.low_i32(),
            Elements::Floats if value.is_i32() => *place.add(n) = Value::f64(f64::from(value.low_i32())).bits(),
            Elements::Floats | Elements::Any => *place.add(n) = value.bits(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heap() -> Heap {
        Heap::with_room(1 << 26)
    }

    fn int(n: i32) -> Value {
        Value::i32(n)
    }

    /// Equal as numbers or the same.
    fn alike(a: Value, b: Value) -> bool {
        a == b || a.as_number().is_some_and(|a| Some(a) == b.as_number())
    }

    #[test]
    fn the_first_element_decides_how_elements_are_kept() {
        let heap = &mut heap();
        for (value, elements) in
            [(int(300), Elements::Ints), (Value::f64(0.5), Elements::Floats), (Value::NULL, Elements::Any)]
        {
            for capacity in [0, 1, 100] {
                let array = Array::new(heap, capacity).unwrap();
                assert_eq!((array.len(), array.capacity(), array.get(0)), (0, 0, None));
                array.push(heap, value).unwrap();
                assert_eq!((array.len(), array.get(0), array.get(1)), (1, Some(value), None));
                assert_eq!(array.elements(), elements);
                assert!(array.capacity() >= capacity && array.value().as_object().unwrap().is(elements.array_kind()));
            }
        }
    }

    #[test]
    fn stores_that_do_not_fit_widen() {
        let heap = &mut heap();
        let array = Array::from_bytes(heap, &[1, 2, 255]).unwrap();
        let steps = [
            (int(0), Elements::Bytes),
            (int(256), Elements::Ints),
            (int(i32::MIN), Elements::Ints),
            (Value::f64(0.5), Elements::Floats),
            (int(i32::MAX), Elements::Floats),
            (Value::TRUE, Elements::Any),
            (int(7), Elements::Any),
        ];
        for (value, elements) in steps {
            array.set(heap, 1, value).unwrap();
            assert_eq!(array.elements(), elements);
            assert!(alike(array.get(1).unwrap(), value));
            assert!(alike(array.get(0).unwrap(), int(1)) && alike(array.get(2).unwrap(), int(255)));
            let fresh = Header::plain(elements.array_kind(), WORDS);
            assert_eq!(array.object().header().layout(), fresh.layout());
        }
        let bytes = Array::from_bytes(heap, &[9]).unwrap();
        bytes.push(heap, Value::f64(0.5)).unwrap();
        assert_eq!(bytes.elements(), Elements::Floats);
        assert_eq!(bytes.set(heap, 2, int(0)), Err(Stop::trap(Trap::IndexOutOfBounds)));
    }

    #[test]
    fn made_of_values_it_is_as_wide_as_the_widest() {
        let heap = &mut heap();
        let some = |heap: &mut Heap, values: &[Value]| {
            let bits: Vec<u64> = values.iter().map(|value| value.bits()).collect();
            let array = Array::from_values(heap, &bits).unwrap();
            assert_eq!(array.len(), values.len());
            assert!(array.iter().zip(values).all(|(a, &b)| alike(a, b)));
            array.elements()
        };
        assert_eq!(some(heap, &[int(1), int(2), int(3)]), Elements::Ints);
        assert_eq!(some(heap, &[int(1), Value::f64(0.5)]), Elements::Floats);
        assert_eq!(some(heap, &[Value::f64(0.5), Value::NULL, int(1)]), Elements::Any);
        some(heap, &[]);
    }

    #[test]
    fn positions_are_integers_and_floats_that_are() {
        assert_eq!(position(int(5)), Ok(5));
        assert_eq!(position(Value::f64(5.0)), Ok(5));
        assert_eq!(position(Value::f64(-0.0)), Ok(0));
        assert_eq!(position(int(i32::MAX)), position(Value::f64(2147483647.0)));
        for beyond in [int(-1), Value::f64(-3.0), Value::f64(1e300), Value::f64(f64::INFINITY)] {
            assert_eq!(position(beyond), Ok(usize::MAX), "{beyond:?}");
        }
        for no_integer in [Value::f64(0.5), Value::f64(f64::NAN), Value::NULL, Value::TRUE, Value::f32(1.0)] {
            assert_eq!(position(no_integer), Err(Trap::NotAnInteger), "{no_integer:?}");
        }
    }

    #[test]
    fn an_array_is_a_vector_of_values() {
        let heap = &mut heap();
        let array = Array::new(heap, 0).unwrap();
        let mut model: Vec<Value> = vec![];
        let mut seed = 1u64;
        for step in 0..20_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let n = (seed >> 33) as usize;
            let value = match step / 5_000 {
                0 => int(n as i32),
                1 => Value::f64(n as f64 / 8.0),
                _ => [int(n as i32), Value::atom(n as u32), Value::NULL][n % 3],
            };
            match n % 8 {
                0..=3 => {
                    array.push(heap, value).unwrap();
                    model.push(value);
                }
                4..=5 if !model.is_empty() => {
                    let at = n / 8 % model.len();
                    array.set(heap, at, value).unwrap();
                    model[at] = value;
                }
                _ => {
                    let (a, b) = (array.pop(), model.pop());
                    assert!(a.zip(b).is_none_or(|(a, b)| alike(a, b)) && a.is_some() == b.is_some());
                }
            }
            assert_eq!(array.len(), model.len());
            if step % 100 == 0 {
                assert!(array.iter().zip(&model).all(|(a, &b)| alike(a, b)));
            }
        }
    }

    #[test]
    fn what_needs_room_has_changed_nothing() {
        let heap = &mut Heap::with_room(1 << 18);
        let array = Array::filled(heap, 8, int(1)).unwrap();
        while heap.reserve(1 << 12).is_ok() {
            Array::filled(heap, 100, Value::NULL).unwrap();
        }
        while heap.reserve(48).is_ok() {
            heap.allocate(Header::plain(Kind::Tuple, 0), 0).unwrap();
        }
        let before = array.object().header();
        assert_eq!(array.push(heap, int(2)), Err(Stop::COLLECT));
        assert_eq!(array.set(heap, 0, Value::NULL), Err(Stop::COLLECT));
        assert_eq!(array.object().header(), before);
        assert!(array.len() == 8 && array.iter().all(|value| value == int(1)));
    }

    #[test]
    fn limits_have_names() {
        let heap = &mut heap();
        assert_eq!(Array::filled(heap, MAX_ARRAY_LENGTH + 1, int(0)), Err(Stop::trap(Trap::LengthOverflow)));
    }
}
