//! `regatta race`: engines against each other, over the workloads.

mod laps;
mod table;

use crate::output;
use crate::status::{Failure, Outcome, Status};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use laps::Field;
use regatta_benches::{Size, Workload, workloads};
use regatta_vm::backends;
use serde::Serialize;
use std::io::IsTerminal;
use table::Report;

/// The engine that checks everything again: too slow for full races unless somebody asks for it.
const SLOW: &str = "reference";
/// Rounds of a full race, and of a quick one.
const REPS: [u32; 2] = [5, 3];

/// Race the engines over the workloads: results checked, CPU time of the run alone
///
/// All engines run in turn, round after round, with fuel counted and each in a process of its own; loading, verifying and
/// preparing are not timed. `gc` is the collector's part of the time in the fastest lap, `longest` its longest pause there,
/// by the clock on the wall. A wrong result, or fuel other than the other engines used, ends in exit code 1.
#[derive(Args)]
#[command(after_help = "\
Examples:
  regatta race                             the full race; `reference` only on request
  regatta race --quick                     small sizes, all engines, a few seconds
  regatta race fib sieve --engines match,reference --reps 3
  regatta race dyn                         those on dynamic values: dyn-fib, dyn-collatz, ...
  regatta race --json > race.json")]
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

    /// Rounds; without it 5, or 3 in quick races
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    reps: Option<u32>,

    /// Print {size, rows: [{workload, engine, ns_min, ns_median, reps, result, fuel, gc}], wrong, skipped, machine, versions}
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
        let size = if self.quick { Size::Quick } else { Size::Full };
        let reps = self.reps.unwrap_or(REPS[usize::from(self.quick)]);
        let (engines, skipped) = self.engines()?;
        let workloads = self.workloads()?;
        let mut report = Report::new(size, &engines, skipped);
        let bar = self.progress(workloads.len() * engines.len() * reps as usize);
        for workload in &workloads {
            bar.set_message(workload.name);
            let mut field = Field::new(workload, &engines, size);
            for _ in 0..reps {
                field.round(|| bar.inc(1));
            }
            let fresh = report.add(field);
            if !self.json {
                bar.suspend(|| output::bytes(fresh.as_bytes()))?;
            }
        }
        bar.finish_and_clear();
        if self.json {
            output::json(&report)?;
        } else {
            output::bytes(report.summary().as_bytes())?;
        }
        let complaints = report.wrong.iter().map(|wrong| format!("error: {wrong}\n"));
        output::error_text(&complaints.collect::<String>());
        Ok(if report.wrong.is_empty() { Status::Done } else { Status::Failed })
    }

    fn engines(&self) -> Result<(Vec<&'static str>, Vec<&'static str>), Failure> {
        let known: Vec<&'static str> = backends().iter().map(|engine| engine.name()).collect();
        if self.engines.is_empty() {
            return Ok(known.into_iter().partition(|name| self.quick || *name != SLOW));
        }
        Ok((select(&self.engines, &known, "engine", |name| name)?, vec![]))
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

    fn progress(&self, runs: usize) -> ProgressBar {
        if !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} {elapsed}").expect("the template is good");
        ProgressBar::new(runs as u64).with_style(style)
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
