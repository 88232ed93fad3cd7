//! Instances of classes, as a view of their objects.

use crate::class::ClassInfo;
use crate::exec::Stop;
use crate::object::Word;
use crate::program::Program;
use regatta_heap::{Header, Heap, Kind, Object, Value};
use regatta_ir::ClassId;

views! {
    /// An instance of a class: payload word `n` is field `n`.
    Instance;
}

impl Instance {
    /// A new instance with these fields. `head` is [`Program::instance_head`] of a class with so many of them.
    #[inline(always)]
    pub fn make(heap: &mut Heap, head: Header, fields: impl ExactSizeIterator<Item = u64>) -> Result<Instance, Stop> {
        debug_assert!(head.is(Kind::Instance) && head.count() == fields.len() && head.0 & Header::FORWARDED == 0);
        let object = heap.allocate(head, fields.len())?;
        for (n, field) in fields.enumerate() {
            // SAFETY: [R-HEAP] the object is new and has a word for each field.
            unsafe { object.set_word(n, field) };
        }
        Ok(Instance(object))
    }

    /// How many fields it has.
    #[inline(always)]
    pub fn fields(self) -> usize {
        self.0.header().count()
    }

    /// Field number `n`.
    #[inline(always)]
    pub fn get(self, n: usize) -> Option<Value> {
        // SAFETY: [R-HEAP] an instance has so many words, all values.
        if n < self.fields() { Some(unsafe { self.0.value(n) }) } else { None }
    }

    /// Field number `n`, to be set.
    #[inline(always)]
    pub fn word(self, n: usize) -> Option<Word> {
        // SAFETY: [R-HEAP] an instance has so many words, all values.
        if n < self.fields() { Some(unsafe { Word::new(self.0, n) }) } else { None }
    }

    /// Sets field number `n`; `false` if there is none.
    #[inline(always)]
    pub fn set(self, heap: &mut Heap, n: usize, value: Value) -> bool {
        self.word(n).map(|word| word.set(heap, value)).is_some()
    }

    /// Its class.
    #[inline(always)]
    pub fn class_id(self) -> ClassId {
        ClassId(self.0.header().layout())
    }

    /// Its class, with all there is to know.
    #[inline(always)]
    pub fn class(self, program: &Program) -> &ClassInfo {
        // SAFETY: [R-CLASS] the layout of an instance is a class of its program.
        unsafe { program.class_of_instance(self.class_id().0) }
    }
}
