//! Workloads of Regatta with their right answers, and the benchmarks over them.
//!
//! A [`Workload`] is a program of `programs/` with a full and a quick call, whose results are written in the program as
//! `; race:` directives. A [`Track`] is a workload made ready on one engine: verified, linked, every function prepared, so
//! that what is timed on it is running and nothing else. A benchmark that does not look at its result measures
//! nothing, therefore a [`Lap`] can only be finished by checking it.
//!
//! Who measures, and with which clock, is not decided here: `regatta race` and the benches do. For the benches there are
//! [`measure`] (turns and memory) and code that is only large, [`synthetic`] and [`wasm`].

#![forbid(unsafe_code)]

pub mod measure;
pub mod synthetic;
pub mod track;
pub mod wasm;
pub mod workload;

pub use track::{Finish, Lap, Track};
pub use workload::{DirectiveError, RunLine, Size, Workload, list, workloads};
