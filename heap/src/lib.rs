//! Values, objects, and the heap of one process.
//!
//! Reading order: [`value`] (what a slot holds) → [`header`] (what every object begins with) → [`object`] (a pointer to
//! one) → [`string`] (how text lies in one) → [`heap`] (allocation) → `barrier` (stores) → `collect` (what happens when there is no room), from where `trace`,
//! `copy`, `promote` and `weak` say how, and `young`, `old`, `classes`, `chunks` and `large` where objects lie.
//! Beside that: [`handle`] (native code holding on to objects), [`verify`] and [`walk`] (looking at a heap), `digest`
//! (comparing heaps).
//!
//! This crate knows no instructions, no classes and no frames: whoever collects hands in the roots, and whoever wants to
//! know what an object means has the layouts. Its `unsafe` blocks cite the promises of `docs/invariants.md`.

mod barrier;
mod chunks;
mod classes;
mod collect;
pub mod config;
mod copy;
mod digest;
mod dominators;
pub mod handle;
pub mod header;
pub mod heap;
mod identity;
mod large;
pub mod object;
mod old;
mod promote;
pub mod roots;
pub mod stats;
pub mod string;
mod trace;
pub mod value;
pub mod verify;
pub mod walk;
mod weak;
mod young;

pub use config::{HeapConfig, Zeal};
pub use header::{Header, Kind};
pub use heap::{Collect, Heap, OutOfMemory};
pub use object::Object;
pub use roots::{Roots, Which};
pub use stats::HeapStats;
pub use value::{Tag, Value};
pub use verify::Corruption;
pub use walk::{Group, Retained};
