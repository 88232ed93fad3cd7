//! Machine code of our own, for x86-64 under Linux: one emitter, two engines.
//!
//! [`threaded`] makes a handler for each op, once; [`template`] lays the bodies of a function's instructions end to end. A
//! body is written once for both, in terms of operands (`emitter`). What a body does not do, and every op that has none,
//! is done by calling the meaning, as every other engine does (`slow`); so machine code holds only what is frequent, and
//! is right about the rest by construction.

#![allow(clippy::useless_conversion, reason = "dynasm writes one around each register that has a number")]

mod bodies;
mod code;
mod compile;
mod emitter;
mod slow;
mod state;
mod targets;
pub mod template;
pub mod threaded;
