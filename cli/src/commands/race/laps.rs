//! Laps: one workload on all engines, in turn, timed.

use crate::clock::CpuClock;
use regatta_benches::{Finish, RunLine, Size, Track, Workload};
use regatta_vm::backend;
use regatta_vm::process::HeapStats;
use std::time::{Duration, Instant};

/// One workload, and all who race on it.
pub(crate) struct Field<'a> {
    /// The workload.
    pub(crate) workload: &'a Workload,
    /// The engines.
    pub(crate) runners: Vec<Runner>,
    line: &'a RunLine,
}

/// One engine on the workload.
pub(crate) struct Runner {
    /// The engine.
    pub(crate) engine: &'static str,
    /// The laps.
    pub(crate) laps: Vec<Lap>,
    /// What it did wrong, or what came of the last lap.
    pub(crate) state: Result<Finish, String>,
    track: Option<Track>,
}

/// What a lap took.
#[derive(Clone, Copy)]
pub(crate) struct Lap {
    /// CPU time.
    pub(crate) time: Duration,
    /// Time on the wall, as that of the collector's pauses is.
    pub(crate) wall: Duration,
    /// What the heap did.
    pub(crate) heap: HeapStats,
}

impl<'a> Field<'a> {
    /// Makes the workload ready on all engines, and lets each run it in small once, so that memory and caches are warm.
    pub(crate) fn new(workload: &'a Workload, engines: &[&'static str], size: Size) -> Field<'a> {
        let runner = |&engine| {
            let executor = backend(engine).expect("the name was looked up before");
            let track = Track::new(workload, executor);
            let state = track.as_ref().map_err(String::clone).and_then(|track| run(track, &workload.quick));
            Runner { engine, laps: vec![], state: state.map(|(_, finish)| finish), track: track.ok() }
        };
        Field { workload, runners: engines.iter().map(runner).collect(), line: workload.line(size) }
    }

    /// Lets each engine run once; those that failed before stay out. Says after each that it has run.
    pub(crate) fn round(&mut self, mut has_run: impl FnMut()) {
        for Runner { track, laps, state, .. } in &mut self.runners {
            if let Some(track) = track.as_ref().filter(|_| state.is_ok()) {
                *state = run(track, self.line).map(|(lap, finish)| {
                    laps.push(lap);
                    finish
                });
            }
            has_run();
        }
    }
}

fn run(track: &Track, line: &RunLine) -> Result<(Lap, Finish), String> {
    let mut lap = track.lap(line)?;
    let (clock, wall) = (CpuClock::start(), Instant::now());
    lap.run();
    let (time, wall) = (clock.elapsed(), wall.elapsed());
    let finish = lap.finish()?;
    Ok((Lap { time, wall, heap: finish.heap }, finish))
}
