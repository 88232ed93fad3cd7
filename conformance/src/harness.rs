//! A test binary for any engine: every case on every engine given, in libtest's manner.
//!
//! Tests are named `<engine>::<family>::<case>`; rejections concern no engine and run once, as `verify::<case>`; every
//! run is also cut into slices that the engines take in turns, as `slices::<family>::<case>`, and done with collections all
//! the time, as `torment::<family>::<case>`.
//!
//! An engine that is still growing lists the cases it fails in `known-failures/<engine>.txt`, one `family::case` a line,
//! with a reason after `#`. A listed case that passes fails the run, so lists stay honest.

use crate::case::{self, Case};
use crate::oracle;
use libtest_mimic::{Arguments, Failed, Trial};
use regatta_vm::Executor;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// What must hold of a case and all engines together.
type CaseOracle = fn(&Case, &[Constructor]) -> Result<(), case::Failure>;

/// Makes an engine; each test has its own.
pub type Constructor = Arc<dyn Fn() -> Box<dyn Executor> + Send + Sync>;

/// Where a test binary comes from.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// The package.
    pub package: &'static str,
    /// The test target.
    pub test: &'static str,
    /// The package's folder, where `known-failures` lies.
    pub folder: &'static str,
}

/// The `main` of a test binary for these constructors of executors: `main!(MyEngine::default, || Other::new(3));`. Every
/// engine of a list comes with `main!(all: list)`, where `list` is a function that gives new boxed executors.
#[macro_export]
macro_rules! main {
    (all: $list:expr) => {
        fn main() -> std::process::ExitCode {
            $crate::harness::run($crate::origin!(), $crate::harness::all($list))
        }
    };
    ($($constructor:expr),+ $(,)?) => {
        fn main() -> std::process::ExitCode {
            $crate::harness::run($crate::origin!(), vec![$($crate::harness::constructor($constructor)),+])
        }
    };
}

/// The [`harness::Origin`](crate::harness::Origin) of the place where it is written.
#[doc(hidden)]
#[macro_export]
macro_rules! origin {
    () => {
        $crate::harness::Origin {
            package: env!("CARGO_PKG_NAME"),
            test: env!("CARGO_CRATE_NAME"),
            folder: env!("CARGO_MANIFEST_DIR"),
        }
    };
}

/// A constructor of one engine.
pub fn constructor<E: Executor + 'static>(make: impl Fn() -> E + Send + Sync + 'static) -> Constructor {
    Arc::new(move || Box::new(make()))
}

/// A constructor of each engine in a list.
pub fn all(list: fn() -> Vec<Box<dyn Executor>>) -> Vec<Constructor> {
    let one = move |n| -> Constructor { Arc::new(move || list().swap_remove(n)) };
    (0..list().len()).map(one).collect()
}

/// The folder of this crate's case files.
pub fn case_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

/// Runs every case on every engine, as the arguments of the process ask.
pub fn run(origin: Origin, engines: Vec<Constructor>) -> ExitCode {
    let arguments = Arguments::from_args();
    match trials(origin, &engines) {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn trials(origin: Origin, engines: &[Constructor]) -> Result<Vec<Trial>, String> {
    let mut trials = Vec::new();
    let mut cases = Vec::new();
    for path in case::files(&[case_folder()]).map_err(|error| error.to_string())? {
        match Case::load(&path) {
            Ok(case) => cases.push(Arc::new(case)),
            Err(error) => trials.push(Trial::test(format!("cases::{}", path.display()), move || Err(error.into()))),
        }
    }
    let in_all_engines = |label, case: &Arc<Case>, oracle: CaseOracle| {
        let (case, engines) = (case.clone(), engines.to_vec());
        trial(origin, format!("{label}::{}", case.id()), move || oracle(&case, &engines))
    };
    for case in &cases {
        if case.is_rejection() {
            let name = format!("verify::{}", case.verify_name());
            trials.push(trial(origin, name, {
                let case = case.clone();
                move || case.check_rejection()
            }));
        } else {
            trials.push(in_all_engines("slices", case, oracle::case_in_slices));
            trials.push(in_all_engines("torment", case, oracle::case_in_torment));
        }
    }
    for make in engines {
        trials.extend(engine_trials(origin, make, &cases)?);
    }
    Ok(trials)
}

fn engine_trials(origin: Origin, make: &Constructor, cases: &[Arc<Case>]) -> Result<Vec<Trial>, String> {
    let engine = make().name();
    let mut known = known_failures(origin, engine)?;
    let mut trials = Vec::new();
    for case in cases.iter().filter(|case| !case.is_rejection()) {
        let (case, make) = (case.clone(), make.clone());
        let name = format!("{engine}::{}", case.id());
        trials.push(match known.remove(&case.id()) {
            None => trial(origin, name, move || case.run(&*make)),
            Some(file) => Trial::test(name, move || match case.run(&*make) {
                Ok(()) => Err(format!("the case passes, but {file} lists it").into()),
                Err(_) => Ok(()),
            }),
        });
    }
    if let Some((id, file)) = known.into_iter().next() {
        return Err(format!("{file} lists {id}, and there is no such case"));
    }
    Ok(trials)
}

fn trial(origin: Origin, name: String, test: impl FnOnce() -> Result<(), case::Failure> + Send + 'static) -> Trial {
    let Origin { package, test: target, .. } = origin;
    let rerun = format!("cargo test -p {package} --test {target} -- --exact '{name}'");
    Trial::test(name, move || test().map_err(|failure| Failed::from(case::Failure { rerun, ..failure }.to_string())))
}

/// The cases an engine is known to fail, each with where that is said.
fn known_failures(origin: Origin, engine: &str) -> Result<HashMap<String, String>, String> {
    let path = Path::new(origin.folder).join("known-failures").join(format!("{engine}.txt"));
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(HashMap::new()),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    let entries = (1..).zip(text.lines()).filter_map(|(number, line)| {
        let id = line.split('#').next().unwrap_or_default().trim();
        (!id.is_empty()).then(|| (id.to_string(), format!("known-failures/{engine}.txt:{number}")))
    });
    Ok(entries.collect())
}
