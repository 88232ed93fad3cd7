//! `regatta`: the command line.
//!
//! Each command is a file of [`commands`]: its options, with the help people read, and what it does. What commands share
//! lies next to this file: [`args`] and [`entry`] (from words to a call), [`modules`] and [`origin`] (files linked to a
//! program, and where in them an error is), [`problem`] and [`diagnostics`] (errors as data, and drawn), [`status`] (how a command ends) and
//! [`output`].
//!
//! Nothing is known here that an embedder could not know: commands use the `regatta_vm` door and the two libraries of
//! the suite, cases and workloads. `run` is on the path of every start, so it makes nothing that it may not need: no
//! thread, no progress bar, no colour table.

#![forbid(unsafe_code)]

mod args;
mod clock;
mod commands;
mod diagnostics;
mod entry;
mod modules;
mod origin;
mod output;
mod problem;
mod status;
mod symbols;
mod trace;

use clap::Parser;
use std::process::ExitCode;

/// Regatta: one register IR, one verifier, many engines that race on it.
#[derive(Parser)]
#[command(name = "regatta", version, arg_required_else_help = true, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: commands::Command,
}

const EXAMPLES: &str = "\
Examples:
  regatta run fib.rga 30                   call the program's function, print what it gives
  regatta run fib.rga --engine reference --stats -- -1
  regatta check *.rga                      verify; errors are drawn into the source
  regatta asm fib.rga && regatta dis fib.rgm
  regatta race --quick                     all engines over all workloads

Exit codes:
  0  done                       3  a file was rejected: unreadable, malformed, not verified, not linked
  1  a check failed             4  the program trapped
  2  wrong usage                5  the program used up its fuel";

fn main() -> ExitCode {
    let cli = Cli::parse_from(args::with_minus_signs(std::env::args_os()));
    match cli.command.execute() {
        Ok(status) => status.into(),
        Err(failure) => failure.report().into(),
    }
}
