//! `call`: a table of function pointers, called in a loop.
//!
//! Each op has a handler, an ordinary function; the loop reads the word at the pc, looks the handler up by its low 16 bits
//! and calls it. That is the textbook's call threading: one indirect call and one return for each instruction, and the
//! state of the task in memory between any two, because handlers share nothing but a reference to it.
//!
//! Contrast with `match_loop`, whose state lives in locals of one function, and whose arms jump where handlers return. Not
//! known: how it does on processors that predict returns badly.

use crate::execute::Machine;
use crate::handlers::HANDLERS;
use crate::spot::Halt;
use regatta_ir::FuncId;
use regatta_runtime::{Context, Executor, Exit, Fuel, PrepareError, Program, Task};

/// The engine.
#[derive(Debug, Default)]
pub struct Call;

impl Executor for Call {
    fn name(&self) -> &'static str {
        "call"
    }

    fn summary(&self) -> &'static str {
        "a table of function pointers, called in a loop: call threading"
    }

    fn prepare(&self, _: &Program, _: FuncId) -> Result<(), PrepareError> {
        Ok(()) // canonical words run as they are
    }

    fn resume(&self, cx: &mut Context<'_>, task: &mut Task, fuel: &mut Fuel) -> Exit {
        // SAFETY: the machine is where its task is.
        Machine::until_exit(cx, task, fuel, |machine| unsafe { run(machine) })
    }
}

/// Runs until an instruction does not happen.
///
/// # Safety
/// The machine's spot must be where its task is.
unsafe fn run(machine: &mut Machine<'_>) -> Halt {
    loop {
        // SAFETY: `pc` walks verified code: [V-OP] it decodes, [V-TARGET] [V-END] jumps and falls stay inside; [R-CODE] code
        // stays where it is.
        let halt = unsafe {
            let word = *machine.at.pc;
            HANDLERS.get_unchecked(usize::from(word as u16))(machine, word)
        };
        if let Some(halt) = halt {
            return halt;
        }
    }
}
