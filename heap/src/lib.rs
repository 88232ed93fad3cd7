//! Values, objects, and the heap of one process.
//!
//! Reading order: [`value`] (what a slot holds) → [`header`] (what every object begins with) → [`object`] (a pointer to
//! one) → [`string`] (how text lies in one) → [`heap`] (allocation and
//! collection).
//!
//! This crate knows no instructions, no classes and no frames: whoever collects hands in the roots, and whoever wants to
//! know what an object means has the layouts. Its `unsafe` blocks cite the promises of `docs/invariants.md`.

pub mod header;
pub mod heap;
pub mod object;
pub mod roots;
pub mod string;
pub mod value;

pub use header::{Header, Kind};
pub use heap::{Collect, Heap, OutOfMemory};
pub use object::Object;
pub use roots::Roots;
pub use value::{Tag, Value};
