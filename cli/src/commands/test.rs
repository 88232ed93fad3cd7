//! `regatta test`: case files on engines.

use crate::diagnostics::{Drawing, draw};
use crate::output;
use crate::status::{Failure, Outcome, Status};
use clap::Args;
use regatta_conformance::case::{self, Case, CaseError};
use regatta_vm::{backend, backends};
use std::path::{Path, PathBuf};

/// Run case files: modules whose comments say what must come of them
///
/// A case is run on each engine, in a fresh process for each of its runs; a module that must be refused is refused once.
/// The last line says how many passed. Exit code 1 when one failed.
#[derive(Args)]
#[command(after_help = "\
Directives of case files:
  ; run: %f(1, 2) == 3                     also: fuel 7, with_fuel 10, out_of_fuel, traps divide_by_zero
  ; output: \"3\\n\"                          of the run above
  i32_add r0, r1, r9     ; error: [V-REG] on the line that is wrong

Examples:
  regatta test conformance/cases
  regatta test conformance/cases/int --engine match")]
pub(crate) struct Test {
    /// Case files, and folders of them
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// The only engine; without it all of them
    #[arg(long, value_name = "NAME")]
    engine: Option<String>,
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

impl Test {
    pub(crate) fn execute(self) -> Outcome {
        let engines = engines(self.engine.as_deref())?;
        let files = case::files(&self.paths).map_err(|error| Failure::Usage(error.to_string()))?;
        if files.is_empty() {
            return Err(Failure::Usage("there are no case files in these folders".to_string()));
        }
        let mut tally = Tally::default();
        for file in &files {
            tally.file(file, &engines);
        }
        output::line(format_args!("{} passed, {} failed", tally.passed, tally.failed))?;
        Ok(if tally.failed == 0 { Status::Done } else { Status::Failed })
    }
}

/// The engine asked for, or all.
fn engines(asked: Option<&str>) -> Result<Vec<&'static str>, Failure> {
    let known: Vec<&'static str> = backends().iter().map(|engine| engine.name()).collect();
    match asked {
        None => Ok(known),
        Some(name) => match known.iter().find(|known| **known == name) {
            Some(name) => Ok(vec![name]),
            None => Err(Failure::Usage(format!("there is no engine `{name}`; there are {}", known.join(", ")))),
        },
    }
}

impl Tally {
    fn file(&mut self, file: &Path, engines: &[&'static str]) {
        match Case::load(file) {
            Ok(case) if case.is_rejection() => {
                let rerun = format!("regatta test {}", file.display());
                self.count(case.check_rejection(), rerun);
            }
            Ok(case) => {
                for &engine in engines {
                    let rerun = format!("regatta test {} --engine {engine}", file.display());
                    self.count(case.run(&|| backend(engine).expect("the name was looked up before")), rerun);
                }
            }
            Err(error) => {
                self.failed += 1;
                output::error_text(&unusable(&error));
            }
        }
    }

    fn count(&mut self, outcome: Result<(), case::Failure>, rerun: String) {
        match outcome {
            Ok(()) => self.passed += 1,
            Err(failure) => {
                self.failed += 1;
                output::error_text(&format!("failed: {}\n\n", case::Failure { rerun, ..failure }));
            }
        }
    }
}

/// A case file that can't be used, drawn.
fn unusable(error: &CaseError) -> String {
    let file = match error.line {
        0 => error.path.display().to_string(),
        line => format!("{}:{line}", error.path.display()),
    };
    draw(&[Drawing { file: Some(&file), ..Drawing::error(&*error.message) }]) + "\n\n"
}
