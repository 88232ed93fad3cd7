//! The way to every meaning: for each op a function that machine code can call.
//!
//! Derived from the op table, by way of [`Execute`], like the handlers of every other engine. An op needs nothing else to
//! run in machine code; bodies of our own (`bodies/`) are for speed, do only what is frequent, and come here for the rest.

use super::state::State;
use crate::execute::{Execute, World};
use regatta_ir::{Opcode, ops};
use regatta_semantics::Whole;

/// Executes the instruction at the state's spot, and moves the spot on; gives 0, or the number of the
/// [`Stop`](regatta_runtime::Stop) if it does not happen.
pub(super) type Slow = unsafe extern "sysv64" fn(&mut State<'_, '_>) -> u64;

/// Notes anew what instructions of a kind may have moved: few move anything.
macro_rules! moved {
    (magic $C:ident $state:ident) => {
        $state.refresh_stack()
    };
    (process $C:ident $state:ident) => {
        $state.refresh()
    };
    (control CallNative $state:ident) => {
        $state.refresh()
    };
    (control CallIndirect $state:ident) => {
        $state.refresh()
    };
    (control TailCallIndirect $state:ident) => {
        $state.refresh()
    };
    (control $C:ident $state:ident) => {
        $state.refresh_stack()
    };
    ($kind:ident $C:ident $state:ident) => {};
}

macro_rules! slow {
    ($($(#[$meta:meta])* [$kind:ident] $snake:ident = $C:ident $(($meaning:ident))? { $($ops:tt)* } $([$($fx:ident),*])?;)*) => {
        /// By op number.
        pub(super) static SLOW: [Slow; Opcode::COUNT] = [$({
            unsafe extern "sysv64" fn slow(state: &mut State<'_, '_>) -> u64 {
                // SAFETY: [V-OP] machine code gives the instruction that it has come to.
                unsafe {
                    let pc = state.at.pc;
                    let done = execute(state, *pc, ops::$C::decode(*pc, || *pc.add(1)));
                    moved!($kind $C state);
                    done
                }
            }
            slow
        }),*];
    };
}

regatta_ir::for_each_op!(slow);

/// # Safety
/// As for [`Execute::execute`].
#[inline(always)]
unsafe fn execute(state: &mut State<'_, '_>, word: u64, op: impl Execute) -> u64 {
    let world = World { cx: &mut *state.cx, task: &mut *state.task, table: state.table };
    // SAFETY: as the caller promises.
    let done = unsafe { op.execute::<Whole>(&mut state.at, word, world) };
    match done {
        Ok(()) => 0,
        Err(stop) => stop.bits().get(),
    }
}
