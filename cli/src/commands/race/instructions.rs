//! Instructions: how many of the machine's an engine takes for the program's, counted by Callgrind.
//!
//! Counts are the same on a busy machine as on an idle one; what they leave out is whether branches are foreseen and memory
//! is near. This very binary runs one lap of the quick call, and two, on one engine; the difference is a lap without start
//! and end. What the program executes is counted by watching it.

use super::command::{NoOutput, output};
use regatta_benches::{RunLine, Track, Workload};
use regatta_vm::trace::{Observer, Scene, Step, Traced};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

/// What counts.
const TOOL: &str = "valgrind";

/// One engine on one workload.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Count {
    pub(crate) workload: String,
    pub(crate) engine: String,
    /// Instructions of the program.
    pub(crate) executed: u64,
    pub(crate) fuel: u64,
    /// Instructions of the machine.
    pub(crate) instructions: u64,
    /// Of those, indirect jumps.
    pub(crate) indirect: u64,
}

impl Count {
    /// Machine instructions for each of the program's.
    pub(crate) fn per_executed(&self) -> f64 {
        self.instructions as f64 / self.executed.max(1) as f64
    }

    /// Machine instructions for each unit of fuel, if the program takes any.
    pub(crate) fn per_fuel(&self) -> Option<f64> {
        (self.fuel > 0).then(|| self.instructions as f64 / self.fuel as f64)
    }

    /// Indirect jumps for each instruction of the program.
    pub(crate) fn jumps(&self) -> f64 {
        self.indirect as f64 / self.executed.max(1) as f64
    }
}

/// What a lap of a workload is.
pub(crate) struct Work {
    executed: u64,
    fuel: u64,
}

/// Runs laps under Callgrind.
pub(crate) struct Counter {
    me: String,
    /// What the command line says about calls, beside workload and engine.
    options: Vec<String>,
}

impl Counter {
    /// A counter, or why there can't be one.
    pub(crate) fn new(options: Vec<String>) -> Result<Counter, String> {
        output(&[TOOL.into(), "--version".into()]).map_err(|reason| match reason {
            NoOutput::NotInstalled(_) => format!("`{TOOL}` is not installed (scripts/install-tools {TOOL})"),
            NoOutput::Failed(reason) => reason,
        })?;
        let me = std::env::current_exe().map_err(|error| format!("this program is nowhere: {error}"))?;
        Ok(Counter { me: me.display().to_string(), options })
    }

    /// Counts a lap of a workload, which this word names.
    pub(crate) fn count(&self, word: &str, workload: &Workload, engine: &str, work: &Work) -> Result<Count, String> {
        let (one, two) = (self.laps(word, engine, 1)?, self.laps(word, engine, 2)?);
        let more =
            |event| two.get(event).zip(one.get(event)).and_then(|(two, one): (&u64, &u64)| two.checked_sub(*one));
        let (Some(instructions), Some(indirect)) = (more("Ir"), more("Bi")) else {
            return Err(format!("{TOOL} did not count instructions and indirect jumps"));
        };
        let (workload, engine) = (workload.name.clone(), engine.into());
        Ok(Count { workload, engine, executed: work.executed, fuel: work.fuel, instructions, indirect })
    }

    fn laps(&self, word: &str, engine: &str, laps: u32) -> Result<HashMap<String, u64>, String> {
        let tool = [TOOL, "--tool=callgrind", "--branch-sim=yes", "--callgrind-out-file=/dev/null"].map(String::from);
        let race = [&*self.me, "race", word, "--quick", "--engines", engine].map(String::from);
        let words = tool.into_iter().chain(race).chain([format!("--laps={laps}")]).chain(self.options.iter().cloned());
        let printed = output(&words.collect::<Vec<_>>())?;
        Ok(collected(&printed.err))
    }
}

/// What Callgrind has to say: `Events : Ir Bc` and `Collected : 12 3`, behind its process id.
fn collected(text: &str) -> HashMap<String, u64> {
    let line = |name: &str| {
        let found = text.lines().rev().find_map(|line| line.split_once(name)?.1.trim_start().strip_prefix(':'));
        found.unwrap_or_default().split_whitespace()
    };
    let numbers = line("Collected").map_while(|number| number.parse().ok());
    line("Events").map(String::from).zip(numbers).collect()
}

/// Counts what is executed.
#[derive(Default)]
struct Tally(u64);

impl Observer for Tally {
    fn executes(&mut self, _: &Scene<'_>, _: Step) -> ControlFlow<()> {
        self.0 += 1;
        ControlFlow::Continue(())
    }
}

impl Work {
    /// Runs a lap and watches it.
    pub(crate) fn of(workload: &Workload, line: &RunLine, calls: u32) -> Result<Work, String> {
        let tally = Arc::new(Mutex::new(Tally::default()));
        let track = Track::new(workload, Box::new(Traced::new(tally.clone())))?;
        let mut lap = track.lap_of(line, calls)?;
        lap.run();
        let fuel = lap.finish()?.fuel;
        let executed = tally.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).0;
        Ok(Work { executed, fuel })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regatta_vm::Scalar;

    #[test]
    fn what_callgrind_collects_is_read_by_name() {
        let text = "==7== Callgrind, a tool\n==7== For interactive control\n==7== \n==7== Events    : Ir Bc Bi\n\
            ==7== Collected : 1234 56 7\n==7== \n==7== I   refs:      1,234\n";
        let counts = collected(text);
        assert_eq!((counts["Ir"], counts["Bc"], counts["Bi"]), (1234, 56, 7));
        assert!(collected("==7== nothing").is_empty());
    }

    #[test]
    fn work_is_what_the_program_executes() {
        const COUNT: &str = "func %count(n: i32) -> i32 {\n reg i: i32\n i32_const i, 0\ntop:\n i32_add_imm i, i, 1\n\
            loop_i32_lt_s i, n, top\n ret_value i\n}\n";
        let module = regatta_vm::ir::text::parse(COUNT).unwrap();
        let line = RunLine { function: "count".into(), args: vec![Scalar::I32(10)], expected: None };
        let workload = Workload::of_call("count", vec![module], line.clone(), 100);
        // Two in each of ten turns, one before and one after.
        let work = Work::of(&workload, &line, 1).unwrap();
        assert_eq!((work.executed, work.fuel), (22, 10));
        let work = Work::of(&workload, &line, 3).unwrap();
        assert_eq!((work.executed, work.fuel), (66, 30));
    }
}
