//! Patterns that values are matched against, and tables of keys.

use crate::index::TextId;

/// The shape of a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Pattern {
    /// Anything.
    Any,
    /// Anything; it is put in the next register.
    Bind,
    /// Exactly this.
    Is(Key),
    /// A tuple of exactly these.
    Tuple(Vec<Pattern>),
    /// An array of exactly these; with `rest`, of at least these.
    Array {
        /// The first elements.
        items: Vec<Pattern>,
        /// May more follow?
        rest: bool,
    },
    /// A tagged value.
    Enum {
        /// Its tag.
        tag: TextId,
        /// Its contents.
        items: Vec<Pattern>,
    },
}

impl Pattern {
    /// How many registers it binds.
    pub fn bindings(&self) -> usize {
        match self {
            Pattern::Any | Pattern::Is(_) => 0,
            Pattern::Bind => 1,
            Pattern::Tuple(items) | Pattern::Array { items, .. } | Pattern::Enum { items, .. } => {
                items.iter().map(Pattern::bindings).sum()
            }
        }
    }
}

/// A value that stands in a pattern or a table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Key {
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// `unit`.
    Unit,
    /// `true` or `false`.
    Bool(bool),
    /// An integer; equal to a float of the same value.
    I32(i32),
    /// A float, by its bits.
    F64(u64),
    /// An atom.
    Atom(TextId),
    /// A string of these characters.
    Text(TextId),
}

/// Keys that lead to their position.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// The keys, each once.
    pub keys: Vec<Key>,
}
