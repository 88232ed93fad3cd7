//! Texts, patterns and tables of a module.

use crate::error::{Errors, Item, Loc, VerifyErrorKind as Kind};
use crate::module::limit;
use regatta_ir::limits::*;
use regatta_ir::module::{Key, Pattern};
use regatta_ir::{Module, PatternId, TableId, TextId};
use std::collections::HashSet;

/// Checks them all; says how many registers each pattern binds.
pub(crate) fn check(module: &Module, errors: &mut Errors) -> Vec<u32> {
    check_texts(module, errors);
    check_tables(module, errors);
    let count = |(pattern, n): (&Pattern, u32)| {
        let mut inside = Inside { module, id: PatternId(n), nodes: 0, bindings: 0 };
        inside.look(pattern, MAX_PATTERN_DEPTH, errors);
        limit(errors, inside.loc(), "patterns inside one", inside.nodes, MAX_PATTERN_NODES);
        inside.bindings
    };
    module.patterns.iter().zip(0..).map(count).collect()
}

fn check_texts(module: &Module, errors: &mut Errors) {
    let mut seen = HashSet::with_capacity(module.texts.len());
    for (text, n) in module.texts.iter().zip(0..) {
        limit(errors, Loc::default, "bytes of a text", text.len(), MAX_STRING_BYTES);
        if !seen.insert(text) {
            errors.push(Loc::default, Kind::DuplicateText { text: TextId(n) });
        }
    }
}

/// Each key is there once; numbers that are equal are one key.
fn check_tables(module: &Module, errors: &mut Errors) {
    for (table, n) in module.tables.iter().zip(0..) {
        let loc = || Loc::item(Item::Table(TableId(n)));
        limit(errors, loc, "keys of a table", table.keys.len(), MAX_KEYS);
        let mut seen = HashSet::with_capacity(table.keys.len());
        for (&key, position) in table.keys.iter().zip(0..) {
            check_key(module, key, loc, errors);
            if !seen.insert(canonical(key)) {
                errors.push(loc, Kind::DuplicateKey { position });
            }
        }
    }
}

/// The same for keys that are equal as values.
fn canonical(key: Key) -> Key {
    match key {
        Key::I32(value) => Key::F64(f64::from(value).to_bits()),
        Key::F64(bits) if f64::from_bits(bits).is_nan() => Key::F64(f64::NAN.to_bits()),
        Key::F64(bits) if f64::from_bits(bits) == 0.0 => Key::F64(0),
        other => other,
    }
}

fn check_key(module: &Module, key: Key, loc: impl FnOnce() -> Loc, errors: &mut Errors) {
    if let Key::Atom(text) | Key::Text(text) = key
        && text.index() >= module.texts.len()
    {
        errors.push(loc, Kind::NoText { text });
    }
}

/// What has been seen of one pattern.
struct Inside<'m> {
    module: &'m Module,
    id: PatternId,
    nodes: usize,
    bindings: u32,
}

impl Inside<'_> {
    fn loc(&self) -> impl FnOnce() -> Loc + use<> {
        let id = self.id;
        move || Loc::item(Item::Pattern(id))
    }

    fn look(&mut self, pattern: &Pattern, depth: usize, errors: &mut Errors) {
        self.nodes += 1;
        if depth == 0 {
            return errors.push(self.loc(), Kind::DeepPattern { limit: MAX_PATTERN_DEPTH as u32 });
        }
        match pattern {
            Pattern::Any => {}
            Pattern::Bind => self.bindings += 1,
            Pattern::Is(key) => check_key(self.module, *key, self.loc(), errors),
            Pattern::Tuple(items) | Pattern::Array { items, .. } => self.look_at_all(items, depth, errors),
            Pattern::Enum { tag, items } => {
                check_key(self.module, Key::Atom(*tag), self.loc(), errors);
                self.look_at_all(items, depth, errors);
            }
        }
    }

    fn look_at_all(&mut self, items: &[Pattern], depth: usize, errors: &mut Errors) {
        items.iter().for_each(|item| self.look(item, depth - 1, errors));
    }
}
