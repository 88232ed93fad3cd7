//! Tracks: a workload made ready on one engine, so that a lap costs what running costs.

use crate::workload::{RunLine, Workload, list};
use regatta_vm::host::RecordingHost;
use regatta_vm::process::{HeapStats, ProcessLimits};
use regatta_vm::verifier::verify;
use regatta_vm::{Context, Executor, Exit, Fuel, Linked, Natives, Process, Program, Scalar, Task, drive};

/// Fuel for a lap: more than any lap needs, and finite, so that it is really counted.
const FUEL: u64 = 1 << 50;

/// A workload on an engine: verified, linked, all functions prepared. Tracks share nothing.
pub struct Track {
    program: Program,
    linked: Linked,
    executor: Box<dyn Executor>,
    stack_slots: usize,
}

/// A call about to run, with a process of its own.
pub struct Lap<'a> {
    track: &'a Track,
    line: &'a RunLine,
    process: Process,
    task: Task,
    fuel: Fuel,
    exit: Option<Exit>,
}

/// What a lap gave.
#[derive(Clone, PartialEq, Debug)]
pub struct Finish {
    /// The results, which are right.
    pub results: Vec<Scalar>,
    /// Fuel used.
    pub fuel: u64,
    /// What its heap did.
    pub heap: HeapStats,
}

impl Track {
    /// Makes a workload ready on an engine.
    pub fn new(workload: &Workload, executor: Box<dyn Executor>) -> Result<Track, String> {
        let program = Program::new(Natives::new());
        let proof = verify(workload.module(), &program).map_err(|errors| errors.to_string())?;
        let linked = program.link(proof).map_err(|error| error.to_string())?;
        for entry in program.functions() {
            executor.prepare(&program, entry.id).map_err(|error| error.to_string())?;
        }
        Ok(Track { program, linked, executor, stack_slots: workload.stack_slots })
    }

    /// The engine's name.
    pub fn engine(&self) -> &'static str {
        self.executor.name()
    }

    /// Makes everything that a call needs.
    pub fn lap<'a>(&'a self, line: &'a RunLine) -> Result<Lap<'a>, String> {
        let func = self.linked.find(&line.function).ok_or_else(|| format!("there is no `%{}`", line.function))?;
        let host = Box::new(RecordingHost::default());
        let process = Process::new(&self.program, ProcessLimits::default(), host).map_err(|error| error.to_string())?;
        let task = Task::new(&self.program, func, &line.args, self.stack_slots).map_err(|error| error.to_string())?;
        Ok(Lap { track: self, line, process, task, fuel: Fuel::new(FUEL), exit: None })
    }
}

impl Lap<'_> {
    /// Runs. This is what is timed.
    #[inline(never)]
    pub fn run(&mut self) {
        let mut cx = Context { program: &self.track.program, process: &mut self.process };
        self.exit = Some(drive(&*self.track.executor, &mut cx, &mut self.task, &mut self.fuel));
    }

    /// The results if they are right; else what they are instead.
    pub fn finish(self) -> Result<Finish, String> {
        let line = self.line;
        match self.exit {
            Some(Exit::Returned) => {}
            Some(exit) => return Err(format!("{line} left with {exit:?}")),
            None => return Err(format!("{line} did not run")),
        }
        let results = self.task.results(&self.track.program).unwrap_or_default();
        if results != line.expected {
            return Err(format!("{line} gave {}, right is {}", list(&results), list(&line.expected)));
        }
        Ok(Finish { results, fuel: self.fuel.used(), heap: self.process.heap.stats() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workloads;
    use regatta_vm::backends;

    #[test]
    fn every_engine_wins_every_quick_race_with_the_same_fuel() {
        for workload in workloads() {
            let laps = backends().into_iter().map(|executor| {
                let track = Track::new(&workload, executor).unwrap();
                let mut lap = track.lap(&workload.quick).unwrap();
                lap.run();
                lap.finish().unwrap_or_else(|error| panic!("{} on {}: {error}", workload.name, track.engine()))
            });
            let fuel: Vec<u64> = laps.map(|finish| finish.fuel).collect();
            assert!(fuel.iter().all(|used| *used == fuel[0]), "{}: {fuel:?}", workload.name);
        }
    }

    /// What an engine takes of the native stack has nothing to do with how much it runs. In an optimised build that is a
    /// question to the compiler, too: engines whose handlers call each other count on jumps.
    #[test]
    fn a_small_native_stack_is_enough() {
        for (n, executor) in backends().iter().enumerate() {
            let name = executor.name();
            let race = move || {
                for workload in workloads() {
                    let track = Track::new(&workload, backends().swap_remove(n)).unwrap();
                    let mut lap = track.lap(&workload.quick).unwrap();
                    lap.run();
                    lap.finish().unwrap();
                }
            };
            let thread = std::thread::Builder::new().name(name.into()).stack_size(256 << 10);
            thread.spawn(race).unwrap().join().unwrap();
        }
    }

    #[test]
    fn wrong_results_do_not_finish() {
        let mut workload = workloads().swap_remove(0);
        workload.quick.expected = vec![Scalar::I32(-1)];
        let track = Track::new(&workload, backends().swap_remove(0)).unwrap();
        let mut lap = track.lap(&workload.quick).unwrap();
        lap.run();
        assert!(lap.finish().unwrap_err().ends_with("right is -1"));
        assert!(track.lap(&workload.quick).unwrap().finish().is_err());
    }
}
