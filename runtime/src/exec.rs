//! The narrow waist: what an engine is, what it gets, and how it leaves.

use crate::entry::Entry;
use crate::process::Process;
use crate::program::Program;
use crate::task::Task;
use crate::trap::Trap;
use regatta_heap::Collect;
use regatta_ir::{FuncId, Opcode, SigId};
use std::fmt;
use std::num::NonZero;

/// A way of running verified code. Implement this in one file and list it in `dispatch.rs`; conformance, fuzzing and
/// benchmarks follow.
pub trait Executor: Send + Sync {
    /// Lower-case and stable: appears in test names, benchmark ids and `--engine`.
    fn name(&self) -> &'static str;

    /// One line for `regatta engines`: what it is.
    fn summary(&self) -> &'static str;

    /// Prepares `func` (decode, thread, compile). [`drive`] calls it, once the body is proved, when the engine has left with
    /// [`Exit::Unprepared`]; an engine that runs canonical words as they are never does for proved code.
    fn prepare(&self, program: &Program, func: FuncId) -> Result<(), PrepareError>;

    /// Bytes that `prepare` has made of `func` (decoded operands, addresses, machine code), beside the canonical words that
    /// every program has; none for an engine that makes nothing. For people who compare engines: `regatta race` shows it.
    fn code_bytes(&self, program: &Program, func: FuncId) -> Option<usize> {
        let _ = (program, func);
        None
    }

    /// Runs `task` until it leaves. Whatever the reason, the task's stack, base and pc describe it completely, so that
    /// any engine can go on with it.
    fn resume(&self, cx: &mut Context<'_>, task: &mut Task, fuel: &mut Fuel) -> Exit;
}

/// What a running task may touch.
#[derive(Debug)]
pub struct Context<'a> {
    /// Code, shared by all processes.
    pub program: &'a Program,
    /// Memory, globals and host of this process.
    pub process: &'a mut Process,
}

impl<'a> Context<'a> {
    /// The function an indirect call of `id` through signature `sig` enters. A computed id may name a function that came
    /// after this run began, so the process takes on what the program has gained [R-GLOBAL].
    #[inline(always)]
    pub fn resolve(&mut self, id: i32, sig: SigId) -> Result<&'a Entry, Trap> {
        let entry = self.program.resolve(id, sig)?;
        self.process.catch_up(self.program);
        Ok(entry)
    }
}

/// Why an instruction can't go on. It has changed nothing: it can be done again.
///
/// It is one number, so that it travels in one machine register, and `Result<(), Stop>` too; [`Stop::why`] takes it apart.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Stop(NonZero<u64>);

/// What a [`Stop`] says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// It traps.
    Trap(Trap),
    /// It needs room on the heap: collect, then do it again.
    Collect,
    /// It throws what the process holds as `thrown`.
    Throw,
    /// It costs more fuel than there is, and has taken none.
    OutOfFuel,
}

impl Stop {
    /// [`Why::Collect`].
    pub const COLLECT: Stop = Stop::with(1, 0);
    /// [`Why::Throw`].
    pub const THROW: Stop = Stop::with(2, 0);
    /// [`Why::OutOfFuel`].
    pub const OUT_OF_FUEL: Stop = Stop::with(3, 0);

    /// [`Why::Trap`].
    #[inline(always)]
    pub const fn trap(trap: Trap) -> Stop {
        Stop::with(4, trap.number())
    }

    const fn with(tag: u64, number: u32) -> Stop {
        match NonZero::new(tag | (number as u64) << 8) {
            Some(bits) => Stop(bits),
            None => unreachable!(),
        }
    }

    /// The number: 1 to 4 in its lowest eight bits.
    pub const fn bits(self) -> NonZero<u64> {
        self.0
    }

    /// The stop with this number.
    pub fn from_bits(bits: u64) -> Option<Stop> {
        NonZero::new(bits).filter(|bits| (1..=4).contains(&(bits.get() as u8))).map(Stop)
    }

    /// What it says.
    pub fn why(self) -> Why {
        match self.0.get() as u8 {
            1 => Why::Collect,
            2 => Why::Throw,
            3 => Why::OutOfFuel,
            _ => Why::Trap(Trap::from_number((self.0.get() >> 8) as u32)),
        }
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.why().fmt(f)
    }
}

impl From<Trap> for Stop {
    #[inline(always)]
    fn from(trap: Trap) -> Stop {
        Stop::trap(trap)
    }
}

impl From<Collect> for Stop {
    #[inline(always)]
    fn from(_: Collect) -> Stop {
        Stop::COLLECT
    }
}

/// Why an engine came back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Exit {
    /// The first function returned; its results are the first slots of the stack.
    Returned,
    /// The next instruction costs more fuel than there is; it has not run.
    OutOfFuel,
    /// The instruction at the task's pc can't go on.
    Trapped(Trap),
    /// The instruction at the task's pc threw what the process holds as `thrown`, and nobody caught it.
    Threw,
    /// The task stands at the start of a function this engine has not prepared: [`drive`] sees to it.
    Unprepared(FuncId),
    /// The task stands at the start of a function that was found not to keep its promises: [`Program::prove`] says which.
    Rejected(FuncId),
    /// The task stands at the start of a function that this engine can't run: [`Executor::prepare`] says why.
    Refused(FuncId),
    /// Somebody who watches wanted to stop before the instruction at the task's pc.
    Interrupted,
}

/// Why an engine can't run a function.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("engine {engine} can't prepare function {func}: {reason}")]
pub struct PrepareError {
    /// The engine's name.
    pub engine: &'static str,
    /// The function.
    pub func: FuncId,
    /// What stands in the way.
    pub reason: String,
}

/// Fuel: one unit per call and per latch executed, and what `fuel` instructions say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fuel {
    given: i64,
    left: i64,
}

impl Fuel {
    /// As much as nobody can use up.
    pub const UNLIMITED: Fuel = Fuel { given: i64::MAX, left: i64::MAX };

    /// `units` of fuel.
    pub fn new(units: u64) -> Fuel {
        let units = i64::try_from(units).unwrap_or(i64::MAX);
        Fuel { given: units, left: units }
    }

    /// What is left.
    #[inline(always)]
    pub fn left(&self) -> i64 {
        self.left
    }

    /// Says what is left; for engines that keep the count elsewhere while they run.
    #[inline(always)]
    pub fn set_left(&mut self, left: i64) {
        debug_assert!((0..=self.given).contains(&left));
        self.left = left;
    }

    /// Takes `units`; `false`, and takes nothing, when there are fewer.
    #[inline(always)]
    pub fn take(&mut self, units: u32) -> bool {
        let left = self.left - i64::from(units);
        if left < 0 {
            return false;
        }
        self.left = left;
        true
    }

    /// Adds `units`, as when the next slice begins.
    pub fn refill(&mut self, units: u64) {
        let units = i64::try_from(units).unwrap_or(i64::MAX);
        self.given = self.given.saturating_add(units);
        self.left = self.left.saturating_add(units);
    }

    /// What has been used.
    pub fn used(&self) -> u64 {
        (self.given - self.left) as u64
    }
}

/// Instructions that no program can name: they stand in memory of the runtime only. Engines that run canonical words
/// give each a handler; numbers follow the table's.
pub mod internal {
    use super::Opcode;

    /// Where the outermost function returns to.
    pub const HALT: u16 = Opcode::COUNT as u16;
    /// The body of a function that has no proof yet.
    pub const UNPROVED: u16 = Opcode::COUNT as u16 + 1;

    pub(crate) static HALT_CODE: [u64; 1] = [HALT as u64];
    pub(crate) static UNPROVED_CODE: [u64; 1] = [UNPROVED as u64];
}

/// Runs `task` until it leaves for a reason that concerns its owner: functions are proved and prepared on the way, at
/// their first call.
pub fn drive(executor: &dyn Executor, cx: &mut Context<'_>, task: &mut Task, fuel: &mut Fuel) -> Exit {
    loop {
        cx.process.catch_up(cx.program);
        match executor.resume(cx, task, fuel) {
            Exit::Unprepared(func) => {
                if cx.program.prove(func).is_err() {
                    return Exit::Rejected(func);
                }
                if executor.prepare(cx.program, func).is_err() {
                    return Exit::Refused(func);
                }
            }
            exit => return exit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_is_one_word_and_says_what_it_was_made_of() {
        assert_eq!(size_of::<Result<(), Stop>>(), 8);
        assert_eq!(Stop::COLLECT.why(), Why::Collect);
        assert_eq!(Stop::THROW.why(), Why::Throw);
        assert_eq!(Stop::OUT_OF_FUEL.why(), Why::OutOfFuel);
        for &trap in Trap::NAMED.iter().chain(&[Trap::Explicit(0), Trap::Explicit(u16::MAX)]) {
            assert_eq!(Stop::trap(trap).why(), Why::Trap(trap));
        }
    }

    #[test]
    fn exit_is_two_words() {
        assert!(size_of::<Exit>() <= 16);
    }

    #[test]
    fn fuel_is_taken_whole_or_not_at_all() {
        let mut fuel = Fuel::new(5);
        assert!(fuel.take(3));
        assert!(!fuel.take(3));
        assert_eq!((fuel.left(), fuel.used()), (2, 3));
        fuel.refill(1);
        assert!(fuel.take(3));
        assert_eq!(fuel.used(), 6);
    }
}
