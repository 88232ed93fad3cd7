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
