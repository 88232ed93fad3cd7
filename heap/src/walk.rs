//! Looking at a heap: which objects there are, who refers to whom, and who keeps how much alive.
//!
//! For debuggers and profilers. Nothing here is quick: each question walks the heap anew. Objects that are dead but have
//! not been collected are seen by walks over the heap, so collect fully first if that matters; [`Heap::retained`] walks
//! from roots and sees only what they reach.

use crate::dominators::{Graph, dominators};
use crate::handle::is_value;
use crate::header::Kind;
use crate::heap::Heap;
use crate::identity::AddressMap;
use crate::object::Object;
use crate::roots::{Roots, Which};
use std::collections::HashMap;

/// Objects of one kind and layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Group {
    /// Their kind.
    pub kind: Kind,
    /// Their layout.
    pub layout: u32,
    /// How many there are.
    pub objects: usize,
    /// Their bytes, altogether.
    pub bytes: usize,
}

/// What each object that is alive keeps alive: those bytes would be free if nothing referred to it. Weak references count
/// for nothing, and a table with weak keys counts as referring to its values.
#[derive(Debug)]
pub struct Retained {
    bytes: AddressMap<(usize, Option<Object>)>,
    total: usize,
}

impl Heap {
    /// Every object.
    pub fn each_object(&self, visit: &mut dyn FnMut(Object)) {
        self.each_young(visit);
        if let Some(old) = &self.old {
            old.each(visit);
        }
    }

    /// The objects that an object refers to, weakly or not, each with the number of the payload word.
    pub fn references(&self, object: Object) -> Vec<(usize, Object)> {
        let kind = object.header().kind();
        let words = (0..object.words()).filter(|&n| is_value(kind, n));
        // SAFETY: [R-HEAP] the word exists and is a value.
        words.filter_map(|n| Some((n, unsafe { object.value(n) }.as_object()?))).collect()
    }

    /// The objects that refer to one, each with the number of the payload word.
    pub fn referrers(&self, target: Object) -> Vec<(Object, usize)> {
        let mut found = vec![];
        self.each_object(&mut |object| {
            let words = self.references(object).into_iter().filter(|&(_, referred)| referred == target);
            found.extend(words.map(|(n, _)| (object, n)));
        });
        found
    }

    /// The objects with this layout.
    pub fn instances(&self, layout: u32) -> Vec<Object> {
        let mut found = vec![];
        self.each_object(&mut |object| {
            if object.header().layout() == layout {
                found.push(object);
            }
        });
        found
    }

    /// How many objects of each kind and layout there are, those with the most bytes first.
    pub fn census(&self) -> Vec<Group> {
        let mut groups: HashMap<(Kind, u32), Group> = HashMap::new();
        self.each_object(&mut |object| {
            let (kind, layout) = (object.header().kind(), object.header().layout());
            let group = groups.entry((kind, layout)).or_insert(Group { kind, layout, objects: 0, bytes: 0 });
            group.objects += 1;
            group.bytes += object.bytes();
        });
        let mut groups: Vec<Group> = groups.into_values().collect();
        groups.sort_by_key(|group| (std::cmp::Reverse(group.bytes), group.layout, group.kind as u8));
        groups
    }

    /// What each object that can be reached keeps alive.
    pub fn retained(&self, roots: &mut dyn Roots) -> Retained {
        let mut first = vec![];
        roots.each(Which::All, &mut |value| first.extend(value.as_object()));
        first.extend(self.handles.borrow().iter().filter_map(|value| value.as_object()));
        let (objects, graph) = self.graph(&first);
        let immediate = dominators(&graph);
        let mut sums: Vec<usize> = objects.iter().map(|object| object.map_or(0, Object::bytes)).collect();
        // An object is numbered after its dominator, so from behind each sum is complete when it is added.
        for n in (1..sums.len()).rev() {
            sums[immediate[n] as usize] += sums[n];
        }
        let entry = |n: usize| Some((objects[n]?.address(), (sums[n], objects[immediate[n] as usize])));
        Retained { total: sums[0], bytes: (1..sums.len()).filter_map(entry).collect() }
    }

    /// The objects that can be reached, in the order of a walk depth first, behind one that stands for all roots.
    fn graph(&self, roots: &[Object]) -> (Vec<Option<Object>>, Graph) {
        let mut objects = vec![None];
        let mut graph = Graph::new();
        let mut numbers: AddressMap<u32> = AddressMap::default();
        let mut todo: Vec<(u32, Object)> = roots.iter().rev().map(|&object| (0, object)).collect();
        while let Some((from, object)) = todo.pop() {
            if let Some(&number) = numbers.get(&object.address()) {
                graph.edge(from, number);
                continue;
            }
            let number = graph.node(from);
            numbers.insert(object.address(), number);
            objects.push(Some(object));
            let strong = |&(n, _): &(usize, Object)| match object.header().kind() {
                Kind::Weak => false,
                Kind::WeakValues => n % 2 == 0,
                _ => true,
            };
            let references = self.references(object);
            todo.extend(references.into_iter().rev().filter(strong).map(|(_, target)| (number, target)));
        }
        (objects, graph)
    }
}

impl Retained {
    /// Bytes that would be free if nothing referred to this object; 0 if nothing does.
    pub fn bytes(&self, object: Object) -> usize {
        self.bytes.get(&object.address()).map_or(0, |&(bytes, _)| bytes)
    }

    /// The innermost object that this one cannot be reached without, if there is one.
    pub fn dominator(&self, object: Object) -> Option<Object> {
        self.bytes.get(&object.address())?.1
    }

    /// Bytes of all that can be reached.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The objects that keep the most alive, with how much.
    pub fn largest(&self, count: usize) -> Vec<(Object, usize)> {
        let mut all: Vec<_> = self.bytes.iter().map(|(&at, &(bytes, _))| (Object::from_address(at), bytes)).collect();
        all.sort_by_key(|&(object, bytes)| (std::cmp::Reverse(bytes), object.address()));
        all.truncate(count);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handle::{Field, Local, Scope, scope};
    use crate::value::Value;

    fn tuple<'s>(s: &mut Scope<'s>, layout: u32, fields: &[Local<'s>]) -> Local<'s> {
        let fields: Vec<_> = fields.iter().map(|&local| Field::Local(local)).collect();
        s.allocate(Kind::Tuple, layout, &fields).expect("there is room")
    }

    #[test]
    fn a_diamond_is_kept_by_its_top() {
        let mut heap = Heap::new(1 << 20);
        let mut roots: Vec<Value> = vec![];
        scope(&mut heap, &mut (), |s| {
            let bottom = tuple(s, 4, &[]);
            let (left, right) = (tuple(s, 2, &[bottom]), tuple(s, 3, &[bottom]));
            let top = tuple(s, 1, &[left, right]);
            roots.push(s.get(top).value());
        });
        let find = |layout| heap.instances(layout)[0];
        assert_eq!(heap.referrers(find(4)).len(), 2);
        assert_eq!(heap.referrers(find(2)), [(find(1), 0)]);
        assert_eq!(heap.references(find(1)), [(0, find(2)), (1, find(3))]);
        let retained = heap.retained(&mut roots);
        assert_eq!(retained.bytes(find(2)), 16);
        assert_eq!(retained.bytes(find(1)), 24 + 16 + 16 + 8);
        assert_eq!((retained.dominator(find(4)), retained.dominator(find(1))), (Some(find(1)), None));
        assert_eq!(retained.total(), heap.used());
        assert_eq!(retained.largest(1), [(find(1), 64)]);
        let census = heap.census();
        assert_eq!(census.len(), 4);
        assert_eq!(census[0], Group { kind: Kind::Tuple, layout: 1, objects: 1, bytes: 24 });
    }

    #[test]
    fn a_long_list_needs_no_deep_stack() {
        let mut heap = Heap::new(64 << 20);
        let mut roots: Vec<Value> = vec![];
        scope(&mut heap, &mut (), |s| {
            let list = s.local(Value::NULL);
            for _ in 0..100_000 {
                let next = s.allocate(Kind::Cell, 0, &[Field::Local(list)]).expect("there is room");
                s.set(list, s.get(next));
            }
            roots.push(s.get(list).value());
        });
        let retained = heap.retained(&mut roots);
        assert_eq!(retained.bytes(roots[0].as_object().expect("a list")), 1_600_000);
    }
}
