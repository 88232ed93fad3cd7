//! Performing an instruction: operands in, meaning applied, result out.
//!
//! Derived from the op table, once for all engines. [`Perform::perform`] reads the operands of one instruction from
//! whatever registers the engine has, calls the meaning, writes the result, and says where control goes. It is always
//! inlined, so for each op only what that op can do remains. Ops that may call a method of an object have [`Invoke`] in its
//! place, which ends with a value or a call. Control ops move between frames and are not performed here.

use crate::{Magic, Outcome, Way};
use regatta_ir::operand::{Operand, Registers};
use regatta_ir::slot::Slot;
use regatta_ir::{Reg, ops};
use regatta_runtime::{Context, Stop};

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
    /// Performs it, in this way. When it stops, nothing has changed: it can be performed again.
    fn perform<W: Way>(self, regs: &mut impl Registers, cx: &mut Context<'_>) -> Result<Flow, Stop>;
}

/// An instruction that may return one result.
pub trait Give: Copy {
    /// The slot of what it returns, or nothing: then control goes to the next instruction. When it stops, nothing has changed.
    fn give<W: Way>(self, regs: &impl Registers, cx: &mut Context<'_>) -> Result<Option<u64>, Stop>;
}

/// An instruction that may call a method of an object.
pub trait Invoke: Copy {
    /// The first register of its window, which takes the value.
    fn window(self) -> Reg;
    /// What it comes to, in this way. When it stops, nothing has changed: it can be done again.
    fn invoke<'a, W: Way>(self, regs: &impl Registers, cx: &mut Context<'a>) -> Result<Magic<'a>, Stop>;
}

macro_rules! perform {
    ($($(#[$meta:meta])* [$kind:ident] $snake:ident = $Camel:ident $(($meaning:ident))? { $($ops:tt)* } $([$($fx:ident),*])?;)*) => {
        $(one! { $kind $Camel $($meaning)? { $($ops)* } })*
    };
}

macro_rules! one {
    (control $($rest:tt)*) => {};
    (magic $C:ident $meaning:ident { $window:ident: $w:ty $(, $arg:ident: $a:ty)* }) => {
        impl Invoke for ops::$C {
            #[inline(always)]
            fn window(self) -> Reg {
                Reg(self.$window.0)
            }

            #[inline(always)]
            fn invoke<'a, W: Way>(self, regs: &impl Registers, cx: &mut Context<'a>) -> Result<Magic<'a>, Stop> {
                crate::$meaning::<W>(cx $(, self.$arg.read(regs).into())*)
            }
        }
    };
    (give $C:ident $meaning:ident { $($arg:ident: $a:ty),* }) => {
        impl Give for ops::$C {
            #[inline(always)]
            fn give<W: Way>(self, regs: &impl Registers, cx: &mut Context<'_>) -> Result<Option<u64>, Stop> {
                Ok(Some(crate::$meaning::<W>(cx $(, self.$arg.read(regs).into())*).outcome()?.to_slot()))
            }
        }
    };
    (guard $C:ident $meaning:ident { $value:ident: $v:ty $(, $arg:ident: $a:ty)* }) => {
        impl Give for ops::$C {
            #[inline(always)]
            fn give<W: Way>(self, regs: &impl Registers, _: &mut Context<'_>) -> Result<Option<u64>, Stop> {
                Ok(crate::$meaning::<W>($(self.$arg.read(regs).into()),*).outcome()?.then(|| self.$value.read(regs)))
            }
        }
    };
    (value $C:ident $meaning:ident { $dst:ident: $d:ty $(, $arg:ident: $a:ty)* }) => {
        one! { @impl $C false, |op, regs, cx| {
            let value = crate::$meaning::<W>($(op.$arg.read(regs).into()),*).outcome()?;
            op.$dst.write(regs, value);
            Ok(Flow::Next)
        }}
    };
    (update $C:ident $meaning:ident { $x:ident: $d:ty $(, $arg:ident: $a:ty)* }) => {
        one! { @impl $C false, |op, regs, cx| {
            let value = crate::$meaning::<W>(op.$x.read(regs).into() $(, op.$arg.read(regs).into())*).outcome()?;
            op.$x.write(regs, value);
            Ok(Flow::Next)
        }}
    };
    (load $C:ident $meaning:ident { $dst:ident: $d:ty $(, $arg:ident: $a:ty)* }) => {
        one! { @impl $C false, |op, regs, cx| {
            let value = crate::$meaning::<W>(&mut cx.process.memory $(, op.$arg.read(regs).into())*).outcome()?;
            op.$dst.write(regs, value);
            Ok(Flow::Next)
        }}
    };
    (load_update $C:ident $meaning:ident { $x:ident: $d:ty $(, $arg:ident: $a:ty)* }) => {
        one! { @impl $C false, |op, regs, cx| {
            let x = op.$x.read(regs).into();
            let value = crate::$meaning::<W>(&mut cx.process.memory, x $(, op.$arg.read(regs).into())*).outcome()?;
            op.$x.write(regs, value);
            Ok(Flow::Next)
        }}
    };
    (load_step $C:ident $meaning:ident { $dst:ident: $d:ty, $addr:ident: $r:ty $(, $arg:ident: $a:ty)* }) => {
        one! { @impl $C false, |op, regs, cx| {
            let addr = op.$addr.read(regs).into();
            let (value, next) = crate::$meaning::<W>(&mut cx.process.memory, addr $(, op.$arg.read(regs).into())*)?;
            op.$dst.write(regs, value);
            op.$addr.write(regs, next);
            Ok(Flow::Next)
        }}
    };
    (load_branch $C:ident $meaning:ident { $addr:ident: $r:ty, $offset:ident: $o:ty, $to:ident: $t:ty }) => {
        one! { @impl $C false, |op, regs, cx| {
            let (addr, offset) = (op.$addr.read(regs).into(), op.$offset.read(regs).into());
            let taken = crate::$meaning::<W>(&mut cx.process.memory, addr, offset).outcome()?;
            Ok(if taken { Flow::Forward(op.$to.read(regs)) } else { Flow::Next })
        }}
    };
    (store $C:ident $meaning:ident { $($arg:ident: $a:ty),* }) => {
        one! { @impl $C false, |op, regs, cx| {
            crate::$meaning::<W>(&mut cx.process.memory $(, op.$arg.read(regs).into())*).outcome()?;
            Ok(Flow::Next)
        }}
    };
    (process $C:ident $meaning:ident { $dst:ident: $d:ty $(, $arg:ident: $a:ty)* }) => {
        one! { @impl $C false, |op, regs, cx| {
            let value = crate::$meaning::<W>(cx.process $(, op.$arg.read(regs).into())*).outcome()?;
            op.$dst.write(regs, value);
            Ok(Flow::Next)
        }}
    };
    (process_store $C:ident $meaning:ident { $($arg:ident: $a:ty),* }) => {
        one! { @impl $C false, |op, regs, cx| {
            crate::$meaning::<W>(cx.process $(, op.$arg.read(regs).into())*).outcome()?;
            Ok(Flow::Next)
        }}
    };
    (object $C:ident $meaning:ident { $dst:ident: $d:ty $(, $arg:ident: $a:ty)* }) => {
        one! { @impl $C false, |op, regs, cx| {
            let value = crate::$meaning::<W>(cx $(, op.$arg.read(regs).into())*).outcome()?;
            op.$dst.write(regs, value);
            Ok(Flow::Next)
        }}
    };
    (object_store $C:ident $meaning:ident { $($arg:ident: $a:ty),* }) => {
        one! { @impl $C false, |op, regs, cx| {
            crate::$meaning::<W>(cx $(, op.$arg.read(regs).into())*).outcome()?;
            Ok(Flow::Next)
        }}
    };
    (object_update $C:ident $meaning:ident { $x:ident: $d:ty $(, $arg:ident: $a:ty)* }) => {
        one! { @impl $C false, |op, regs, cx| {
            let value = crate::$meaning::<W>(cx, op.$x.read(regs).into() $(, op.$arg.read(regs).into())*).outcome()?;
            op.$x.write(regs, value);
            Ok(Flow::Next)
        }}
    };
    (make $C:ident $meaning:ident { $dst:ident: $d:ty, $first:ident: $f:ty, $count:ident: $n:ty $(, $arg:ident: $a:ty)* }) => {
        one! { @impl $C false, |op, regs, cx| {
            let (first, count) = (op.$first.read(regs), op.$count.read(regs));
            let value = crate::$meaning::<W>(cx, regs.run(first, count) $(, op.$arg.read(regs).into())*).outcome()?;
            op.$dst.write(regs, value);
            Ok(Flow::Next)
        }}
    };
    (unmatched $C:ident $meaning:ident { $value:ident: $v:ty, $first:ident: $f:ty, $to:ident: $t:ty, $pattern:ident: $p:ty }) => {
        one! { @impl $C false, |op, regs, cx| {
            let (value, pattern) = (op.$value.read(regs).into(), op.$pattern.read(regs));
            let bindings = regs.run_mut(op.$first.read(regs), cx.program.bindings(pattern));
            let taken = crate::$meaning::<W>(cx, value, pattern, bindings).outcome()?;
            Ok(if taken { Flow::Forward(op.$to.read(regs)) } else { Flow::Next })
        }}
    };
    (branch $C:ident $meaning:ident { $a:ident: $ar:ty, $to:ident: $t:ty }) => {
        one! { @branch $C $meaning false Forward ($a) $to }
    };
    (branch $C:ident $meaning:ident { $a:ident: $ar:ty, $b:ident: $br:ty, $to:ident: $t:ty }) => {
        one! { @branch $C $meaning false Forward ($a $b) $to }
    };
    (latch $C:ident $meaning:ident { $a:ident: $ar:ty, $to:ident: $t:ty }) => {
        one! { @branch $C $meaning true Back ($a) $to }
    };
    (latch $C:ident $meaning:ident { $a:ident: $ar:ty, $b:ident: $br:ty, $to:ident: $t:ty }) => {
        one! { @branch $C $meaning true Back ($a $b) $to }
    };
    (@branch $C:ident $meaning:ident $latch:literal $Way:ident ($($arg:ident)*) $to:ident) => {
        one! { @impl $C $latch, |op, regs, cx| {
            let taken = crate::$meaning::<W>($(op.$arg.read(regs).into()),*).outcome()?;
            Ok(if taken { Flow::$Way(op.$to.read(regs)) } else { Flow::Next })
        }}
    };
    (object_branch $C:ident $meaning:ident { $a:ident: $ar:ty, $to:ident: $t:ty $(, $arg:ident: $x:ty)* }) => {
        one! { @impl $C false, |op, regs, cx| {
            let taken = crate::$meaning::<W>(cx, op.$a.read(regs).into() $(, op.$arg.read(regs).into())*).outcome()?;
            Ok(if taken { Flow::Forward(op.$to.read(regs)) } else { Flow::Next })
        }}
    };
    (step $C:ident $meaning:ident { $i:ident: $ir:ty, $a:ident: $ar:ty, $to:ident: $t:ty }) => {
        one! { @step $C $meaning true Back $i ($a) $to }
    };
    (step $C:ident $meaning:ident { $i:ident: $ir:ty, $a:ident: $ar:ty, $b:ident: $br:ty, $to:ident: $t:ty }) => {
        one! { @step $C $meaning true Back $i ($a $b) $to }
    };
    (skip $C:ident $meaning:ident { $x:ident: $xr:ty, $a:ident: $ar:ty, $b:ident: $br:ty, $to:ident: $t:ty }) => {
        one! { @step $C $meaning false Forward $x ($a $b) $to }
    };
    (@step $C:ident $meaning:ident $latch:literal $Way:ident $i:ident ($($arg:ident)*) $to:ident) => {
        one! { @impl $C $latch, |op, regs, cx| {
            let (next, taken) = crate::$meaning::<W>(op.$i.read(regs).into() $(, op.$arg.read(regs).into())*).outcome()?;
            op.$i.write(regs, next);
            Ok(if taken { Flow::$Way(op.$to.read(regs)) } else { Flow::Next })
        }}
    };
    (@impl $C:ident $latch:literal, |$op:ident, $regs:ident, $cx:ident| $body:block) => {
        impl Perform for ops::$C {
            const LATCH: bool = $latch;

            #[inline(always)]
            #[allow(unused_variables, reason = "most ops need no context")]
            fn perform<W: Way>(self, $regs: &mut impl Registers, $cx: &mut Context<'_>) -> Result<Flow, Stop> {
                let $op = self;
                $body
            }
        }
    };
}

regatta_ir::for_each_op!(perform);
