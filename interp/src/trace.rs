//! Watching a program run, instruction by instruction.
//!
//! [`Traced`] is an engine that executes as `threaded` does, where that is there, and shows each instruction to an [`Observer`] before it happens,
//! with the task and the process as they are then. The observer may have it stop there: the engine leaves with
//! [`Exit::Interrupted`], the task stands before the instruction, and any engine can go on with it. With
//! [`Traced::then`], one does at once, and nobody watches any more.
//!
//! It is in no list: whoever wants to watch makes one, and engines that nobody watches pay nothing for it.

use crate::execute::Machine;
use crate::spot::{Halt, Spot, store};
use regatta_ir::{FuncId, Opcode};
use regatta_runtime::stack::{CallWord, HEADER};
use regatta_runtime::{Context, Entry, Executor, Exit, Fuel, PrepareError, Process, Program, Stop, Task};
use std::fmt;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// An instruction about to be executed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// The function.
    pub func: FuncId,
    /// The word of its code.
    pub word: u32,
    /// The instruction's op.
    pub op: Opcode,
}

/// What there is to see when an instruction is about to be executed.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// Code.
    pub program: &'a Program,
    /// Memory, globals, objects.
    pub process: &'a Process,
    /// The frames; the task stands at the instruction.
    pub task: &'a Task,
    /// Units of fuel that are left.
    pub fuel: i64,
}

/// Somebody who watches.
pub trait Observer: Send {
    /// This instruction is next: once, even if it has to wait for a collection and is begun again. [`ControlFlow::Break`] has
    /// the engine stop before it.
    fn executes(&mut self, scene: &Scene<'_>, step: Step) -> ControlFlow<()>;

    /// The engine leaves, because of what the last instruction shown did, or because somebody said so.
    fn leaves(&mut self, scene: &Scene<'_>, exit: Exit) {
        let _ = (scene, exit);
    }
}

/// An engine that is watched.
pub struct Traced<O> {
    observer: Arc<Mutex<O>>,
    then: Option<Box<dyn Executor>>,
    is_over: AtomicBool,
}

impl<O> fmt::Debug for Traced<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Traced")
    }
}

impl<O: Observer> Traced<O> {
    /// An engine that shows all it does to `observer`.
    pub fn new(observer: Arc<Mutex<O>>) -> Traced<O> {
        Traced { observer, then: None, is_over: AtomicBool::new(false) }
    }

    /// When the observer stops it, `engine` goes on, with nobody watching.
    pub fn then(self, engine: Box<dyn Executor>) -> Traced<O> {
        Traced { then: Some(engine), ..self }
    }

    /// Runs until an instruction does not happen, or the observer wants it to stop.
    fn watch(&self, cx: &mut Context<'_>, task: &mut Task, fuel: &mut Fuel) -> Exit {
        let mut observer = self.observer.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut seen = None;
        let exit = Machine::until_exit(cx, task, fuel, |machine| {
            // SAFETY: the machine is where its task is.
            let halt = unsafe { run(machine, &mut *observer, seen.take()) };
            // What waits for a collection has been shown.
            seen = matches!(halt, Halt::Stop(Stop::COLLECT)).then_some(machine.at.pc.addr());
            halt
        });
        let scene = Scene { program: cx.program, process: cx.process, task, fuel: fuel.left() };
        observer.leaves(&scene, exit);
        exit
    }
}

impl<O: Observer> Executor for Traced<O> {
    fn name(&self) -> &'static str {
        self.then.as_ref().map_or("traced", |engine| engine.name())
    }

    fn summary(&self) -> &'static str {
        "an interpreter with somebody who watches each instruction"
    }

    fn prepare(&self, program: &Program, func: FuncId) -> Result<(), PrepareError> {
        // Canonical words run as they are.
        self.then.as_ref().map_or(Ok(()), |engine| engine.prepare(program, func))
    }

    fn resume(&self, cx: &mut Context<'_>, task: &mut Task, fuel: &mut Fuel) -> Exit {
        if !self.is_over.load(Ordering::Relaxed) {
            let exit = self.watch(cx, task, fuel);
            if exit != Exit::Interrupted || self.then.is_none() {
                return exit;
            }
            self.is_over.store(true, Ordering::Relaxed);
        }
        self.then.as_ref().expect("it is over only where somebody goes on").resume(cx, task, fuel)
    }
}

/// Runs until an instruction does not happen. The first one has been shown if it is at the address `seen`.
///
/// # Safety
/// The machine's spot must be where its task is.
unsafe fn run(machine: &mut Machine<'_>, observer: &mut impl Observer, mut seen: Option<usize>) -> Halt {
    let mut look = |cx: &mut Context<'_>, task: &mut Task, at: Spot| {
        // SAFETY: [V-OP] `pc` is at an instruction or an internal word, [R-CODE] which stays where it is.
        match Opcode::of_word(unsafe { *at.pc }) {
            // SAFETY: as the caller promises.
            Some(op) if seen.take() != Some(at.pc.addr()) => unsafe { show(cx, task, at, observer, op) },
            _ => ControlFlow::Continue(()),
        }
    };
    // SAFETY: as the caller promises.
    unsafe { step_by_step(machine, &mut look) }
}

/// The fastest way there is to look at each instruction.
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
use crate::dispatch::asm::threaded::watched as step_by_step;

/// Where there is no machine code of ours, a loop over the handlers of `call`.
#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
unsafe fn step_by_step(
    machine: &mut Machine<'_>,
    look: &mut dyn FnMut(&mut Context<'_>, &mut Task, Spot) -> ControlFlow<()>,
) -> Halt {
    loop {
        if look(&mut machine.cx, machine.task, machine.at).is_break() {
            return Halt::Interrupted;
        }
        // SAFETY: as in `call`: [V-OP] every word has a handler, [V-TARGET] [V-END] and leads to another.
        let halt = unsafe {
            let word = *machine.at.pc;
            crate::handlers::HANDLERS.get_unchecked(usize::from(word as u16))(machine, word)
        };
        if let Some(halt) = halt {
            return halt;
        }
    }
}

/// Shows the instruction that is next.
///
/// # Safety
/// The spot must be that of the task, at an instruction of a function with a proof.
unsafe fn show(
    cx: &mut Context<'_>,
    task: &mut Task,
    at: Spot,
    observer: &mut impl Observer,
    op: Opcode,
) -> ControlFlow<()> {
    // SAFETY: [R-FRAME] a function that runs has a header.
    let func = unsafe { CallWord(*at.base.sub(HEADER)) }.func();
    let program = cx.program;
    let Some(code) = program.entry(func).and_then(Entry::code) else { return ControlFlow::Continue(()) };
    let word = ((at.pc.addr() - code.as_ptr().addr()) / 8) as u32;
    // SAFETY: as the caller promises.
    unsafe { store(cx, task, at) };
    let scene = Scene { program, process: &*cx.process, task, fuel: at.left };
    observer.executes(&scene, Step { func, word, op })
}
