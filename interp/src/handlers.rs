//! A function for each op, which executes an instruction at a [`Machine`]'s spot: the whole of it, in memory.
//!
//! Engine `call` is made of nothing else. Those whose own handlers only do what is quick come here for the rest, and so does
//! whoever wants to watch an execution step by step.

use crate::execute::Machine;
use crate::spot::Halt;
use regatta_ir::{Opcode, ops};
use regatta_runtime::exec::internal;

/// Executes the instruction at the machine's spot, whose word is given, and moves the spot on; or says why not.
pub(crate) type Handler = unsafe fn(&mut Machine<'_>, u64) -> Option<Halt>;

macro_rules! handlers {
    ($($(#[$meta:meta])* [$kind:ident] $snake:ident = $C:ident $(($meaning:ident))? { $($ops:tt)* } $([$($fx:ident),*])?;)*) => {
        /// By op number; the internal ones come last.
        pub(crate) static HANDLERS: [Handler; Opcode::COUNT + 2] = {
            let mut all: [Handler; Opcode::COUNT + 2] = [|_, _| Some(Halt::Returned); Opcode::COUNT + 2];
            all[internal::UNPROVED as usize] = |_, _| Some(Halt::Unprepared);
            $(all[Opcode::$C as usize] = |machine, word| {
                let pc = machine.at.pc;
                // SAFETY: [V-OP] the loop gives the word at the spot, and the instruction is as long as its op says.
                unsafe { machine.execute(pc, word, ops::$C::decode(word, || *pc.add(1))) }.err().map(Halt::Stop)
            };)*
            all
        };
    };
}

regatta_ir::for_each_op!(handlers);
