//! Executing an instruction where the state of a task is a [`Spot`]: what all fast interpreters do, said once.
//!
//! Every op has [`Execute`]. For ops that stay in their frame it is derived from the op table, by way of [`Perform`] and
//! [`Invoke`]; the ops that move control are written out below. The function is always inlined: what remains in an engine's
//! handler for one op is what that op can do, and the spot lives wherever that engine keeps it, in machine registers if it
//! is a local of the engine. An instruction that stops has done nothing but take its fuel.
//!
//! It trusts the verifier: no register, target, type or arity is checked again.

use crate::regs::Unchecked;
use crate::spot::{Halt, Spot, call_native, callee, fill, give_results, grow, method, resolved, see_to};
use regatta_heap::Value;
use regatta_ir::operand::Operand;
use regatta_ir::slot::Slot;
use regatta_ir::{Reg, ops};
use regatta_runtime::stack::{CallWord, HEADER};
use regatta_runtime::{Context, Entry, Exit, Fuel, Stop, Task, Trap};
use regatta_semantics::{Flow, Give, Invoke, Magic, Perform, Way, Whole, i32_add, num_add_imm};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// What an instruction works in.
pub(crate) struct World<'a, 'p> {
    pub(crate) cx: &'a mut Context<'p>,
    pub(crate) task: &'a mut Task,
    /// The program's functions.
    pub(crate) table: *const AtomicPtr<Entry>,
}

/// A world with a spot in it: the state of engines whose handlers share nothing but a reference.
pub(crate) struct Machine<'a> {
    pub(crate) at: Spot,
    pub(crate) table: *const AtomicPtr<Entry>,
    pub(crate) cx: Context<'a>,
    pub(crate) task: &'a mut Task,
}

impl<'a> Machine<'a> {
    /// Lets `run`, which goes on until an instruction does not happen, and says why, run until the engine has to leave.
    pub(crate) fn until_exit(
        cx: &'a mut Context<'_>,
        task: &'a mut Task,
        fuel: &mut Fuel,
        mut run: impl FnMut(&mut Machine<'a>) -> Halt,
    ) -> Exit {
        let Some(at) = Spot::of(cx, task, fuel) else {
            return Exit::Returned;
        };
        let cx = Context { program: cx.program, process: &mut *cx.process };
        let mut machine = Machine { at, table: cx.program.table(), cx, task };
        loop {
            let halt = run(&mut machine);
            // SAFETY: the spot is that of the task, at the instruction that does not happen.
            match unsafe { see_to(&mut machine.cx, machine.task, fuel, machine.at, halt) } {
                Ok(spot) => machine.at = spot,
                Err(exit) => return exit,
            }
        }
    }

    /// What an instruction works in, for engines that keep the spot elsewhere.
    #[inline(always)]
    pub(crate) fn world(&mut self) -> World<'_, 'a> {
        World { cx: &mut self.cx, task: &mut *self.task, table: self.table }
    }

    /// Executes the instruction at `pc`, which is where the machine is; gives the pc after it.
    ///
    /// # Safety
    /// As for [`Execute::execute`].
    #[inline(always)]
    pub(crate) unsafe fn execute(&mut self, pc: *const u64, word: u64, op: impl Execute) -> Result<*const u64, Stop> {
        let world = World { cx: &mut self.cx, task: &mut *self.task, table: self.table };
        self.at.pc = pc;
        // SAFETY: as the caller promises.
        unsafe { op.execute::<Whole>(&mut self.at, word, world)? };
        Ok(self.at.pc)
    }
}

/// An instruction that can be executed.
pub(crate) trait Execute: Copy {
    /// Executes it in this way, and moves the spot on. When it stops, nothing has changed but fuel and the spot.
    ///
    /// # Safety
    /// `at` must be the state of the world's task, which runs verified code, `word` the instruction's word, and the
    /// instruction the one at `at.pc`.
    unsafe fn execute<W: Way>(self, at: &mut Spot, word: u64, world: World<'_, '_>) -> Result<(), Stop>;
}

impl Spot {
    /// Takes units of fuel, before the instruction does anything.
    #[inline(always)]
    fn charge(&mut self, units: i64) -> Result<(), Stop> {
        let left = self.left - units;
        if left < 0 {
            return Err(Stop::OUT_OF_FUEL);
        }
        self.left = left;
        Ok(())
    }

    /// Enters `entry` through the window of the call in `word`; `then` is the instruction after it.
    #[inline(always)]
    unsafe fn enter<W: Way>(
        &mut self,
        task: &mut Task,
        entry: &Entry,
        word: u64,
        window: Reg,
        then: *const u64,
    ) -> Result<(), Stop> {
        // SAFETY: as there; [R-FRAME] a frame has a header.
        unsafe {
            self.enter_unnamed::<W>(task, entry, window, then)?;
            CallWord::write(self.base.sub(HEADER), word, entry.id);
        }
        Ok(())
    }

    /// Enters `entry`, and leaves it to the caller to write the call word.
    #[inline(always)]
    unsafe fn enter_unnamed<W: Way>(
        &mut self,
        task: &mut Task,
        entry: &Entry,
        window: Reg,
        then: *const u64,
    ) -> Result<(), Stop> {
        // SAFETY: [V-CALL] the window fits the frame, so the callee begins inside the stack; [R-FRAME] once there is room
        // for its registers it is a frame.
        unsafe {
            let mut base = self.base.add(window.index() + HEADER);
            if base.wrapping_add(entry.frame_slots()).addr() > task.stack_end() {
                let slots = window.index() + HEADER + entry.frame_slots();
                self.base = W::seldom(|| grow(task, *self, slots).ok_or(Stop::trap(Trap::StackOverflow)))?;
                base = self.base.add(window.index() + HEADER);
            }
            *base.sub(1) = then.expose_provenance() as u64;
            self.base = base;
            self.pc = entry.code_ptr();
        }
        Ok(())
    }

    /// Enters `entry` in place of the current frame, with the arguments in `window`.
    #[inline(always)]
    unsafe fn replace<W: Way>(&mut self, task: &mut Task, entry: &Entry, window: Reg) -> Result<(), Stop> {
        if self.base.wrapping_add(entry.frame_slots()).addr() > task.stack_end() {
            let slots = entry.frame_slots();
            self.base = W::seldom(|| grow(task, *self, slots).ok_or(Stop::trap(Trap::StackOverflow)))?;
        }
        // SAFETY: [V-CALL] the arguments lie in the frame, and there is room for the callee's registers now; [R-FRAME] the
        // frame has a header.
        unsafe {
            for n in 0..entry.params() {
                // Volatile, because LLVM would call `memmove` for these few words.
                self.base.add(n).write(self.base.add(window.index() + HEADER + n).read_volatile());
            }
            *self.base.sub(2) = CallWord::redirect(*self.base.sub(2), entry.id).0;
        }
        self.pc = entry.code_ptr();
        Ok(())
    }

    /// Goes back to the caller.
    #[inline(always)]
    unsafe fn go_back(&mut self) {
        // SAFETY: [R-FRAME] the frame has a header, which says where the caller's begins and goes on.
        unsafe {
            let window = CallWord::window_at(self.base.sub(2));
            self.pc = ptr::with_exposed_provenance(*self.base.sub(1) as usize);
            self.base = self.base.sub(HEADER + window);
        }
    }
}

/// Keeps a way that control may go from being merged with the other one. LLVM likes to choose between two addresses with a
/// conditional move; then the next instruction can't be looked at before the comparison is done, where a branch would be
/// predicted.
#[inline(always)]
fn apart() {
    #[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)))]
    // SAFETY: it is no code at all.
    unsafe {
        std::arch::asm!("", options(nomem, nostack, preserves_flags))
    }
}

macro_rules! execute {
    ($($(#[$meta:meta])* [$kind:ident] $snake:ident = $Camel:ident $(($meaning:ident))? { $($ops:tt)* } $([$($fx:ident),*])?;)*) => {
        $(one! { $kind $Camel })*
    };
}

macro_rules! one {
    (control $C:ident) => {};
    (magic $C:ident) => {
        impl Execute for ops::$C {
            #[inline(always)]
            unsafe fn execute<W: Way>(self, at: &mut Spot, word: u64, world: World<'_, '_>) -> Result<(), Stop> {
                at.charge(1)?;
                // SAFETY: [V-REG] [R-FRAME] registers are in the frame; [V-END] the next instruction is in the code; [V-CALL]
                // the method takes the window's arguments.
                unsafe {
                    let next = at.pc.add(ops::$C::WORDS);
                    match self.invoke::<W>(&Unchecked::at(at.base), world.cx)? {
                        Magic::Value(value) => {
                            *at.base.add(self.window().index()) = value.bits();
                            at.pc = next;
                        }
                        Magic::Call(call) => {
                            W::quick_if::<Stop>(|| false)?;
                            at.enter::<W>(world.task, call.entry, word, self.window(), next)?;
                            fill(at.base, &call);
                        }
                    }
                }
                Ok(())
            }
        }
    };
    (give $C:ident) => {
        one! { @give $C }
    };
    (guard $C:ident) => {
        one! { @give $C }
    };
    (@give $C:ident) => {
        impl Execute for ops::$C {
            #[inline(always)]
            unsafe fn execute<W: Way>(self, at: &mut Spot, _: u64, world: World<'_, '_>) -> Result<(), Stop> {
                // SAFETY: [V-REG] [R-FRAME] registers are in the frame, which has a header; [V-RET] there is one result; [V-END]
                // where nothing is returned, the next instruction is in the code.
                unsafe {
                    match self.give::<W>(&Unchecked::at(at.base), world.cx)? {
                        Some(slot) => {
                            let result = at.base.sub(HEADER);
                            at.go_back();
                            *result = slot;
                        }
                        None => at.pc = at.pc.add(ops::$C::WORDS),
                    }
                }
                Ok(())
            }
        }
    };
    ($kind:ident $C:ident) => {
        impl Execute for ops::$C {
            #[inline(always)]
            unsafe fn execute<W: Way>(self, at: &mut Spot, _: u64, world: World<'_, '_>) -> Result<(), Stop> {
                if ops::$C::LATCH {
                    at.charge(1)?;
                }
                // SAFETY: [V-REG] [R-FRAME] registers are in the frame; [V-TARGET] [V-END] jumps and falls stay in the code.
                unsafe {
                    match self.perform::<W>(&mut Unchecked::at(at.base), world.cx)? {
                        Flow::Next => at.pc = at.pc.add(ops::$C::WORDS),
                        Flow::Forward(words) => {
                            apart();
                            at.pc = at.pc.add(ops::$C::WORDS + words);
                        }
                        Flow::Back(words) => {
                            apart();
                            at.pc = at.pc.add(ops::$C::WORDS).sub(words);
                        }
                    }
                }
                Ok(())
            }
        }
    };
}

regatta_ir::for_each_op!(execute);

/// The ops that move control, one per line: the only ones written by hand.
macro_rules! control {
    ($($C:ident($op:ident, $at:ident, $regs:ident, $word:ident, $world:ident) $body:block)*) => { $(
        impl Execute for ops::$C {
            #[inline(always)]
            #[allow(unused_variables, reason = "not every op reads registers or its word")]
            unsafe fn execute<W: Way>(self, $at: &mut Spot, $word: u64, $world: World<'_, '_>) -> Result<(), Stop> {
                let $op = self;
                // SAFETY: [V-TARGET] [V-END] jumps stay inside the code; [V-REG] registers are in the frame; [V-CALL] windows
                // fit; [V-REF] what is named exists; [R-TABLE] entries live as long as the program.
                unsafe {
                    let $regs = Unchecked::at($at.base);
                    $body
                }
                #[allow(unreachable_code, reason = "some never go on")]
                Ok(())
            }
        }
    )* };
}

control! {
    Br(op, at, regs, word, world) {
        at.pc = at.pc.add(1 + op.to.read(&regs));
    }
    Loop(op, at, regs, word, world) {
        at.charge(1)?;
        at.pc = at.pc.add(1).sub(op.to.read(&regs));
    }
    Switch(op, at, regs, word, world) {
        let number = (op.index.read(&regs) as u32).min(op.count.read(&regs)) as usize;
        let br = at.pc.add(1 + number);
        // [V-SWITCH] the words after a `switch` are `br` instructions.
        at.pc = br.add(1 + ops::Br::decode(*br, || unreachable!("`br` is one word")).to.read(&regs));
    }
    Call(op, at, regs, word, world) {
        at.charge(1)?;
        let entry = &*(*world.table.add(op.func.read(&regs).table_place())).load(Ordering::Acquire);
        at.enter_unnamed::<W>(world.task, entry, op.window.read(&regs), at.pc.add(ops::Call::WORDS))?;
        *at.base.sub(HEADER) = word; // it names the function itself
    }
    // What they bring is written last: until they enter, nothing has changed.
    CallMov(op, at, regs, word, world) {
        at.charge(1)?;
        let argument = op.a.read(&regs);
        let entry = &*(*world.table.add(op.func.read(&regs).table_place())).load(Ordering::Acquire);
        at.enter::<W>(world.task, entry, word, op.window.read(&regs), at.pc.add(ops::CallMov::WORDS))?;
        *at.base = argument;
    }
    CallI32AddImm(op, at, regs, word, world) {
        at.charge(1)?;
        let argument = i32_add::<W>(op.a.read(&regs), op.b.read(&regs)).to_slot();
        let entry = &*(*world.table.add(op.func.read(&regs).table_place())).load(Ordering::Acquire);
        at.enter::<W>(world.task, entry, word, op.window.read(&regs), at.pc.add(ops::CallI32AddImm::WORDS))?;
        *at.base = argument;
    }
    CallNumAddImm(op, at, regs, word, world) {
        at.charge(1)?;
        let argument = num_add_imm::<W>(world.cx, Value::from_bits(op.a.read(&regs)), op.b.read(&regs))?.bits();
        let entry = &*(*world.table.add(op.func.read(&regs).table_place())).load(Ordering::Acquire);
        at.enter::<W>(world.task, entry, word, op.window.read(&regs), at.pc.add(ops::CallNumAddImm::WORDS))?;
        *at.base = argument;
    }
    CallIndirect(op, at, regs, word, world) {
        at.charge(1)?;
        let entry = resolved::<W>(world.cx, op.callee.read(&regs), op.sig.read(&regs))?;
        at.enter::<W>(world.task, entry, word, op.window.read(&regs), at.pc.add(ops::CallIndirect::WORDS))?;
    }
    CallNative(op, at, regs, word, world) {
        at.charge(1)?;
        let spot = *at;
        at.base = W::seldom(|| call_native(world.cx, world.task, spot, op))?;
        at.pc = at.pc.add(ops::CallNative::WORDS);
    }
    CallValue(op, at, regs, word, world) {
        at.charge(1)?;
        let (value, sig, window) = (op.callee.read(&regs), op.sig.read(&regs), op.window.read(&regs));
        let entry = callee::<W>(world.cx, at.base.add(window.index() + HEADER), Value::from_bits(value), sig)?;
        at.enter::<W>(world.task, entry, word, window, at.pc.add(ops::CallValue::WORDS))?;
    }
    CallVirtual(op, at, regs, word, world) {
        at.charge(1)?;
        let window = op.window.read(&regs);
        let receiver = Value::from_bits(*at.base.add(window.index() + HEADER));
        let entry = world.cx.virtual_method(receiver, op.slot.read(&regs), op.sig.read(&regs))?;
        at.enter::<W>(world.task, entry, word, window, at.pc.add(ops::CallVirtual::WORDS))?;
    }
    CallMethod(op, at, regs, word, world) {
        at.charge(1)?;
        let window = op.window.read(&regs);
        let args = at.base.add(window.index() + HEADER);
        let (receiver, sig, site) = (Value::from_bits(*args), op.sig.read(&regs), op.site.read(&regs));
        let entry = match world.cx.known_method(receiver, sig, site) {
            Some(entry) => entry,
            None => W::seldom(|| match world.cx.known_function(receiver, sig, site) {
                Some(entry) => Ok(entry),
                None => method(world.cx, args, op),
            })?,
        };
        at.enter::<W>(world.task, entry, word, window, at.pc.add(ops::CallMethod::WORDS))?;
    }
    TailCall(op, at, regs, word, world) {
        at.charge(1)?;
        let entry = &*(*world.table.add(op.func.read(&regs).table_place())).load(Ordering::Acquire);
        at.replace::<W>(world.task, entry, op.window.read(&regs))?;
    }
    TailCallIndirect(op, at, regs, word, world) {
        at.charge(1)?;
        let entry = resolved::<W>(world.cx, op.callee.read(&regs), op.sig.read(&regs))?;
        at.replace::<W>(world.task, entry, op.window.read(&regs))?;
    }
    TailCallValue(op, at, regs, word, world) {
        at.charge(1)?;
        let (value, sig, window) = (op.callee.read(&regs), op.sig.read(&regs), op.window.read(&regs));
        let entry = callee::<W>(world.cx, at.base.add(window.index() + HEADER), Value::from_bits(value), sig)?;
        at.replace::<W>(world.task, entry, window)?;
    }
    Ret(op, at, regs, word, world) {
        at.go_back();
    }
    RetValue(op, at, regs, word, world) {
        let value = op.src.read(&regs);
        let result = at.base.sub(HEADER);
        at.go_back();
        *result = value;
    }
    RetValues(op, at, regs, word, world) {
        let (base, first) = (at.base, op.first.read(&regs));
        (at.pc, at.base) = W::seldom(|| Ok::<_, Stop>(give_results(world.cx.program, world.task, base, first)))?;
    }
    Fuel(op, at, regs, word, world) {
        at.charge(i64::from(op.units.read(&regs)))?;
        at.pc = at.pc.add(ops::Fuel::WORDS);
    }
    Trap(op, at, regs, word, world) {
        return Err(Stop::trap(Trap::Explicit(op.code.read(&regs))));
    }
    Throw(op, at, regs, word, world) {
        world.cx.process.thrown = Value::from_bits(op.value.read(&regs));
        return Err(Stop::THROW);
    }
}
