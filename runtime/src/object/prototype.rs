//! Prototype objects: properties come and go, and what an object does not have, its prototype may.
//!
//! ```text
//!   object  header: shape | prototype | spill | property 0 | 1 | 2 | 3
//!   spill   header | count | property 4 | 5 ...                        none until there is a fifth
//! ```
//!
//! The shape says which property has which number. When shapes do not do ([`crate::shape`]), the spill is a
//! dictionary instead, and the object's own places are empty.
//!
//! Nobody checks access here: that is for [`crate::property`], which knows who asks.

use super::dictionary::Dictionary;
use super::storage;
use crate::exec::Stop;
use crate::program::Program;
use crate::shape::{DICTIONARY, ROOT, Shape};
use crate::trap::Trap;
use regatta_heap::{Header, Heap, Kind, Object, Value};
use regatta_ir::TextId;

/// Properties that an object keeps itself.
pub const INLINE_PROPERTIES: usize = 4;
/// Objects on the way to the end of a prototype chain.
pub const MAX_PROTOTYPES: usize = 1 << 12;

const PROTOTYPE: usize = 0;
const SPILL: usize = 1;
const FIRST: usize = 2;
const WORDS: usize = FIRST + INLINE_PROPERTIES;

/// An object with a prototype and any properties.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PrototypeObject(Object);

/// Where an object keeps a property.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In this payload word.
    Own(usize),
    /// In this payload word of its spill.
    Spill(usize),
    /// In this entry of its dictionary.
    Entry(usize),
}

impl Place {
    /// Of property `number` of a shape.
    fn of(number: usize) -> Place {
        if number < INLINE_PROPERTIES {
            Place::Own(FIRST + number)
        } else {
            Place::Spill(1 + number - INLINE_PROPERTIES)
        }
    }
}

/// Looking.
impl PrototypeObject {
    /// The prototype object that a value is.
    #[inline(always)]
    pub fn of(value: Value) -> Option<PrototypeObject> {
        value.as_object().and_then(PrototypeObject::of_object)
    }

    /// The prototype object that an object is.
    #[inline(always)]
    pub fn of_object(object: Object) -> Option<PrototypeObject> {
        object.is(Kind::Object).then_some(PrototypeObject(object))
    }

    /// The object as a value.
    #[inline(always)]
    pub fn value(self) -> Value {
        Value::object(self.0)
    }

    /// The object.
    #[inline(always)]
    pub fn object(self) -> Object {
        self.0
    }

    /// Where to look for what it does not have.
    #[inline(always)]
    pub fn prototype(self) -> Option<PrototypeObject> {
        // SAFETY: [R-HEAP] word 0 of a prototype object is its prototype or `null`.
        PrototypeObject::of(unsafe { self.0.value(PROTOTYPE) })
    }

    /// Its shape; a dictionary has none.
    #[inline]
    fn shape(self, program: &Program) -> Option<&Shape> {
        program.shapes().get(self.0.header().layout())
    }

    fn spill(self) -> Option<Object> {
        // SAFETY: [R-HEAP] word 1 of a prototype object is its spill or `null`.
        unsafe { self.0.value(SPILL) }.as_object()
    }

    fn dictionary(self) -> Dictionary {
        Dictionary::of(self.spill().expect("[R-HEAP] objects of layout `DICTIONARY` have one"))
    }

    /// Is it a dictionary?
    pub fn is_dictionary(self) -> bool {
        self.0.header().layout() == DICTIONARY
    }

    /// Where it keeps a property of its own, and the property's access.
    #[inline]
    pub fn find(self, program: &Program, name: TextId) -> Option<(Place, u16)> {
        match self.shape(program) {
            Some(shape) => {
                let property = program.shapes().find(shape, name)?;
                Some((Place::of(property.number), property.access))
            }
            None => {
                let entry = self.dictionary().find(name)?;
                Some((Place::Entry(entry), self.dictionary().access(entry)))
            }
        }
    }

    /// What it keeps there: [`PrototypeObject::find`] has given the place.
    #[inline]
    pub fn get(self, place: Place) -> Value {
        match place {
            // SAFETY: [R-HEAP] an object has a word for each of its first properties.
            Place::Own(n) => unsafe { self.0.value(n) },
            // SAFETY: [R-HEAP] an object of a shape with so many properties has a spill with a word for each of the others.
            Place::Spill(n) => unsafe { self.spill().expect("[R-HEAP] there is a spill").value(n) },
            Place::Entry(n) => self.dictionary().value(n),
        }
    }

    /// Names, access and values of its own properties, in the order they came.
    pub fn properties(self, program: &Program) -> Vec<(TextId, u16, Value)> {
        match self.shape(program) {
            Some(shape) => {
                let named = program.shapes().properties(shape).into_iter().enumerate();
                named.map(|(n, (name, access))| (name, access, self.get(Place::of(n)))).collect()
            }
            None => self.dictionary().properties().collect(),
        }
    }

    /// The object and what follows along its prototypes. Longer chains than [`MAX_PROTOTYPES`] end there.
    pub fn chain(self) -> impl Iterator<Item = PrototypeObject> {
        std::iter::successors(Some(self), |object| object.prototype()).take(MAX_PROTOTYPES)
    }
}

/// Changing. What may allocate does so before it changes anything.
impl PrototypeObject {
    /// A new object without properties. The prototype is a prototype object, or nothing.
    pub fn new(heap: &mut Heap, prototype: Value) -> Result<PrototypeObject, Stop> {
        let prototype = link(prototype)?;
        let object = heap.allocate(Header::new(Kind::Object, ROOT, WORDS), WORDS)?;
        for n in 0..WORDS {
            let word = match n {
                PROTOTYPE => prototype,
                SPILL => Value::NULL,
                _ => Value::UNDEFINED,
            };
            // SAFETY: [R-HEAP] the object is new and has so many words.
            unsafe { object.set_word(n, word.bits()) };
        }
        Ok(PrototypeObject(object))
    }

    /// Gives it another prototype, which must not lead back to it.
    pub fn set_prototype(self, heap: &mut Heap, prototype: Value) -> Result<(), Stop> {
        let prototype = link(prototype)?;
        if let Some(first) = PrototypeObject::of(prototype) {
            let (mut last, mut count) = (first, 0);
            for object in first.chain() {
                if object == self {
                    return Err(Trap::PrototypeCycle.into());
                }
                (last, count) = (object, count + 1);
            }
            if count >= MAX_PROTOTYPES && last.prototype().is_some() {
                return Err(Trap::PrototypeCycle.into()); // too long to know
            }
        }
        // SAFETY: [R-HEAP] word 0 is a prototype object or `null`.
        unsafe { heap.store(self.0, PROTOTYPE, prototype) };
        Ok(())
    }

    /// Replaces what it keeps at a place that [`PrototypeObject::find`] has given.
    #[inline]
    pub fn set(self, heap: &mut Heap, place: Place, value: Value) {
        match place {
            // SAFETY: [R-HEAP] as in `get`.
            Place::Own(n) => unsafe { heap.store(self.0, n, value) },
            // SAFETY: [R-HEAP] as in `get`.
            Place::Spill(n) => unsafe { heap.store(self.spill().expect("[R-HEAP] there is a spill"), n, value) },
            Place::Entry(n) => self.dictionary().set(heap, n, value),
        }
    }

    /// Adds a property that it does not have.
    pub fn add(self, heap: &mut Heap, program: &Program, name: TextId, access: u16, value: Value) -> Result<(), Stop> {
        if let Some(shape) = self.shape(program) {
            match program.shapes().add(shape, name, access) {
                Some(larger) => return self.take_shape(heap, larger, value),
                None => self.turn_into_dictionary(heap, program)?,
            }
        }
        self.dictionary().add(heap, name, access, value)
    }

    /// Adds an ordinary property, if a glance at the shape says that it does not have it yet; else `false`.
    #[inline]
    pub fn add_at_a_glance(self, heap: &mut Heap, program: &Program, name: TextId, value: Value) -> Result<bool, Stop> {
        let Some(shape) = self.shape(program) else { return Ok(false) };
        match program.shapes().glance(shape, name) {
            Some(larger) => self.take_shape(heap, larger, value).map(|()| true),
            None => Ok(false),
        }
    }

    /// Takes a shape with one property more.
    #[inline]
    fn take_shape(self, heap: &mut Heap, larger: &Shape, value: Value) -> Result<(), Stop> {
        let place = Place::of(larger.count() - 1);
        if let Place::Spill(n) = place {
            self.make_room(heap, n)?;
        }
        // SAFETY: [R-HEAP] the object has, itself or in its spill, a place for each property of the larger shape.
        unsafe { self.0.set_header(self.0.header().with_layout(larger.layout())) };
        self.set(heap, place, value);
        Ok(())
    }

    /// Makes sure that the spill has payload word `n`, which is at most the one after its last.
    fn make_room(self, heap: &mut Heap, n: usize) -> Result<(), Stop> {
        let spill = match self.spill() {
            // SAFETY: [R-HEAP] word 0 of storage says how many values it has.
            Some(spill) if n <= unsafe { spill.word(0) } as usize => return Ok(()),
            Some(spill) => storage::allocate_copy(heap, Kind::Values, 2 * (n - 1), spill)?,
            None => storage::allocate(heap, Kind::Values, INLINE_PROPERTIES)?,
        };
        // SAFETY: [R-HEAP] word 1 is the spill.
        unsafe { heap.store(self.0, SPILL, Value::object(spill)) };
        Ok(())
    }

    /// Gives a property another access.
    pub fn set_access(self, heap: &mut Heap, program: &Program, name: TextId, access: u16) -> Result<(), Stop> {
        if let Some(shape) = self.shape(program) {
            match program.shapes().with_access(shape, name, access) {
                Some(other) => {
                    // SAFETY: [R-HEAP] properties keep their numbers, so each has its place.
                    unsafe { self.0.set_header(self.0.header().with_layout(other.layout())) };
                    return Ok(());
                }
                None => self.turn_into_dictionary(heap, program)?,
            }
        }
        let entry = self.dictionary().find(name).expect("whoever changes a property's access has found it");
        self.dictionary().set_access(heap, entry, access);
        Ok(())
    }

    /// Takes a property away; says whether there was one.
    pub fn remove(self, heap: &mut Heap, program: &Program, name: TextId) -> Result<bool, Stop> {
        if self.find(program, name).is_none() {
            return Ok(false);
        }
        if !self.is_dictionary() {
            self.turn_into_dictionary(heap, program)?;
        }
        self.dictionary().remove(heap, name);
        Ok(true)
    }

    /// From now on, its properties are in a dictionary.
    #[cold]
    fn turn_into_dictionary(self, heap: &mut Heap, program: &Program) -> Result<(), Stop> {
        let dictionary = Dictionary::new(heap, &self.properties(program))?;
        // SAFETY: [R-HEAP] word 1 is the dictionary, as the layout says now; other words are values still.
        unsafe {
            heap.store(self.0, SPILL, dictionary.as_spill());
            self.0.set_header(self.0.header().with_layout(DICTIONARY));
            (FIRST..WORDS).for_each(|n| heap.store(self.0, n, Value::UNDEFINED));
        }
        Ok(())
    }
}

/// What a prototype may be: a prototype object or nothing, which is `null`.
fn link(prototype: Value) -> Result<Value, Trap> {
    if prototype.is_nothing() {
        return Ok(Value::NULL);
    }
    if PrototypeObject::of(prototype).is_some() { Ok(prototype) } else { Err(Trap::NotAnObject) }
}
