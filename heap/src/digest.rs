//! Digests: a number that says what some values are, with all that can be reached from them, wherever it lies.
//!
//! Objects are numbered in the order in which a walk meets them, and references count as those numbers. So two heaps give
//! the same digest if their values are the same up to addresses; engines are compared by it. What is weak counts only by
//! being there, since what it refers to depends on when something was collected.

use crate::handle::is_value;
use crate::header::Scan;
use crate::heap::Heap;
use crate::identity::AddressMap;
use crate::object::Object;
use crate::value::Value;

struct Digest {
    numbers: AddressMap<u64>,
    objects: Vec<Object>,
    sum: u64,
}

impl Heap {
    /// What these values are, as a number.
    pub fn digest(&self, values: &[Value]) -> u64 {
        let mut digest = Digest { numbers: AddressMap::default(), objects: vec![], sum: values.len() as u64 };
        values.iter().for_each(|&value| digest.value(value));
        let mut next = 0;
        while let Some(&object) = digest.objects.get(next) {
            digest.object(object);
            next += 1;
        }
        digest.sum
    }
}

impl Digest {
    fn word(&mut self, word: u64) {
        self.sum = (self.sum.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.sum ^= self.sum >> 29;
    }

    fn value(&mut self, value: Value) {
        let Some(object) = value.as_object() else { return self.word(value.bits()) };
        let next = self.numbers.len() as u64;
        let number = *self.numbers.entry(object.address()).or_insert(next);
        if number == next {
            self.objects.push(object);
        }
        self.word(crate::value::OBJECT | number);
    }

    fn object(&mut self, object: Object) {
        let (header, words) = (object.header(), object.words());
        let kind = header.kind();
        self.word(u64::from(header.layout()) << 8 | kind as u64);
        if matches!(kind.scan(), Scan::Weak | Scan::Ephemerons) {
            return;
        }
        self.word(words as u64);
        for n in 0..words {
            // SAFETY: [R-HEAP] the word exists.
            let word = unsafe { object.word(n) };
            if is_value(kind, n) { self.value(Value::from_bits(word)) } else { self.word(word) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{HeapConfig, Zeal};
    use crate::handle::{Field, scope};
    use crate::header::Kind;

    fn ring(zeal: Zeal, length: usize, first: i32) -> u64 {
        let mut heap = Heap::with_config(HeapConfig { zeal, ..HeapConfig::new(1 << 20) });
        let mut roots = vec![];
        scope(&mut heap, &mut (), |s| {
            let mut cells = vec![];
            for n in 0..length as i32 {
                let fields = [Field::Value(Value::i32(first + n)), Field::NULL];
                cells.push(s.allocate(Kind::Tuple, 0, &fields).expect("there is room"));
            }
            for n in 0..length {
                s.store(cells[n], 1, cells[(n + 1) % length]);
            }
            roots.push(s.get(cells[0]).value());
        });
        heap.digest(&roots)
    }

    #[test]
    fn it_depends_on_what_is_there_and_not_on_where() {
        let digest = ring(Zeal::Off, 10, 0);
        assert_eq!(ring(Zeal::Move, 10, 0), digest);
        assert_eq!(ring(Zeal::Generations, 10, 0), digest);
        assert_ne!(ring(Zeal::Off, 11, 0), digest);
        assert_ne!(ring(Zeal::Off, 10, 1), digest);
    }

    #[test]
    fn one_object_twice_is_not_two_equal_ones() {
        let mut heap = Heap::new(1 << 20);
        let header = crate::header::Header::plain(Kind::Tuple, 0);
        let mut new = || Value::object(heap.allocate(header, 0).expect("there is room"));
        let (a, b) = (new(), new());
        assert_ne!(heap.digest(&[a, a]), heap.digest(&[a, b]));
        assert_eq!(heap.digest(&[b, b]), heap.digest(&[a, a]));
    }
}
