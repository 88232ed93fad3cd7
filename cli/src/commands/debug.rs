//! `regatta debug`: a debugger on lines, for terminals and for scripts.
//!
//! All it knows how to do is in `regatta_vm::debug`; here lines are read (`line.rs`), carried out (`session.rs`) and answered
//! (`words.rs`). Where input is no terminal, each command is written before its answer, so that what comes out reads
//! like what one would have seen.

mod line;
mod session;
mod words;

use crate::args::{Call, With};
use crate::entry;
use crate::modules::{self, Modules};
use crate::output;
use crate::status::{Failure, Outcome, Status};
use clap::Args;
use regatta_vm::{Config, Vm, VmError, default_backend};
use session::Session;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

/// Stop a program where you like, and look: breakpoints, steps, watches, registers, frames
///
/// The program stands before its first instruction; `help` lists the commands. Commands come from standard input, a line
/// each, so a script can debug: `regatta debug fib.rga 5 < script`. While there are breakpoints, the program runs some ten
/// times slower, with watches forty times; otherwise at the speed of its engine. The exit code is that of `run` if the
/// program has come to its end, and 0 otherwise.
#[derive(Args)]
#[command(after_help = "\
Examples:
  regatta debug fib.rga 5
  regatta debug shapes.rga --invoke area --engine match -- 1.5 -2.5
  printf 'break divide\\nrun\\nbt\\n' | regatta debug calc.rga 7 2")]
pub(crate) struct Debug {
    /// The program, text (.rga) or binary (.rgm)
    file: PathBuf,

    #[command(flatten)]
    with: With,

    /// The engine, where nothing has to be watched; `regatta engines` lists them
    #[arg(long, value_name = "NAME", default_value = default_backend())]
    engine: String,

    /// Verify each function at its first call instead of all of them before
    #[arg(long)]
    lazy: bool,

    #[command(flatten)]
    call: Call,
}

impl Debug {
    pub(crate) fn execute(self) -> Outcome {
        let config = Config { engine: self.engine.clone(), limits: self.call.limits(), ..Config::default() };
        let mut vm = Vm::new(config).map_err(|error| Failure::Usage(error.to_string()))?;
        let loaded = modules::load(self.with.files.iter().chain([&self.file]))?;
        let add = if self.lazy { Vm::add_lazily } else { Vm::add };
        let modules = Modules::link(loaded, |module| add(&mut vm, module))?;
        let asked = self.call.invoke.as_deref();
        let func = entry::choose(vm.program(), modules.last(), asked).map_err(Failure::Usage)?;
        let args = entry::arguments(vm.program(), func, &self.call.args).map_err(Failure::Usage)?;
        let debugger = match vm.debug(func, &args) {
            Ok(debugger) => debugger,
            Err(error) => return super::run::conclude(Err(error), &modules, vm.program()),
        };
        let mut session = Session::new(debugger);
        converse(&mut session)?;
        let end = session.debugger().outcome();
        match end {
            // The session has told it; but what is wrong with code, people see best in its source.
            Some(Err(error @ (VmError::Rejected(_) | VmError::Refused(_)))) => {
                super::run::conclude(Err(error), &modules, vm.program())
            }
            Some(Err(VmError::OutOfFuel(_))) => Ok(Status::OutOfFuel),
            Some(Err(_)) => Ok(Status::Trapped),
            Some(Ok(_)) | None => Ok(Status::Done),
        }
    }
}

/// Reads commands until there are no more, and answers them.
fn converse(session: &mut Session<'_>) -> Result<(), Failure> {
    let is_typed = io::stdin().is_terminal();
    output::line(session.greeting())?;
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    loop {
        output::bytes(b"(regatta) ")?;
        line.clear();
        // Input that can't be read has come to its end.
        if input.read_until(b'\n', &mut line).unwrap_or(0) == 0 {
            output::line("")?;
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line);
        if !is_typed {
            output::line(text.trim_end())?;
        }
        let Some(answer) = session.answer(text.trim()) else { return Ok(()) };
        output::bytes(answer.as_bytes())?;
        io::stdout().flush()?;
    }
}
