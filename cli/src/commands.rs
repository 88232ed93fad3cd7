//! The commands, each in a file of its own: options with their help, and `execute`.

mod asm;
mod check;
mod debug;
mod diff;
mod dis;
mod engines;
mod profile;
mod race;
mod run;
mod test;

use crate::status::Outcome;
use clap::Subcommand;

/// What `regatta` can be asked to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    Run(run::Run),
    Check(check::Check),
    Asm(asm::Asm),
    Dis(dis::Dis),
    Test(test::Test),
    Diff(diff::Diff),
    Race(race::Race),
    Debug(debug::Debug),
    Profile(profile::Profile),
    Engines(engines::Engines),
}

impl Command {
    /// Does it.
    pub(crate) fn execute(self) -> Outcome {
        match self {
            Command::Run(run) => run.execute(),
            Command::Check(check) => check.execute(),
            Command::Asm(asm) => asm.execute(),
            Command::Dis(dis) => dis.execute(),
            Command::Test(test) => test.execute(),
            Command::Diff(diff) => diff.execute(),
            Command::Race(race) => race.execute(),
            Command::Debug(debug) => debug.execute(),
            Command::Profile(profile) => profile.execute(),
            Command::Engines(engines) => engines.execute(),
        }
    }
}
