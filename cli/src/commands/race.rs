//! `regatta race`: engines against each other, and against other people's, over the workloads and over any file.

mod against;
mod command;
mod entrants;
mod files;
mod html;
mod instructions;
mod laps;
mod markdown;
mod peers;
mod preparation;
mod report;
mod table;

use crate::output;
use crate::status::{Failure, Outcome, Status};
use crate::symbols::Symbols;
use against::Comparison;
use clap::Args;
use files::CallOf;
use indicatif::{ProgressBar, ProgressStyle};
use instructions::{Counter, Work};
use laps::Field;
use markdown::Table;
use regatta_benches::{Size, Track, Workload};
use regatta_vm::backend;
use report::Report;
use serde::Serialize;
use std::io::IsTerminal;
use std::path::PathBuf;

/// Rounds of a full race, and of a quick one.
const REPS: [u32; 2] = [5, 3];

/// Race the engines over the workloads, or over a file of yours: results checked, CPU time of the run alone
///
/// All engines run in turn, round after round, with fuel counted and each in a process of its own; loading, verifying and
/// preparing are not timed. A wrong result, or a result, output or fuel other than the other engines', ends in exit code 1.
/// The least of all rounds is compared; the spread is how far the median is above it. A second table says what engines
/// make of the code before they run it, how large that is, and how long it takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  regatta race                             the full race; `reference` only on request
  regatta race --quick                     small sizes, all engines, a few seconds
  regatta race fib sieve --engines match,reference --reps 3
  regatta race dyn                         those on dynamic values: dyn-fib, dyn-collatz, ...
  regatta race mine.rga --function area --args 1.5 -2.5 --calls 100000
  regatta race mine.rga                    what its `; race: full %run(35) == 9227465` says, or its main function
  regatta race fib --instructions          machine instructions too, for each of the program's; needs valgrind
  regatta race --peers                     with every other virtual machine that is installed
  regatta race fib --peers=luajit,node --base luajit
  regatta race --json > race.json          and later, to see what has changed:
  regatta race --against race.json
  regatta race --from race.json --markdown the same race, shown otherwise
  regatta race --from race.json --html page.html")]
pub(crate) struct Race {
    /// The workloads, or the word before the dash that several have in common, or files (.rga, .rgm); without any, all
    /// workloads
    #[arg(value_name = "WORKLOAD|FILE")]
    workloads: Vec<String>,

    #[command(flatten)]
    call: CallOf,

    /// Calls in a lap, one after the other in one process: for what is too short to be timed
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "peers",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000_000))]
    calls: u32,

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

    /// Count machine instructions of the small size, too, by two runs of each engine under valgrind, which take some fifty
    /// times as long; of `reference` only if --engines names it
    #[arg(long)]
    instructions: bool,

    /// Show a race that `--json` wrote in place of a new one
    #[arg(long, value_name = "FILE", conflicts_with_all = ["workloads", "function", "args", "with", "calls", "quick",
          "engines", "peers", "reps", "instructions", "list"])]
    from: Option<PathBuf>,

    /// Compare with an earlier race, as `--json` wrote it
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,

    /// Write a page with charts and tables too
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Print tables as Markdown: times, code, instructions; without names all of them
    #[arg(long, value_name = "TABLES", value_delimiter = ',', num_args = 0.., require_equals = true)]
    markdown: Option<Vec<Table>>,

    /// Print {size, calls, rows: [{workload, engine, ns_min, ns_median, reps, result, fuel, gc}], preparations: [{workload, engine,
    /// functions, rgm_bytes, code_bytes, ns}], counts: [{workload, engine, executed, fuel, instructions, indirect}], wrong,
    /// skipped, base, date, machine, versions}
    #[arg(long, conflicts_with = "markdown")]
    json: bool,

    #[command(flatten)]
    symbols: Symbols,

    /// List the workloads instead
    #[arg(long)]
    list: bool,

    /// Run so many laps and say nothing: for those who count
    #[arg(long, value_name = "N", hide = true, conflicts_with = "peers")]
    laps: Option<u32>,
}

impl Race {
    pub(crate) fn execute(self) -> Outcome {
        self.symbols.begin()?;
        let earlier = self.against.as_deref().map(against::read).transpose().map_err(Failure::Usage)?;
        let report = match &self.from {
            Some(file) => self.shown_again(against::read(file).map_err(Failure::Usage)?)?,
            None if self.list => return self.list(),
            None if self.laps.is_some() => return self.only_laps(),
            None => self.raced()?,
        };
        if self.json {
            output::json(&report)?;
        } else if let Some(tables) = &self.markdown {
            output::bytes(markdown::page(&report, tables).as_bytes())?;
        } else {
            output::bytes(table::summary(&report).as_bytes())?;
        }
        if let Some(earlier) = &earlier {
            let text = Comparison::of(&report, earlier).text();
            // Beside what machines read, what is for people goes where people look.
            if self.is_for_people() { output::bytes(text.as_bytes())? } else { output::error_text(&text) }
        }
        if let Some(path) = &self.html {
            output::file(path, html::page(&report).as_bytes())?;
        }
        let complaints = report.wrong.iter().map(|wrong| format!("error: {wrong}\n"));
        output::error_text(&complaints.collect::<String>());
        Ok(if report.wrong.is_empty() { Status::Done } else { Status::Failed })
    }

    /// An earlier race, compared with whom is asked for now; its table is printed.
    fn shown_again(&self, mut report: Report) -> Result<Report, Failure> {
        if let Some(base) = &self.base {
            let racing = report.engines();
            if !racing.contains(&&**base) {
                return Err(Failure::Usage(format!("`{base}` is not in the race; there are {}", racing.join(", "))));
            }
            report.base = base.clone();
        }
        if self.is_for_people() {
            let workloads = report.workloads().into_iter().map(|workload| table::lines(&report, workload));
            output::bytes((table::head(&report) + &workloads.collect::<String>()).as_bytes())?;
        }
        Ok(report)
    }

    /// Runs all laps, and prints the table as it grows.
    fn raced(&self) -> Result<Report, Failure> {
        let (engines, skipped) = self.chosen_engines()?;
        let workloads = self.chosen_workloads()?;
        let peers = self.chosen_peers()?;
        self.check_base(&engines, &peers)?;
        let size = if self.quick { Size::Quick } else { Size::Full };
        let mut report = Report::new(size, &engines, &peers, skipped, self.base.as_deref());
        report.calls = self.calls;
        let counter = self.counter(&mut report);

        let reps = self.reps.unwrap_or(REPS[usize::from(self.quick)]);
        let steps = reps as usize + if counter.is_some() { engines.len() } else { 0 };
        let bar = self.progress(workloads.len() * steps);
        let mut head = table::head(&report);
        for (word, workload) in &workloads {
            bar.set_message(workload.name.clone());
            let mut field = Field::new(workload, &engines, &peers.here, size, self.calls);
            for _ in 0..reps {
                field.round();
                bar.inc(1);
            }
            report.add(field);
            report.prepare(workload, &engines);
            if let Some(counter) = &counter {
                self.count(counter, word, workload, &engines, &mut report, &bar);
            }
            if self.is_for_people() {
                let text = std::mem::take(&mut head) + &table::lines(&report, &workload.name);
                bar.suspend(|| output::bytes(text.as_bytes()))?;
            }
        }
        bar.finish_and_clear();
        Ok(report)
    }

    fn is_for_people(&self) -> bool {
        !self.json && self.markdown.is_none()
    }

    /// Who counts instructions, if that is asked for and possible.
    fn counter(&self, report: &mut Report) -> Option<Counter> {
        if !self.instructions {
            return None;
        }
        let options = self.call.words().into_iter().chain([format!("--calls={}", self.calls)]);
        let counter = Counter::new(options.collect());
        counter.map_err(|reason| report.skipped.push(format!("instructions are not counted: {reason}"))).ok()
    }

    fn count(
        &self,
        counter: &Counter,
        word: &str,
        workload: &Workload,
        engines: &[&str],
        report: &mut Report,
        bar: &ProgressBar,
    ) {
        let work = Work::of(workload, &workload.quick, self.calls);
        for engine in engines {
            bar.inc(1);
            if self.is_too_slow(engine) {
                continue;
            }
            let counted = work.as_ref().map_err(String::clone);
            match counted.and_then(|work| counter.count(word, workload, engine, work)) {
                Ok(count) => report.counts.push(count),
                Err(wrong) => report.wrong.push(format!("{} on {engine}: {wrong}", workload.name)),
            }
        }
    }

    /// Runs laps without a clock, and says nothing.
    fn only_laps(&self) -> Outcome {
        let size = if self.quick { Size::Quick } else { Size::Full };
        let (engines, _) = self.chosen_engines()?;
        for (_, workload) in self.chosen_workloads()? {
            for engine in &engines {
                let executor = backend(engine).expect("the name was looked up before");
                let laps = || -> Result<(), String> {
                    let track = Track::new(&workload, executor)?;
                    for _ in 0..self.laps.unwrap_or_default() {
                        let mut lap = track.lap_of(workload.line(size), self.calls)?;
                        lap.run();
                        lap.finish()?;
                    }
                    Ok(())
                };
                if let Err(wrong) = laps() {
                    output::error_text(&format!("error: {} on {engine}: {wrong}\n", workload.name));
                    return Ok(Status::Failed);
                }
            }
        }
        Ok(Status::Done)
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
            name: &'a str,
            title: &'a str,
            full: String,
            quick: String,
        }
        fn row((_, workload): &(String, Workload)) -> Row<'_> {
            let Workload { name, title, full, quick, .. } = workload;
            Row { name, title, full: full.to_string(), quick: quick.to_string() }
        }
        let workloads = self.chosen_workloads()?;
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
