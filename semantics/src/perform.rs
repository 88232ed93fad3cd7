//! Performing an instruction: operands in, meaning applied, result out.
//!
//! Derived from the op table, once for all engines. [`Perform::perform`] reads the operands of one instruction from
//! whatever registers the engine has, calls the meaning, writes the result, and says where control goes. It is always
//! inlined, so for each op only what that op can do remains. Control ops move between frames and are not performed here.

use crate::Outcome;
use regatta_ir::operand::{Operand, Registers};
use regatta_ir::ops;
use regatta_runtime::{Process, Trap};

/// Where control goes after an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flow {
    /// To the next instruction.
    Next,
    /// So many words past the next instruction.
    Forward(usize),
    /// So many words back from the next instruction.
    Back(usize),
}

/// An instruction that stays inside its frame.
pub trait Perform: Copy {
    /// Does it cost a unit of fuel, to be charged before it is performed?
    const LATCH: bool;
    /// Performs it. After a trap, nothing has changed.
    fn perform(self, regs: &mut impl Registers, process: &mut Process) -> Result<Flow, Trap>;
}

macro_rules! perform {
    ($($(#[$meta:meta])* [$kind:ident] $snake:ident = $Camel:ident $(($meaning:ident))? { $($ops:tt)* } $([$($fx:ident),*])?;)*) => {
        $(one! { $kind $Camel $($meaning)? { $($ops)* } })*
    };
}

macro_rules! one {
    (control $($rest:tt)*) => {};
    (value $C:ident $meaning:ident { $dst:ident: $d:ty $(, $arg:ident: $a:ty)* }) => {
        one! { @impl $C false, |op, regs, process| {
            let value = crate::$meaning($(op.$arg.read(regs)),*).outcome()?;
            op.$dst.write(regs, value);
            Ok(Flow::Next)
        }}
    };
    (update $C:ident $meaning:ident { $x:ident: $d:ty $(, $arg:ident: $a:ty)* }) => {
        one! { @impl $C false, |op, regs, process| {
            let value = crate::$meaning(op.$x.read(regs) $(, op.$arg.read(regs))*).outcome()?;
            op.$x.write(regs, value);
            Ok(Flow::Next)
        }}
    };
    (load $C:ident $meaning:ident { $dst:ident: $d:ty $(, $arg:ident: $a:ty)* }) => {
        one! { @impl $C false, |op, regs, process| {
            let value = crate::$meaning(&mut process.memory $(, op.$arg.read(regs))*).outcome()?;
            op.$dst.write(regs, value);
            Ok(Flow::Next)
        }}
    };
    (store $C:ident $meaning:ident { $($arg:ident: $a:ty),* }) => {
        one! { @impl $C false, |op, regs, process| {
            crate::$meaning(&mut process.memory $(, op.$arg.read(regs))*).outcome()?;
            Ok(Flow::Next)
        }}
    };
    (process $C:ident $meaning:ident { $dst:ident: $d:ty $(, $arg:ident: $a:ty)* }) => {
        one! { @impl $C false, |op, regs, process| {
            let value = crate::$meaning(process $(, op.$arg.read(regs))*).outcome()?;
            op.$dst.write(regs, value);
            Ok(Flow::Next)
        }}
    };
    (process_store $C:ident $meaning:ident { $($arg:ident: $a:ty),* }) => {
        one! { @impl $C false, |op, regs, process| {
            crate::$meaning(process $(, op.$arg.read(regs))*).outcome()?;
            Ok(Flow::Next)
        }}
    };
    (branch $C:ident $meaning:ident { $a:ident: $ar:ty, $b:ident: $br:ty, $to:ident: $t:ty }) => {
        one! { @impl $C false, |op, regs, process| {
            let taken = crate::$meaning(op.$a.read(regs), op.$b.read(regs));
            Ok(if taken { Flow::Forward(op.$to.read(regs)) } else { Flow::Next })
        }}
    };
    (latch $C:ident $meaning:ident { $a:ident: $ar:ty, $b:ident: $br:ty, $to:ident: $t:ty }) => {
        one! { @impl $C true, |op, regs, process| {
            let taken = crate::$meaning(op.$a.read(regs), op.$b.read(regs));
            Ok(if taken { Flow::Back(op.$to.read(regs)) } else { Flow::Next })
        }}
    };
    (step $C:ident $meaning:ident { $i:ident: $ir:ty, $a:ident: $ar:ty, $to:ident: $t:ty }) => {
        one! { @step $C $meaning $i ($a) $to }
    };
    (step $C:ident $meaning:ident { $i:ident: $ir:ty, $a:ident: $ar:ty, $b:ident: $br:ty, $to:ident: $t:ty }) => {
        one! { @step $C $meaning $i ($a $b) $to }
    };
    (@step $C:ident $meaning:ident $i:ident ($($arg:ident)*) $to:ident) => {
        one! { @impl $C true, |op, regs, process| {
            let (next, again) = crate::$meaning(op.$i.read(regs) $(, op.$arg.read(regs))*);
            op.$i.write(regs, next);
            Ok(if again { Flow::Back(op.$to.read(regs)) } else { Flow::Next })
        }}
    };
    (@impl $C:ident $latch:literal, |$op:ident, $regs:ident, $process:ident| $body:block) => {
        impl Perform for ops::$C {
            const LATCH: bool = $latch;

            #[inline(always)]
            #[allow(unused_variables, reason = "most ops need no process")]
            fn perform(self, $regs: &mut impl Registers, $process: &mut Process) -> Result<Flow, Trap> {
                let $op = self;
                $body
            }
        }
    };
}

regatta_ir::for_each_op!(perform);
