//! Objects as what they are: a typed view for each kind.
//!
//! A view is an [`Object`](regatta_heap::Object) whose kind has been looked at once: `Array::of(value)` gives one or
//! nothing, and every method after that reads words whose meaning the kind settles `[R-HEAP]`. A view is as short-lived as
//! any raw reference `[R-VALUE]`: nobody holds one while the heap collects. What may allocate asks for all it needs before it
//! changes anything, so that a [`Stop::Collect`](crate::Stop::Collect) leaves no trace and the instruction can be done again.
//!
//! Meanings work with views and contain no `unsafe`; here is all of it.

pub mod array;
pub mod closure;
pub mod dictionary;
pub mod instance;
pub mod prototype;
pub mod storage;
pub mod tuple;

pub use array::{Array, Elements, MAX_ARRAY_LENGTH, position};
pub use closure::{Bound, Cell, Closure};
pub use instance::Instance;
pub use prototype::PrototypeObject;
pub use tuple::Tuple;
