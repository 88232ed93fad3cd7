//! The table of a race: rows for people, and for machines.

use super::laps::{Field, Lap, Runner};
use crate::clock::{in_milliseconds, share_of};
use regatta_benches::Size;
use regatta_vm::process::HeapStats;
use serde::Serialize;
use std::time::Duration;

/// The engine that others are compared with, if it is in the race.
const BASELINE: &str = "match";

/// All that came of a race.
#[derive(Serialize)]
pub(crate) struct Report {
    size: &'static str,
    machine: Machine,
    versions: Versions,
    /// Engines that were left out.
    skipped: Vec<&'static str>,
    rows: Vec<Row>,
    /// What went wrong, one line each.
    pub(crate) wrong: Vec<String>,
    #[serde(skip)]
    engines: Vec<&'static str>,
    #[serde(skip)]
    workloads: usize,
}

#[derive(Serialize)]
struct Row {
    workload: &'static str,
    engine: &'static str,
    ns_min: u64,
    ns_median: u64,
    reps: usize,
    result: String,
    fuel: u64,
    gc: Gc,
}

/// What the collector did in the fastest lap.
#[derive(Serialize)]
struct Gc {
    copies: u64,
    minor: u64,
    full: u64,
    /// Its part of the time on the wall.
    share: f64,
    ns_longest: u64,
}

#[derive(Serialize)]
struct Machine {
    cpu: Option<String>,
    arch: &'static str,
    os: &'static str,
}

#[derive(Serialize)]
struct Versions {
    regatta: &'static str,
    build: &'static str,
}

/// How this binary was built: times of a debug build say nothing.
const BUILD: &str = if cfg!(debug_assertions) { "debug" } else { "release" };

impl Report {
    /// Of a race that has not begun.
    pub(crate) fn new(size: Size, engines: &[&'static str], skipped: Vec<&'static str>) -> Report {
        let size = match size {
            Size::Full => "full",
            Size::Quick => "quick",
        };
        let versions = Versions { regatta: env!("CARGO_PKG_VERSION"), build: BUILD };
        let (rows, wrong, engines) = (vec![], vec![], engines.to_vec());
        Report { size, machine: Machine::this(), versions, skipped, rows, wrong, engines, workloads: 0 }
    }

    /// Takes on what came of a workload; gives the lines of the table for it.
    pub(crate) fn add(&mut self, field: Field<'_>) -> String {
        let first = self.rows.len();
        let workload = field.workload.name;
        for runner in field.runners {
            let engine = runner.engine;
            match Row::new(workload, runner) {
                Ok(row) => self.rows.push(row),
                Err(wrong) => self.wrong.push(format!("{workload} on {engine}: {wrong}")),
            }
        }
        let fresh = &self.rows[first..];
        let other = fresh.iter().skip(1).filter(|row| row.fuel != fresh[0].fuel);
        self.wrong.extend(other.map(|row| {
            let Row { workload, engine, fuel, .. } = row;
            format!("{workload} on {engine}: it used {fuel} units of fuel, {} used {}", fresh[0].engine, fresh[0].fuel)
        }));
        self.workloads += 1;
        let head = if self.workloads == 1 { self.head() } else { String::new() };
        fresh.iter().enumerate().fold(head, |text, (n, row)| text + &self.line(row, n == 0)) + "\n"
    }

    /// The lines below the table.
    pub(crate) fn summary(&self) -> String {
        let mut means: Vec<_> =
            self.engines.iter().filter_map(|&engine| Some((engine, self.geometric_mean(engine)?))).collect();
        means.sort_by(|a, b| a.1.total_cmp(&b.1));
        let mut text = format!("geometric mean over {} workloads, time relative to {}\n", self.workloads, self.base());
        for (engine, mean) in means {
            text += &format!("{:14} {engine:12}{mean:>6.2}\n", "");
        }
        if cfg!(debug_assertions) {
            text += "this is a debug build, its times say nothing: cargo run --release -- race\n";
        }
        for engine in &self.skipped {
            text += &format!("`{engine}` is left out of full races, because it is far slower: --engines {engine}\n");
        }
        text
    }

    fn head(&self) -> String {
        let versus = format!("/ {}", self.base());
        format!(
            "{:14} {:12}{:>14}{:>14}{versus:>12}{:>14}{:>7}{:>13}\n",
            "workload", "engine", "min", "median", "fuel", "gc", "longest"
        )
    }

    fn line(&self, row: &Row, is_first: bool) -> String {
        let workload = if is_first { row.workload } else { "" };
        let time = |ns| in_milliseconds(Duration::from_nanos(ns));
        let (min, median) = (time(row.ns_min), time(row.ns_median));
        let ratio = self.ratio(row).map_or(String::new(), |ratio| format!("{ratio:.2}"));
        let [share, longest] = row.gc.columns();
        let line = format!("{workload:14} {:12}{min:>14}{median:>14}{ratio:>12}{:>14}", row.engine, row.fuel);
        format!("{line}{share:>7}{longest:>13}").trim_end().to_string() + "\n"
    }

    /// The engine to compare with.
    fn base(&self) -> &'static str {
        if self.engines.contains(&BASELINE) { BASELINE } else { self.engines.first().copied().unwrap_or(BASELINE) }
    }

    /// How many times as long as on the base engine.
    fn ratio(&self, row: &Row) -> Option<f64> {
        let base = self.rows.iter().find(|other| other.workload == row.workload && other.engine == self.base())?;
        Some(row.ns_min.max(1) as f64 / base.ns_min.max(1) as f64)
    }

    fn geometric_mean(&self, engine: &str) -> Option<f64> {
        let rows = self.rows.iter().filter(|row| row.engine == engine);
        let logs: Vec<f64> = rows.filter_map(|row| self.ratio(row)).map(f64::ln).collect();
        (!logs.is_empty()).then(|| (logs.iter().sum::<f64>() / logs.len() as f64).exp())
    }
}

impl Row {
    fn new(workload: &'static str, runner: Runner) -> Result<Row, String> {
        let finish = runner.state?;
        let mut laps = runner.laps;
        laps.sort_by_key(|lap| lap.time);
        let ns = |n: usize| laps[n].time.as_nanos() as u64;
        let result = finish.results.iter().map(|result| result.to_string()).collect::<Vec<_>>().join(", ");
        let (ns_min, ns_median, reps, gc) = (ns(0), ns(laps.len() / 2), laps.len(), Gc::of(&laps[0]));
        Ok(Row { workload, engine: runner.engine, ns_min, ns_median, reps, result, fuel: finish.fuel, gc })
    }
}

impl Gc {
    fn of(lap: &Lap) -> Gc {
        let HeapStats { copies, minor, full, pause_total, pause_max, .. } = lap.heap;
        let share = share_of(pause_total, lap.wall);
        Gc { copies, minor, full, share, ns_longest: pause_max.as_nanos() as u64 }
    }

    /// `35 %, 16.250 ms`; nothing where nothing was collected.
    fn columns(&self) -> [String; 2] {
        if self.copies + self.minor + self.full == 0 {
            return Default::default();
        }
        [format!("{:.0} %", 100.0 * self.share), in_milliseconds(Duration::from_nanos(self.ns_longest))]
    }
}

impl Machine {
    fn this() -> Machine {
        let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
        let cpu = model.map(|(_, name)| name.trim().to_string());
        Machine { cpu, arch: std::env::consts::ARCH, os: std::env::consts::OS }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regatta_benches::workloads;
    use regatta_vm::Scalar;

    #[test]
    fn wrong_results_have_no_row_and_are_named() {
        let mut workload = workloads().into_iter().find(|workload| workload.name == "loop").unwrap();
        let mut report = Report::new(Size::Quick, &["match"], vec!["reference"]);
        workload.full = workload.quick.clone();
        workload.full.expected = vec![Scalar::I32(-1)];
        let mut field = Field::new(&workload, &["match"], Size::Full);
        field.round(|| {});
        field.round(|| {});
        let lines = report.add(field);
        assert!(report.rows.is_empty() && !lines.contains("loop"), "{lines}");
        assert_eq!(report.wrong, ["loop on match: %run(300000) gave 485811, right is -1"]);
        assert!(report.summary().contains("`reference` is left out"));
    }
}
