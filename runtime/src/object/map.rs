//! Maps and sets: keys found by value, in the order they came.
//!
//! What counts as one key is in [`key`](super::key), how it is found in `table`; here are two thin
//! layers around that, of which the set is the one without values. Finding a key is never inlined into an engine, and
//! cold to it, so that its registers are kept for the instructions that take no longer than a call.

use super::key::Key;
use super::table::Table;
use crate::exec::Stop;
use regatta_heap::{Heap, Kind, Value};

/// A map.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Map(Table<2>);

impl Map {
    /// A new map without entries.
    #[cold]
    #[inline(never)]
    pub fn new(heap: &mut Heap) -> Result<Map, Stop> {
        Table::new(heap, Kind::Map).map(Map)
    }

    /// The map that a value is.
    #[inline(always)]
    pub fn of(value: Value) -> Option<Map> {
        value.as_kind(Kind::Map).map(|object| Map(Table(object)))
    }

    /// The map as a value.
    #[inline(always)]
    pub fn value(self) -> Value {
        Value::object(self.0.0)
    }

    /// How many keys it has.
    pub fn len(self) -> usize {
        self.0.live()
    }

    /// Has it none?
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The value of a key.
    #[cold]
    #[inline(never)]
    pub fn get(self, heap: &mut Heap, key: Value) -> Option<Value> {
        match Key::of_string(key) {
            Some(key) => self.find(&key),
            None => self.find(&Key::of(heap, key)),
        }
    }

    /// The value of a key that is known already.
    #[inline(always)]
    pub fn find(self, key: &Key) -> Option<Value> {
        self.0.find(key).and_then(|n| self.0.value_at(n))
    }

    /// Gives a key this value.
    #[cold]
    #[inline(never)]
    pub fn set(self, heap: &mut Heap, key: Value, value: Value) -> Result<(), Stop> {
        match Key::of_string(key) {
            Some(key) => self.0.put(heap, &key, value).map(drop),
            None => {
                let key = Key::of(heap, key);
                self.0.put(heap, &key, value).map(drop)
            }
        }
    }

    /// Takes a key away; gives its value.
    #[cold]
    #[inline(never)]
    pub fn remove(self, heap: &mut Heap, key: Value) -> Option<Value> {
        let key = Key::of(heap, key);
        self.0.remove(heap, &key)
    }

    /// Takes all keys away.
    pub fn clear(self, heap: &mut Heap) {
        self.0.clear(heap);
    }

    /// How many entries there are to go through, holes included.
    pub fn slots(self) -> usize {
        self.0.used()
    }

    /// Key and value of entry `n`; a hole has none.
    #[cold]
    #[inline(never)]
    pub fn entry(self, n: usize) -> Option<(Value, Value)> {
        Some((self.0.key_at(n)?, self.0.value_at(n)?))
    }

    /// Keys and values, in the order they came.
    pub fn iter(self) -> impl Iterator<Item = (Value, Value)> {
        (0..self.slots()).filter_map(move |n| self.entry(n))
    }
}

/// A set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Set(Table<1>);

impl Set {
    /// A new set without keys.
    #[cold]
    #[inline(never)]
    pub fn new(heap: &mut Heap) -> Result<Set, Stop> {
        Table::new(heap, Kind::Set).map(Set)
    }

    /// The set that a value is.
    #[inline(always)]
    pub fn of(value: Value) -> Option<Set> {
        value.as_kind(Kind::Set).map(|object| Set(Table(object)))
    }

    /// The set as a value.
    #[inline(always)]
    pub fn value(self) -> Value {
        Value::object(self.0.0)
    }

    /// How many keys it has.
    pub fn len(self) -> usize {
        self.0.live()
    }

    /// Has it none?
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Has it this key?
    #[cold]
    #[inline(never)]
    pub fn has(self, heap: &mut Heap, key: Value) -> bool {
        self.0.find(&Key::of(heap, key)).is_some()
    }

    /// Has it this key, which is known already?
    pub fn contains(self, key: &Key) -> bool {
        self.0.find(key).is_some()
    }

    /// Adds a key; says whether it is new.
    #[cold]
    #[inline(never)]
    pub fn add(self, heap: &mut Heap, key: Value) -> Result<bool, Stop> {
        let key = Key::of(heap, key);
        Ok(!self.0.put(heap, &key, Value::UNDEFINED)?)
    }

    /// Takes a key away; says whether it was there.
    #[cold]
    #[inline(never)]
    pub fn remove(self, heap: &mut Heap, key: Value) -> bool {
        let key = Key::of(heap, key);
        self.0.remove(heap, &key).is_some()
    }

    /// Takes all keys away.
    pub fn clear(self, heap: &mut Heap) {
        self.0.clear(heap);
    }

    /// How many entries there are to go through, holes included.
    pub fn slots(self) -> usize {
        self.0.used()
    }

    /// The key of entry `n`; a hole has none.
    #[cold]
    #[inline(never)]
    pub fn entry(self, n: usize) -> Option<Value> {
        self.0.key_at(n)
    }

    /// Keys, in the order they came.
    pub fn iter(self) -> impl Iterator<Item = Value> {
        (0..self.slots()).filter_map(move |n| self.entry(n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Str;
    use regatta_heap::Header;
    use std::collections::HashMap;

    fn text(heap: &mut Heap, text: &str) -> Value {
        Str::new(heap, text).unwrap().value()
    }

    fn int(n: i32) -> Value {
        Value::i32(n)
    }

    #[test]
    fn equal_numbers_are_one_key() {
        let heap = &mut Heap::with_room(1 << 20);
        let map = Map::new(heap).unwrap();
        let keys = [
            (int(1), vec![Value::f64(1.0), Value::f32(1.0)]),
            (Value::f64(0.5), vec![Value::f32(0.5)]),
            (Value::f64(-0.0), vec![int(0), Value::f64(0.0)]),
            (Value::f64(f64::NAN), vec![Value::f32(f32::NAN)]),
            (Value::f64(1e300), vec![]),
            (Value::f64(4_294_967_296.0), vec![]),
            (Value::TRUE, vec![]),
            (Value::UNDEFINED, vec![]),
            (Value::atom(1), vec![]),
            (Value::function(1), vec![]),
        ];
        for (n, (key, _)) in keys.iter().enumerate() {
            map.set(heap, *key, int(n as i32)).unwrap();
        }
        assert_eq!(map.len(), keys.len());
        for (n, (key, others)) in keys.iter().enumerate() {
            for key in others.iter().chain([key]) {
                assert_eq!(map.get(heap, *key), Some(int(n as i32)), "{key:?}");
            }
        }
        for absent in [int(2), Value::NULL, Value::FALSE, Value::atom(0), Value::f64(0.25), Value::process(1)] {
            assert_eq!(map.get(heap, absent), None, "{absent:?}");
        }
    }

    #[test]
    fn strings_and_boxes_are_keys_by_content_and_objects_by_identity() {
        use crate::object::{Complex, I64, Tuple};
        let heap = &mut Heap::with_room(1 << 20);
        let twins = |heap: &mut Heap| {
            [
                text(heap, "key"),
                text(heap, ""),
                I64::new(heap, 1 << 40).unwrap().value(),
                Complex::new(heap, 0.0, 2.0).unwrap().value(),
                Complex::new(heap, 3.0, -0.0).unwrap().value(),
            ]
        };
        let (first, second) = (twins(heap), twins(heap));
        let tuples = [0, 1].map(|_| Tuple::new(heap, &[]).unwrap().value());
        let map = Map::new(heap).unwrap();
        for (n, &key) in first.iter().chain(&tuples).enumerate() {
            map.set(heap, key, int(n as i32)).unwrap();
        }
        assert_eq!(map.len(), first.len() + tuples.len());
        for (n, &key) in second.iter().chain(&tuples).enumerate() {
            assert_eq!(map.get(heap, key), Some(int(n as i32)));
        }
        assert_eq!(map.get(heap, int(3)), Some(int(4)), "a complex number without an imaginary part");
        let stranger = Tuple::new(heap, &[]).unwrap().value();
        assert_eq!(map.get(heap, stranger), None);
        let other = text(heap, "keY");
        assert_eq!(map.get(heap, other), None);
    }

    #[test]
    fn entries_stay_in_the_order_they_came() {
        let heap = &mut Heap::with_room(1 << 20);
        let map = Map::new(heap).unwrap();
        for n in [5, 3, 9] {
            map.set(heap, int(n), int(10 * n)).unwrap();
        }
        assert_eq!(map.remove(heap, int(3)), Some(int(30)));
        assert_eq!(map.remove(heap, int(3)), None);
        map.set(heap, int(5), Value::NULL).unwrap();
        assert_eq!((map.len(), map.slots()), (2, 3));
        assert_eq!(
            [0, 1, 2, 3].map(|n| map.entry(n)),
            [Some((int(5), Value::NULL)), None, Some((int(9), int(90))), None]
        );
        map.set(heap, int(3), int(31)).unwrap();
        assert!(map.iter().map(|(key, _)| key).eq([5, 9, 3].map(int)));
        map.clear(heap);
        assert!(map.is_empty() && map.slots() == 0 && map.get(heap, int(5)).is_none());
    }

    #[test]
    fn a_string_is_one_key_in_every_form() {
        let heap = &mut Heap::with_room(1 << 20);
        let whole = "all happy families are alike; each unhappy family is unhappy in its own way";
        for many in [0, 20] {
            let map = Map::new(heap).unwrap();
            for n in 0..many {
                map.set(heap, int(n), Value::NULL).unwrap();
            }
            let halves = [&whole[..30], &whole[30..]].map(|half| Str::new(heap, half).unwrap());
            let rope = Str::concat(heap, halves[0], halves[1]).unwrap();
            assert!(rope.text().is_none(), "the test wants a rope");
            map.set(heap, rope.value(), int(1)).unwrap();
            let around = Str::new(heap, &format!("<{whole}>")).unwrap();
            let slice = around.slice(heap, 1, 1 + whole.len()).unwrap();
            let flat = text(heap, whole);
            for key in [flat, slice.value(), rope.value()] {
                assert_eq!(map.get(heap, key), Some(int(1)));
            }
            rope.flatten(heap).unwrap();
            assert_eq!((map.get(heap, flat), map.len()), (Some(int(1)), many as usize + 1));
        }
    }

    /// What a map of strings and integers has to do.
    #[derive(Default)]
    struct Model {
        places: HashMap<String, usize>,
        entries: Vec<Option<(String, Value)>>,
    }

    impl Model {
        fn set(&mut self, key: &str, value: Value) {
            match self.places.get(key) {
                Some(&place) => self.entries[place] = Some((key.into(), value)),
                None => {
                    self.places.insert(key.into(), self.entries.len());
                    self.entries.push(Some((key.into(), value)));
                }
            }
        }

        fn remove(&mut self, key: &str) -> Option<Value> {
            self.entries[self.places.remove(key)?].take().map(|(_, value)| value)
        }
    }

    /// Even numbers are keys as integers, odd ones as strings.
    fn key_of(heap: &mut Heap, n: u32) -> Value {
        if n.is_multiple_of(2) { int(n as i32) } else { text(heap, &format!("key {n}")) }
    }

    #[test]
    fn a_map_does_what_the_model_does() {
        for range in [3, 10, 100, 3000] {
            let heap = &mut Heap::with_room(1 << 28);
            let (map, set) = (Map::new(heap).unwrap(), Set::new(heap).unwrap());
            let mut model = Model::default();
            let mut seed = u64::from(range);
            for step in 0..20_000 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let n = (seed >> 40) as u32 % range;
                let (key, name) = (key_of(heap, n), n.to_string());
                match (seed >> 33) % 8 {
                    0..=3 => {
                        let is_new = !model.places.contains_key(&name);
                        map.set(heap, key, int(step)).unwrap();
                        assert_eq!(set.add(heap, key), Ok(is_new));
                        model.set(&name, int(step));
                    }
                    4..=5 => {
                        let removed = model.remove(&name);
                        assert_eq!(map.remove(heap, key), removed);
                        assert_eq!(set.remove(heap, key), removed.is_some());
                    }
                    _ => {
                        let expected = model.places.get(&name).and_then(|&n| model.entries[n].as_ref()).map(|e| e.1);
                        assert_eq!(map.get(heap, key), expected);
                        assert_eq!(set.has(heap, key), expected.is_some());
                    }
                }
                assert_eq!((map.len(), set.len()), (model.places.len(), model.places.len()));
                if step % 1000 == 0 {
                    assert!(map.iter().map(|(_, value)| value).eq(model.entries.iter().flatten().map(|e| e.1)));
                    assert!(set.iter().zip(map.iter()).all(|(a, (b, _))| Key::of(heap, a).is(b)));
                    assert!(map.slots() <= 4 * range as usize + 24);
                }
            }
        }
    }

    #[test]
    fn what_needs_room_has_changed_nothing() {
        for many in [4, 8, 24] {
            let heap = &mut Heap::with_room(1 << 17);
            let map = Map::new(heap).unwrap();
            for n in 0..many {
                map.set(heap, int(n), int(n)).unwrap();
            }
            while heap.allocate(Header::plain(Kind::Tuple, 0), 0).is_ok() {}
            assert_eq!(map.set(heap, int(many), Value::NULL), Err(Stop::COLLECT));
            assert_eq!(map.set(heap, int(0), int(7)), Ok(()));
            assert_eq!((map.len(), map.slots()), (many as usize, many as usize));
            assert_eq!((map.get(heap, int(0)), map.get(heap, int(many))), (Some(int(7)), None));
        }
    }

    #[test]
    fn not_every_object_is_a_map() {
        let heap = &mut Heap::with_room(1 << 20);
        let (map, set) = (Map::new(heap).unwrap(), Set::new(heap).unwrap());
        assert!(Map::of(set.value()).is_none() && Set::of(map.value()).is_none() && Map::of(Value::NULL).is_none());
        assert_eq!((Map::of(map.value()), Set::of(set.value())), (Some(map), Some(set)));
    }
}
