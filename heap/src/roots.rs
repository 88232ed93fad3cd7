//! Roots: what keeps objects alive from outside the heap.

use crate::value::Value;

/// Which roots a collection asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// All of them.
    All,
    /// At least those that may have changed since the last collection.
    Changed,
}

/// Whoever collects hands this in. Every live value outside the heap must be shown exactly where it lies, because objects
/// move. A panic in here ends the host's process: half of the objects have moved by then.
pub trait Roots {
    /// Shows each root to `visit`, which may change it.
    fn each(&mut self, which: Which, visit: &mut dyn FnMut(&mut Value));
}

/// No roots at all.
impl Roots for () {
    fn each(&mut self, _: Which, _: &mut dyn FnMut(&mut Value)) {}
}

/// A list of values is a root set: all of them may have changed.
impl Roots for Vec<Value> {
    fn each(&mut self, _: Which, visit: &mut dyn FnMut(&mut Value)) {
        self.iter_mut().for_each(visit);
    }
}
