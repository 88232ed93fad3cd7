//! What a run shows: everything that must be the same whichever engine ran it.
//!
//! [`observe`] runs one function in a fresh process and notes how the run ended and where, the fuel it used, what it
//! wrote, its results, and a digest of the memory and globals it left. [`observe_in_slices`] does the same but stops the
//! run again and again and lets another engine go on. Two observations are compared as values; [`first_difference`] says
//! in words where they part.
//!
//! Not observed: time, addresses, how far the stack has grown, and slots of the stack that no verified code can read.
//! A float's NaN counts as one value wherever it lies, as its payload is nobody's business; and a dynamic value is what a
//! program, or a person, can see of it, [`Dynamic`].

use regatta_ir::{FuncId, Type};
use regatta_vm::host::RecordingHost;
use regatta_vm::process::{ProcessError, ProcessLimits};
use regatta_vm::task::CallError;
use regatta_vm::{Context, Dynamic, Executor, Exit, Fuel, Limits, Process, Program, Scalar, Task, Trap, drive};
use std::fmt;

/// What a run shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Observation {
    /// How it ended, and where.
    pub exit: Outcome,
    /// Units of fuel used.
    pub fuel: u64,
    /// What was written.
    pub output: Vec<u8>,
    /// The results, if it returned.
    pub results: Vec<Scalar>,
    /// A digest of linear memory, globals and objects at the end.
    pub state_digest: u64,
}

/// How a run ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The function returned.
    Returned,
    /// The fuel given was not enough for the instruction at this place.
    OutOfFuel(Place),
    /// The instruction at this place trapped.
    Trapped(Trap, Place),
    /// The instruction at this place threw this, and nobody caught it.
    Threw(Dynamic, Place),
    /// A function on the way does not keep its promises, or the engine could not prepare it.
    Rejected(FuncId),
    /// The engine could not prepare this function.
    Refused(FuncId),
    /// The call could not begin: wrong arguments, no such function, a first frame beyond the stack's limit.
    NotCalled(CallError),
    /// The process could not begin: the program starts with more memory than the limits allow.
    NoProcess(ProcessError),
}

/// Where a task stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The function of the innermost frame.
    pub func: FuncId,
    /// The word of its next instruction.
    pub pc: u32,
    /// How many frames there are.
    pub frames: usize,
    /// A digest of functions and words of all frames.
    pub trace_digest: u64,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Returned => f.write_str("returned"),
            Outcome::OutOfFuel(place) => write!(f, "ran out of fuel at {place}"),
            Outcome::Trapped(Trap::Explicit(code), place) => write!(f, "trapped with explicit({code}) at {place}"),
            Outcome::Trapped(trap, place) => write!(f, "trapped with {} at {place}", trap.name()),
            Outcome::Threw(value, place) => write!(f, "threw {value} at {place}"),
            Outcome::Rejected(func) => write!(f, "rejected function {func}"),
            Outcome::Refused(func) => write!(f, "could not prepare function {func}"),
            Outcome::NotCalled(error) => write!(f, "was not called: {error}"),
            Outcome::NoProcess(error) => write!(f, "had no process: {error}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "word {} of {}, {} frames deep (trace {:016x})", self.pc, self.func, self.frames, self.trace_digest)
    }
}

/// Runs `func` in a fresh process.
pub fn observe(
    program: &Program,
    func: FuncId,
    args: &[Scalar],
    executor: &dyn Executor,
    limits: Limits,
) -> Observation {
    run(program, func, args, limits, |cx, task| {
        let mut fuel = limits.fuel.map_or(Fuel::UNLIMITED, Fuel::new);
        let exit = drive(executor, cx, task, &mut fuel);
        (exit, fuel.used())
    })
}

/// Runs `func` in a fresh process, a slice of fuel at a time, each slice on the next of the engines. A slice that was
/// too small for even one instruction is followed by larger ones, so that every run ends.
pub fn observe_in_slices(
    program: &Program,
    func: FuncId,
    args: &[Scalar],
    executors: &[Box<dyn Executor>],
    limits: Limits,
    mut next_slice: impl FnMut() -> u64,
) -> Observation {
    run(program, func, args, limits, |cx, task| {
        let budget = limits.fuel.unwrap_or(i64::MAX as u64);
        let mut fuel = Fuel::new(0);
        let (mut given, mut grown, mut turn) = (0, 0, 0);
        loop {
            let before = fuel.used();
            let slice = next_slice().saturating_add(grown).min(budget - given);
            fuel.refill(slice);
            given += slice;
            let exit = drive(&*executors[turn % executors.len()], cx, task, &mut fuel);
            if exit != Exit::OutOfFuel || given == budget {
                return (exit, fuel.used());
            }
            turn += 1;
            grown = if fuel.used() == before { grown.saturating_mul(2).max(1) } else { 0 };
        }
    })
}

/// Everything around the actual running.
fn run(
    program: &Program,
    func: FuncId,
    args: &[Scalar],
    limits: Limits,
    go: impl FnOnce(&mut Context<'_>, &mut Task) -> (Exit, u64),
) -> Observation {
    let host = RecordingHost::default();
    let ended = |exit| Observation { exit, fuel: 0, output: vec![], results: vec![], state_digest: 0 };
    let process_limits = ProcessLimits { heap_bytes: limits.heap_bytes, memory_bytes: limits.memory_bytes };
    let mut process = match Process::with_gc(program, process_limits, limits.gc, Box::new(host.clone())) {
        Ok(process) => process,
        Err(error) => return ended(Outcome::NoProcess(error)),
    };
    let mut task = match Task::new(program, func, args, limits.stack_slots) {
        Ok(task) => task,
        Err(error) => return ended(Outcome::NotCalled(error)),
    };
    let (exit, fuel) = go(&mut Context { program, process: &mut process }, &mut task);
    let thrown = (exit == Exit::Threw).then_some(process.thrown);
    let values: Vec<_> = task.values(program).into_iter().chain(thrown).collect();
    Observation {
        exit: outcome(exit, program, &process, &task),
        fuel,
        output: host.output(),
        results: task.results(program).unwrap_or_default(),
        state_digest: mix(state_digest(program, &process), process.digest(&values)),
    }
}

fn outcome(exit: Exit, program: &Program, process: &Process, task: &Task) -> Outcome {
    match exit {
        Exit::Returned => Outcome::Returned,
        Exit::OutOfFuel => Outcome::OutOfFuel(place(program, task)),
        Exit::Trapped(trap) => Outcome::Trapped(trap, place(program, task)),
        Exit::Threw => Outcome::Threw(Dynamic::of(program, process.thrown), place(program, task)),
        Exit::Rejected(func) => Outcome::Rejected(func),
        Exit::Refused(func) => Outcome::Refused(func),
        other => unreachable!("`drive` does not come back with {other:?}"),
    }
}

fn place(program: &Program, task: &Task) -> Place {
    let func = task.current().expect("a task that trapped stands in a frame");
    let mut place = Place { func, pc: task.pc(), frames: 0, trace_digest: SEED };
    for frame in task.frames(program) {
        place.frames += 1;
        place.trace_digest = mix(place.trace_digest, u64::from(frame.func.0) << 32 | u64::from(frame.pc));
    }
    place
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn mix(digest: u64, word: u64) -> u64 {
    (digest.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Bytes of memory that are digested together.
const BLOCK: usize = 128;

/// A digest of what a process holds.
fn state_digest(program: &Program, process: &Process) -> u64 {
    let mut digest = mix(SEED, u64::from(process.memory.pages()));
    // A page is many blocks; whole blocks are a good deal faster than words one by one.
    let (blocks, rest) = process.memory.bytes().as_chunks::<BLOCK>();
    debug_assert!(rest.is_empty(), "pages are whole blocks");
    for block in blocks {
        let words = block.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word));
        digest = mix(digest, words.rev().fold(0, |sum: u64, word| sum.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ word));
    }
    for (n, &slot) in process.globals().iter().enumerate() {
        let ty = program.global(regatta_ir::GlobalId(n as u32)).map_or(Type::Val, |global| global.ty);
        // Comes out with the canonical NaN. Dynamic values may be addresses: the heap has its own digest of them.
        if ty != Type::Val {
            digest = mix(digest, Scalar::from_slot(program, ty, slot).to_slot(program).unwrap_or(slot));
        }
    }
    digest
}

/// Where two observations part, in words; `None` when they are equal.
pub fn first_difference(left: &Observation, right: &Observation) -> Option<String> {
    if left.exit != right.exit {
        return Some(format!("one {}, the other {}", left.exit, right.exit));
    }
    if left.results != right.results {
        return Some(format!("one gave {}, the other {}", list(&left.results), list(&right.results)));
    }
    if left.fuel != right.fuel {
        return Some(format!("one used {} units of fuel, the other {}", left.fuel, right.fuel));
    }
    if left.output != right.output {
        let (left, right) = (left.output.escape_ascii(), right.output.escape_ascii());
        return Some(format!("one wrote \"{left}\", the other \"{right}\""));
    }
    (left.state_digest != right.state_digest).then(|| "they left different memory or globals".to_string())
}

/// `2, 3.5`; `nothing`.
pub(crate) fn list(scalars: &[Scalar]) -> String {
    match scalars {
        [] => "nothing".to_string(),
        some => some.iter().map(Scalar::to_string).collect::<Vec<_>>().join(", "),
    }
}
