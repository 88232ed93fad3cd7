//! `regatta check`: is it a module, and does it keep the verifier's promises?

use crate::entry::plural;
use crate::origin;
use crate::output;
use crate::problem::{Problem, Rejection};
use crate::status::{Outcome, Status};
use clap::Args;
use regatta_vm::ir::{Function, Instr, Module};
use regatta_vm::verifier::{EmptyEnvironment, verify};
use std::path::{Path, PathBuf};

/// Verify modules without running them; exit code 3 when something is wrong with one of them
///
/// Errors are drawn into the text they are about; in binary modules they name the function and the word. Each file is
/// checked alone, so a function that it imports from another module is reported as missing.
#[derive(Args)]
pub(crate) struct Check {
    /// Modules, text (.rga) or binary (.rgm)
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Print an array of {file, line, column, tag, message, function, word}
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(crate) fn execute(self) -> Outcome {
        let mut problems: Vec<Problem> = Vec::new();
        let mut status = Status::Done;
        for file in &self.files {
            match check(file) {
                Ok(_) if self.json => {}
                Ok(size) => output::line(format_args!("{}: ok ({size})", file.display()))?,
                Err(rejection) => {
                    status = Status::Rejected;
                    if !self.json {
                        output::error_text(&format!("{}\n\n", rejection.draw()));
                    }
                    problems.extend(rejection.problems);
                }
            }
        }
        if self.json {
            output::json(&problems)?;
        }
        Ok(status)
    }
}

/// The size of a good module, for people.
fn check(path: &Path) -> Result<String, Rejection> {
    let (module, origin) = origin::load(path)?;
    match verify(module, &EmptyEnvironment) {
        Ok(module) => Ok(size(&module)),
        Err(errors) => Err(origin.rejected(&errors)),
    }
}

fn size(module: &Module) -> String {
    let instructions = module.functions.iter().map(instructions).sum();
    format!("{}, {}", plural(module.functions.len(), "function"), plural(instructions, "instruction"))
}

fn instructions(function: &Function) -> usize {
    let (mut pc, mut count) = (0, 0);
    while let Some(instr) = Instr::decode(&function.code[pc..]) {
        pc += instr.words();
        count += 1;
    }
    count
}
