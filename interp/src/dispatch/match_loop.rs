//! `match`: one `match` in a loop over verified words.
//!
//! The loop reads the word at `pc`, jumps on its op number, and each arm reads its operands from the word and executes
//! the instruction (`execute.rs`), which moves the spot on. All arms are derived from the table. The spot is a local that
//! LLVM keeps in three machine registers: `pc`, `base` (registers of the current frame) and `left` (fuel).
//!
//! An instruction that stops (it traps, throws, or wants the heap collected) breaks out of the loop to the one place that
//! settles it, and the loop begins again where that says.
//!
//! Contrast with `reference`, which checks every promise. Left alone, LLVM compiles the `match` to one shared indirect
//! jump, to which every arm jumps back; the flags in `.cargo/config.toml` let it copy that jump to the end of each arm,
//! for 0.88 of the time (`docs/decisions/`). Not known: how either form does on other processors.

use crate::execute::{Execute, World};
use crate::spot::{Spot, leave, settle};
use regatta_ir::{FuncId, Opcode, ops};
use regatta_runtime::exec::internal;
use regatta_runtime::stack::CallWord;
use regatta_runtime::{Context, Executor, Exit, Fuel, PrepareError, Program, Task};
use regatta_semantics::Whole;
use std::mem::MaybeUninit;

/// The engine.
#[derive(Debug, Default)]
pub struct MatchLoop;

impl Executor for MatchLoop {
    fn name(&self) -> &'static str {
        "match"
    }

    fn summary(&self) -> &'static str {
        "one match in a loop over verified words: the readable baseline"
    }

    fn prepare(&self, _: &Program, _: FuncId) -> Result<(), PrepareError> {
        Ok(()) // canonical words run as they are
    }

    fn resume(&self, cx: &mut Context<'_>, task: &mut Task, fuel: &mut Fuel) -> Exit {
        let Some(spot) = Spot::of(cx, task, fuel) else {
            return Exit::Returned;
        };
        // SAFETY: the spot is that of the task.
        unsafe { run(cx, task, fuel, spot) }
    }
}

/// Op numbers as constants that patterns can name.
#[allow(non_upper_case_globals, reason = "named as the ops are")]
mod number {
    macro_rules! numbers {
        ($($(#[$meta:meta])* [$kind:ident] $snake:ident = $Camel:ident $(($meaning:ident))? { $($ops:tt)* } $([$($fx:ident),*])?;)*) => {
            $(pub(super) const $Camel: u16 = super::Opcode::$Camel as u16;)*
        };
    }
    regatta_ir::for_each_op!(numbers);
}

/// Runs until the task leaves.
///
/// # Safety
/// `at` must be where `task` is.
unsafe fn run(cx: &mut Context<'_>, task: &mut Task, fuel: &mut Fuel, at: Spot) -> Exit {
    let table = cx.program.table();
    // A local of its own, field by field, so that it can live in machine registers: the argument lies in memory.
    let mut at = Spot { pc: at.pc, base: at.base, left: at.left };
    // Why an instruction has stopped lies in memory: in a local that is a value, the last reason would be carried around
    // the loop in two registers.
    let mut reason = MaybeUninit::uninit();
    loop {
        'run: {
            /// The arm of one op.
            macro_rules! arm {
                ($C:ident $word:ident) => {{
                    let op = ops::$C::decode($word, || *at.pc.add(1));
                    let world = World { cx: &mut *cx, task: &mut *task, table };
                    if let Err(stop) = op.execute::<Whole>(&mut at, $word, world) {
                        reason.write(stop);
                        break 'run;
                    }
                }};
            }
            /// The whole loop.
            macro_rules! engine {
                ($($(#[$meta:meta])* [$kind:ident] $snake:ident = $Camel:ident $(($meaning:ident))? { $($ops:tt)* } $([$($fx:ident),*])?;)*) => {
                    loop {
                        let word = *at.pc;
                        match word as u16 {
                            $(number::$Camel => arm!($Camel word),)*
                            internal::HALT => return leave(cx, task, fuel, at, Exit::Returned),
                            internal::UNPROVED => {
                                let func = CallWord(*at.base.sub(2)).func();
                                return leave(cx, task, fuel, at, Exit::Unprepared(func));
                            }
                            // [V-OP] every word the loop meets has a known op number.
                            _ => std::hint::unreachable_unchecked(),
                        }
                    }
                };
            }

            // SAFETY: `pc` walks verified code: [V-OP] it decodes, [V-TARGET] [V-END] jumps and falls stay inside; [R-CODE] code
            // stays where it is; so `at` is the state of the task, and its instruction the one that is executed.
            unsafe { regatta_ir::for_each_op!(engine) }
        }
        // SAFETY: this is the state of the loop, whose instruction at `pc` has stopped, and has said why.
        match unsafe { settle(cx, task, fuel, at, reason.assume_init_ref()) } {
            Ok(spot) => at = spot,
            Err(exit) => return exit,
        }
    }
}
