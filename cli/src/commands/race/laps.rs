//! Laps: one workload for all who race, in turn, timed.

use super::peers::{Course, Peer};
use crate::clock::CpuClock;
use regatta_benches::{RunLine, Size, Track, Workload, list};
use regatta_vm::backend;
use regatta_vm::process::HeapStats;
use std::time::{Duration, Instant};

/// One workload, and all who race on it.
pub(crate) struct Field<'a> {
    /// The workload.
    pub(crate) workload: &'a Workload,
    /// The engines, then the peers that know the workload.
    pub(crate) runners: Vec<Runner>,
    /// The call.
    pub(crate) line: &'a RunLine,
    calls: u32,
}

/// One engine or peer on the workload.
pub(crate) struct Runner {
    /// Its name.
    pub(crate) name: String,
    /// The laps.
    pub(crate) laps: Vec<Lap>,
    /// What went wrong, or what came of the last lap.
    pub(crate) state: Result<Finish, String>,
    course: Option<Lane>,
}

/// Where laps are run.
enum Lane {
    Engine(Box<Track>),
    Peer(Course),
}

/// What a lap took.
#[derive(Clone, Copy)]
pub(crate) struct Lap {
    /// CPU time.
    pub(crate) time: Duration,
    /// What is known of a lap of ours.
    pub(crate) heap: Option<HeapLap>,
}

/// What the heap did in a lap.
#[derive(Clone, Copy)]
pub(crate) struct HeapLap {
    /// Time on the wall, as that of the collector's pauses is.
    pub(crate) wall: Duration,
    /// What the heap did.
    pub(crate) stats: HeapStats,
}

/// What came of a lap.
pub(crate) struct Finish {
    /// The results, which are right where that is known.
    pub(crate) result: String,
    /// Fuel used; peers have none.
    pub(crate) fuel: Option<u64>,
    /// What was written to the host.
    pub(crate) output: Vec<u8>,
}

impl<'a> Field<'a> {
    /// Makes the workload ready for all, and lets each run it in small once, so that memory and caches are warm. A lap is
    /// so many calls. Peers take part where it is known what is right.
    pub(crate) fn new(
        workload: &'a Workload,
        engines: &[&'static str],
        peers: &[Peer],
        size: Size,
        calls: u32,
    ) -> Field<'a> {
        let line = workload.line(size);
        let warm_up = |lane: &Lane| lane.run(&workload.quick, calls);
        let engine = |&engine: &&'static str| {
            let executor = backend(engine).expect("the name was looked up before");
            Runner::new(engine, Track::new(workload, executor).map(|track| Lane::Engine(Box::new(track))), warm_up)
        };
        let peer = |peer: &Peer| Some(Runner::new(peer.name(), peer.prepare(workload)?.map(Lane::Peer), warm_up));
        let peers = peers.iter().filter(|_| line.expected.is_some());
        let runners = engines.iter().map(engine).chain(peers.filter_map(peer)).collect();
        Field { workload, runners, line, calls }
    }

    /// Lets each run once; those that failed before stay out.
    pub(crate) fn round(&mut self) {
        for Runner { course, laps, state, .. } in &mut self.runners {
            if let Some(lane) = course.as_ref().filter(|_| state.is_ok()) {
                *state = lane.run(self.line, self.calls).map(|(lap, finish)| {
                    laps.push(lap);
                    finish
                });
            }
        }
    }
}

impl Runner {
    fn new(
        name: &str,
        lane: Result<Lane, String>,
        warm_up: impl FnOnce(&Lane) -> Result<(Lap, Finish), String>,
    ) -> Runner {
        let state = lane.as_ref().map_err(String::clone).and_then(warm_up);
        Runner { name: name.to_string(), laps: vec![], state: state.map(|(_, finish)| finish), course: lane.ok() }
    }
}

impl Lane {
    fn run(&self, line: &RunLine, calls: u32) -> Result<(Lap, Finish), String> {
        match self {
            Lane::Engine(track) => {
                let mut lap = track.lap_of(line, calls)?;
                let (clock, wall) = (CpuClock::start(), Instant::now());
                lap.run();
                let (time, wall) = (clock.elapsed(), wall.elapsed());
                let finish = lap.finish()?;
                let heap = Some(HeapLap { wall, stats: finish.heap });
                let (result, output) = (list(&finish.results), finish.output);
                Ok((Lap { time, heap }, Finish { result, fuel: Some(finish.fuel), output }))
            }
            Lane::Peer(course) => {
                let (time, result) = course.lap(line)?;
                Ok((Lap { time, heap: None }, Finish { result, fuel: None, output: vec![] }))
            }
        }
    }
}
