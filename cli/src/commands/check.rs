//! `regatta check`: is it a module, and does it keep the verifier's promises?

use crate::args::With;
use crate::entry::plural;
use crate::modules::Company;
use crate::origin;
use crate::output;
use crate::problem::{Problem, Rejection};
use crate::status::{Outcome, Status};
use clap::Args;
use regatta_vm::ir::{Function, Instr, Module};
use std::io;
use std::path::{Path, PathBuf};

/// Verify modules without running them; exit code 3 when something is wrong with one of them
///
/// Errors are drawn into the text they are about; in binary modules they name the function and the word. Each file is
/// checked on its own: what it imports must be in the modules given by --with, whatever other FILEs there are.
#[derive(Args)]
#[command(after_help = "\
Examples:
  regatta check *.rga
  regatta check circle.rga --with math.rga")]
pub(crate) struct Check {
    /// Modules, text (.rga) or binary (.rgm)
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    with: With,

    /// Print an array of {file, line, column, tag, message, function, word}
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(crate) fn execute(self) -> Outcome {
        let mut problems: Vec<Problem> = Vec::new();
        match Company::load(&self.with.files) {
            Ok(company) => self.check_all(&company, &mut problems)?,
            Err(rejection) => self.refuse(rejection, &mut problems),
        }
        if self.json {
            output::json(&problems)?;
        }
        Ok(if problems.is_empty() { Status::Done } else { Status::Rejected })
    }

    fn check_all(&self, company: &Company, problems: &mut Vec<Problem>) -> io::Result<()> {
        for file in &self.files {
            match check(file, company) {
                Ok(_) if self.json => {}
                Ok(size) => output::line(format_args!("{}: ok ({size})", file.display()))?,
                Err(rejection) => self.refuse(rejection, problems),
            }
        }
        Ok(())
    }

    fn refuse(&self, rejection: Rejection, problems: &mut Vec<Problem>) {
        if !self.json {
            output::error_text(&format!("{}\n\n", rejection.draw()));
        }
        problems.extend(rejection.problems);
    }
}

/// The size of a good module, for people.
fn check(path: &Path, company: &Company) -> Result<String, Rejection> {
    let (module, origin) = origin::load(path)?;
    Ok(size(&*company.verify(module, &origin)?))
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
