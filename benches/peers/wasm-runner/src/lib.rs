//! What the runners share: their command line, their clock, and the line they print.
//!
//! `RUNNER version` prints who runs and in which version. `RUNNER [OPTIONS] MODULE.wasm SIZE` compiles the module, calls its
//! export `run` with the size, and prints the result and the seconds of CPU time that the call alone took.

#![forbid(unsafe_code)]

use rustix::time::{ClockId, clock_gettime};
use std::fmt::Display;
use std::fs;

/// The function of a module that is run.
pub const EXPORT: &str = "run";

/// What can go wrong: said once, on standard error.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What the command line asks for.
pub enum Task {
    /// The version, please.
    Version,
    /// Run a module.
    Run {
        /// The words before the module.
        options: Vec<String>,
        /// The module's bytes.
        wasm: Vec<u8>,
        /// What `run` is given.
        size: i32,
    },
}

impl Task {
    /// Reads the command line.
    pub fn read() -> Result<Task, Failure> {
        let mut words: Vec<String> = std::env::args().skip(1).collect();
        if words == ["version"] {
            return Ok(Task::Version);
        }
        let (Some(size), Some(file)) = (words.pop(), words.pop()) else {
            return Err("wanted are a module and a size, or `version`".into());
        };
        let size = size.parse().map_err(|error| format!("the size `{size}`: {error}"))?;
        let wasm = fs::read(&file).map_err(|error| format!("{file}: {error}"))?;
        Ok(Task::Run { options: words, wasm, size })
    }
}

/// Makes the call, and prints its result and the seconds of CPU time that it took.
pub fn time<R: Display>(call: impl FnOnce() -> Result<R, Failure>) -> Result<(), Failure> {
    let start = seconds();
    let result = call()?;
    let taken = seconds() - start;
    println!("{result:.9} {taken:.6}");
    Ok(())
}

/// CPU time of this thread.
fn seconds() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 * 1e-9
}
