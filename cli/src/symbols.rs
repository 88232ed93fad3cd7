//! `--perf-map` and `--gdb`: what the machine's own tools are told of machine code.

use crate::output;
use crate::status::Failure;
use clap::Args;
use regatta_vm::symbols;

/// Who is told what machine code belongs to.
#[derive(Args, Debug)]
pub(crate) struct Symbols {
    /// Name machine code for `perf report`, in `perf-PID.map` in the temporary directory
    #[arg(long)]
    perf_map: bool,
}

/// The same, and a debugger.
#[derive(Args, Debug)]
pub(crate) struct WithGdb {
    #[command(flatten)]
    symbols: Symbols,

    /// Name machine code for gdb, which stops the program for each function that is compiled
    #[arg(long)]
    gdb: bool,
}

impl Symbols {
    /// Begins to tell; before any engine makes code.
    pub(crate) fn begin(&self) -> Result<(), Failure> {
        if self.perf_map {
            let path = symbols::write_perf_map();
            let path = path.map_err(|error| Failure::Unwritable("perf-PID.map".to_string(), error))?;
            output::error_text(&format!("machine code is named in {}", path.display()));
        }
        Ok(())
    }
}

impl WithGdb {
    /// Begins to tell; before any engine makes code.
    pub(crate) fn begin(&self) -> Result<(), Failure> {
        if self.gdb {
            symbols::register_with_gdb();
        }
        self.symbols.begin()
    }
}
