//! What came of a race, as figures: what is printed as JSON, read back to be compared with, and drawn.

use super::instructions::Count;
use super::laps::{Field, HeapLap, Runner};
use super::peers::Peers;
use super::preparation::Preparation;
use crate::clock::{share_of, today};
use regatta_benches::{Size, Workload};
use regatta_vm::process::HeapStats;
use serde::{Deserialize, Serialize};

/// Whom others are compared with, if nobody says otherwise and it is in the race.
const BASELINE: &str = "match";

/// All that came of a race.
#[derive(Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) size: String,
    /// Calls in a lap.
    #[serde(default = "one")]
    pub(crate) calls: u32,
    /// When it was; empty in races from before dates were kept.
    #[serde(default)]
    pub(crate) date: String,
    pub(crate) machine: Machine,
    pub(crate) versions: Versions,
    /// Engines and peers that were left out, each with the reason.
    pub(crate) skipped: Vec<String>,
    pub(crate) rows: Vec<Row>,
    /// What engines make of the workloads before they run them.
    #[serde(default)]
    pub(crate) preparations: Vec<Preparation>,
    /// Instructions of the machine, if they were counted.
    #[serde(default)]
    pub(crate) counts: Vec<Count>,
    /// What went wrong, one line each.
    pub(crate) wrong: Vec<String>,
    /// Whom others are compared with.
    pub(crate) base: String,
}

/// One engine or peer on one workload.
#[derive(Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) workload: String,
    pub(crate) engine: String,
    pub(crate) ns_min: u64,
    pub(crate) ns_median: u64,
    pub(crate) reps: usize,
    pub(crate) result: String,
    /// Peers use none.
    pub(crate) fuel: Option<u64>,
    pub(crate) gc: Option<Gc>,
}

/// What the collector did in the fastest lap.
#[derive(Serialize, Deserialize)]
pub(crate) struct Gc {
    pub(crate) copies: u64,
    pub(crate) minor: u64,
    pub(crate) full: u64,
    /// Its part of the time on the wall.
    pub(crate) share: f64,
    pub(crate) ns_longest: u64,
}

/// Where the race was.
#[derive(Serialize, Deserialize, PartialEq)]
pub(crate) struct Machine {
    pub(crate) cpu: Option<String>,
    pub(crate) arch: String,
    pub(crate) os: String,
}

/// Who raced.
#[derive(Serialize, Deserialize)]
pub(crate) struct Versions {
    pub(crate) regatta: String,
    pub(crate) build: String,
    pub(crate) peers: Vec<PeerVersion>,
}

/// A peer, in its own words.
#[derive(Serialize, Deserialize)]
pub(crate) struct PeerVersion {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) version: String,
}

/// What races from before there were several calls in a lap say.
fn one() -> u32 {
    1
}

/// How this binary was built: times of a debug build say nothing.
const BUILD: &str = if cfg!(debug_assertions) { "debug" } else { "release" };

impl Report {
    /// Of a race that has not begun. Without a base, that is `match` or the first engine.
    pub(crate) fn new(
        size: Size,
        engines: &[&str],
        peers: &Peers,
        mut skipped: Vec<String>,
        base: Option<&str>,
    ) -> Report {
        let size = match size {
            Size::Full => "full",
            Size::Quick => "quick",
        };
        let version = |peer: &super::peers::Peer| PeerVersion {
            name: peer.name().into(),
            about: peer.about().into(),
            version: peer.version.clone(),
        };
        let versions = Versions {
            regatta: env!("CARGO_PKG_VERSION").into(),
            build: BUILD.into(),
            peers: peers.here.iter().map(version).collect(),
        };
        skipped.extend(peers.absent.iter().cloned());
        let usual = if engines.contains(&BASELINE) { BASELINE } else { engines.first().copied().unwrap_or(BASELINE) };
        let base = base.unwrap_or(usual).to_string();
        let (rows, preparations, counts, wrong) = (vec![], vec![], vec![], vec![]);
        let (size, machine) = (size.into(), Machine::this());
        Report {
            size,
            calls: one(),
            date: today(),
            machine,
            versions,
            skipped,
            rows,
            preparations,
            counts,
            wrong,
            base,
        }
    }

    /// Takes on what came of a workload.
    pub(crate) fn add(&mut self, field: Field<'_>) {
        let workload = &field.workload.name;
        self.wrong.extend(
            disagreements(&field).into_iter().map(|(engine, wrong)| format!("{workload} on {engine}: {wrong}")),
        );
        for runner in field.runners {
            let name = runner.name.clone();
            match Row::new(workload, runner) {
                Ok(row) => self.rows.push(row),
                Err(wrong) => self.wrong.push(format!("{workload} on {name}: {wrong}")),
            }
        }
    }

    /// Takes on what engines make of a workload before they run it.
    pub(crate) fn prepare(&mut self, workload: &Workload, engines: &[&str]) {
        for engine in engines {
            match Preparation::of(workload, engine) {
                Ok(preparation) => self.preparations.push(preparation),
                Err(wrong) => self.wrong.push(format!("{} on {engine}: {wrong}", workload.name)),
            }
        }
    }

    /// Workloads, in the order of the race.
    pub(crate) fn workloads(&self) -> Vec<&str> {
        in_order(self.rows.iter().map(|row| &*row.workload))
    }

    /// Engines and peers, in the order of the race.
    pub(crate) fn engines(&self) -> Vec<&str> {
        in_order(self.rows.iter().map(|row| &*row.engine))
    }

    /// Engines that may have prepared something, in the order of the race.
    pub(crate) fn prepared(&self) -> Vec<&str> {
        in_order(self.preparations.iter().map(|one| &*one.engine))
    }

    /// The row of an engine on a workload.
    pub(crate) fn row(&self, workload: &str, engine: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.workload == workload && row.engine == engine)
    }

    /// How many times as long as on the base.
    pub(crate) fn ratio(&self, row: &Row) -> Option<f64> {
        let base = self.row(&row.workload, &self.base)?;
        Some(row.ns_min.max(1) as f64 / base.ns_min.max(1) as f64)
    }

    /// The means of an engine's ratios, and over how many workloads: those that the base ran too.
    pub(crate) fn mean(&self, engine: &str) -> Option<(f64, usize)> {
        let rows = self.rows.iter().filter(|row| row.engine == engine);
        geometric_mean(rows.filter_map(|row| self.ratio(row)))
    }

    /// The means of all, the fastest first.
    pub(crate) fn means(&self) -> Vec<(&str, f64, usize)> {
        let mean = |engine| self.mean(engine).map(|(mean, count)| (engine, mean, count));
        let mut means: Vec<_> = self.engines().into_iter().filter_map(mean).collect();
        means.sort_by(|a, b| a.1.total_cmp(&b.1));
        means
    }
}

/// Engines that ended otherwise than the first one: in what they gave, wrote, or used.
fn disagreements(field: &Field<'_>) -> Vec<(String, String)> {
    let ours = field.runners.iter().filter_map(|runner| Some((&runner.name, runner.state.as_ref().ok()?)));
    let mut ours = ours.filter_map(|(name, finish)| Some((name, finish, finish.fuel?)));
    let Some((leader, right, right_fuel)) = ours.next() else { return vec![] };
    let line = field.line;
    let wrong = ours.filter_map(|(name, finish, fuel)| {
        let what = if finish.result != right.result {
            format!("{line} gave {}, on {leader} it gave {}", finish.result, right.result)
        } else if finish.output != right.output {
            format!("{line} wrote something else than on {leader}")
        } else if fuel != right_fuel {
            format!("it used {fuel} units of fuel, {leader} used {right_fuel}")
        } else {
            return None;
        };
        Some((name.clone(), what))
    });
    wrong.collect()
}

/// The geometric mean, and of how many.
pub(crate) fn geometric_mean(ratios: impl Iterator<Item = f64>) -> Option<(f64, usize)> {
    let logs: Vec<f64> = ratios.map(f64::ln).collect();
    (!logs.is_empty()).then(|| ((logs.iter().sum::<f64>() / logs.len() as f64).exp(), logs.len()))
}

/// Each once.
fn in_order<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all = Vec::new();
    names.for_each(|name| {
        if !all.contains(&name) {
            all.push(name);
        }
    });
    all
}

impl Row {
    fn new(workload: &str, runner: Runner) -> Result<Row, String> {
        let finish = runner.state?;
        let mut laps = runner.laps;
        laps.sort_by_key(|lap| lap.time);
        let ns = |n: usize| laps[n].time.as_nanos() as u64;
        Ok(Row {
            workload: workload.into(),
            engine: runner.name,
            ns_min: ns(0),
            ns_median: ns(laps.len() / 2),
            reps: laps.len(),
            result: finish.result,
            fuel: finish.fuel,
            gc: laps[0].heap.as_ref().map(Gc::of),
        })
    }

    /// One of a race that never was.
    #[cfg(test)]
    pub(crate) fn of_test(workload: &str, engine: &str, ns_min: u64) -> Row {
        let (workload, engine, result) = (workload.into(), engine.into(), "1".into());
        Row { workload, engine, ns_min, ns_median: ns_min, reps: 5, result, fuel: None, gc: None }
    }

    /// How far laps are apart: by how much the median is above the least, as a part of that.
    pub(crate) fn spread(&self) -> f64 {
        self.ns_median as f64 / self.ns_min.max(1) as f64 - 1.0
    }

    /// Nanoseconds for each unit of fuel, for those who count it.
    pub(crate) fn ns_per_fuel(&self) -> Option<f64> {
        Some(self.ns_min as f64 / self.fuel.filter(|&fuel| fuel > 0)? as f64)
    }
}

impl Gc {
    fn of(lap: &HeapLap) -> Gc {
        let HeapStats { copies, minor, full, pause_total, pause_max, .. } = lap.stats;
        let share = share_of(pause_total, lap.wall);
        Gc { copies, minor, full, share, ns_longest: pause_max.as_nanos() as u64 }
    }

    /// Has it done anything?
    pub(crate) fn has_run(&self) -> bool {
        self.copies + self.minor + self.full > 0
    }
}

impl Machine {
    fn this() -> Machine {
        let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
        let cpu = model.map(|(_, name)| name.trim().to_string());
        Machine { cpu, arch: std::env::consts::ARCH.into(), os: std::env::consts::OS.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::laps::Finish;
    use super::*;
    use regatta_benches::workloads;
    use regatta_vm::Scalar;

    #[test]
    fn wrong_results_have_no_row_and_are_named() {
        let mut workload = workloads().into_iter().find(|workload| workload.name == "loop").unwrap();
        let mut report = Report::new(Size::Quick, &["match"], &Peers::default(), vec![], None);
        workload.full = workload.quick.clone();
        workload.full.expected = Some(vec![Scalar::I32(-1)]);
        let mut field = Field::new(&workload, &["match"], &[], Size::Full, 1);
        field.round();
        field.round();
        report.add(field);
        assert!(report.rows.is_empty());
        assert_eq!(report.wrong, ["loop on match: %run(300000) gave 485811, right is -1"]);
    }

    #[test]
    fn engines_that_end_otherwise_than_the_first_are_named() {
        let workload = workloads().into_iter().find(|workload| workload.name == "loop").unwrap();
        let engines = ["match", "call", "closure", "reference"];
        let mut field = Field::new(&workload, &engines, &[], Size::Quick, 1);
        let mut finish = |n: usize, change: fn(&mut Finish)| change(field.runners[n].state.as_mut().unwrap());
        finish(1, |finish| finish.fuel = Some(7));
        finish(2, |finish| finish.result = "3".into());
        finish(3, |finish| finish.output = b"hello".to_vec());
        let wrong: Vec<String> = disagreements(&field).into_iter().map(|(name, wrong)| name + ": " + &wrong).collect();
        assert_eq!(
            wrong,
            [
                "call: it used 7 units of fuel, match used 300000",
                "closure: %run(300000) gave 3, on match it gave 485811",
                "reference: %run(300000) wrote something else than on match",
            ]
        );
    }

    #[test]
    fn means_are_over_what_the_base_ran_too() {
        let row = Row::of_test;
        let mut report = Report::new(Size::Full, &["match"], &Peers::default(), vec![], None);
        report.rows = vec![row("a", "match", 100), row("a", "x", 200), row("b", "match", 100), row("b", "x", 800)];
        report.rows.push(row("c", "x", 1));
        assert_eq!(report.means(), [("match", 1.0, 2), ("x", 4.0, 2)]);
        assert_eq!((report.workloads(), report.engines()), (vec!["a", "b", "c"], vec!["match", "x"]));
        report.rows[0].ns_median = 110;
        assert!((report.rows[0].spread() - 0.1).abs() < 1e-9);
        report.base = "y".into();
        assert!(report.means().is_empty());
    }
}
