//! Workloads: programs with calls whose results are known.
//!
//! The first comment line of a program says what it is. Two directives say how to race it:
//!
//! ```text
//! ; race: full %run(35) == 9227465
//! ; race: quick %run(24) == 46368
//! ```
//!
//! A full call takes a good interpreter a tenth of a second or more; a quick one is for tests and for slow engines. One that
//! needs a deep stack says `; stack: 16000000`, in slots.
//!
//! Names that begin with `dyn-` belong to programs on dynamic values. Twins in other languages are in `peers/`, to race
//! against.

use regatta_vm::ir::text::parse;
use regatta_vm::ir::{Module, Signature};
use regatta_vm::{DEFAULT_STACK_SLOTS, Scalar, ir};
use std::fmt;

/// A program to race on.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Its name: that of its file.
    pub name: &'static str,
    /// What it does, in one line.
    pub title: String,
    /// Its text.
    pub source: String,
    /// The call that is measured.
    pub full: RunLine,
    /// The same in small.
    pub quick: RunLine,
    /// Slots of the stack it runs on.
    pub stack_slots: usize,
}

/// Which of a workload's calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Size {
    /// The call that is measured.
    Full,
    /// The same in small.
    Quick,
}

/// A call and what comes of it.
#[derive(Clone, PartialEq, Debug)]
pub struct RunLine {
    /// The function's name.
    pub function: String,
    /// What it is given.
    pub args: Vec<Scalar>,
    /// What it must give.
    pub expected: Vec<Scalar>,
}

macro_rules! programs {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../programs/", $name, ".rga")))),*]
    };
}

/// Name and text of each, in the order tables show them.
const PROGRAMS: &[(&str, &str)] = programs!(
    "fib" "collatz" "loop" "sieve" "nbody" "spectral" "mandel" "fannkuch" "matmul"
    "dyn-fib" "dyn-collatz" "dyn-loop" "dyn-sieve" "dyn-nbody" "dyn-spectral" "dyn-mandel" "dyn-fannkuch" "dyn-matmul"
    "dyn-strings" "dyn-bintrees" "dyn-dispatch" "dyn-closures" "dyn-pcall"
    "dyn-richards" "dyn-deltablue" "dyn-json"
    "dyn-churn" "dyn-live" "dyn-graph" "dyn-frag" "dyn-deep"
);

/// All workloads.
pub fn workloads() -> Vec<Workload> {
    let read = |&(name, source)| Workload::read(name, source).unwrap_or_else(|error| panic!("{name}: {error}"));
    PROGRAMS.iter().map(read).collect()
}

impl Workload {
    /// A workload from the text of its program.
    pub fn read(name: &'static str, source: &str) -> Result<Workload, String> {
        let module = parse(source).map_err(|errors| errors.to_string())?;
        let title = source.lines().next().and_then(|line| line.strip_prefix(';')).unwrap_or_default().trim();
        let directive = |name: &str| source.lines().find_map(|line| line.trim().strip_prefix(name));
        let line = |name: &str| {
            let text = directive(name).ok_or_else(|| format!("the program has no `{name}`"))?;
            RunLine::read(text, &module)
        };
        let slots = |text: &str| text.trim().parse().map_err(|_| format!("`{}` is not a number of slots", text.trim()));
        let stack_slots = directive("; stack:").map_or(Ok(DEFAULT_STACK_SLOTS), slots)?;
        let (full, quick) = (line("; race: full ")?, line("; race: quick ")?);
        Ok(Workload { name, title: title.to_string(), source: source.to_string(), full, quick, stack_slots })
    }

    /// Its module.
    pub fn module(&self) -> Module {
        parse(&self.source).expect("`read` has parsed it")
    }

    /// Its call of this size.
    pub fn line(&self, size: Size) -> &RunLine {
        match size {
            Size::Full => &self.full,
            Size::Quick => &self.quick,
        }
    }
}

impl RunLine {
    /// Reads `%run(35) == 9227465`, with types from the function's signature.
    fn read(text: &str, module: &Module) -> Result<RunLine, String> {
        let unlike = || format!("`{}` is not like `%run(1, 2) == 3`", text.trim());
        let (call, results) = text.split_once("==").ok_or_else(unlike)?;
        let call = call.trim().strip_prefix('%').and_then(|call| call.strip_suffix(')'));
        let (function, args) = call.and_then(|call| call.split_once('(')).ok_or_else(unlike)?;
        let func = module.find_function(function).ok_or_else(|| format!("there is no function `{function}`"))?;
        let Signature { params, results: types } = module.function_signature(func).ok_or_else(unlike)?;
        let (args, expected) = (scalars(params, args)?, scalars(types, results)?);
        Ok(RunLine { function: function.to_string(), args, expected })
    }
}

/// Reads a list of values of these types.
fn scalars(types: &[ir::Type], text: &str) -> Result<Vec<Scalar>, String> {
    let words: Vec<&str> = text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    if words.len() != types.len() {
        return Err(format!("there are {} values in `{}`, expected are {}", words.len(), text.trim(), types.len()));
    }
    let read = |(&ty, word): (&ir::Type, &&str)| Scalar::parse(ty, word).map_err(|error| error.to_string());
    types.iter().zip(&words).map(read).collect()
}

/// `2, 3.5`.
pub fn list(values: &[Scalar]) -> String {
    values.iter().map(Scalar::to_string).collect::<Vec<_>>().join(", ")
}

/// `%run(35)`.
impl fmt::Display for RunLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%{}({})", self.function, list(&self.args))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SWAP: &str = "; gives two back\n; race: full %swap(1, -2.5) == -2.5, 1\n; race: quick %swap(0, nan) == nan, 0\n\
        func %swap(a: i32, b: f64) -> (f64, i32) {\n reg first: f64, second: i32\n mov first, b\n mov second, a\n\
        ret_values first\n}\n";

    #[test]
    fn directives_have_the_types_of_the_function() {
        let swap = Workload::read("swap", SWAP).unwrap();
        assert_eq!((swap.title.as_str(), swap.full.to_string().as_str()), ("gives two back", "%swap(1, -2.5)"));
        assert_eq!(swap.full.expected, [Scalar::F64(-2.5), Scalar::I32(1)]);
        assert_eq!(swap.line(Size::Quick).args, [Scalar::I32(0), Scalar::F64(f64::NAN)]);
    }

    #[test]
    fn a_deep_stack_is_asked_for() {
        let deep = format!("{SWAP}; stack: 5000000\n");
        assert_eq!(Workload::read("swap", &deep).unwrap().stack_slots, 5_000_000);
        assert_eq!(Workload::read("swap", SWAP).unwrap().stack_slots, DEFAULT_STACK_SLOTS);
        assert!(Workload::read("swap", &format!("{SWAP}; stack: deep\n")).is_err());
    }

    #[test]
    fn directives_that_make_no_sense_are_refused() {
        for (from, to) in [
            ("full", "fool"),
            ("%swap(1, -2.5)", "swap(1, -2.5)"),
            ("%swap(1, -2.5)", "%other(1, -2.5)"),
            ("(1, -2.5)", "(1)"),
            ("== -2.5, 1", "-2.5"),
            ("== -2.5, 1", "== -2.5, x"),
            ("mov first", "move first"),
        ] {
            assert!(Workload::read("swap", &SWAP.replacen(from, to, 1)).is_err(), "{to}");
        }
    }

    #[test]
    fn every_program_of_the_folder_is_a_workload() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/programs")).unwrap();
        let mut files: Vec<_> = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        let mut names: Vec<_> = workloads().iter().map(|workload| format!("{}.rga", workload.name)).collect();
        files.sort();
        names.sort();
        assert_eq!(files, names);
        assert!(workloads().iter().all(|workload| !workload.title.is_empty()));
    }
}
