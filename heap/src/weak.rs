//! Weak references and ephemerons: what is decided when everything else is known to be alive or not.
//!
//! A [`Kind::Weak`](crate::Kind::Weak) that refers to something dead becomes `undefined`. A pair of a
//! [`Kind::WeakValues`](crate::Kind::WeakValues) keeps its value alive only while its key is, and the value may be what
//! keeps another key alive. So pairs whose key has not been reached wait, by key; reaching an object wakes the pairs that
//! wait for it. Each pair is looked at once and woken at most once, whatever the order of a chain of them.
//!
//! There are no finalisers: nothing runs because something died.

use crate::identity::AddressMap;
use crate::object::Object;
use crate::trace::Tracer;
use crate::value::Value;

/// What a trace puts aside until the end.
#[derive(Default)]
pub(crate) struct Weaklings {
    weak: Vec<Object>,
    tables: Vec<Object>,
    /// Places of pairs, by the address that their key had before the collection.
    waiting: AddressMap<Vec<*mut u64>>,
    woken: Vec<*mut u64>,
    /// Is anything waiting? Asked whenever an object is reached for the first time.
    pub(crate) watching: bool,
}

impl Weaklings {
    pub(crate) fn put_aside(&mut self, weak: Object) {
        self.weak.push(weak);
    }

    pub(crate) fn put_table_aside(&mut self, table: Object) {
        self.tables.push(table);
    }

    /// The object that was at this address is alive after all.
    #[cold]
    pub(crate) fn wake(&mut self, address: u64) {
        if let Some(pairs) = self.waiting.remove(&address) {
            self.woken.extend(pairs);
        }
    }

    fn wait(&mut self, key: Object, pair: *mut u64) {
        self.waiting.entry(key.address()).or_default().push(pair);
        self.watching = true;
    }
}

/// Decides about everything that was put aside, once all else has been traced.
pub(crate) fn decide<T: Tracer>(tracer: &mut T) {
    loop {
        if let Some(pair) = tracer.weaklings().woken.pop() {
            look_at(tracer, pair);
        } else if let Some(table) = tracer.weaklings().tables.pop() {
            look_into(tracer, table);
        } else {
            break;
        }
        tracer.drain();
    }
    bury(tracer);
}

fn look_into<T: Tracer>(tracer: &mut T, table: Object) {
    for n in 0..(table.words() - 1) / 2 {
        look_at(tracer, table.payload().wrapping_add(1 + 2 * n));
    }
}

/// A pair: its value is alive if its key is, otherwise it waits.
fn look_at<T: Tracer>(tracer: &mut T, pair: *mut u64) {
    // SAFETY: [R-HEAP] words of such a table come in pairs of values after the first.
    let key = unsafe { Value::from_bits(*pair) };
    if let Some(key) = key.as_object() {
        match tracer.fate(key) {
            // SAFETY: as above.
            Some(now) => unsafe { *pair = Value::object(now).bits() },
            None => return tracer.weaklings().wait(key, pair),
        }
    }
    // SAFETY: as above.
    unsafe { tracer.reach_slot(pair.add(1)) };
}

/// Nothing more will be reached: keys that are still waited for are dead, and so are targets that nobody reached.
fn bury<T: Tracer>(tracer: &mut T) {
    let Weaklings { weak, waiting, .. } = std::mem::take(tracer.weaklings());
    for pair in waiting.into_values().flatten() {
        // SAFETY: [R-HEAP] as in `look_at`.
        unsafe {
            *pair = Value::UNDEFINED.bits();
            *pair.add(1) = Value::UNDEFINED.bits();
        }
    }
    for weak in weak {
        // SAFETY: [R-HEAP] a weak reference is one value.
        let target = unsafe { weak.value(0) };
        if let Some(object) = target.as_object() {
            let now = tracer.fate(object).map_or(Value::UNDEFINED, Value::object);
            // SAFETY: as above; what it says now is alive, and as old as it.
            unsafe { weak.set_word(0, now.bits()) };
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{HeapConfig, NURSERY_BYTES};
    use crate::handle::{Field, Local, Scope, scope};
    use crate::header::Kind;
    use crate::heap::Heap;
    use crate::value::Value;

    fn cell<'s>(s: &mut Scope<'s>, n: usize) -> Local<'s> {
        s.allocate(Kind::Cell, 0, &[Field::Value(Value::i32(n as i32))]).expect("there is room")
    }

    /// A table of pairs.
    fn table<'s>(s: &mut Scope<'s>, pairs: &[(Local<'s>, Local<'s>)]) -> Local<'s> {
        let pairs = pairs.iter().flat_map(|&(key, value)| [Field::Local(key), Field::Local(value)]);
        let fields: Vec<_> = [Field::Raw(pairs.clone().count() as u64)].into_iter().chain(pairs).collect();
        s.allocate(Kind::WeakValues, 0, &fields).expect("there is room")
    }

    /// A chain in which each value is the key of another pair, in an order that is hard to follow; it hangs on one cell.
    fn chain(length: usize, held: bool, full: bool, nursery_bytes: usize) -> (usize, usize) {
        let mut heap = Heap::with_config(HeapConfig { nursery_bytes, ..HeapConfig::new(1 << 30) });
        let mut roots = vec![];
        scope(&mut heap, &mut (), |s| {
            let cells: Vec<_> = (0..=length).map(|n| cell(s, n)).collect();
            // Any number without a factor in common with the length goes through all of them.
            let step = |n: usize| n * 7919 % length;
            let pairs: Vec<_> = (0..length).map(|n| (cells[step(n)], cells[step(n) + 1])).collect();
            let table = table(s, &pairs);
            roots.push(s.get(table).value());
            if held {
                roots.push(s.get(cells[0]).value());
            }
        });
        let result = if full { heap.collect_fully(&mut roots) } else { heap.collect(&mut roots) };
        result.expect("there is room");
        heap.verify(&mut roots).expect("it is intact");
        let table = roots[0].as_object().expect("the table");
        // SAFETY: the table has that many words, which but for the first are values.
        let alive = (1..table.words()).filter(|&n| unsafe { table.value(n) }.is_object()).count();
        (alive, heap.used() - table.bytes())
    }

    #[test]
    fn a_chain_lives_as_long_as_its_beginning() {
        for (length, nursery) in [(100, NURSERY_BYTES), (3001, NURSERY_BYTES), (60_001, 8 << 20)] {
            for full in [false, true] {
                assert_eq!(chain(length, true, full, nursery), (2 * length, 16 * (length + 1)), "{length} {full}");
            }
            assert_eq!(chain(length, false, true, nursery), (0, 0), "{length}");
        }
        // A minor collection knows it too, if all is young.
        assert_eq!(chain(100, false, false, NURSERY_BYTES), (0, 0));
    }

    #[test]
    fn a_weak_reference_holds_nothing_and_follows() {
        for full in [false, true] {
            let mut heap = Heap::new(1 << 20);
            scope(&mut heap, &mut (), |s| {
                let (kept, lost) = (cell(s, 1), cell(s, 2));
                let weak = [kept, lost].map(|target| s.allocate(Kind::Weak, 0, &[Field::Local(target)]));
                let [to_kept, to_lost] = weak.map(|weak| weak.expect("there is room"));
                let nothing = s.local(Value::NULL);
                s.set(lost, s.get(nothing));
                // SAFETY: collecting leaves locals where they are.
                let heap = unsafe { s.heap() };
                let result = if full { heap.collect_fully(&mut ()) } else { heap.collect(&mut ()) };
                result.expect("there is room");
                let target = |weak| s.open(weak).expect("a weak reference").get(0).value();
                assert_eq!((target(to_kept), target(to_lost)), (s.get(kept).value(), Value::UNDEFINED));
            });
        }
    }

    #[test]
    fn a_large_table_that_is_old_holds_no_young_key() {
        let mut heap = Heap::new(1 << 30);
        scope(&mut heap, &mut (), |s| {
            let nothing = s.local(Value::NULL);
            let table = table(s, &[(nothing, nothing); 20_000]);
            s.collect().expect("there is room");
            let (kept, lost) = (cell(s, 1), cell(s, 2));
            for (n, key) in [(1, kept), (3, lost)] {
                let value = cell(s, 3);
                s.store(table, n, key);
                s.store(table, n + 1, value);
                s.set(value, s.get(nothing));
            }
            s.set(lost, s.get(nothing));
            s.collect().expect("there is room");
            let pair = |n| [n, n + 1].map(|n| s.open(table).expect("a table").get(n).value());
            assert_eq!(pair(1)[0], s.get(kept).value());
            assert!(pair(1)[1].is_object());
            assert_eq!(pair(3), [Value::UNDEFINED; 2]);
        });
        let stats = heap.stats();
        assert_eq!(stats.full, 0);
    }
}
