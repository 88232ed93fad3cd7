//! The heap verifier: looks at every object and says which promise is broken.
//!
//! For tests and for torment: it takes a set of all objects and a walk over all their words, so it costs several times
//! what a full collection does. It looks at dead objects too as long as they have not been collected, since minor
//! collections do. What it cannot see is a root that nobody shows it.

use crate::handle::is_value;
use crate::header::{FIRST_KIND_LAYOUT, Header, Kind, Scan};
use crate::heap::Heap;
use crate::object::Object;
use crate::roots::{Roots, Which};
use crate::value::Value;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// What is wrong with a heap.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct Corruption {
    /// Which root, or which object and word of it.
    pub place: String,
    /// What is the matter there.
    pub fault: String,
}

fn corrupt<T>(place: String, fault: impl Into<String>) -> Result<T, Corruption> {
    Err(Corruption { place, fault: fault.into() })
}

/// A set of addresses: verifying is mostly looking them up.
type Set<T> = HashSet<T, BuildHasherDefault<AddressHasher>>;

/// Spreads an address; nobody chooses addresses to collide.
#[derive(Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Heap {
    /// Checks that every reference leads to an object, that headers make sense, that what minor collections do not look at
    /// does not concern them, and that the bytes add up.
    pub fn verify(&self, roots: &mut dyn Roots) -> Result<(), Corruption> {
        let mut objects = Set::default();
        let mut young_bytes = 0;
        let mut old_bytes = 0;
        let mut result = Ok(());
        let mut count = |object: Object, is_young: bool| {
            if result.is_ok() {
                result = self.check_header(object, is_young);
            }
            objects.insert(object);
            *(if is_young { &mut young_bytes } else { &mut old_bytes }) += object.bytes();
        };
        self.each_young(&mut |object| count(object, true));
        if let Some(old) = &self.old {
            old.each(&mut |object| count(object, false));
        }
        result?;
        let sum = young_bytes + old_bytes;
        if sum != self.used() {
            return corrupt("accounts".into(), format!("objects take {sum} bytes, {} are accounted for", self.used()));
        }
        self.check_roots(roots, &objects)?;
        let slots: Set<*mut u64> = self.old.iter().flat_map(|old| old.slots.iter().copied()).collect();
        let remembered: Set<Object> = self.old.iter().flat_map(|old| old.remembered.iter().copied()).collect();
        for &object in &objects {
            if !self.young.holds(object.address()) && object.header().has(Header::UNLOG) == remembered.contains(&object)
            {
                return corrupt(name(object), "bit UNLOG is not what the list of remembered objects says");
            }
            self.check_words(object, &objects, &slots)?;
        }
        Ok(())
    }

    fn check_header(&self, object: Object, is_young: bool) -> Result<(), Corruption> {
        let header = object.header();
        if header.has(Header::FORWARDED | Header::SHARED) {
            return corrupt(name(object), "it has moved, or belongs to the program");
        }
        let mark = header.0 & Header::MARK;
        let expected = match &self.old {
            Some(old) if !is_young => old.mark,
            _ => 0,
        };
        if mark != expected || is_young && header.has(Header::UNLOG | Header::LARGE) {
            return corrupt(name(object), format!("header {:#x} has the mark of another generation", header.0));
        }
        if header.kind() == Kind::Weak && object.words() != 1
            || header.kind() == Kind::WeakValues && object.words() == 0
        {
            return corrupt(name(object), format!("{} words are too many or too few", object.words()));
        }
        Ok(())
    }

    fn check_roots(&self, roots: &mut dyn Roots, objects: &Set<Object>) -> Result<(), Corruption> {
        let mut result = Ok(());
        let mut n = 0;
        let mut check = |what: &str, value: Value| {
            if result.is_ok() && !leads_somewhere(value, objects) {
                result = corrupt(format!("{what} {n}"), format!("{value:?} is not one"));
            }
            n += 1;
        };
        roots.each(Which::All, &mut |value| check("root", *value));
        self.handles.borrow().iter().for_each(|&value| check("root or handle", value));
        result
    }

    fn check_words(&self, object: Object, objects: &Set<Object>, slots: &Set<*mut u64>) -> Result<(), Corruption> {
        let header = object.header();
        if header.kind().scan() == Scan::Raw {
            return Ok(());
        }
        let is_remembered = self.young.holds(object.address()) || !header.has(Header::UNLOG);
        for n in (0..object.words()).filter(|&n| is_value(header.kind(), n)) {
            // SAFETY: [R-HEAP] the word exists and is a value.
            let value = unsafe { object.value(n) };
            if !leads_somewhere(value, objects) {
                return corrupt(format!("{}, word {n}", name(object)), format!("{value:?} is not one"));
            }
            let is_young = value.as_object().is_some_and(|target| self.young.holds(target.address()));
            if is_young && !is_remembered && !slots.contains(&object.payload().wrapping_add(n)) {
                return corrupt(format!("{}, word {n}", name(object)), format!("{value:?} is young, and nobody knows"));
            }
        }
        Ok(())
    }

    /// Every young object, in order.
    pub(crate) fn each_young(&self, visit: &mut dyn FnMut(Object)) {
        let mut at = self.young.start();
        while at < self.top() {
            let object = Object::from_address(at.expose_provenance() as u64);
            at = at.wrapping_add(1 + object.words());
            visit(object);
        }
    }
}

fn leads_somewhere(value: Value, objects: &Set<Object>) -> bool {
    value.as_object().is_none_or(|object| objects.contains(&object) || object.header().has(Header::SHARED))
}

/// What people call an object.
fn name(object: Object) -> String {
    let header = object.header();
    let layout = header.layout();
    let known = layout.checked_sub(FIRST_KIND_LAYOUT).is_some_and(|n| n < Kind::ALL.len() as u32);
    let layout = if known { String::new() } else { format!(" with layout {layout}") };
    format!("{:?} at {:#x}{layout}", header.kind(), object.address())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{HeapConfig, Zeal};

    fn cell(heap: &mut Heap, roots: &mut Vec<Value>, value: Value) -> Object {
        while heap.reserve(16).is_err() {
            heap.collect(roots).expect("there is room");
        }
        let object = heap.allocate(Header::plain(Kind::Cell, 1), 1).expect("there is room");
        // SAFETY: the object is new and has one word.
        unsafe { object.set_word(0, value.bits()) }
        roots.push(Value::object(object));
        object
    }

    #[test]
    fn a_reference_into_nothing_is_found() {
        let (mut heap, mut roots) = (Heap::new(1 << 20), vec![]);
        let object = cell(&mut heap, &mut roots, Value::NULL);
        heap.verify(&mut roots).expect("nothing is wrong yet");
        let mut elsewhere = [0u64; 2];
        let nowhere = Object::from_address(elsewhere.as_mut_ptr().expose_provenance() as u64);
        // SAFETY: the object has one word.
        unsafe { object.set_word(0, Value::object(nowhere).bits()) }
        let error = heap.verify(&mut roots).expect_err("the reference leads nowhere");
        assert!(error.place.ends_with("word 0"), "{error}");
    }

    #[test]
    fn a_store_without_barrier_is_found() {
        let config = HeapConfig { zeal: Zeal::Generations, ..HeapConfig::new(1 << 20) };
        let (mut heap, mut roots) = (Heap::with_config(config), vec![]);
        cell(&mut heap, &mut roots, Value::NULL);
        let young = cell(&mut heap, &mut roots, Value::NULL);
        let old = roots[0].as_object().expect("a cell");
        // SAFETY: the object has one word.
        unsafe { old.set_word(0, Value::object(young).bits()) }
        let error = heap.verify(&mut roots).expect_err("nobody was told");
        assert!(error.fault.ends_with("nobody knows"), "{error}");
        // SAFETY: as above.
        unsafe { heap.store(old, 0, Value::object(young)) }
        heap.verify(&mut roots).expect("now it is known");
    }
}
