//! `regatta dis`: binary to text.

use crate::origin;
use crate::output;
use crate::status::{Outcome, Status};
use clap::Args;
use std::path::{Path, PathBuf};

/// Print a module as text that can be assembled again
///
/// Also modules that do not verify are printed, to the last bit: what is no instruction becomes a `.word` line.
#[derive(Args)]
pub(crate) struct Dis {
    /// The module, binary (.rgm) or text (.rga)
    #[arg(value_name = "IN")]
    input: PathBuf,

    /// The text; without it standard output
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

impl Dis {
    pub(crate) fn execute(self) -> Outcome {
        let (module, _) = origin::load(&self.input)?;
        let text = module.to_string();
        output::file(self.output.as_deref().unwrap_or(Path::new("-")), text.as_bytes())?;
        Ok(Status::Done)
    }
}
