//! `tail`: a handler per op, and each one ends by jumping to the next.
//!
//! A handler is a function that takes the state of the task as its arguments, which lie in machine registers, does the
//! quick part of an instruction, and ends with a call of the next handler, with the new state as arguments. All handlers
//! have one signature and that call is the last thing they do, so LLVM makes it a jump. Nothing goes through memory between
//! two instructions, and each op has a jump of its own for the processor to predict.
//!
//! ```text
//!   argument   pc    base   machine   handlers
//!   register   rdi   rsi    rdx       rcx          by the System V convention
//! ```
//!
//! Where these registers live, nobody may be called: a call would have to save them all, on the way in, for each execution.
//! So handlers go the [`Quick`] way only. Where that ends they leave the chain, and the loop that started it does this one
//! instruction by a function that is called, as an engine of call threading does all of them, and starts a chain again.
//!
//! Contrast with `match`, which is one function: what is rare in one arm takes machine registers from all others there.
//! Words are the canonical ones, and the table is asked at each jump. The language does not promise these jumps. In builds
//! that lack them (`cfg(sibling_calls)` in `build.rs`) handlers return to the loop instead. Not known: how it does where
//! more arguments travel in registers.

use crate::execute::{Execute, Machine};
use crate::handlers;
use crate::spot::{Halt, Spot};
use regatta_ir::{FuncId, Opcode, ops};
use regatta_runtime::{Context, Executor, Exit, Fuel, PrepareError, Program, Task};
use regatta_semantics::Quick;

/// The engine.
#[derive(Debug, Default)]
pub struct Tail;

impl Executor for Tail {
    fn name(&self) -> &'static str {
        "tail"
    }

    fn summary(&self) -> &'static str {
        "handlers that end in a jump to the next one, the state in argument registers"
    }

    fn prepare(&self, _: &Program, _: FuncId) -> Result<(), PrepareError> {
        Ok(()) // canonical words run as they are
    }

    fn resume(&self, cx: &mut Context<'_>, task: &mut Task, fuel: &mut Fuel) -> Exit {
        // SAFETY: the machine is where its task is.
        Machine::until_exit(cx, task, fuel, |machine| unsafe { run(machine) })
    }
}

/// Defines functions that are called by the convention of this engine.
macro_rules! handler {
    ($(#[$attribute:meta])* fn $name:ident $($rest:tt)*) => {
        #[cfg(target_arch = "x86_64")]
        $(#[$attribute])*
        pub(super) unsafe extern "sysv64" fn $name $($rest)*

        #[cfg(not(target_arch = "x86_64"))]
        $(#[$attribute])*
        pub(super) unsafe extern "C" fn $name $($rest)*
    };
}

/// Executes the instruction at `pc` and those after it, until the quick way ends: then it says
/// `false`, and the machine is at an instruction that has not happened. Without sibling calls, executes one and says `true`.
#[cfg(target_arch = "x86_64")]
type Handler = unsafe extern "sysv64" fn(*const u64, *mut u64, &mut Machine<'_>, &'static Handlers) -> bool;
/// As above.
#[cfg(not(target_arch = "x86_64"))]
type Handler = unsafe extern "C" fn(*const u64, *mut u64, &mut Machine<'_>, &'static Handlers) -> bool;

/// By op number; the internal ones come last.
struct Handlers([Handler; Opcode::COUNT + 2]);

/// Goes on at `at`.
///
/// # Safety
/// `at` must be the state of the machine's task.
#[inline(always)]
unsafe fn go_on(at: Spot, machine: &mut Machine<'_>, handlers: &'static Handlers) -> bool {
    machine.at.left = at.left;
    if !cfg!(sibling_calls) {
        machine.at = at;
        return true;
    }
    // SAFETY: `pc` walks verified code: [V-OP] it decodes, [V-TARGET] [V-END] jumps and falls stay inside; [R-CODE] code stays
    // where it is.
    unsafe { handlers.0.get_unchecked(usize::from(*at.pc as u16))(at.pc, at.base, machine, handlers) }
}

/// The field of an instruction that begins at bit `at`, read from where it lies: that takes fewer machine instructions than
/// taking a word apart.
///
/// # Safety
/// The instruction at `pc` must be so long.
#[inline(always)]
unsafe fn field(pc: *const u64, at: u8, bits: u8) -> u64 {
    let (word, at) = (usize::from(at / 64), at % 64);
    let at = if cfg!(target_endian = "little") { at } else { 64 - at - bits };
    // SAFETY: as the caller promises; fields are aligned to their width.
    unsafe {
        let field = pc.add(word).byte_add(usize::from(at / 8));
        match bits {
            16 => u64::from(*field.cast::<u16>()),
            32 => u64::from(*field.cast::<u32>()),
            _ => *field,
        }
    }
}

/// The handlers, named as their ops are.
#[allow(non_snake_case, reason = "one of the ops is a keyword in the other case")]
mod quick {
    use super::{Execute, Handlers, Machine, Quick, Spot, field, go_on, ops};
    use std::hint::black_box;

    handler! {
        /// Leaves the chain, at an instruction that is not for the quick way.
        #[cold]
        #[inline(never)]
        fn end(pc: *const u64, base: *mut u64, machine: &mut Machine<'_>, _: &'static Handlers) -> bool {
            machine.at = Spot { pc, base, left: machine.at.left };
            // If LLVM knew what comes back, it would call this and give that, where it should jump here.
            black_box(false)
        }
    }

    macro_rules! handlers {
        ($($(#[$meta:meta])* [$kind:ident] $snake:ident = $C:ident $(($meaning:ident))? { $($ops:tt)* } $([$($fx:ident),*])?;)*) => { $(
            handler! {
                fn $C(
                    pc: *const u64,
                    base: *mut u64,
                    machine: &mut Machine<'_>,
                    handlers: &'static Handlers,
                ) -> bool {
                    let mut at = Spot { pc, base, left: machine.at.left };
                    // SAFETY: [V-OP] whoever jumps here has seen that the instruction at `pc` is of this op, and it is as
                    // long as that says; the state is that of the machine's task.
                    unsafe {
                        let op = ops::$C::of_fields(|at, bits| field(pc, at, bits));
                        match op.execute::<Quick>(&mut at, *pc, machine.world()) {
                            Ok(()) => go_on(at, machine, handlers),
                            Err(_) => end(pc, base, machine, handlers),
                        }
                    }
                }
            }
        )* };
    }

    regatta_ir::for_each_op!(handlers);
}

macro_rules! table {
    ($($(#[$meta:meta])* [$kind:ident] $snake:ident = $C:ident $(($meaning:ident))? { $($ops:tt)* } $([$($fx:ident),*])?;)*) => {
        static HANDLERS: Handlers = {
            let mut all: [Handler; Opcode::COUNT + 2] = [quick::end; Opcode::COUNT + 2];
            $(all[Opcode::$C as usize] = quick::$C;)*
            Handlers(all)
        };
    };
}

regatta_ir::for_each_op!(table);

/// Runs until an instruction does not happen.
///
/// # Safety
/// The machine's spot must be where its task is.
unsafe fn run(machine: &mut Machine<'_>) -> Halt {
    loop {
        let Spot { pc, base, .. } = machine.at;
        // SAFETY: as in `go_on`; the general handlers are called as their own loop does.
        let halt = unsafe {
            let number = usize::from(*pc as u16);
            if HANDLERS.0.get_unchecked(number)(pc, base, machine, &HANDLERS) {
                continue;
            }
            let word = *machine.at.pc;
            handlers::HANDLERS.get_unchecked(usize::from(word as u16))(machine, word)
        };
        if let Some(halt) = halt {
            return halt;
        }
    }
}
