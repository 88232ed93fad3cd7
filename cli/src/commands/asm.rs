//! `regatta asm`: text to binary.

use crate::args::With;
use crate::diagnostics::{Drawing, draw};
use crate::modules::Company;
use crate::origin;
use crate::output;
use crate::status::{Failure, Outcome, Status};
use clap::Args;
use regatta_vm::ir::binary;
use std::path::PathBuf;

/// Assemble a text module (.rga) to a binary one (.rgm), which is mapped and run where it lies
///
/// The module is verified first, against the modules that it imports from (--with), which do not become part of it. With
/// --no-verify it is written as it is; who loads it will verify it anyway.
#[derive(Args)]
#[command(after_help = "\
Examples:
  regatta asm fib.rga
  regatta asm circle.rga --with math.rga -o circle.rgm")]
pub(crate) struct Asm {
    /// The text
    #[arg(value_name = "IN")]
    input: PathBuf,

    /// The binary module, `-` for standard output; without it the name of IN with .rgm
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,

    #[command(flatten)]
    with: With,

    /// Do not verify
    #[arg(long, conflicts_with = "with")]
    no_verify: bool,
}

impl Asm {
    pub(crate) fn execute(self) -> Outcome {
        let (module, origin) = origin::load(&self.input)?;
        let module = if self.no_verify {
            let warning = format!("`{}` is not verified", origin.file());
            output::error_text(&draw(&[Drawing::warning(warning)]));
            module
        } else {
            Company::load(&self.with.files)?.verify(module, &origin)?.into_inner()
        };
        let bytes = binary::encode(&module).map_err(|error| origin.reject(error.to_string()))?;
        let default = self.input.with_extension("rgm");
        if self.output.is_none() && default == self.input {
            return Err(Failure::Usage(format!("`{}` would be written over itself; say -o", self.input.display())));
        }
        output::file(&self.output.unwrap_or(default), &bytes)?;
        Ok(Status::Done)
    }
}
