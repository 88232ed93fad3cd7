//! `regatta race`: engines against each other, and against other people's, over the workloads.

mod against;
mod command;
mod html;
mod laps;
mod peers;
mod report;
mod table;

use crate::output;
use crate::status::{Failure, Outcome, Status};
use against::Comparison;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use laps::Field;
use peers::Peers;
use regatta_benches::{Size, Workload, workloads};
use regatta_vm::backends;
use report::Report;
use serde::Serialize;
use std::io::IsTerminal;
use std::path::PathBuf;

/// The engine that checks everything again: too slow for full races unless somebody asks for it.
const SLOW: &str = "reference";
/// Rounds of a full race, and of a quick one.
const REPS: [u32; 2] = [5, 3];

/// Race the engines over the workloads: results checked, CPU time of the run alone
///
/// All engines run in turn, round after round, with fuel counted and each in a process of its own; loading, verifying and
/// preparing are not timed. A wrong result, or fuel other than the other engines used, ends in exit code 1.
#[derive(Args)]
#[command(after_help = "\
Examples:
  regatta race                             the full race; `reference` only on request
  regatta race --quick                     small sizes, all engines, a few seconds
  regatta race fib sieve --engines match,reference --reps 3
  regatta race dyn                         those on dynamic values: dyn-fib, dyn-collatz, ...
  regatta race --peers                     with every other virtual machine that is installed
  regatta race fib --peers=luajit,node --base luajit
  regatta race --json > race.json          and later, to see what has changed:
  regatta race --against race.json")]
pub(crate) struct Race {
    /// The workloads, or the word before the dash that several have in common; without any, all of them
    #[arg(value_name = "WORKLOAD")]
    workloads: Vec<String>,

    /// Small sizes
    #[arg(long)]
    quick: bool,

    /// The engines, separated by commas; without it all of them, but `reference` only in quick races
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    engines: Vec<String>,

    /// Other virtual machines, separated by commas; without names, all that are installed
    #[arg(long, value_name = "NAMES", value_delimiter = ',', num_args = 0.., require_equals = true)]
    peers: Option<Vec<String>>,

    /// The folder with adapters and programs of the peers
    #[arg(long, value_name = "DIR", default_value = "benches/peers")]
    peers_from: PathBuf,

    /// Whom the others are compared with; without it `match`
    #[arg(long, value_name = "NAME")]
    base: Option<String>,

    /// Rounds; without it 5, or 3 in quick races
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    reps: Option<u32>,

    /// Compare with an earlier race, as `--json` wrote it
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,

    /// Write a page with charts and tables too
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Print {size, rows: [{workload, engine, ns_min, ns_median, reps, result, fuel, gc}], wrong, skipped, base, machine,
    /// versions}
    #[arg(long)]
    json: bool,

    /// List the workloads instead
    #[arg(long)]
    list: bool,
}

impl Race {
    pub(crate) fn execute(self) -> Outcome {
        if self.list {
            return self.list();
        }
        let (engines, skipped) = self.engines()?;
        let workloads = self.workloads()?;
        let earlier = self.against.as_deref().map(against::read).transpose().map_err(Failure::Usage)?;
        let peers = self.peers()?;
        self.check_base(&engines, &peers)?;

        let size = if self.quick { Size::Quick } else { Size::Full };
        let mut report = Report::new(size, &engines, &peers, skipped, self.base.as_deref());
        self.race(&workloads, &engines, &peers, size, &mut report)?;
        if self.json {
            output::json(&report)?;
        } else {
            output::bytes(table::summary(&report).as_bytes())?;
        }
        if let Some(earlier) = &earlier {
            let text = Comparison::of(&report, earlier).text();
            // Beside JSON, what is for people goes where people look.
            if self.json { output::error_text(&text) } else { output::bytes(text.as_bytes())? }
        }
        if let Some(path) = &self.html {
            output::file(path, html::page(&report).as_bytes())?;
        }
        let complaints = report.wrong.iter().map(|wrong| format!("error: {wrong}\n"));
        output::error_text(&complaints.collect::<String>());
        Ok(if report.wrong.is_empty() { Status::Done } else { Status::Failed })
    }

    /// Runs all laps, and prints the table as it grows.
    fn race(
        &self,
        workloads: &[Workload],
        engines: &[&'static str],
        peers: &Peers,
        size: Size,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let reps = self.reps.unwrap_or(REPS[usize::from(self.quick)]);
        let bar = self.progress(workloads.len() * reps as usize);
        let mut head = table::head(report);
        for workload in workloads {
            bar.set_message(workload.name);
            let mut field = Field::new(workload, engines, &peers.here, size);
            for _ in 0..reps {
                field.round();
                bar.inc(1);
            }
            let fresh = report.add(field);
            if !self.json {
                let text = std::mem::take(&mut head) + &table::lines(report, fresh);
                bar.suspend(|| output::bytes(text.as_bytes()))?;
            }
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn engines(&self) -> Result<(Vec<&'static str>, Vec<String>), Failure> {
        let known: Vec<&'static str> = backends().iter().map(|engine| engine.name()).collect();
        if !self.engines.is_empty() {
            return Ok((select(&self.engines, &known, "engine", |name| name)?, vec![]));
        }
        let (racing, left_out): (Vec<_>, Vec<_>) = known.into_iter().partition(|name| self.quick || *name != SLOW);
        let why = |name| format!("`{name}` is left out of full races, because it is far slower: --engines {name}");
        Ok((racing, left_out.into_iter().map(why).collect()))
    }

    fn peers(&self) -> Result<Peers, Failure> {
        match &self.peers {
            Some(asked) => Peers::find(&self.peers_from, asked).map_err(Failure::Usage),
            None => Ok(Peers::default()),
        }
    }

    /// Is whom the others are compared with in the race?
    fn check_base(&self, engines: &[&str], peers: &Peers) -> Result<(), Failure> {
        let Some(base) = &self.base else { return Ok(()) };
        let racing: Vec<&str> = engines.iter().copied().chain(peers.here.iter().map(|peer| peer.name())).collect();
        if racing.contains(&&**base) {
            return Ok(());
        }
        Err(Failure::Usage(format!("`{base}` is not in the race; there are {}", racing.join(", "))))
    }

    fn workloads(&self) -> Result<Vec<Workload>, Failure> {
        let known = workloads();
        if self.workloads.is_empty() {
            return Ok(known);
        }
        let in_full = |word: &String| {
            let family: Vec<_> =
                known.iter().filter(|w| is_of_family(w.name, word)).map(|w| w.name.to_string()).collect();
            if family.is_empty() { vec![word.clone()] } else { family }
        };
        let asked: Vec<String> = self.workloads.iter().flat_map(in_full).collect();
        select(&asked, &known, "workload", |workload| workload.name)
    }

    fn progress(&self, rounds: usize) -> ProgressBar {
        if !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} {elapsed}").expect("the template is good");
        ProgressBar::new(rounds as u64).with_style(style)
    }

    fn list(&self) -> Outcome {
        #[derive(Serialize)]
        struct Row<'a> {
            name: &'static str,
            title: &'a str,
            full: String,
            quick: String,
        }
        fn row(workload: &Workload) -> Row<'_> {
            let Workload { name, title, full, quick, .. } = workload;
            Row { name, title, full: full.to_string(), quick: quick.to_string() }
        }
        let workloads = self.workloads()?;
        let rows: Vec<_> = workloads.iter().map(row).collect();
        if self.json {
            output::json(&rows)?;
            return Ok(Status::Done);
        }
        for Row { name, title, full, quick } in rows {
            output::line(format_args!("{name:15}{title}\n{:15}full {full}, quick {quick}", ""))?;
        }
        Ok(Status::Done)
    }
}

/// Is it a name like `dyn-fib`, of the family `dyn`?
fn is_of_family(name: &str, family: &str) -> bool {
    name.strip_prefix(family).is_some_and(|rest| rest.starts_with('-'))
}

/// Those that were asked for, each once, in the order of asking.
fn select<T: Clone>(
    asked: &[String],
    known: &[T],
    what: &str,
    name: impl Fn(&T) -> &'static str,
) -> Result<Vec<T>, Failure> {
    let mut selected: Vec<T> = Vec::new();
    for word in asked {
        let Some(found) = known.iter().find(|one| name(one) == word) else {
            let known: Vec<_> = known.iter().map(&name).collect();
            return Err(Failure::Usage(format!("there is no {what} `{word}`; there are {}", known.join(", "))));
        };
        if !selected.iter().any(|one| name(one) == word) {
            selected.push(found.clone());
        }
    }
    Ok(selected)
}
