//! Objects as what they are: a typed view for each kind.
//!
//! A view is an [`Object`](regatta_heap::Object) whose kind has been looked at once: `Array::of(value)` gives one or
//! nothing, and every method after that reads words whose meaning the kind settles `[R-HEAP]`. A view is as short-lived
//! as any raw reference `[R-VALUE]`: nobody holds one while the heap collects. What may allocate asks for all it needs
//! before it changes anything, so that a [`Stop::COLLECT`](crate::Stop::COLLECT) leaves no trace and the instruction
//! can be done again.
//!
//! Meanings work with views and contain no `unsafe`; here is all of it.

/// Defines views: what a kind is called here, and how to get from a value to the view and back.
macro_rules! views {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub struct $name(Object);

        impl $name {
            /// The one that a value is.
            #[inline(always)]
            pub fn of(value: Value) -> Option<$name> {
                value.as_kind(Kind::$name).map($name)
            }

            /// It as a value.
            #[inline(always)]
            pub fn value(self) -> Value {
                Value::object(self.0)
            }
        }
    )* };
}

pub mod array;
pub mod boxes;
pub mod buffer;
pub mod closure;
pub mod dictionary;
pub mod enumeration;
pub mod instance;
pub mod key;
pub mod map;
pub mod prototype;
pub mod storage;
pub mod string;
mod table;
pub mod tuple;
pub mod word;

pub use array::{Array, Elements, MAX_ARRAY_LENGTH, position};
pub use boxes::{Complex, I64, Proxy, Regex, Weak};
pub use buffer::{Buffer, MAX_BUFFER_BYTES};
pub use closure::{Bound, Cell, Closure};
pub use enumeration::Enum;
pub use instance::Instance;
pub use key::Key;
pub use map::{Map, Set};
pub use prototype::PrototypeObject;
pub use string::{Filling, MIN_ROPE_BYTES, Piece, Str};
pub use table::MAX_TABLE_ENTRIES;
pub use tuple::Tuple;
pub use word::Word;
