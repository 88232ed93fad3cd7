//! What structural equality means: `val_equal` looks inside.
//!
//! Two collections are equal when they hold equal things: arrays and tuples in order, maps and sets in any order, tagged
//! values with the same tag, instances of the same class field by field, prototype objects that have the same prototype
//! by their own properties, in any order. Numbers are equal as for `val_eq`, but NaN is
//! equal to itself; whatever else is only itself.
//!
//! Pairs that are still to be compared wait in a list, and not on the native stack, so depth is no matter. A pair of
//! objects that has been met before is not looked at again: if anything is different, it is found where it was met
//! first. That is what ends the comparison of two objects that contain themselves.

use crate::equality::{val_is_eq, val_is_same};
use crate::{Whole, meanings};
use regatta_heap::{Heap, Object, Value};
use regatta_runtime::object::{Array, Enum, Instance, Key, Map, PrototypeObject, Set, Tuple};
use regatta_runtime::{Context, Program, Stop};
use std::collections::HashSet;

meanings! {
    val_equal(cx: &mut Context<'_>, a: Value, b: Value) -> Result<Value, Stop> {
        W::seldom(|| Ok(Value::bool(simply_equal(a, b) || (a.is_object() && b.is_object() && equal(cx, a, b)))))
    }
}

/// Equal without a look inside.
#[inline]
fn simply_equal(a: Value, b: Value) -> bool {
    val_is_eq::<Whole>(a, b) == Ok(true) || val_is_same::<Whole>(a, b)
}

/// Two objects, all the way down.
#[cold]
#[inline(never)]
fn equal(cx: &mut Context<'_>, a: Value, b: Value) -> bool {
    let mut comparison = Comparison { waiting: vec![(a, b)], met: HashSet::new() };
    while let Some((a, b)) = comparison.waiting.pop() {
        if !simply_equal(a, b) && !comparison.same_outside(cx, a, b) {
            return false;
        }
    }
    true
}

/// A comparison under way.
struct Comparison {
    waiting: Vec<(Value, Value)>,
    met: HashSet<(Object, Object)>,
}

impl Comparison {
    /// Could the two be equal, going by themselves? What they contain is put on the list.
    fn same_outside(&mut self, cx: &mut Context<'_>, a: Value, b: Value) -> bool {
        let (Some(left), Some(right)) = (a.as_object(), b.as_object()) else { return false };
        if !self.met.insert((left, right)) {
            return true;
        }
        if let (Some(a), Some(b)) = (Array::of(a), Array::of(b)) {
            return self.all(a.iter(), b.iter());
        }
        if let (Some(a), Some(b)) = (Tuple::of(a), Tuple::of(b)) {
            return self.all(a.iter(), b.iter());
        }
        if let (Some(a), Some(b)) = (Enum::of(a), Enum::of(b)) {
            return a.tag() == b.tag() && self.all(a.iter(), b.iter());
        }
        if let (Some(a), Some(b)) = (Instance::of(a), Instance::of(b)) {
            let fields = |instance: Instance| (0..instance.fields()).filter_map(move |n| instance.get(n));
            return a.class_id() == b.class_id()
                && fields(a).count() == fields(b).count()
                && self.each(fields(a), fields(b));
        }
        if let (Some(a), Some(b)) = (Map::of(a), Map::of(b)) {
            return a.len() == b.len() && self.entries(&mut cx.process.heap, a, b);
        }
        if let (Some(a), Some(b)) = (Set::of(a), Set::of(b)) {
            return a.len() == b.len() && a.iter().all(|member| b.contains(&Key::of(&mut cx.process.heap, member)));
        }
        if let (Some(a), Some(b)) = (PrototypeObject::of(a), PrototypeObject::of(b)) {
            return a.prototype() == b.prototype() && self.properties(cx.program, a, b);
        }
        false
    }

    /// As many of one as of the other; each is compared with its counterpart.
    fn all(&mut self, a: impl ExactSizeIterator<Item = Value>, b: impl ExactSizeIterator<Item = Value>) -> bool {
        a.len() == b.len() && self.each(a, b)
    }

    fn each(&mut self, a: impl Iterator<Item = Value>, b: impl Iterator<Item = Value>) -> bool {
        self.waiting.extend(a.zip(b));
        true
    }

    /// Every key of one map is a key of the other; the values are compared.
    fn entries(&mut self, heap: &mut Heap, a: Map, b: Map) -> bool {
        a.iter().all(|(key, value)| {
            let other = b.find(&Key::of(heap, key));
            self.waiting.extend(other.map(|other| (value, other)));
            other.is_some()
        })
    }

    /// Every property of one object is a property of the other, with the same access; the values are compared.
    fn properties(&mut self, program: &Program, a: PrototypeObject, b: PrototypeObject) -> bool {
        let (ours, theirs) = (a.properties(program), b.properties(program));
        ours.len() == theirs.len()
            && ours.into_iter().all(|(name, access, value)| {
                let other = b.find(program, name).filter(|place| place.1 == access);
                self.waiting.extend(other.map(|(place, _)| (value, b.get(place))));
                other.is_some()
            })
    }
}
