//! Handles: how native code holds on to objects while they move, with the compiler watching.
//!
//! A [`Scope`] borrows a heap. Inside it, a [`Local`] names a place that collections know: it survives everything but the
//! end of the scope. To look at an object, open its local: the [`Ref`], and each [`Val`] read out of it, borrow the scope,
//! and whatever may collect borrows it mutably. So a reference cannot be alive when objects move:
//!
//! ```compile_fail,E0502
//! use regatta_heap::{Heap, Kind, handle::{Field, scope}};
//! scope(&mut Heap::new(1 << 20), &mut (), |s| {
//!     let cell = s.allocate(Kind::Cell, 0, &[Field::NULL]).unwrap();
//!     let opened = s.open(cell).unwrap();
//!     s.allocate(Kind::Cell, 0, &[Field::NULL]).unwrap();     // may move what was opened
//!     assert_eq!(opened.words(), 1);
//! });
//! ```
//!
//! Nor can a value that was read from a field, which may be such a reference:
//!
//! ```compile_fail,E0502
//! use regatta_heap::{Heap, Kind, handle::{Field, scope}};
//! scope(&mut Heap::new(1 << 20), &mut (), |s| {
//!     let cell = s.allocate(Kind::Cell, 0, &[Field::NULL]).unwrap();
//!     let field = s.open(cell).unwrap().get(0);
//!     s.allocate(Kind::Cell, 0, &[Field::NULL]).unwrap();
//!     s.keep(field);                                          // too late
//! });
//! ```
//!
//! And a local means nothing outside of its scope, not even in another one, since `'s` is a name that each scope makes up:
//!
//! ```compile_fail,E0521
//! use regatta_heap::{Heap, Kind, handle::{Field, scope}};
//! let mut escaped = None;
//! scope(&mut Heap::new(1 << 20), &mut (), |s| {
//!     escaped = Some(s.allocate(Kind::Cell, 0, &[Field::NULL]).unwrap());
//! });
//! ```
//!
//! What it is for, in short:
//!
//! ```
//! use regatta_heap::{Heap, Kind, Value, handle::{Field, scope}};
//! let mut heap = Heap::new(1 << 20);
//! let sum = scope(&mut heap, &mut (), |s| {
//!     let mut list = s.local(Value::NULL);
//!     for n in 0..1000 {
//!         let cons = s.allocate(Kind::Tuple, 7, &[Field::Value(Value::i32(n)), Field::Local(list)])?;
//!         s.set(list, s.get(cons));
//!     }
//!     let mut sum = 0;
//!     let mut rest = s.get(list);
//!     while let Some(cons) = rest.open() {
//!         sum += cons.get(0).value().low_i32();
//!         rest = cons.get(1);
//!     }
//!     Ok::<_, regatta_heap::OutOfMemory>(sum)
//! });
//! assert_eq!(sum, Ok(499_500));
//! ```

use crate::header::{Header, Kind, Scan};
use crate::heap::{Heap, OutOfMemory};
use crate::object::Object;
use crate::roots::Roots;
use crate::value::Value;
use std::marker::PhantomData;

/// Makes a lifetime invariant, so that no scope passes for another.
type Invariant<'s> = PhantomData<fn(&'s ()) -> &'s ()>;

/// A value that may be a reference, so it borrows the heap.
#[derive(Clone, Copy, Debug)]
pub struct Val<'h>(Value, PhantomData<&'h ()>);

/// An object, open for reading.
#[derive(Clone, Copy, Debug)]
pub struct Ref<'h>(Object, PhantomData<&'h ()>);

/// A place that holds a value until its scope ends.
#[derive(Clone, Copy, Debug)]
pub struct Local<'s>(u32, Invariant<'s>);

/// What a payload word of a new object holds.
#[derive(Clone, Copy, Debug)]
pub enum Field<'s> {
    /// What a local holds.
    Local(Local<'s>),
    /// A value that is not a reference.
    Value(Value),
    /// Bits, in a word that is not a value.
    Raw(u64),
}

impl Field<'_> {
    /// `null`.
    pub const NULL: Self = Field::Value(Value::NULL);
}

/// A heap, together with what else has to be kept alive in it.
pub struct Scope<'s> {
    heap: &'s mut Heap,
    roots: &'s mut dyn Roots,
    base: usize,
    _name: Invariant<'s>,
}

/// Runs native code that works with objects of `heap`; `roots` are all others who do. Locals are released at the end, also
/// that by a panic.
pub fn scope<R>(heap: &mut Heap, roots: &mut dyn Roots, run: impl for<'s> FnOnce(&mut Scope<'s>) -> R) -> R {
    let base = heap.handles.get_mut().len();
    run(&mut Scope { heap, roots, base, _name: PhantomData })
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        self.heap.handles.get_mut().truncate(self.base);
    }
}

impl<'s> Scope<'s> {
    /// A new object with these payload words. The kind says which of them are values.
    ///
    /// # Panics
    /// If a word is given as raw where a value belongs, or the other way round, or if there are so many that the header
    /// cannot tell and word 0 does not say how many.
    pub fn allocate(&mut self, kind: Kind, layout: u32, fields: &[Field<'s>]) -> Result<Local<'s>, OutOfMemory> {
        for (n, field) in fields.iter().enumerate() {
            let fits = match field {
                Field::Raw(_) => !is_value(kind, n),
                Field::Value(value) => is_value(kind, n) && !value.is_object(),
                Field::Local(_) => is_value(kind, n),
            };
            assert!(fits, "word {n} of {kind:?} is not what {field:?} is");
        }
        let header = Header::new(kind, layout, fields.len());
        self.reserve(8 + 8 * fields.len())?;
        let object = self.heap.allocate(header, fields.len()).map_err(|_| OutOfMemory)?;
        for (n, field) in fields.iter().enumerate() {
            let word = match *field {
                Field::Local(local) => self.read(local).bits(),
                Field::Value(value) => value.bits(),
                Field::Raw(bits) => bits,
            };
            // SAFETY: [R-HEAP] the object is new and has that many words.
            unsafe { object.set_word(n, word) }
        }
        assert_eq!(object.words(), fields.len(), "word 0 says how long an object of {kind:?} is");
        Ok(self.push(Value::object(object)))
    }

    /// Collects until there is room for `bytes`.
    fn reserve(&mut self, bytes: usize) -> Result<(), OutOfMemory> {
        while self.heap.reserve(bytes).is_err() {
            self.collect()?;
        }
        Ok(())
    }

    /// Collects.
    pub fn collect(&mut self) -> Result<(), OutOfMemory> {
        self.heap.collect(self.roots)
    }

    /// Stores what `value` holds in payload word `n` of the object that `object` holds.
    ///
    /// # Panics
    /// If there is no such object, or its word `n` is not a value.
    pub fn store(&mut self, object: Local<'s>, n: usize, value: Local<'s>) {
        let target = self.read(object).as_object().expect("the local holds an object");
        assert!(n < target.words() && is_value(target.header().kind(), n), "word {n} is not a value");
        let value = self.read(value);
        // SAFETY: [R-HEAP] the word exists and is a value.
        unsafe { self.heap.store(target, n, value) }
    }

    /// Sets payload word `n` of the object that `object` holds, which must not be a value.
    ///
    /// # Panics
    /// If there is no such object, or its word `n` is a value, or says how long the object is.
    pub fn set_raw(&mut self, object: Local<'s>, n: usize, bits: u64) {
        let target = self.read(object).as_object().expect("the local holds an object");
        let (header, words) = (target.header(), target.words());
        assert!(n < words && !is_value(header.kind(), n), "word {n} is a value");
        assert!(n > 0 || header.count() != 0xFFFF, "word 0 says how long the object is");
        // SAFETY: [R-HEAP] the word exists and is no value.
        unsafe { target.set_word(n, bits) }
    }

    /// Holds on to a value.
    pub fn keep<'h>(&'h self, value: Val<'h>) -> Local<'s> {
        self.push(value.0)
    }

    /// A place for values, with one in it that is not a reference.
    ///
    /// # Panics
    /// If it is one; see [`Scope::adopt`].
    pub fn local(&self, value: Value) -> Local<'s> {
        assert!(!value.is_object(), "a reference may have died");
        self.push(value)
    }

    /// Holds on to a value from elsewhere, such as an argument in a register.
    ///
    /// # Safety
    /// The value must be alive in this heap: nothing was collected since it was read from where collections see it.
    pub unsafe fn adopt(&self, value: Value) -> Local<'s> {
        self.push(value)
    }

    /// What a local holds.
    pub fn get<'h>(&'h self, local: Local<'s>) -> Val<'h> {
        Val(self.read(local), PhantomData)
    }

    /// Makes a local hold another value.
    pub fn set<'h>(&'h self, local: Local<'s>, value: Val<'h>) {
        self.heap.handles.borrow_mut()[local.0 as usize] = value.0;
    }

    /// The object that a local holds, if it holds one.
    pub fn open<'h>(&'h self, local: Local<'s>) -> Option<Ref<'h>> {
        self.get(local).open()
    }

    /// The heap itself.
    ///
    /// # Safety
    /// What is done with it must leave the scope's locals alone.
    pub unsafe fn heap(&mut self) -> &mut Heap {
        self.heap
    }

    fn read(&self, local: Local<'s>) -> Value {
        self.heap.handles.borrow()[local.0 as usize]
    }

    fn push(&self, value: Value) -> Local<'s> {
        let mut handles = self.heap.handles.borrow_mut();
        handles.push(value);
        Local(u32::try_from(handles.len() - 1).expect("native code holds fewer values"), PhantomData)
    }
}

impl<'h> Val<'h> {
    /// The value itself; a reference is good until the next collection.
    pub fn value(self) -> Value {
        self.0
    }

    /// The object, if it is a reference.
    pub fn open(self) -> Option<Ref<'h>> {
        Some(Ref(self.0.as_object()?, PhantomData))
    }
}

impl<'h> Ref<'h> {
    /// Its header.
    pub fn header(self) -> Header {
        self.0.header()
    }

    /// Words of payload.
    pub fn words(self) -> usize {
        self.0.words()
    }

    /// Payload word `n`.
    ///
    /// # Panics
    /// If there is none.
    pub fn word(self, n: usize) -> u64 {
        assert!(n < self.words(), "the object has {} words, and word {n} is not one of them", self.words());
        // SAFETY: [R-HEAP] the word exists.
        unsafe { self.0.word(n) }
    }

    /// Payload word `n`, a value.
    ///
    /// # Panics
    /// If there is none, or it is not a value.
    pub fn get(self, n: usize) -> Val<'h> {
        assert!(is_value(self.header().kind(), n), "word {n} of {:?} is not a value", self.header().kind());
        Val(Value::from_bits(self.word(n)), PhantomData)
    }
}

/// Is payload word `n` of objects of this kind a value?
pub(crate) fn is_value(kind: Kind, n: usize) -> bool {
    match kind.scan() {
        Scan::Values | Scan::Weak => true,
        Scan::ValuesAfterFirst | Scan::Ephemerons => n > 0,
        Scan::Raw => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{HeapConfig, Zeal};

    fn cell<'s>(s: &mut Scope<'s>, n: i32) -> Local<'s> {
        s.allocate(Kind::Cell, 0, &[Field::Value(Value::i32(n))]).expect("there is room")
    }

    #[test]
    fn locals_follow_their_objects() {
        for zeal in [Zeal::Off, Zeal::Move, Zeal::Generations] {
            let mut heap = Heap::with_config(HeapConfig { zeal, ..HeapConfig::new(1 << 20) });
            scope(&mut heap, &mut (), |s| {
                let cells: Vec<_> = (0..100).map(|n| cell(s, n)).collect();
                let pair = s.allocate(Kind::Tuple, 0, &[Field::Local(cells[0]), Field::NULL]).expect("there is room");
                s.collect().expect("there is room");
                s.store(pair, 1, cells[99]);
                s.collect().expect("there is room");
                for (n, &cell) in (0..).zip(&cells) {
                    assert_eq!(s.open(cell).expect("a cell").get(0).value(), Value::i32(n));
                }
                let last = s.open(pair).and_then(|pair| pair.get(1).open()).expect("a cell");
                assert_eq!(last.get(0).value(), Value::i32(99));
            });
            assert!(heap.handles.get_mut().is_empty());
        }
    }

    #[test]
    fn a_panic_releases_locals() {
        let mut heap = Heap::new(1 << 20);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            scope(&mut heap, &mut (), |s| {
                cell(s, 1);
                panic!("on purpose");
            })
        }));
        assert!(panicked.is_err() && heap.handles.get_mut().is_empty());
    }

    #[test]
    #[should_panic(expected = "is not what")]
    fn raw_words_are_no_values() {
        scope(&mut Heap::new(1 << 20), &mut (), |s| s.allocate(Kind::Cell, 0, &[Field::Raw(1)]).is_ok());
    }

    #[test]
    fn out_of_memory_leaves_everything_as_it_was() {
        let mut heap = Heap::new(8 << 10);
        scope(&mut heap, &mut (), |s| {
            let mut list = s.local(Value::NULL);
            let mut n = 0;
            while let Ok(next) = s.allocate(Kind::Cell, 0, &[Field::Local(list)]) {
                list = next;
                n += 1;
            }
            assert_eq!(n, 512);
            s.set(list, Val(Value::NULL, PhantomData));
        });
        heap.collect_fully(&mut ()).expect("nothing is asked for");
        assert_eq!(heap.used(), 0);
    }
}
