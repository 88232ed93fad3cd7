//! Files to race on: any program, and any call of it.
//!
//! A text that says how to race it (`; race: full %run(35) == 9227465`) is a workload like those that come with Regatta.
//! Of others a call is chosen as `regatta run` chooses it; what it gives nobody knows, so all engines must give the same.

use crate::args::With;
use crate::entry;
use crate::modules::{self, Modules};
use crate::problem::{Problem, Rejection};
use crate::status::Failure;
use clap::Args;
use regatta_benches::{DirectiveError, RunLine, Workload};
use regatta_vm::{DEFAULT_STACK_SLOTS, Program, natives};
use std::path::{Path, PathBuf};

/// Which call of a file.
#[derive(Args)]
pub(crate) struct CallOf {
    /// The function of FILE to race on; without it what its `; race:` directives say, or `main`, or the only function there
    /// is
    #[arg(long, alias = "invoke", value_name = "NAME")]
    function: Option<String>,

    /// Its arguments, separated by spaces or commas
    #[arg(long, value_name = "VALUES", num_args = 1.., value_delimiter = ',')]
    args: Vec<String>,

    #[command(flatten)]
    with: With,
}

impl CallOf {
    /// The option that was given, if one was that is about a file.
    pub(crate) fn is_of_a_file(&self) -> Option<&'static str> {
        let given = [(self.function.is_some(), "--function"), (!self.args.is_empty(), "--args")];
        let with = [(!self.with.files.is_empty(), "--with")];
        given.into_iter().chain(with).find_map(|(is_given, option)| is_given.then_some(option))
    }

    /// The command line that gives the same call again.
    pub(crate) fn words(&self) -> Vec<String> {
        let function = self.function.iter().map(|name| format!("--function={name}"));
        let args = self.args.iter().map(|arg| format!("--args={arg}"));
        let with = self.with.files.iter().map(|file| format!("--with={}", file.display()));
        function.chain(args).chain(with).collect()
    }

    fn is_given(&self) -> bool {
        self.function.is_some() || !self.args.is_empty()
    }
}

/// Is this word the name of a file, and not of a workload?
pub(crate) fn is_file(word: &str) -> bool {
    word.ends_with(".rga") || word.ends_with(".rgm") || word.contains(std::path::is_separator)
}

/// A call of a file as a workload.
pub(crate) fn workload(file: &str, call: &CallOf) -> Result<Workload, Failure> {
    let path = PathBuf::from(file);
    let loaded = modules::load(call.with.files.iter().chain([&path]))?;
    let contents: Vec<_> = loaded.iter().map(|(module, _)| module.clone()).collect();
    let source = loaded.last().and_then(|(_, origin)| Some(origin.source.as_ref()?.text.clone()));
    let program = Program::new(natives::standard());
    let modules = Modules::link(loaded, |module| modules::add(&program, module))?;

    let stem = Path::new(file).file_stem().map_or(file.into(), |stem| stem.to_string_lossy());
    if let Some(text) = source.filter(|text| !call.is_given() && Workload::has_directives(text)) {
        return Workload::directed(&stem, &text, contents).map_err(|error| misdirected(file, text, error).into());
    }
    let func = entry::choose(&program, modules.last(), call.function.as_deref()).map_err(Failure::Usage)?;
    let number = modules.last().number_of(func).expect("it was chosen from this module");
    let function = modules.last().names()[number].to_string();
    let args = entry::arguments(&program, func, &call.args).map_err(|reason| {
        Failure::Usage(format!("%{function} of {file} can't be called: {reason} (--args gives them)"))
    })?;
    let name = if call.function.is_some() { format!("{stem}.{function}") } else { stem.into_owned() };
    Ok(Workload::of_call(&name, contents, RunLine { function, args, expected: None }, DEFAULT_STACK_SLOTS))
}

/// The file with a directive that makes no sense.
fn misdirected(file: &str, text: String, error: DirectiveError) -> Rejection {
    let DirectiveError { line, message } = error;
    let before = text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum();
    let written = text[before..].lines().next().unwrap_or_default();
    let indent = written.len() - written.trim_start().len();
    let span = Some(before + indent..before + written.trim_end().len());
    let (line, column) = (Some(line), Some(indent as u32 + 1));
    let problem = Problem { file: file.into(), line, column, message, span, ..Problem::default() };
    Rejection { problems: vec![problem], text: Some(text) }
}
