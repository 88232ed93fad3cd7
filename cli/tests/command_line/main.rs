//! The command line as people meet it: the built binary, run over the programs of `fixtures/`.

mod check;
mod debug;
mod forms;
mod manual;
#[cfg(unix)]
mod peers;
mod profile;
mod race;
mod race_files;
mod run;
mod suite;
mod support;
mod symbols;
mod trace;
mod with;
