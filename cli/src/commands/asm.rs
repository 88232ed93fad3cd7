//! `regatta asm`: text to binary.

use crate::diagnostics::{Drawing, draw};
use crate::origin;
use crate::output;
use crate::status::{Failure, Outcome, Status};
use clap::Args;
use regatta_vm::ir::binary;
use regatta_vm::verifier::{EmptyEnvironment, verify};
use std::path::PathBuf;

/// Assemble a text module (.rga) to a binary one (.rgm), which is mapped and run where it lies
///
/// The module is verified first. With --no-verify it is written as it is; who loads it will verify it anyway. That is
/// also the way for a module with imports, which can't be verified alone.
#[derive(Args)]
pub(crate) struct Asm {
    /// The text
    #[arg(value_name = "IN")]
    input: PathBuf,

    /// The binary module, `-` for standard output; without it the name of IN with .rgm
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,

    /// Do not verify
    #[arg(long)]
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
            let proved = verify(module, &EmptyEnvironment);
            match proved {
                Ok(module) => module.into_inner(),
                Err(errors) => return Err(origin.rejected(&errors).into()),
            }
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
