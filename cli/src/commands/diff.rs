//! `regatta diff`: one call on every engine, and whether they agree.

use crate::args::{Call, With};
use crate::entry;
use crate::modules::{self, Modules};
use crate::output;
use crate::status::{Failure, Outcome, Status};
use clap::Args;
use regatta_conformance::host;
use regatta_conformance::observe::{Observation, first_difference, observe};
use regatta_vm::ir::FuncId;
use regatta_vm::{Program, Scalar, backends};
use std::path::PathBuf;

/// Call a function on every engine and compare what they do; exit code 1 when they differ
///
/// Compared are how the run ended and where, its results, the fuel it used, what it wrote, and the memory and globals it
/// left. Programs may call the natives of case files, too.
#[derive(Args)]
#[command(after_help = "\
Examples:
  regatta diff fib.rga 20
  regatta diff spin.rga --fuel 1000
  regatta diff circle.rga 2 --with math.rga")]
pub(crate) struct Diff {
    /// The program, text (.rga) or binary (.rgm)
    file: PathBuf,

    #[command(flatten)]
    with: With,

    #[command(flatten)]
    call: Call,
}

impl Diff {
    pub(crate) fn execute(self) -> Outcome {
        let loaded = modules::load(self.with.files.iter().chain([&self.file]))?;
        let program = Program::new(host::natives());
        let modules = Modules::link(loaded, |module| modules::add(&program, module))?;
        let asked = self.call.invoke.as_deref();
        let func = entry::choose(&program, modules.last(), asked).map_err(Failure::Usage)?;
        let args = entry::arguments(&program, func, &self.call.args).map_err(Failure::Usage)?;
        self.compare(&program, func, &args)
    }

    fn compare(&self, program: &Program, func: FuncId, args: &[Scalar]) -> Outcome {
        let limits = self.call.limits();
        let seen = backends().into_iter().map(|engine| {
            let observation = observe(program, func, args, &*engine, limits);
            (engine.name(), observation)
        });
        let seen: Vec<(&str, Observation)> = seen.collect();
        output::bytes(table(&seen).as_bytes())?;
        let Some(((first, expected), others)) = seen.split_first() else {
            return Ok(Status::Done);
        };
        let mut status = Status::Done;
        for (other, observation) in others {
            if let Some(difference) = first_difference(expected, observation) {
                output::error_text(&format!("error: {first} and {other} differ: {difference}"));
                status = Status::Failed;
            }
        }
        Ok(status)
    }
}

/// A line per engine, in columns as wide as they need to be.
fn table(seen: &[(&str, Observation)]) -> String {
    let head = ["engine", "fuel", "output", "state", "results", "exit"].map(String::from);
    let rows: Vec<[String; 6]> =
        std::iter::once(head).chain(seen.iter().map(|(engine, observation)| row(engine, observation))).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 6] = std::array::from_fn(width);
    let line = |row: &[String; 6]| {
        let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        cells.join("  ").trim_end().to_string() + "\n"
    };
    rows.iter().map(line).collect()
}

fn row(engine: &str, seen: &Observation) -> [String; 6] {
    let results = seen.results.iter().map(Scalar::to_string).collect::<Vec<_>>().join(", ");
    let output = match seen.output.len() {
        0 => "-".to_string(),
        len => format!("{} {:016x}", entry::plural(len, "byte"), digest(&seen.output)),
    };
    let results = if results.is_empty() { "-".to_string() } else { results };
    let state = format!("{:016x}", seen.state_digest);
    [engine.to_string(), seen.fuel.to_string(), output, state, results, seen.exit.to_string()]
}

/// FNV-1a: enough to see that two outputs differ.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
