//! Watching a program run, instruction by instruction.
//!
//! [`Traced`] is an engine that executes as `call` does and shows each instruction to an [`Observer`] before it happens.
//! It is in no list: whoever wants to watch makes one, and engines that nobody watches pay nothing for it.

use crate::execute::Machine;
use crate::handlers::HANDLERS;
use crate::spot::Halt;
use regatta_ir::{FuncId, Opcode};
use regatta_runtime::stack::{CallWord, HEADER};
use regatta_runtime::{Context, Entry, Executor, Exit, Fuel, PrepareError, Program, Task};
use std::fmt;
use std::sync::{Arc, Mutex};

/// An instruction about to be executed. One that has to wait for a collection is executed, and shown, again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// The function.
    pub func: FuncId,
    /// The word of its code.
    pub word: u32,
    /// The instruction's op.
    pub op: Opcode,
}

/// Somebody who watches.
pub trait Observer: Send {
    /// This instruction is next.
    fn executes(&mut self, program: &Program, step: Step);
}

/// An engine that is watched.
pub struct Traced<O>(Arc<Mutex<O>>);

impl<O> fmt::Debug for Traced<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Traced")
    }
}

impl<O: Observer> Traced<O> {
    /// An engine that shows all it does to `observer`.
    pub fn new(observer: Arc<Mutex<O>>) -> Traced<O> {
        Traced(observer)
    }
}

impl<O: Observer> Executor for Traced<O> {
    fn name(&self) -> &'static str {
        "traced"
    }

    fn summary(&self) -> &'static str {
        "call threading, with somebody who watches each instruction"
    }

    fn prepare(&self, _: &Program, _: FuncId) -> Result<(), PrepareError> {
        Ok(()) // canonical words run as they are
    }

    fn resume(&self, cx: &mut Context<'_>, task: &mut Task, fuel: &mut Fuel) -> Exit {
        let mut observer = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        // SAFETY: the machine is where its task is.
        Machine::until_exit(cx, task, fuel, |machine| unsafe { run(machine, &mut *observer) })
    }
}

/// Runs until an instruction does not happen.
///
/// # Safety
/// The machine's spot must be where its task is.
unsafe fn run(machine: &mut Machine<'_>, observer: &mut impl Observer) -> Halt {
    loop {
        // SAFETY: [V-OP] `pc` is at an instruction or an internal word, [R-CODE] which stays where it is.
        let word = unsafe { *machine.at.pc };
        if let Some(op) = Opcode::of_word(word) {
            // SAFETY: [R-FRAME] a function that runs has a header.
            let func = unsafe { CallWord(*machine.at.base.sub(HEADER)) }.func();
            let place = machine.cx.program.entry(func).and_then(Entry::code).map(|code| code.as_ptr().addr());
            if let Some(start) = place {
                let word = ((machine.at.pc.addr() - start) / 8) as u32;
                observer.executes(machine.cx.program, Step { func, word, op });
            }
        }
        // SAFETY: as in `call`: [V-OP] every word has a handler, [V-TARGET] [V-END] and leads to another.
        if let Some(halt) = unsafe { HANDLERS.get_unchecked(usize::from(word as u16))(machine, word) } {
            return halt;
        }
    }
}
