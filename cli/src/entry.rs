//! Entries: which function of a program is called, and with what.

use crate::args::MINUS;
use regatta_vm::ir::{FuncId, Signature};
use regatta_vm::{Linked, Program, Scalar};

/// Functions a message lists at most.
const MAX_LISTED: usize = 40;

/// The function to call, of those that the module itself defines: the one asked for, else `main`, else the only one.
pub(crate) fn choose(program: &Program, linked: &Linked, asked: Option<&str>) -> Result<FuncId, String> {
    if let Some(name) = asked {
        let name = name.strip_prefix('%').unwrap_or(name);
        let full = || program.find(name).filter(|&func| linked.number_of(func).is_some());
        let found = linked.find(name).or_else(full);
        return found.ok_or_else(|| format!("there is no function `{name}`{}", listing(program, linked)));
    }
    match linked.names() {
        [] => Err("the module defines no function".to_string()),
        [_] => Ok(linked.function(0).expect("there is one")),
        _ => linked
            .find("main")
            .ok_or_else(|| format!("there is no `main`; say which function with --invoke{}", listing(program, linked))),
    }
}

fn listing(program: &Program, linked: &Linked) -> String {
    let mut text = String::from("\nthe module has");
    for (n, name) in linked.names().iter().enumerate().take(MAX_LISTED) {
        let signature = linked.function(n).and_then(|func| program.function_signature(func));
        text += &format!("\n  %{name} {}", signature.unwrap_or(&Signature::default()));
    }
    match linked.names().len().saturating_sub(MAX_LISTED) {
        0 => text,
        more => text + &format!("\n  and {more} more"),
    }
}

/// Arguments of the types that the function takes.
pub(crate) fn arguments(program: &Program, func: FuncId, words: &[String]) -> Result<Vec<Scalar>, String> {
    let signature = program.function_signature(func).expect("the function was found in the program");
    if signature.params.len() != words.len() {
        let (wanted, given) = (signature.params.len(), words.len());
        return Err(format!(
            "the function is {signature}: it takes {}, given were {given}",
            plural(wanted, "argument")
        ));
    }
    let parse = |(ty, word): (&_, &String)| {
        Scalar::parse(*ty, &word.replacen(MINUS, "-", 1)).map_err(|error| error.to_string())
    };
    signature.params.iter().zip(words).map(parse).collect()
}

/// `1 argument`, `2 arguments`.
pub(crate) fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
