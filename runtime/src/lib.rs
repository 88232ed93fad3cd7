//! What exists while a Regatta program runs.
//!
//! Reading order: [`stack`] (frames: the one picture to remember) → [`exec`] (what an engine is) → [`task`] → [`process`]
//! → [`program`] and [`link`] (how code gets in) → [`texts`] (what code names) → [`native`] (how programs call out) →
//! [`mod@callee`] (calls of values) → [`exception`] (how a task goes on after a stop).
//!
//! This crate runs nothing itself: it knows engines only as [`Executor`], and no instruction's meaning. Its `unsafe`
//! blocks cite the promises of `docs/invariants.md`.

pub mod callee;
pub mod class;
pub mod collect;
pub mod display;
pub mod dynamic;
pub mod entry;
pub mod exception;
pub mod exec;
pub mod form;
pub mod host;
mod index;
pub mod kind_method;
pub mod link;
pub mod liveness;
pub mod magic;
pub mod matching;
pub mod memory;
pub mod method;
mod names;
pub mod native;
pub mod object;
mod places;
pub mod process;
pub mod program;
pub mod property;
pub mod scalar;
pub mod shape;
pub mod site;
pub mod stack;
pub mod task;
pub mod texts;
pub mod trap;

pub use callee::Callee;
pub use display::text_of;
pub use dynamic::Dynamic;
pub use entry::Entry;
pub use exception::Onward;
pub use exec::{Context, Executor, Exit, Fuel, PrepareError, Stop, Why, drive, internal};
pub use link::{LinkError, Linked};
pub use memory::Memory;
pub use native::Natives;
pub use process::Process;
pub use program::Program;
pub use regatta_heap as heap;
pub use scalar::Scalar;
pub use task::Task;
pub use texts::{Text, atoms};
pub use trap::Trap;
