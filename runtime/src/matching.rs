//! Patterns and tables of keys, as a program has them: ready to be used.
//!
//! A [`Matcher`] is a pattern written down in the order in which values are met. Matching goes over it twice: the first
//! time only looks, the second puts what is bound where it belongs, so a value that does not match changes nothing. It
//! recurses as deep as the pattern is, which has a limit, whatever the value.
//!
//! A [`Lookup`] finds the position of a key: by comparing with each where there are few, by hash where there are many.
//!
//! Both compare as languages do with `==`: 1 is 1.0, strings are their characters, an atom is no string, NaN is
//! nothing. Texts are the program's strings, which stay where they are.

use crate::object::{Array, Enum, Key, Tuple};
use regatta_heap::Value;
use regatta_ir::TextId;
use regatta_ir::module::{self, Pattern};
use std::slice::Iter;

/// Tables with more keys than this have cells.
const MAX_COMPARED: usize = 8;

/// What a literal is in a program: its atoms have other numbers than the module's, and its texts are objects.
pub(crate) trait Literals {
    /// The program's number of a module's text.
    fn text(&self, id: TextId) -> TextId;
    /// The string of a module's text.
    fn string(&self, id: TextId) -> Value;

    /// The key that a literal is.
    fn key(&self, literal: module::Key) -> Key {
        let value = match literal {
            module::Key::Undefined => Value::UNDEFINED,
            module::Key::Null => Value::NULL,
            module::Key::Unit => Value::UNIT,
            module::Key::Bool(b) => Value::bool(b),
            module::Key::I32(n) => Value::i32(n),
            module::Key::F64(bits) if f64::from_bits(bits).is_nan() => return Key::NOTHING,
            module::Key::F64(bits) => Value::f64(f64::from_bits(bits)),
            module::Key::Atom(id) => Value::atom(self.text(id).0),
            module::Key::Text(id) => self.string(id),
        };
        Key::by_value(value).expect("literals are compared by value")
    }
}

/// A pattern.
#[derive(Debug)]
pub struct Matcher {
    steps: Box<[Step]>,
    bindings: usize,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Any,
    Bind,
    Is(Key),
    // Followed by so many others, each with what follows it.
    Tuple(usize),
    Array { count: usize, rest: bool },
    Enum { tag: TextId, count: usize },
}

impl Matcher {
    pub(crate) fn new(pattern: &Pattern, literals: &impl Literals) -> Matcher {
        let mut steps = vec![];
        flatten(pattern, literals, &mut steps);
        Matcher { steps: steps.into(), bindings: pattern.bindings() }
    }

    /// How many registers it binds.
    #[inline]
    pub fn bindings(&self) -> usize {
        self.bindings
    }

    /// Does the value match? If so, `bound` gets what the pattern binds; it must have as many places as that.
    pub fn matches(&self, value: Value, bound: &mut [u64]) -> bool {
        let matches = walk(&mut self.steps.iter(), value, &mut |_| {});
        if matches && self.bindings > 0 {
            let mut places = bound.iter_mut();
            let mut put = |value: Value| *places.next().expect("the verifier has counted them") = value.bits();
            walk(&mut self.steps.iter(), value, &mut put);
        }
        matches
    }
}

fn flatten(pattern: &Pattern, literals: &impl Literals, steps: &mut Vec<Step>) {
    let (step, items): (_, &[Pattern]) = match pattern {
        Pattern::Any => (Step::Any, &[]),
        Pattern::Bind => (Step::Bind, &[]),
        Pattern::Is(literal) => (Step::Is(literals.key(*literal)), &[]),
        Pattern::Tuple(items) => (Step::Tuple(items.len()), items),
        Pattern::Array { items, rest } => (Step::Array { count: items.len(), rest: *rest }, items),
        Pattern::Enum { tag, items } => (Step::Enum { tag: literals.text(*tag), count: items.len() }, items),
    };
    steps.push(step);
    items.iter().for_each(|item| flatten(item, literals, steps));
}

/// Matches a value against the next steps; `bind` gets what they bind.
fn walk(steps: &mut Iter<'_, Step>, value: Value, bind: &mut impl FnMut(Value)) -> bool {
    match *steps.next().expect("every part has its step") {
        Step::Any => true,
        Step::Bind => {
            bind(value);
            true
        }
        Step::Is(key) => is_key(&key, value),
        Step::Tuple(count) => match Tuple::of(value) {
            Some(tuple) if tuple.len() == count => tuple.iter().all(|item| walk(steps, item, bind)),
            _ => false,
        },
        Step::Array { count, rest } => match Array::of(value) {
            Some(array) if array.len() == count || (rest && array.len() > count) => {
                array.iter().take(count).all(|item| walk(steps, item, bind))
            }
            _ => false,
        },
        Step::Enum { tag, count } => match Enum::of(value) {
            Some(value) if value.tag() == tag && value.len() == count => {
                value.iter().all(|item| walk(steps, item, bind))
            }
            _ => false,
        },
    }
}

/// Is the value this key? What is neither the same bits nor has another form is not.
#[inline]
fn is_key(key: &Key, value: Value) -> bool {
    if key.value == value {
        return true;
    }
    let has_forms = value.is_object() || value.is_f64() || value.as_f32().is_some();
    has_forms && Key::by_value(value).is_ok_and(|form| form.is(key.value))
}

/// A table of keys.
#[derive(Debug)]
pub struct Lookup {
    keys: Box<[Key]>,
    /// By hash: number of the key and one; 0 where there is none. A power of two of them, at most half in use.
    cells: Box<[u32]>,
}

impl Lookup {
    pub(crate) fn new(table: &module::Table, literals: &impl Literals) -> Lookup {
        let keys: Box<[Key]> = table.keys.iter().map(|&key| literals.key(key)).collect();
        let count = if keys.len() > MAX_COMPARED { (2 * keys.len()).next_power_of_two() } else { 0 };
        let mut cells = vec![0; count].into_boxed_slice();
        for (n, key) in keys.iter().enumerate().filter(|_| count > 0) {
            let mut place = start(key.hash, count);
            while cells[place] != 0 {
                place = (place + 1) & (count - 1);
            }
            cells[place] = n as u32 + 1;
        }
        Lookup { keys, cells }
    }

    /// The position of a value among the keys, or how many there are.
    pub fn position(&self, value: Value) -> usize {
        let found = if self.cells.is_empty() {
            self.keys.iter().position(|key| is_key(key, value))
        } else {
            Key::by_value(value).ok().and_then(|key| self.find(&key))
        };
        found.unwrap_or(self.keys.len())
    }

    fn find(&self, wanted: &Key) -> Option<usize> {
        let mut place = start(wanted.hash, self.cells.len());
        while let Some(n) = self.cells[place].checked_sub(1) {
            let key = &self.keys[n as usize];
            if key.hash == wanted.hash && wanted.is(key.value) {
                return Some(n as usize);
            }
            place = (place + 1) & (self.cells.len() - 1);
        }
        None
    }
}

/// Where probing begins: by the upper bits, as the lowest one of a text's hash is always set.
fn start(hash: u32, cells: usize) -> usize {
    ((u64::from(hash) * cells as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::{Complex, Str};
    use regatta_heap::Heap;
    use regatta_ir::module::{Key as Literal, Table};

    /// The text with number n is "n".
    struct Numbered(Vec<Value>);

    impl Numbered {
        fn new(heap: &mut Heap, count: usize) -> Numbered {
            Numbered((0..count).map(|n| string(heap, &n.to_string())).collect())
        }
    }

    impl Literals for Numbered {
        fn text(&self, id: TextId) -> TextId {
            TextId(id.0 + 1000)
        }

        fn string(&self, id: TextId) -> Value {
            self.0[id.index()]
        }
    }

    fn string(heap: &mut Heap, text: &str) -> Value {
        Str::new(heap, text).unwrap().value()
    }

    fn int(n: i32) -> Value {
        Value::i32(n)
    }

    fn bits(values: &[Value]) -> Vec<u64> {
        values.iter().map(|value| value.bits()).collect()
    }

    fn tuple(heap: &mut Heap, values: &[Value]) -> Value {
        Tuple::new(heap, &bits(values)).unwrap().value()
    }

    fn array(heap: &mut Heap, values: &[Value]) -> Value {
        Array::from_values(heap, &bits(values)).unwrap().value()
    }

    /// What the pattern binds, if the value matches.
    fn bound(literals: &Numbered, pattern: &Pattern, value: Value) -> Option<Vec<Value>> {
        let matcher = Matcher::new(pattern, literals);
        let mut bound = bits(&vec![Value::UNIT; matcher.bindings()]);
        let matches = matcher.matches(value, &mut bound);
        let bound: Vec<Value> = bound.into_iter().map(Value::from_bits).collect();
        assert!(matches || bound.iter().all(|&value| value == Value::UNIT), "nothing is bound without a match");
        matches.then_some(bound)
    }

    #[test]
    fn literals_are_compared_as_languages_do() {
        let heap = &mut Heap::with_room(1 << 20);
        let literals = &Numbered::new(heap, 10);
        let (seven, eight) = (string(heap, "7"), string(heap, "8"));
        let real = Complex::new(heap, 3.0, 0.0).unwrap().value();
        let cases = [
            (Literal::I32(3), vec![int(3), Value::f64(3.0), Value::f32(3.0), real], vec![int(4), Value::NULL, seven]),
            (Literal::F64(3f64.to_bits()), vec![int(3), Value::f64(3.0)], vec![Value::f64(3.5)]),
            (Literal::F64((-0f64).to_bits()), vec![int(0), Value::f64(0.0), Value::f64(-0.0)], vec![Value::FALSE]),
            (Literal::F64(f64::NAN.to_bits()), vec![], vec![Value::f64(f64::NAN), Value::UNDEFINED]),
            (Literal::Atom(TextId(7)), vec![Value::atom(1007)], vec![Value::atom(7), seven, int(1007)]),
            (Literal::Text(TextId(7)), vec![seven], vec![eight, Value::atom(1007), int(7)]),
            (Literal::Bool(true), vec![Value::TRUE], vec![Value::FALSE, int(1)]),
            (Literal::Null, vec![Value::NULL], vec![Value::UNDEFINED]),
            (Literal::Unit, vec![Value::UNIT], vec![Value::NULL]),
        ];
        for (literal, equal, different) in cases {
            let is = |value| bound(literals, &Pattern::Is(literal), value).is_some();
            equal.iter().for_each(|&value| assert!(is(value), "{literal:?} is {value:?}"));
            different.iter().for_each(|&value| assert!(!is(value), "{literal:?} is not {value:?}"));
        }
    }

    #[test]
    fn what_is_bound_comes_in_order() {
        let heap = &mut Heap::with_room(1 << 20);
        let literals = &Numbered::new(heap, 1);
        // {:0, $, [$, _, ...], :0($)}
        let ok = || Pattern::Is(Literal::Atom(TextId(0)));
        let pattern = Pattern::Tuple(vec![
            ok(),
            Pattern::Bind,
            Pattern::Array { items: vec![Pattern::Bind, Pattern::Any], rest: true },
            Pattern::Enum { tag: TextId(0), items: vec![Pattern::Bind] },
        ]);
        let tagged =
            |heap: &mut Heap, tag, items: &[Value]| Enum::new(heap, TextId(tag), &bits(items)).unwrap().value();
        let (a, e) = (array(heap, &[int(2), int(3), int(4)]), tagged(heap, 1000, &[int(5)]));
        let atom = Value::atom(1000);
        let good = tuple(heap, &[atom, int(1), a, e]);
        assert_eq!(bound(literals, &pattern, good), Some(vec![int(1), int(2), int(5)]));
        let (short, other) = (array(heap, &[int(2)]), tagged(heap, 1001, &[int(5)]));
        let (empty, as_array) = (tagged(heap, 1000, &[]), array(heap, &[atom, int(1), a, e]));
        let bad = [
            tuple(heap, &[Value::NULL, int(1), a, e]),
            tuple(heap, &[atom, int(1), short, e]),
            tuple(heap, &[atom, int(1), a, other]),
            tuple(heap, &[atom, int(1), a, empty]),
            tuple(heap, &[atom, int(1), a]),
            tuple(heap, &[atom, int(1), e, a]),
            as_array,
            Value::NULL,
        ];
        bad.into_iter().for_each(|value| assert_eq!(bound(literals, &pattern, value), None));
    }

    #[test]
    fn arrays_match_by_length() {
        let heap = &mut Heap::with_room(1 << 20);
        let literals = &Numbered::new(heap, 0);
        for len in 0..4 {
            let value = array(heap, &vec![Value::f64(0.5); len]);
            for count in 0..4 {
                let items = vec![Pattern::Any; count];
                let exact = Pattern::Array { items: items.clone(), rest: false };
                assert_eq!(bound(literals, &exact, value).is_some(), len == count);
                assert_eq!(bound(literals, &Pattern::Array { items, rest: true }, value).is_some(), len >= count);
            }
        }
    }

    #[test]
    fn small_and_large_tables_find_the_same() {
        let heap = &mut Heap::with_room(1 << 22);
        let literals = &Numbered::new(heap, 300);
        for size in [0, 1, 7, 9, 300] {
            let kinds: [fn(u32) -> Literal; 4] = [
                |n| Literal::I32(n as i32),
                |n| Literal::Atom(TextId(n)),
                |n| Literal::Text(TextId(n)),
                |n| Literal::F64((f64::from(n) + 0.5).to_bits()),
            ];
            let keys: Vec<Literal> = (0..size).map(|n| kinds[n as usize % 4](n)).collect();
            let lookup = Lookup::new(&Table { keys }, literals);
            for n in 0..size + 4 {
                let values = [
                    int(n as i32),
                    Value::atom(1000 + n),
                    string(heap, &n.to_string()),
                    Value::f64(f64::from(n) + 0.5),
                ];
                for (kind, value) in values.into_iter().enumerate() {
                    let there = n < size && kind == n as usize % 4;
                    assert_eq!(lookup.position(value), if there { n } else { size } as usize, "{value:?} of {size}");
                }
            }
            let stranger = tuple(heap, &[]);
            assert_eq!(lookup.position(stranger), size as usize);
        }
    }
}
