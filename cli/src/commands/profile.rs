//! `regatta profile`: what a program executes, and what there is to guess at its dispatches.

use super::run::conclude;
use crate::args::{Call, With};
use crate::entry;
use crate::modules::{self, Modules};
use crate::output;
use crate::status::{Failure, Outcome, Status};
use clap::Args;
use regatta_vm::profile::{Profile as Watched, Sequence, Sizes};
use regatta_vm::trace::Traced;
use regatta_vm::{Config, Vm};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Run a program and count what it executes: ops, pairs, triples, and which fusions would save dispatches
///
/// The program runs some seventy times slower than otherwise, with --predict three hundred times; what it prints and the
/// exit code are those of `run`. A fusion counts where the second op is reached from the first alone, so that one
/// instruction could stand for both. Entropy is how many bits there are to guess at a dispatch: when all instructions share
/// one jump, and when each op has its own.
#[derive(Args)]
#[command(after_help = "\
Examples:
  regatta profile fib.rga 24
  regatta profile shapes.rga --invoke area 1.5 -2.5 --top 30
  regatta profile fib.rga 24 --predict                mispredictions, by layout and predictor
  regatta profile fib.rga 24 --predict --entries 64 --history 8
  regatta profile fib.rga 24 --json")]
pub(crate) struct Profile {
    /// The program, text (.rga) or binary (.rgm)
    file: PathBuf,

    #[command(flatten)]
    with: With,

    /// Rows of each table
    #[arg(long, value_name = "N", default_value_t = 12)]
    top: usize,

    /// Show each dispatch to models of branch predictors, too
    #[arg(long)]
    predict: bool,

    /// Entries of each of their tables
    #[arg(long, value_name = "N", default_value_t = 1024, requires = "predict",
          value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    entries: u32,

    /// Targets that `two-level` looks back at
    #[arg(long, value_name = "N", default_value_t = 4, requires = "predict",
          value_parser = clap::value_parser!(u8).range(1..=64))]
    history: u8,

    /// Print {dispatches, ops: [{ops, count}], pairs, triples, fusions, entropy: {shared, replicated}, points: [{op, count,
    /// entropy}], reuse, misses: [{layout, predictor, jumps, wrong}]} in place of the results
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    call: Call,
}

impl Profile {
    pub(crate) fn execute(self) -> Outcome {
        let sizes = Sizes { entries: self.entries as usize, history: self.history.into() };
        let watched = if self.predict { Watched::predicting(sizes) } else { Watched::default() };
        let watched = Arc::new(Mutex::new(watched));
        let config = Config { limits: self.call.limits(), ..Config::default() };
        let mut vm = Vm::with_executor(config, Box::new(Traced::new(watched.clone())));

        let loaded = modules::load(self.with.files.iter().chain([&self.file]))?;
        let modules = Modules::link(loaded, |module| vm.add(module))?;
        let func = entry::choose(vm.program(), modules.last(), self.call.invoke.as_deref()).map_err(Failure::Usage)?;
        let args = entry::arguments(vm.program(), func, &self.call.args).map_err(Failure::Usage)?;
        let results = vm.call_function(func, &args);

        let watched = watched.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let figures = Figures::of(&watched, self.top);
        if !self.json {
            let outcome = conclude(results, &modules, vm.program())?;
            output::bytes(figures.text(self.top).as_bytes())?;
            return Ok(outcome);
        }
        output::json(&figures)?;
        match results {
            Ok(_) => Ok(Status::Done),
            error => conclude(error, &modules, vm.program()),
        }
    }
}

/// What is printed.
#[derive(Serialize)]
struct Figures {
    dispatches: u64,
    ops: Vec<Row>,
    pairs: Vec<Row>,
    triples: Vec<Row>,
    fusions: Vec<Row>,
    entropy: Entropy,
    points: Vec<Point>,
    reuse: f64,
    misses: Vec<Misses>,
}

#[derive(Serialize)]
struct Row {
    ops: Vec<&'static str>,
    count: u64,
}

#[derive(Serialize)]
struct Entropy {
    shared: f64,
    replicated: f64,
}

#[derive(Serialize)]
struct Point {
    op: &'static str,
    count: u64,
    entropy: f64,
}

#[derive(Serialize)]
struct Misses {
    layout: &'static str,
    predictor: &'static str,
    jumps: u64,
    wrong: u64,
}

impl Figures {
    fn of(watched: &Watched, top: usize) -> Figures {
        let rows = |sequences: Vec<Sequence>| -> Vec<Row> {
            let row = |Sequence { ops, count }: Sequence| Row {
                ops: ops.iter().map(|op| op.info().mnemonic).collect(),
                count,
            };
            sequences.into_iter().take(top).map(row).collect()
        };
        let [shared, replicated] = watched.entropies();
        let point = |point: regatta_vm::profile::Point| Point {
            op: point.op.info().mnemonic,
            count: point.count,
            entropy: point.entropy,
        };
        let misses = |miss: regatta_vm::profile::Misses| Misses {
            layout: miss.layout,
            predictor: miss.predictor,
            jumps: miss.jumps,
            wrong: miss.wrong,
        };
        Figures {
            dispatches: watched.dispatches(),
            ops: rows(watched.ops()),
            pairs: rows(watched.pairs()),
            triples: rows(watched.triples()),
            fusions: rows(watched.fusions()),
            entropy: Entropy { shared, replicated },
            points: watched.points().into_iter().take(top).map(point).collect(),
            reuse: watched.reuse(),
            misses: watched.misses().into_iter().map(misses).collect(),
        }
    }

    fn text(&self, top: usize) -> String {
        let mut text = format!("{} instructions were executed\n", self.dispatches);
        let share = |count: u64| 100.0 * count as f64 / self.dispatches.max(1) as f64;
        let tables = [
            ("op", "executed", &self.ops),
            ("pair", "executed", &self.pairs),
            ("triple", "executed", &self.triples),
            ("fused", "dispatches saved", &self.fusions),
        ];
        for (what, counted, rows) in tables {
            text += &format!("\n{what:60}{counted:>18}\n");
            for Row { ops, count } in rows {
                text += &format!("{:60}{count:>18}{:>7.1} %\n", ops.join(" "), share(*count));
            }
        }
        let Entropy { shared, replicated } = self.entropy;
        text += &format!(
            "\nentropy at a dispatch, in bits: {shared:.2} with one jump for all, {replicated:.2} with one for each op\n"
        );
        text += &format!("\n{:60}{:>18}{:>7}\n", "after", "executed", "bits");
        for Point { op, count, entropy } in self.points.iter().take(top) {
            text += &format!("{op:60}{count:>18}{entropy:>7.2}\n");
        }
        text +=
            &format!("\n{:.1} % of the registers read were written by the instruction before\n", 100.0 * self.reuse);
        if !self.misses.is_empty() {
            text += &format!(
                "\n{:14}{:14}{:>14}{:>14}{:>24}\n",
                "layout", "predictor", "jumps", "wrong", "wrong / 1000 executed"
            );
        }
        for Misses { layout, predictor, jumps, wrong } in &self.misses {
            let rate = 1000.0 * *wrong as f64 / self.dispatches.max(1) as f64;
            text += &format!("{layout:14}{predictor:14}{jumps:>14}{wrong:>14}{rate:>24.2}\n");
        }
        text
    }
}
