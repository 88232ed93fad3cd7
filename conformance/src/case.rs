//! Case files: a module in text form whose comments say what must come of it.
//!
//! ```text
//! func %half(n: i32) -> i32 {
//!   i32_div_s_imm n, n, 2
//!   ret_value n
//! }
//! ; run: %half(-7) == -3
//! ; run: %half(6) == 3 fuel 0
//!
//! func %bad(n: i32) -> i32 {
//!   ret_value r9        ; error: [V-REG] register r9
//! }
//! ```
//!
//! A file with `error:` directives is a module that must be refused, for exactly these reasons; any other must load, and
//! each of its runs must end as it says. Every run starts with a fresh process and with [`LIMITS`]. A directive that can't
//! be read is an error with file and line, never ignored, and so is a file without any directive.
//!
//! One idea per file, the smallest program that shows it, and expected values worked out by hand. One module per file:
//! what several modules do together is tested where linking is. Only the prelude comes by itself, for modules that import
//! from `std`.

mod directive;
mod mistake;
mod run;

pub use mistake::{Mistake, mistakes};
pub use run::{Expected, Run};

use crate::host;
use crate::observe::{Observation, observe};
use directive::Directive;
use regatta_ir::Module;
use regatta_ir::text::parse;
use regatta_verifier::verify;
use regatta_vm::prelude;
use regatta_vm::process::GcOptions;
use regatta_vm::{Executor, Limits, Program};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// What a run may use, unless it says `with_fuel`. Fuel has a limit so that an engine that loops for ever fails.
pub const LIMITS: Limits = Limits {
    stack_slots: 1 << 16,
    heap_bytes: 1 << 26,
    memory_bytes: 1 << 26,
    fuel: Some(50_000_000),
    gc: GcOptions::USUAL,
};

/// A case file.
#[derive(Clone, Debug)]
pub struct Case {
    /// Where it lies.
    pub path: PathBuf,
    /// The folder it lies in.
    pub family: String,
    /// Its own name.
    pub name: String,
    /// The text.
    pub source: String,
    /// The module; `None` when the text is meant not to parse.
    pub module: Option<Module>,
    /// What to run.
    pub runs: Vec<Run>,
    /// What must be wrong with it.
    pub errors: Vec<Mistake>,
}

/// A case file that can't be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}:{line}: {message}", .path.display())]
pub struct CaseError {
    /// The file.
    pub path: PathBuf,
    /// The line; 0 for the file as a whole.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

/// A case that did not come out as it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The file.
    pub path: PathBuf,
    /// The line of the directive; 0 when it is about the module as a whole.
    pub line: u32,
    /// The function's source, where there is one.
    pub function: Option<String>,
    /// Expected and got.
    pub difference: String,
    /// The command that runs this case alone.
    pub rerun: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}:\n{}", self.path.display(), self.line, self.difference)?;
        if let Some(function) = &self.function {
            write!(f, "\n{function}")?;
        }
        write!(f, "\nrun only this: {}", self.rerun)
    }
}

impl std::error::Error for Failure {}

/// All cases in these files and folders, in order of their paths.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Case>, CaseError> {
    files(paths)?.iter().map(|path| Case::load(path)).collect()
}

/// All case files in these files and folders, in order of their paths.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CaseError> {
    let mut found = Vec::new();
    for path in paths {
        collect(path, &mut found)?;
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), CaseError> {
    if !path.is_dir() {
        found.push(path.to_path_buf());
        return Ok(());
    }
    let unreadable = |error| CaseError { path: path.to_path_buf(), line: 0, message: format!("{error}") };
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?.path();
        if entry.is_dir() || entry.extension().is_some_and(|extension| extension == "rga") {
            collect(&entry, found)?;
        }
    }
    Ok(())
}

impl Case {
    /// Reads a case file.
    pub fn load(path: &Path) -> Result<Case, CaseError> {
        let error = |(line, message)| CaseError { path: path.to_path_buf(), line, message };
        let source = std::fs::read_to_string(path).map_err(|io| error((0, io.to_string())))?;
        Case::parse(path, source).map_err(error)
    }

    /// Reads a case.
    fn parse(path: &Path, source: String) -> Result<Case, directive::Mistake> {
        let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let family = part(path.parent().and_then(Path::file_name));
        let name = part(path.file_stem());
        let found = directive::scan(&source)?;
        let module = parse(&source);
        let (mut runs, mut errors): (Vec<Run>, Vec<Mistake>) = (vec![], vec![]);
        for found in &found {
            let at = |message| (found.line, message);
            match (found.directive, &module) {
                (Directive::Error(text), _) => errors.push(Mistake::parse(found.about, text).map_err(at)?),
                (Directive::Run(text), Ok(module)) => runs.push(Run::parse(found.line, text, module).map_err(at)?),
                (Directive::Run(_), Err(errors)) => return Err((errors.0[0].line, errors.0[0].message.clone())),
                (Directive::Output(text), _) => {
                    let run = runs.last_mut().ok_or_else(|| at("there is no run before this output".to_string()))?;
                    if run.output.replace(run::output(text).map_err(at)?).is_some() {
                        return Err(at("the run before has an output already".to_string()));
                    }
                }
            }
        }
        match (runs.is_empty(), errors.is_empty()) {
            (true, true) => Err((0, "the case has no directive, so it checks nothing".to_string())),
            (false, false) => Err((runs[0].line, "a module that must be refused can't run".to_string())),
            _ => Ok(Case { path: path.to_path_buf(), family, name, source, module: module.ok(), runs, errors }),
        }
    }

    /// Must the module be refused?
    pub fn is_rejection(&self) -> bool {
        !self.errors.is_empty()
    }

    /// `family::name`.
    pub fn id(&self) -> String {
        format!("{}::{}", self.family, self.name)
    }

    /// Verifies and links the module.
    pub fn program(&self) -> Result<Program, String> {
        let module = self.module.clone().ok_or("the module does not parse")?;
        let program = Program::new(host::natives());
        prelude::provide(&program, &module).map_err(|error| error.to_string())?;
        let proof = verify(module, &program).map_err(|errors| errors.to_string())?;
        program.link(proof).map_err(|error| error.to_string())?;
        Ok(program)
    }

    /// Checks that the module is refused for the reasons it says.
    pub fn check_rejection(&self) -> Result<(), Failure> {
        match mistake::difference(&self.errors, mistakes(&self.source)) {
            None => Ok(()),
            Some(difference) => Err(self.failure("verify", 0, None, difference)),
        }
    }

    /// Runs the case on an engine; a rejection needs none.
    pub fn run(&self, engine: &dyn Fn() -> Box<dyn Executor>) -> Result<(), Failure> {
        if self.is_rejection() {
            return self.check_rejection();
        }
        let executor = engine();
        self.check_runs(executor.name(), |program, run| {
            let seen = self.observe(program, run, &*executor);
            run.difference(&seen)
        })
    }

    /// Hands each run to `check`, which says what is wrong with it. A panic is wrong, too.
    pub fn check_runs(
        &self,
        label: &str,
        mut check: impl FnMut(&Program, &Run) -> Option<String>,
    ) -> Result<(), Failure> {
        let program = self.program().map_err(|error| self.failure(label, 0, None, error))?;
        for run in &self.runs {
            let checked = catch_unwind(AssertUnwindSafe(|| check(&program, run)));
            let difference = checked.unwrap_or_else(|panic| Some(format!("it panicked: {}", panic_text(&*panic))));
            if let Some(difference) = difference {
                return Err(self.failure(label, run.line, Some(run), difference));
            }
        }
        Ok(())
    }

    /// Runs one of its runs.
    pub fn observe(&self, program: &Program, run: &Run, executor: &dyn Executor) -> Observation {
        let func = run.func(program, self.module.as_ref().expect("a case with runs has a module"));
        observe(program, func, &run.args, executor, Case::limits(run))
    }

    /// What a run may use.
    pub fn limits(run: &Run) -> Limits {
        Limits { fuel: run.with_fuel.or(LIMITS.fuel), ..LIMITS }
    }

    fn failure(&self, label: &str, line: u32, run: Option<&Run>, difference: String) -> Failure {
        let function = run.and_then(|run| self.module.as_ref()?.functions.get(run.function)).map(|function| {
            let name = format!("func %{}", function.name);
            let lines = self.source.lines().skip_while(|line| !line.starts_with(&name));
            let mut end = false;
            lines
                .take_while(|line| !std::mem::replace(&mut end, line.starts_with('}')))
                .map(|l| format!("  {l}\n"))
                .collect()
        });
        let line_of_run = self.source.lines().nth((line as usize).wrapping_sub(1)).unwrap_or_default().trim();
        let difference = if run.is_some() { format!("{line_of_run}\n{difference}") } else { difference };
        let id = if self.is_rejection() {
            format!("verify::{}", self.verify_name())
        } else {
            format!("{label}::{}", self.id())
        };
        let rerun = format!("cargo test -p regatta-conformance --test conformance -- --exact '{id}'");
        Failure { path: self.path.clone(), line, function, difference, rerun }
    }

    /// The name of a rejection under `verify::`.
    pub(crate) fn verify_name(&self) -> String {
        if self.family == "verify" { self.name.clone() } else { self.id() }
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("no text")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(source: &str) -> Result<Case, directive::Mistake> {
        Case::parse(Path::new("cases/family/name.rga"), source.to_string())
    }

    #[test]
    fn a_case_is_named_by_its_place() {
        let case = case("func %f() {\n ret\n}\n; run: %f() returns\n; output: \"\"\n").unwrap();
        assert_eq!((case.id().as_str(), case.runs.len()), ("family::name", 1));
        assert_eq!(case.runs[0].output, Some(vec![]));
    }

    #[test]
    fn a_case_without_directives_is_none() {
        assert_eq!(case("func %f() {\n ret\n}\n").unwrap_err().0, 0);
        assert_eq!(case("func %f() {\n ret ; error: [V-END]\n}\n; run: %f() returns\n").unwrap_err().0, 4);
        assert_eq!(case("func %f() {\n rat\n}\n; run: %f() returns\n").unwrap_err().0, 2);
        assert_eq!(case("; output: \"\"\n").unwrap_err().0, 1);
        assert_eq!(case("ret ; error: [V-NONE]\n").unwrap_err().0, 1);
    }

    #[test]
    fn every_mistake_must_be_expected() {
        let source = "func %f() -> i32 {\n ret_value r0 ; error: [V-REG] r0 is not below\n}\n";
        assert_eq!(case(source).unwrap().check_rejection(), Ok(()));
        let failure = case(&source.replace("V-REG", "V-DEF")).unwrap().check_rejection().unwrap_err();
        assert_eq!(failure.difference.lines().count(), 2, "{failure}");
        let parsing = "func %f() {\n rat ; error: rat\n}\n";
        assert_eq!(case(parsing).unwrap().check_rejection(), Ok(()));
    }
}
