//! Clocks and memory, for the benches that are not criterion's.
//!
//! What is compared is measured in turns, so that a machine that gets slower or faster does so for everybody.

use std::fmt;
use std::time::{Duration, Instant};

/// A sample lasts at least this long; work that is shorter is repeated.
const SAMPLE: Duration = Duration::from_millis(2);

/// Seconds for one piece of work.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// The fastest sample.
    pub min: f64,
    /// The one in the middle.
    pub median: f64,
}

impl Times {
    /// Of these samples; there is at least one.
    pub fn of(mut samples: Vec<f64>) -> Times {
        samples.sort_by(f64::total_cmp);
        Times { min: samples[0], median: samples[samples.len() / 2] }
    }

    /// For one of `parts` equal parts.
    pub fn per(self, parts: usize) -> Times {
        Times { min: self.min / parts as f64, median: self.median / parts as f64 }
    }
}

/// `min/median`, in a fitting unit.
impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, scale) = match self.min {
            ..1e-6 => ("ns", 1e9),
            ..1e-3 => ("us", 1e6),
            _ => ("ms", 1e3),
        };
        let digits = if self.min * scale < 10.0 { 2 } else { 1 };
        f.pad(&format!("{:.digits$}/{:.digits$} {unit}", self.min * scale, self.median * scale))
    }
}

/// Measures several pieces of work in `rounds` rounds of one sample each.
pub fn in_turns<const N: usize>(rounds: usize, mut works: [&mut dyn FnMut(); N]) -> [Times; N] {
    let repeats = works.each_mut().map(|work| {
        let once = time(1, work).max(1e-9);
        (SAMPLE.as_secs_f64() / once).ceil() as usize
    });
    let mut samples = [const { Vec::new() }; N];
    for _ in 0..rounds {
        for (n, work) in works.iter_mut().enumerate() {
            samples[n].push(time(repeats[n], work));
        }
    }
    samples.map(Times::of)
}

fn time(repeats: usize, work: &mut &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..repeats {
        work();
    }
    start.elapsed().as_secs_f64() / repeats as f64
}

/// A line of `/proc/self/status` in MiB, such as `VmRSS`, `VmHWM` (the highest `VmRSS` so far) or `RssAnon` (without
/// files); `None` where there is no such thing.
pub fn memory_mib(line: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let rest = status.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':'))?;
    Some(rest.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
}

/// Is this only a test of the bench itself (`-- --test`), to be as short as possible?
pub fn is_test() -> bool {
    std::env::args().any(|arg| arg == "--test")
}
