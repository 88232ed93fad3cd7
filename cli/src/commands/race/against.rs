//! A race against an earlier one: what has changed, beyond what chance does.
//!
//! Two races never meet the same machine, even on the same one. If peers ran in both, they have not changed, so what they
//! took more or less is the machine's doing and is taken out. A change counts when it is larger than [`LEAST`] and twice
//! the spread of both races.

use super::report::{Report, Row, geometric_mean};
use std::fs;
use std::path::Path;

/// Changes up to this part of the time are never news.
const LEAST: f64 = 0.03;

/// How a race compares with an earlier one.
pub(crate) struct Comparison {
    /// What the machine takes now for what it took 1 then, as far as peers tell.
    drift: Option<f64>,
    changes: Vec<Change>,
    same_machine: bool,
}

/// One engine on one workload, in both races.
struct Change {
    workload: String,
    engine: String,
    /// Its time now, for 1 then.
    ratio: f64,
    /// As much may be chance.
    noise: f64,
}

/// Reads an earlier race.
pub(crate) fn read(path: &Path) -> Result<Report, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{} is no race: {error}", path.display()))
}

impl Comparison {
    /// Of a race with an earlier one.
    pub(crate) fn of(now: &Report, then: &Report) -> Comparison {
        let is_peer = |row: &Row| now.versions.peers.iter().any(|peer| peer.name == row.engine);
        let pairs = || now.rows.iter().filter_map(|row| Some((row, then.row(&row.workload, &row.engine)?)));
        let pairs = || pairs().filter(|_| (&now.size, now.calls) == (&then.size, then.calls));
        let ratio = |(now, then): (&Row, &Row)| now.ns_min.max(1) as f64 / then.ns_min.max(1) as f64;
        let drift = geometric_mean(pairs().filter(|(row, _)| is_peer(row)).map(ratio)).map(|(mean, _)| mean);
        let change = |(now, then): (&Row, &Row)| Change {
            workload: now.workload.clone(),
            engine: now.engine.clone(),
            ratio: ratio((now, then)) / drift.unwrap_or(1.0),
            noise: f64::max(LEAST, 2.0 * (now.spread() + then.spread())),
        };
        let changes = pairs().filter(|(row, _)| !is_peer(row)).map(change).collect();
        Comparison { drift, changes, same_machine: now.machine == then.machine }
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from("against the earlier race\n");
        if !self.same_machine {
            text += "it was on another machine: the ratios compare machines too\n";
        }
        if let Some(drift) = self.drift {
            text += &format!("peers took {drift:.3} of their time then, which is taken out\n");
        }
        let mut engines: Vec<&str> = Vec::new();
        for change in &self.changes {
            if !engines.contains(&&*change.engine) {
                engines.push(&change.engine);
            }
        }
        for engine in engines {
            let changes = self.changes.iter().filter(|change| change.engine == engine);
            if let Some((mean, count)) = geometric_mean(changes.map(|change| change.ratio)) {
                text += &format!("{:14} {engine:14}{mean:>7.3}  over {count}\n", "");
            }
        }
        let news: Vec<&Change> = self.changes.iter().filter(|change| change.is_news()).collect();
        for change in &news {
            let word = if change.ratio < 1.0 { "faster" } else { "slower" };
            let Change { workload, engine, ratio, noise } = change;
            text += &format!("{workload:14} {engine:14}{ratio:>7.3}  {word}; chance explains {:.0} %\n", 100.0 * noise);
        }
        if self.changes.is_empty() {
            text += "no engine ran the same workload in both, in the same size and as many calls\n";
        } else if news.is_empty() {
            text += "nothing has changed beyond what chance does\n";
        }
        text
    }
}

impl Change {
    fn is_news(&self) -> bool {
        (self.ratio - 1.0).abs() > self.noise
    }
}

#[cfg(test)]
mod tests {
    use super::super::peers::Peers;
    use super::super::report::PeerVersion;
    use super::*;
    use regatta_benches::Size;

    fn race(times: &[(&str, &str, u64)]) -> Report {
        let mut report = Report::new(Size::Full, &["match"], &Peers::default(), vec![], None);
        report.rows = times.iter().map(|&(workload, engine, ns)| Row::of_test(workload, engine, ns)).collect();
        report
    }

    #[test]
    fn what_is_beyond_chance_is_named() {
        let then = race(&[("fib", "match", 1000), ("loop", "match", 1000), ("sieve", "call", 1000)]);
        let now = race(&[("fib", "match", 1020), ("loop", "match", 900), ("nbody", "match", 7)]);
        let text = Comparison::of(&now, &then).text();
        assert!(text.contains("loop           match           0.900  faster"), "{text}");
        assert!(!text.contains("fib ") && !text.contains("nbody") && text.contains("over 2"), "{text}");
    }

    #[test]
    fn what_the_machine_does_is_taken_out() {
        let peer = || PeerVersion { name: "lua".into(), about: String::new(), version: "5".into() };
        let then = race(&[("fib", "match", 1000), ("fib", "lua", 4000)]);
        let mut now = race(&[("fib", "match", 2000), ("fib", "lua", 8000)]);
        assert!(Comparison::of(&now, &then).text().contains("slower"));
        now.versions.peers.push(peer());
        let text = Comparison::of(&now, &then).text();
        assert!(text.contains("peers took 2.000") && text.contains("nothing has changed"), "{text}");
    }

    #[test]
    fn races_of_other_sizes_are_not_compared() {
        let then = race(&[("fib", "match", 1000)]);
        let mut now = race(&[("fib", "match", 10)]);
        now.size = "quick".into();
        assert!(Comparison::of(&now, &then).text().contains("no engine ran the same workload"));
    }

    #[test]
    fn files_that_are_no_races_are_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "{}").unwrap();
        assert!(read(file.path()).is_err_and(|error| error.contains("is no race")));
        let race = race(&[("fib", "match", 1000)]);
        fs::write(file.path(), serde_json::to_string(&race).unwrap()).unwrap();
        assert_eq!(read(file.path()).unwrap().rows[0].ns_min, 1000);
    }
}
