//! A debugger, as a library: a call that stops where it is asked to, and shows what is there.
//!
//! A [`Debugger`] holds a task before an instruction. Commands let it go on: [`step`](Debugger::step), [`over`](Debugger::over),
//! [`run`](Debugger::run) and others, each of which says in a [`Stop`] why it came back. Where something is to be watched, the
//! engine is [`Traced`], with an observer that compares each instruction with breakpoints, watches and the goal of the
//! command. Where nothing is, the engine that the embedder chose runs at its own speed: since a task is the same for every
//! engine, they take turns, and all that is seen is the same whoever they are.
//!
//! Registers are shown where they have a value (`scope` says where that is), objects as deep as
//! [`display`](regatta_runtime::display) goes. The program can't be changed.
//!
//! Reading order: `points` (where to stop), `watcher` (when), `path` (what to see).

mod accesses;
mod near;
mod path;
mod points;
mod scope;
mod show;
mod watcher;

pub use near::nearest;
pub use points::{Place, Point};
pub use show::{FrameLine, Register};

pub(crate) use accesses::{binds, reads, results_of_call, target, writes};
pub(crate) use path::{SHORT, shown};

use crate::outcome::outcome;
use crate::vm::VmError;
use path::{Path, View};
use points::{Watch, What};
use regatta_interp::trace::Traced;
use regatta_runtime::task::Frame;
use regatta_runtime::{Context, Executor, Exit, Fuel, Process, Program, Scalar, Task, Trap, drive};
use std::sync::{Arc, Mutex, MutexGuard};
use watcher::{Goal, Hit, Watcher};

/// Why a program under a debugger stands still.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Stop {
    /// It has come as far as it was asked to.
    Reached,
    /// It is at a breakpoint.
    Break(u32),
    /// The instruction before has changed what a watch looks at.
    Watch {
        /// Its number.
        number: u32,
        /// What it looks at.
        what: String,
        /// What was there.
        old: String,
        /// What is there now.
        new: String,
    },
    /// A watch can't see any more what it looked at, and is gone.
    WatchOver {
        /// Its number.
        number: u32,
        /// What it looked at.
        what: String,
        /// Why it can't.
        why: String,
    },
    /// It has returned.
    Returned,
    /// The next instruction costs more fuel than there is.
    OutOfFuel,
    /// The instruction can't be done.
    Trapped(Trap),
    /// The instruction threw something that nobody catches.
    Threw,
    /// The function that was called does not keep its promises, or the engine can't run it.
    Unfit,
}

/// A call that stops where it is asked to.
pub struct Debugger<'a> {
    engine: &'a dyn Executor,
    program: &'a Program,
    process: &'a mut Process,
    task: Task,
    fuel: Fuel,
    limit: Option<u64>,
    watcher: Arc<Mutex<Watcher>>,
    traced: Traced<Watcher>,
    numbers: u32,
    /// How the engine left last time, when not because the observer wanted it.
    exit: Option<Exit>,
}

impl<'a> Debugger<'a> {
    /// A task of a process, brought to its first instruction. `engine` runs it where nothing is watched; `limit` is its
    /// fuel.
    pub fn new(
        engine: &'a dyn Executor,
        program: &'a Program,
        process: &'a mut Process,
        task: Task,
        limit: Option<u64>,
    ) -> Debugger<'a> {
        let watcher = Arc::new(Mutex::new(Watcher::default()));
        let traced = Traced::new(watcher.clone());
        let fuel = limit.map_or(Fuel::UNLIMITED, Fuel::new);
        let mut debugger =
            Debugger { engine, program, process, task, fuel, limit, watcher, traced, numbers: 0, exit: None };
        debugger.go(Goal::Step);
        debugger
    }

    /// Goes on until something stops it.
    pub fn run(&mut self) -> Stop {
        self.go(Goal::Run)
    }

    /// Does one instruction.
    pub fn step(&mut self) -> Stop {
        self.go(Goal::Step)
    }

    /// Does one instruction, and with a call all that it does.
    pub fn over(&mut self) -> Stop {
        self.go(Goal::Over { base: self.task.base() })
    }

    /// Goes on until the frame has returned.
    pub fn out(&mut self) -> Stop {
        self.go(Goal::Out { base: self.task.base() })
    }

    /// Goes on to the next source line of this frame, over calls; an error where the code has no lines.
    pub fn line(&mut self) -> Result<Stop, String> {
        let Some(func) = self.task.current() else { return Ok(self.go(Goal::Step)) };
        let debug = self.program.entry(func).and_then(|entry| entry.body()).map(|body| &body.debug);
        if debug.is_none_or(|debug| debug.lines.is_empty()) {
            return Err(format!("%{} has no source lines (`.line` in its text)", self.program.function_name(func)));
        }
        let line = debug.and_then(|debug| debug.line(self.task.pc()));
        Ok(self.go(Goal::Line { base: self.task.base(), func, line }))
    }

    /// Goes on to a word of this frame's function, or out of the frame; an error if no instruction begins there.
    pub fn until(&mut self, word: u32) -> Result<Stop, String> {
        let Some(func) = self.task.current() else { return Ok(self.go(Goal::Step)) };
        self.check_word(func, word)?;
        Ok(self.go(Goal::Until { base: self.task.base(), func, word }))
    }

    fn go(&mut self, goal: Goal) -> Stop {
        if let Some(stop) = self.end() {
            return stop;
        }
        let is_watched = {
            let mut watcher = self.watcher();
            (watcher.goal, watcher.hit) = (goal, None);
            goal != Goal::Run || !watcher.points.is_empty()
        };
        let mut cx = Context { program: self.program, process: &mut *self.process };
        let engine = if is_watched { &self.traced } else { self.engine };
        let exit = drive(engine, &mut cx, &mut self.task, &mut self.fuel);
        let mut watcher = self.watcher();
        if !is_watched {
            watcher.looks_away();
        }
        let hit = watcher.hit.take();
        // Where fuel ran out, the instruction has been looked at, too.
        watcher.stands = hit.is_some() || exit == Exit::OutOfFuel;
        drop(watcher);
        self.exit = (exit != Exit::Interrupted).then_some(exit);
        match hit {
            Some(Hit::Goal) => Stop::Reached,
            Some(Hit::Break(number)) => Stop::Break(number),
            Some(Hit::Watch { number, what, old, new }) => Stop::Watch { number, what, old, new },
            Some(Hit::Over { number, what, why }) => Stop::WatchOver { number, what, why },
            None => stop_of(exit),
        }
    }

    /// Why the program can't go on; `None` while it can.
    pub fn end(&self) -> Option<Stop> {
        // What costs more than there was can be tried again: there may be more now.
        self.exit.filter(|exit| *exit != Exit::OutOfFuel).map(stop_of)
    }

    /// What the call came to, as [`Vm::call`](crate::Vm::call) gives it; `None` while the program can go on and has not run
    /// out of fuel.
    pub fn outcome(&mut self) -> Option<Result<Vec<Scalar>, VmError>> {
        let exit = self.exit?;
        let cx = Context { program: self.program, process: &mut *self.process };
        let fuel = self.limit.map(|_| self.fuel.used() + self.fuel.left() as u64);
        Some(outcome(self.engine, &cx, &self.task, exit, fuel))
    }

    /// The program.
    pub fn program(&self) -> &'a Program {
        self.program
    }

    /// The process.
    pub fn process(&self) -> &Process {
        self.process
    }

    /// The task.
    pub fn task(&self) -> &Task {
        &self.task
    }

    /// Units of fuel used so far, and those that are left where there is a limit.
    pub fn fuel(&self) -> (u64, Option<u64>) {
        (self.fuel.used(), self.limit.map(|_| self.fuel.left() as u64))
    }

    /// Gives more fuel; nothing happens where there is no limit.
    pub fn refuel(&mut self, units: u64) {
        if self.limit.is_some() {
            self.fuel.refill(units);
        }
    }

    fn watcher(&self) -> MutexGuard<'_, Watcher> {
        self.watcher.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// The frame so many calls away from the innermost.
    fn frame(&self, up: usize) -> Result<Frame, String> {
        self.task.frames(self.program).nth(up).ok_or_else(|| "the program has no such frame".to_string())
    }
}

/// Breakpoints and watches.
impl Debugger<'_> {
    /// Stops at a place, if it is temporary only once; gives its number.
    pub fn add_break(&mut self, place: Place, is_temporary: bool) -> u32 {
        self.add(What::Break(place), is_temporary)
    }

    /// Stops when the value that `path` leads to, as in the frame `up` calls away from the innermost, is another one. Gives its
    /// number.
    pub fn add_watch(&mut self, path: &str, up: usize) -> Result<u32, String> {
        let frame = self.frame(up)?;
        let body =
            self.program.entry(frame.func).and_then(|entry| entry.body()).ok_or("the function has no code yet")?;
        let path = Path::parse(self.program, body, path)?;
        let mut watcher = self.watcher.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let scope = &mut watcher.scope;
        let mut view = View { program: self.program, process: self.process, task: &self.task, scope };
        if !path.is_plain() {
            path.follow(&mut view, frame)?;
        }
        let watch = Watch::new(path, &mut view, frame);
        drop(watcher);
        Ok(self.add(What::Watch(watch), false))
    }

    fn add(&mut self, what: What, is_temporary: bool) -> u32 {
        self.numbers += 1;
        let number = self.numbers;
        self.watcher().points.push(Point { number, hits: 0, is_temporary, what });
        number
    }

    /// Removes a breakpoint or a watch; `false` if there is none of this number.
    pub fn delete(&mut self, number: u32) -> bool {
        let points = &mut self.watcher().points;
        let before = points.len();
        points.retain(|point| point.number != number);
        points.len() < before
    }

    /// All breakpoints and watches.
    pub fn points(&self) -> Vec<Point> {
        self.watcher().points.clone()
    }
}

fn stop_of(exit: Exit) -> Stop {
    match exit {
        Exit::Returned => Stop::Returned,
        Exit::OutOfFuel => Stop::OutOfFuel,
        Exit::Trapped(trap) => Stop::Trapped(trap),
        Exit::Threw => Stop::Threw,
        _ => Stop::Unfit,
    }
}
