//! Workloads: programs with calls whose results are known.
//!
//! The first comment line of a program says what it is. Two directives say how to race it:
//!
//! ```text
//! ; race: full %run(35) == 9227465
//! ; race: quick %run(24) == 46368
//! ```
//!
//! A full call takes a good interpreter a tenth of a second or more; a quick one is for tests and for slow engines, and is the
//! full one where there is none. One that needs a deep stack says `; stack: 16000000`, in slots. A program of somebody else
//! may do without directives: any call of it is a workload, whose results are whatever the engines agree on.
//!
//! Names that begin with `dyn-` belong to programs on dynamic values. Twins in other languages are in `peers/`, to race
//! against.

use regatta_vm::ir::text::parse;
use regatta_vm::ir::{Module, Signature};
use regatta_vm::verifier::verify;
use regatta_vm::{DEFAULT_STACK_SLOTS, Linked, Program, Scalar, ir, natives, prelude};
use std::fmt;

/// A program to race on.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Its name: that of its file.
    pub name: String,
    /// What it does, in one line.
    pub title: String,
    /// What it is linked from, in this order; the last one has the functions that are called.
    modules: Vec<Module>,
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
    /// What it must give; where nobody knows, engines must agree.
    pub expected: Option<Vec<Scalar>>,
}

/// A directive that makes no sense.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DirectiveError {
    /// Its line, from 1; of a directive that is missing, the first.
    pub line: u32,
    /// What is wrong.
    pub message: String,
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
    pub fn read(name: &str, source: &str) -> Result<Workload, String> {
        let module = parse(source).map_err(|errors| errors.to_string())?;
        Workload::directed(name, source, vec![module]).map_err(|error| error.to_string())
    }

    /// A workload from modules, of which the last one has this text, with directives.
    pub fn directed(name: &str, source: &str, modules: Vec<Module>) -> Result<Workload, DirectiveError> {
        let module = modules.last().expect("a workload has a module");
        let title = source.lines().next().and_then(|line| line.strip_prefix(';')).unwrap_or_default().trim();
        let line = |name: &str| {
            let found = directive(source, name);
            found.map(|(line, text)| RunLine::read(text, module).map_err(|message| DirectiveError { line, message }))
        };
        let missing = || DirectiveError { line: 1, message: format!("the program has no `{FULL}`") };
        let full = line(FULL).ok_or_else(missing)??;
        let quick = line("; race: quick ").unwrap_or_else(|| Ok(full.clone()))?;
        let stack_slots = directive(source, "; stack:").map_or(Ok(DEFAULT_STACK_SLOTS), |(line, text)| {
            let message = || format!("`{}` is not a number of slots", text.trim());
            text.trim().parse().map_err(|_| DirectiveError { line, message: message() })
        })?;
        Ok(Workload { name: name.into(), title: title.into(), modules, full, quick, stack_slots })
    }

    /// A workload that is one call of modules that may have no directives.
    pub fn of_call(name: &str, modules: Vec<Module>, line: RunLine, stack_slots: usize) -> Workload {
        Workload { name: name.into(), title: String::new(), modules, full: line.clone(), quick: line, stack_slots }
    }

    /// Does a text say how to race it?
    pub fn has_directives(source: &str) -> bool {
        directive(source, FULL).is_some()
    }

    /// Its module: the one that has what is called.
    pub fn module(&self) -> Module {
        self.modules.last().expect("a workload has a module").clone()
    }

    /// Its call of this size.
    pub fn line(&self, size: Size) -> &RunLine {
        match size {
            Size::Full => &self.full,
            Size::Quick => &self.quick,
        }
    }

    /// The program, verified and linked.
    pub fn link(&self) -> Result<(Program, Linked), String> {
        self.link_changed(|module| module)
    }

    /// The program with another last module in place of its own.
    pub fn link_changed(&self, change: impl FnOnce(Module) -> Module) -> Result<(Program, Linked), String> {
        let program = Program::new(natives::standard());
        let link = |module: Module| -> Result<Linked, String> {
            prelude::provide(&program, &module).map_err(|error| error.to_string())?;
            let proof = verify(module, &program).map_err(|errors| errors.to_string())?;
            program.link(proof).map_err(|error| error.to_string())
        };
        let (_, company) = self.modules.split_last().expect("a workload has a module");
        company.iter().try_for_each(|module| link(module.clone()).map(drop))?;
        let linked = link(change(self.module()))?;
        Ok((program, linked))
    }
}

/// How the directive begins that says what is measured.
const FULL: &str = "; race: full ";

/// The line of a directive, and what it says.
fn directive<'a>(source: &'a str, name: &str) -> Option<(u32, &'a str)> {
    (1..).zip(source.lines()).find_map(|(number, line)| Some((number, line.trim().strip_prefix(name)?)))
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
        let (args, expected) = (scalars(params, args)?, Some(scalars(types, results)?));
        Ok(RunLine { function: function.to_string(), args, expected })
    }
}

impl fmt::Display for DirectiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
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
        assert_eq!(swap.full.expected, Some(vec![Scalar::F64(-2.5), Scalar::I32(1)]));
        assert_eq!(swap.line(Size::Quick).args, [Scalar::I32(0), Scalar::F64(f64::NAN)]);
    }

    #[test]
    fn a_deep_stack_is_asked_for() {
        let deep = format!("{SWAP}; stack: 5000000\n");
        assert_eq!(Workload::read("swap", &deep).unwrap().stack_slots, 5_000_000);
        assert_eq!(Workload::read("swap", SWAP).unwrap().stack_slots, DEFAULT_STACK_SLOTS);
        let error = Workload::read("swap", &format!("{SWAP}; stack: deep\n")).unwrap_err();
        assert_eq!(error, "line 10: `deep` is not a number of slots");
    }

    #[test]
    fn the_quick_call_may_be_left_out() {
        let swap = Workload::read("swap", &SWAP.replace("; race: quick", "; once: quick")).unwrap();
        assert_eq!(swap.quick, swap.full);
        assert!(Workload::has_directives(SWAP) && !Workload::has_directives(&SWAP.replace("full", "fool")));
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
