//! Exceptions: how a task goes on after an instruction has stopped.
//!
//! An engine that meets a [`Stop`] stores its state into the task and asks [`Context::settle`], which answers for all
//! engines alike:
//!
//! * the instruction wants room: collect, and it is done [`Onward::Again`];
//! * it throws, or traps: the innermost handler around it takes over, in its own frame or in that of a caller;
//! * nobody handles it: the task leaves, with every frame still there for whoever wants to see the trace.
//!
//! A handler covers a range of words. A frame stands at an instruction: the running one at the one that stopped, each
//! caller at its call. Handlers of one function are tried in their order, inner ranges before outer ones; a trap passes by
//! those that do not ask for traps, and the others get its message as a string, one that belongs to the program, so that
//! catching `out_of_memory` needs no memory.
//!
//! Running out of fuel is no exception: it says nothing about the program.

use crate::exec::{Context, Exit, Stop, Why};
use crate::process::Process;
use crate::program::Program;
use crate::task::{Frame, Task};
use crate::texts::{Text, atoms};
use crate::trap::Trap;
use regatta_heap::Value;
use regatta_ir::Reg;
use regatta_ir::module::Handler;

/// How a task goes on after a stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Onward {
    /// With the same instruction, which has done nothing yet. If it cost fuel, that was not spent.
    Again,
    /// In a handler: the task stands at its first instruction, in a frame that stood at word `from`.
    Handler {
        /// The instruction, in the range of the handler, that stopped or whose call came to nothing.
        from: u32,
        /// The register that has the exception.
        exception: Reg,
    },
}

impl Context<'_> {
    /// Decides how `task` goes on after the instruction it stands at has stopped; the exit says why it does not.
    #[cold]
    pub fn settle(&mut self, task: &mut Task, stop: Stop) -> Result<Onward, Exit> {
        let trap = match stop.why() {
            Why::OutOfFuel => return Err(Exit::OutOfFuel),
            Why::Throw => None,
            Why::Trap(trap) => Some(trap),
            Why::Collect => match self.collect(task) {
                Ok(()) => return Ok(Onward::Again),
                Err(_) => Some(Trap::OutOfMemory),
            },
        };
        let Some((frame, handler)) = handler(self.program, task, trap.is_some()) else {
            return Err(trap.map_or(Exit::Threw, Exit::Trapped));
        };
        let exception = match trap {
            Some(trap) => message(self.program, trap),
            None => self.process.take_thrown(),
        };
        self.process.failure = None; // whoever catches a failure has the message
        let register = Reg(handler.exception);
        task.unwind(self.program, frame, handler.target, register, exception.bits());
        Ok(Onward::Handler { from: frame.pc, exception: register })
    }
}

impl Process {
    /// The exception on its way to a handler, which is not on its way any more.
    pub fn take_thrown(&mut self) -> Value {
        std::mem::replace(&mut self.thrown, Value::UNDEFINED)
    }
}

/// The innermost handler around the instruction that `task` stands at, and the frame it is in.
fn handler(program: &Program, task: &Task, is_trap: bool) -> Option<(Frame, Handler)> {
    task.frames(program).find_map(|frame| {
        let handlers = &program.entry(frame.func)?.body()?.handlers;
        let takes =
            |handler: &&Handler| (handler.start..handler.end).contains(&frame.pc) && (handler.traps || !is_trap);
        handlers.iter().find(takes).map(|handler| (frame, *handler))
    })
}

/// What a handler gets for a trap: its message, as one of the program's texts. A program that is full of texts has some
/// words less to say.
fn message(program: &Program, trap: Trap) -> Value {
    let id = program.intern(&trap.to_string()).unwrap_or(atoms::ERROR);
    program.text(id).map_or(Value::UNDEFINED, Text::value)
}
