//! Tracks: a workload made ready on one engine, so that a lap costs what running costs.

use crate::workload::{RunLine, Workload, list};
use regatta_vm::host::RecordingHost;
use regatta_vm::process::{HeapStats, ProcessLimits};
use regatta_vm::{Context, Executor, Exit, Fuel, Linked, Process, Program, Scalar, Task, drive};

/// Fuel for a lap: more than any lap needs, and finite, so that it is really counted.
const FUEL: u64 = 1 << 50;

/// A workload on an engine: verified, linked, all functions prepared. Tracks share nothing.
pub struct Track {
    program: Program,
    linked: Linked,
    executor: Box<dyn Executor>,
    stack_slots: usize,
}

/// A call about to run, or several, one after the other in a process of their own.
pub struct Lap<'a> {
    track: &'a Track,
    line: &'a RunLine,
    calls: u32,
    host: RecordingHost,
    process: Process,
    task: Task,
    fuel: Fuel,
    exit: Option<Exit>,
}

/// What a lap gave.
#[derive(Clone, PartialEq, Debug)]
pub struct Finish {
    /// The results of the last call, which are right where that is known.
    pub results: Vec<Scalar>,
    /// Fuel used.
    pub fuel: u64,
    /// What was written to the host.
    pub output: Vec<u8>,
    /// What its heap did.
    pub heap: HeapStats,
}

impl Track {
    /// Makes a workload ready on an engine.
    pub fn new(workload: &Workload, executor: Box<dyn Executor>) -> Result<Track, String> {
        let (program, linked) = workload.link()?;
        for entry in program.functions() {
            program.prove(entry.id).map_err(|errors| errors.to_string())?;
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
        self.lap_of(line, 1)
    }

    /// The same for so many calls, one after the other: each finds what those before left in memory and globals.
    pub fn lap_of<'a>(&'a self, line: &'a RunLine, calls: u32) -> Result<Lap<'a>, String> {
        let (task, host) = (self.task(line)?, RecordingHost::default());
        let process = Process::new(&self.program, ProcessLimits::default(), Box::new(host.clone()));
        let process = process.map_err(|error| error.to_string())?;
        Ok(Lap { track: self, line, calls, host, process, task, fuel: Fuel::new(FUEL), exit: None })
    }

    fn task(&self, line: &RunLine) -> Result<Task, String> {
        let func = self.linked.find(&line.function).ok_or_else(|| format!("there is no `%{}`", line.function))?;
        Task::new(&self.program, func, &line.args, self.stack_slots).map_err(|error| error.to_string())
    }
}

impl Lap<'_> {
    /// Runs. This is what is timed.
    #[inline(never)]
    pub fn run(&mut self) {
        self.call();
        for _ in 1..self.calls {
            if self.exit != Some(Exit::Returned) {
                return;
            }
            self.task = self.track.task(self.line).expect("the first one was made");
            self.call();
        }
    }

    fn call(&mut self) {
        let mut cx = Context { program: &self.track.program, process: &mut self.process };
        self.exit = Some(drive(&*self.track.executor, &mut cx, &mut self.task, &mut self.fuel));
    }

    /// The results, if they are not known to be wrong; else what they are instead.
    pub fn finish(self) -> Result<Finish, String> {
        let line = self.line;
        match self.exit {
            Some(Exit::Returned) => {}
            Some(Exit::Trapped(trap)) => return Err(format!("{line} trapped: {trap}")),
            Some(Exit::Threw) => return Err(format!("{line} threw something that nobody caught")),
            Some(exit) => return Err(format!("{line} left with {exit:?}")),
            None => return Err(format!("{line} did not run")),
        }
        let results = self.task.results(&self.track.program).unwrap_or_default();
        if let Some(expected) = line.expected.as_ref().filter(|expected| **expected != results) {
            return Err(format!("{line} gave {}, right is {}", list(&results), list(expected)));
        }
        let (fuel, output, heap) = (self.fuel.used(), self.host.output(), self.process.heap.stats());
        Ok(Finish { results, fuel, output, heap })
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

    /// What `tail` takes of the native stack has nothing to do with how much it runs. In an optimised build that is a
    /// question to the compiler, too: its handlers call each other, and count on jumps.
    #[test]
    fn a_small_native_stack_is_enough() {
        let race = || {
            for workload in workloads() {
                let track = Track::new(&workload, regatta_vm::backend("tail").unwrap()).unwrap();
                let mut lap = track.lap(&workload.quick).unwrap();
                lap.run();
                lap.finish().unwrap();
            }
        };
        std::thread::Builder::new().stack_size(256 << 10).spawn(race).unwrap().join().unwrap();
    }

    #[test]
    fn wrong_results_do_not_finish() {
        let mut workload = workloads().swap_remove(0);
        workload.quick.expected = Some(vec![Scalar::I32(-1)]);
        let track = Track::new(&workload, backends().swap_remove(0)).unwrap();
        let mut lap = track.lap(&workload.quick).unwrap();
        lap.run();
        assert!(lap.finish().unwrap_err().ends_with("right is -1"));
        assert!(track.lap(&workload.quick).unwrap().finish().is_err());
    }

    #[test]
    fn calls_of_a_lap_share_their_process_and_end_at_the_first_trap() {
        const COUNTER: &str = "global @n: mut i32 = 0\nfunc %next(most: i32) -> i32 {\n reg n: i32\n global_get n, @n\n\
            i32_add_imm n, n, 1\n global_set n, @n\n br_i32_lt_s n, most, fine\n trap 7\nfine:\n fuel 10\n ret_value n\n}\n";
        let module = regatta_vm::ir::text::parse(COUNTER).unwrap();
        let line = |most| RunLine { function: "next".into(), args: vec![Scalar::I32(most)], expected: None };
        let (often, seldom) = (line(100), line(3));
        let workload = Workload::of_call("counter", vec![module], often.clone(), 1000);
        let track = Track::new(&workload, backends().swap_remove(0)).unwrap();
        let mut lap = track.lap_of(&often, 5).unwrap();
        lap.run();
        let finish = lap.finish().unwrap();
        assert_eq!((finish.results, finish.fuel), (vec![Scalar::I32(5)], 50));
        let mut lap = track.lap_of(&seldom, 5).unwrap();
        lap.run();
        assert_eq!(lap.finish().unwrap_err(), "%next(3) trapped: the program trapped with code 7");
    }
}
