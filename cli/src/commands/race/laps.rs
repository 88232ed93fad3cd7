//! Laps: one workload on all engines, in turn, timed.

use crate::clock::CpuClock;
use regatta_benches::{Finish, RunLine, Size, Track, Workload};
use regatta_vm::backend;
use std::time::Duration;

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
    /// CPU time of each lap.
    pub(crate) times: Vec<Duration>,
    /// What it did wrong, or what came of the last lap.
    pub(crate) state: Result<Finish, String>,
    track: Option<Track>,
}

impl<'a> Field<'a> {
    /// Makes the workload ready on all engines, and lets each run it in small once, so that memory and caches are warm.
    pub(crate) fn new(workload: &'a Workload, engines: &[&'static str], size: Size) -> Field<'a> {
        let runner = |&engine| {
            let executor = backend(engine).expect("the name was looked up before");
            let track = Track::new(workload, executor);
            let state = track.as_ref().map_err(String::clone).and_then(|track| lap(track, &workload.quick));
            Runner { engine, times: vec![], state: state.map(|(_, finish)| finish), track: track.ok() }
        };
        Field { workload, runners: engines.iter().map(runner).collect(), line: workload.line(size) }
    }

    /// Lets each engine run once; those that failed before stay out. Says after each that it has run.
    pub(crate) fn round(&mut self, mut has_run: impl FnMut()) {
        for Runner { track, times, state, .. } in &mut self.runners {
            if let Some(track) = track.as_ref().filter(|_| state.is_ok()) {
                *state = lap(track, self.line).map(|(time, finish)| {
                    times.push(time);
                    finish
                });
            }
            has_run();
        }
    }
}

fn lap(track: &Track, line: &RunLine) -> Result<(Duration, Finish), String> {
    let mut lap = track.lap(line)?;
    let clock = CpuClock::start();
    lap.run();
    let time = clock.elapsed();
    Ok((time, lap.finish()?))
}
