//! The test suite of Regatta as a library: case files, observations, oracles.
//!
//! An engine is right when it does what the case files say and what every other engine does. Reading order: [`case`]
//! (the files, their directives) → [`mod@observe`] (what a run shows, and how two runs differ) → [`host`] (the natives cases
//! may call) → [`harness`] (a test binary for any engine) → [`generate`] (programs nobody wrote) → [`oracle`] (what must
//! hold for them).
//!
//! An engine of another crate gets all of it with one line in a test with `harness = false`:
//!
//! ```text
//! regatta_conformance::main!(MyEngine::default);
//! ```
//!
//! This crate does not know which engines exist; it is told.

#![forbid(unsafe_code)]

pub mod case;
pub mod generate;
pub mod harness;
pub mod host;
pub mod observe;
pub mod oracle;

pub use case::Case;
pub use observe::{Observation, observe};
