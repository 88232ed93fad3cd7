//! Methods of kinds: what strings, arrays and other objects without a class have by name.
//!
//! A library adds them to a program, and they stay. Each has a number, which a site remembers instead of the function; that
//! an object has no such method is remembered nowhere, because it may get one.

use crate::index::Index;
use regatta_heap::Kind;
use regatta_ir::{FuncId, TextId};

/// Methods of all kinds of one program.
pub const MAX_KIND_METHODS: usize = 1 << 16;

#[derive(Debug)]
pub(crate) struct KindMethods {
    methods: boxcar::Vec<(Kind, TextId, FuncId)>,
    index: Index,
}

impl KindMethods {
    pub(crate) fn new() -> KindMethods {
        KindMethods { methods: boxcar::Vec::new(), index: Index::new(8) }
    }

    pub(crate) fn find(&self, kind: Kind, name: TextId) -> Option<u16> {
        self.index.find(hash(kind, name), |n| self.is(n, kind, name)).map(|number| number as u16)
    }

    #[inline]
    pub(crate) fn function(&self, number: usize) -> Option<FuncId> {
        self.methods.get(number).map(|method| method.2)
    }

    pub(crate) fn add(&self, kind: Kind, name: TextId, func: FuncId) -> bool {
        let mut added = false;
        let make = || {
            if self.methods.count() >= MAX_KIND_METHODS {
                return Err(());
            }
            added = true;
            Ok(self.methods.push((kind, name, func)) as u32)
        };
        let number = self.index.find_or_add(hash(kind, name), |n| self.is(n, kind, name), make);
        number.is_ok() && added
    }

    fn is(&self, number: u32, kind: Kind, name: TextId) -> bool {
        self.methods.get(number as usize).is_some_and(|method| (method.0, method.1) == (kind, name))
    }
}

fn hash(kind: Kind, name: TextId) -> u32 {
    let mixed = (name.0 << 5 ^ kind as u32).wrapping_mul(0x9E37_79B9);
    mixed ^ mixed >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_one_method_of_a_name() {
        let methods = KindMethods::new();
        assert!(methods.add(Kind::Array, TextId(1), FuncId(5)));
        assert!(!methods.add(Kind::Array, TextId(1), FuncId(6)));
        assert!(methods.add(Kind::String, TextId(1), FuncId(7)));
        let function = |kind, name| methods.find(kind, TextId(name)).and_then(|n| methods.function(n.into()));
        assert_eq!(function(Kind::Array, 1), Some(FuncId(5)));
        assert_eq!(function(Kind::String, 1), Some(FuncId(7)));
        assert_eq!(function(Kind::String, 2), None);
    }
}
