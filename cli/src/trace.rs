//! `--trace`: what a program does, instruction by instruction.

use crate::status::Failure;
use clap::Args;
use regatta_vm::Vm;
use regatta_vm::tracer::{Filter, Tracer};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Lines of a trace, unless somebody wants more.
const LINES: u64 = 100_000;

/// Whether to trace, and how.
#[derive(Args, Debug)]
pub(crate) struct Trace {
    /// Print each instruction with what it reads and writes; with FILTER only in these functions (`fib`, `list.*,main`)
    #[arg(long, value_name = "FILTER", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    trace: Option<String>,

    /// Where to: a file in place of standard error
    #[arg(long, value_name = "FILE", requires = "trace")]
    trace_to: Option<PathBuf>,

    /// Stop tracing after so many instructions; the program goes on at full speed
    #[arg(long, value_name = "N", default_value_t = LINES, requires = "trace")]
    trace_limit: u64,
}

/// A trace that is being written.
pub(crate) struct Writing {
    tracer: Arc<Mutex<Tracer<Box<dyn Write + Send>>>>,
    path: Option<PathBuf>,
}

impl Trace {
    /// The machine, traced if that is wanted.
    pub(crate) fn begin(&self, vm: Vm) -> Result<(Vm, Option<Writing>), Failure> {
        let Some(filter) = &self.trace else { return Ok((vm, None)) };
        let path = self.trace_to.clone();
        let out: Box<dyn Write + Send> = match &path {
            Some(path) => {
                let file =
                    File::create(path).map_err(|error| Failure::Unwritable(path.display().to_string(), error))?;
                Box::new(BufWriter::new(file))
            }
            None => Box::new(io::stderr()),
        };
        let tracer = Arc::new(Mutex::new(Tracer::new(out, Filter::parse(filter), self.trace_limit)));
        Ok((vm.watched(tracer.clone()), Some(Writing { tracer, path })))
    }
}

impl Writing {
    /// Says whether all of it could be written. When nobody listens to standard error, nobody is told.
    pub(crate) fn end(self) -> Result<(), Failure> {
        let mut tracer = self.tracer.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        match (tracer.failure(), self.path) {
            (Some(error), Some(path)) => Err(Failure::Unwritable(path.display().to_string(), error)),
            _ => Ok(()),
        }
    }
}
