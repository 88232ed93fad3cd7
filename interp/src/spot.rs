//! Where a running engine is, and what seldom happens there.
//!
//! The fast engines keep the state of a task in a few machine registers: a [`Spot`]. Rare events (growing the stack,
//! natives, stops, leaving) are cold functions that take and give it by value, because a local whose address escapes lives
//! in memory for good.
//!
//! An engine that stops, or leaves, writes its spot back to the task, so that any other can go on there.

use regatta_heap::Value;
use regatta_ir::{FuncId, NativeId, Opcode, Reg, SigId, SiteId, TextId, ops};
use regatta_runtime::magic::MagicCall;
use regatta_runtime::object::Closure;
use regatta_runtime::stack::{CallWord, HEADER};
use regatta_runtime::{Context, Entry, Exit, Fuel, Onward, Program, Stop, Task};
use regatta_semantics::Way;
use regatta_verifier::Environment;
use std::ptr;

/// Where an engine is in a task.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Spot {
    /// The instruction.
    pub(crate) pc: *const u64,
    /// The registers of its frame.
    pub(crate) base: *mut u64,
    /// Units of fuel.
    pub(crate) left: i64,
}

/// Why an engine's loop ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Halt {
    /// The instruction at the spot can't go on.
    Stop(Stop),
    /// There is none: the first function has returned.
    Returned,
    /// It is the first of a function that has no proof yet, or no form.
    Unprepared,
    /// Somebody who watches wants to stop before the instruction at the spot.
    Interrupted,
}

impl Spot {
    /// Where `task` is, if it is not done.
    ///
    /// # Panics
    /// If it belongs to another program.
    pub(crate) fn of(cx: &mut Context<'_>, task: &mut Task, fuel: &Fuel) -> Option<Spot> {
        let entry = cx.program.entry(task.current()?)?;
        assert_eq!(task.program(), cx.program.id(), "the task belongs to another program");
        cx.process.catch_up(cx.program); // [R-GLOBAL]
        // SAFETY: [R-STACK] the task's frames were made by `Task::new` and engines for this program, so its stack, base
        // and pc describe a state that verified code can be in: `base` is inside the stack, the pc inside the code.
        unsafe {
            let parts = task.parts();
            let range = parts.stack.slots_mut().as_mut_ptr_range();
            let (base, pc) = (range.start.add(*parts.base), entry.code_ptr().add(*parts.pc as usize));
            Some(Spot { pc, base, left: fuel.left() })
        }
    }
}

/// Sees to it that the loop has ended: says where to go on, or how to leave. When the engine leaves, the task says where.
///
/// # Safety
/// `spot` must be the state of `task`.
#[cold]
#[inline(never)]
pub(crate) unsafe fn see_to(
    cx: &mut Context<'_>,
    task: &mut Task,
    fuel: &mut Fuel,
    spot: Spot,
    halt: Halt,
) -> Result<Spot, Exit> {
    // SAFETY: as the caller promises; [R-FRAME] a function that has been called has a header before its registers.
    unsafe {
        match halt {
            Halt::Stop(stop) => settle(cx, task, fuel, spot, &stop),
            Halt::Returned => Err(leave(cx, task, fuel, spot, Exit::Returned)),
            Halt::Interrupted => Err(leave(cx, task, fuel, spot, Exit::Interrupted)),
            Halt::Unprepared => {
                let func = CallWord(*spot.base.sub(2)).func();
                Err(leave(cx, task, fuel, spot, Exit::Unprepared(func)))
            }
        }
    }
}

/// Writes the spot back, and leaves.
///
/// # Safety
/// As for [`see_to`].
#[cold]
#[inline(never)]
pub(crate) unsafe fn leave(cx: &Context<'_>, task: &mut Task, fuel: &mut Fuel, spot: Spot, exit: Exit) -> Exit {
    fuel.set_left(spot.left);
    // SAFETY: as the caller promises.
    unsafe { store(cx, task, spot) };
    exit
}

/// Writes where the engine is to the task.
///
/// # Safety
/// `spot` must be the state of `task`.
#[inline]
pub(crate) unsafe fn store(cx: &Context<'_>, task: &mut Task, spot: Spot) {
    // SAFETY: [R-STACK] what is written below is the state of the loop, which runs verified code.
    let parts = unsafe { task.parts() };
    let start = parts.stack.slots().as_ptr();
    *parts.base = (spot.base.addr() - start.addr()) / 8;
    *parts.pc = 0;
    if *parts.base != 0 {
        // SAFETY: [R-FRAME] a frame has a header before its registers.
        let func = unsafe { CallWord(*spot.base.sub(2)) }.func();
        // A function without a proof has no code, and the task stands at its start.
        let code = cx.program.entry(func).and_then(Entry::code);
        *parts.pc = code.map_or(0, |code| ((spot.pc.addr() - code.as_ptr().addr()) / 8) as u32);
    }
}

/// Sees to the instruction at `spot`, which has stopped: says where to go on, or how to leave.
///
/// # Safety
/// As for [`see_to`].
#[cold]
#[inline(never)]
pub(crate) unsafe fn settle(
    cx: &mut Context<'_>,
    task: &mut Task,
    fuel: &mut Fuel,
    spot: Spot,
    stop: &Stop,
) -> Result<Spot, Exit> {
    // SAFETY: as the caller promises; the instruction is one of a verified function.
    let cost = unsafe {
        store(cx, task, spot);
        i64::from(Opcode::of_word(*spot.pc).is_some_and(|op| op.info().takes_a_unit()))
    };
    // What is done again is paid then.
    let onward = cx.settle(task, *stop).inspect_err(|_| fuel.set_left(spot.left))?;
    let left = if onward == Onward::Again { spot.left + cost } else { spot.left };
    let code = task.current().and_then(|func| cx.program.entry(func)).map(Entry::code_ptr);
    // SAFETY: [R-STACK] the task stands at an instruction of one of its frames, so there is code and `base` is inside.
    unsafe {
        let parts = task.parts();
        let base = parts.stack.slots_mut().as_mut_ptr().add(*parts.base);
        Ok(Spot { pc: code.unwrap_unchecked().add(*parts.pc as usize), base, left })
    }
}

/// Makes room for `slots` slots from `base` on; gives the new base, or `None` at the stack's limit.
#[cold]
#[inline(never)]
pub(crate) fn grow(task: &mut Task, spot: Spot, slots: usize) -> Option<*mut u64> {
    // SAFETY: [R-STACK] growing keeps every frame as it is.
    let stack = unsafe { task.parts() }.stack;
    let at = (spot.base.addr() - stack.slots().as_ptr().addr()) / 8;
    if !stack.grow_to(at + slots) {
        return None;
    }
    let range = stack.slots_mut().as_mut_ptr_range();
    // SAFETY: `at` was inside the old stack, and the new one is not smaller.
    Some(unsafe { range.start.add(at) })
}

/// The function that an indirect call of `id` through signature `sig` enters. A computed id may name one that came after
/// this run began, so the process takes on what the program has gained [R-GLOBAL].
#[inline(always)]
pub(crate) fn resolved<'a, W: Way>(cx: &mut Context<'a>, id: i32, sig: SigId) -> Result<&'a Entry, Stop> {
    let entry = cx.program.resolve(id, sig)?;
    if cx.process.globals().len() < cx.program.globals() {
        W::seldom::<_, Stop>(|| {
            cx.process.catch_up(cx.program);
            Ok(())
        })?;
    }
    Ok(entry)
}

/// What a call of `value` through signature `sig` enters. What the value adds to the arguments, which begin at `args`, is
/// there then.
///
/// # Safety
/// The arguments must be those of verified code that runs.
#[inline(always)]
pub(crate) unsafe fn callee<'a, W: Way>(
    cx: &Context<'a>,
    args: *mut u64,
    value: Value,
    sig: SigId,
) -> Result<&'a Entry, Stop> {
    if let Some(func) = value.as_function() {
        if let Some(entry) = cx.program.entry(FuncId(func)).filter(|entry| entry.sig == sig) {
            return Ok(entry);
        }
    } else if let Some(closure) = Closure::of(value)
        && let Some(entry) = cx.program.entry(closure.func()).filter(|entry| entry.signatures.closure == sig)
    {
        // SAFETY: [V-CALL] the window has room for what a value adds.
        unsafe { *args.add(entry.params() - 1) = value.bits() };
        return Ok(entry);
    }
    // SAFETY: as the caller promises.
    W::seldom(|| unsafe { bound_callee(cx, args, value, sig) })
}

/// [`callee`] for every value.
///
/// # Safety
/// As there.
#[cold]
#[inline(never)]
unsafe fn bound_callee<'a>(cx: &Context<'a>, args: *mut u64, value: Value, sig: SigId) -> Result<&'a Entry, Stop> {
    let callee = cx.callee(value, sig)?;
    // SAFETY: [V-CALL] the window has room for the arguments and for what a value adds, which together are what the
    // callee takes; [R-FRAME] the frame exists.
    callee.bind(unsafe { std::slice::from_raw_parts_mut(args, callee.entry.params()) });
    Ok(callee.entry)
}

/// Finds the method, and adds to the arguments at `args` what calling it takes.
///
/// # Safety
/// As for [`callee`].
#[cold]
#[inline(never)]
pub(crate) unsafe fn method<'a>(cx: &Context<'a>, args: *mut u64, op: ops::CallMethod) -> Result<&'a Entry, Stop> {
    // SAFETY: [V-CALL] the receiver is argument 0.
    let receiver = Value::from_bits(unsafe { *args });
    let callee = cx.method(receiver, TextId(op.name.0), SigId(op.sig.0.into()), SiteId(op.site.0))?;
    // SAFETY: [V-CALL] as in `bound_callee`.
    callee.bind(unsafe { std::slice::from_raw_parts_mut(args, callee.entry.params()) });
    Ok(callee.entry)
}

/// Fills the parameters of a function that an instruction has entered on its own.
///
/// # Safety
/// The function must have just been entered, and `base` be where its frame is.
#[cold]
#[inline(never)]
pub(crate) unsafe fn fill(base: *mut u64, call: &MagicCall<'_>) {
    for (n, argument) in call.arguments().iter().enumerate() {
        // SAFETY: [R-FRAME] the frame has a slot for each parameter.
        unsafe { *base.add(n) = argument.bits() };
    }
}

/// Calls the host through a window of the frame at `spot`. Gives the base to go on with, because the
/// host has looked at the stack meanwhile.
///
/// # Safety
/// `spot` and `op` must be those of `task`, which runs verified code.
#[inline(never)]
pub(crate) unsafe fn call_native(
    cx: &mut Context<'_>,
    task: &mut Task,
    spot: Spot,
    op: ops::CallNative,
) -> Result<*mut u64, Stop> {
    // SAFETY: as the caller promises.
    unsafe { store(cx, task, spot) };
    // SAFETY: [V-REF] the native exists.
    let native = unsafe { cx.program.native(NativeId(op.native.0)).unwrap_unchecked() };
    let window = task.base() + usize::from(op.window.0);
    native.function.call(cx, task, window)?;
    cx.process.catch_up(cx.program);
    // SAFETY: [R-STACK] a native leaves frames as they are.
    let parts = unsafe { task.parts() };
    let range = parts.stack.slots_mut().as_mut_ptr_range();
    // SAFETY: the base is inside the stack.
    Ok(unsafe { range.start.add(*parts.base) })
}

/// Moves the two or more results from register `first` on to where the caller wants them, and gives the pc and base to go
/// on with.
///
/// # Safety
/// `base` and `first` must be those of `task`, which runs verified code.
#[inline(never)]
pub(crate) unsafe fn give_results(
    program: &Program,
    task: &Task,
    base: *mut u64,
    first: Reg,
) -> (*const u64, *mut u64) {
    // SAFETY: [R-FRAME] the frame has a header, and the instruction before the return address is the call that made it,
    // as long as its word says; [V-RET] the results lie inside the frame; [V-CALL] the caller's window, or for the first
    // frame `Task::new`, has room for them where the signature of the call wants them.
    unsafe {
        let word = CallWord(*base.sub(2));
        let (window, words) = (word.window(), word.words());
        let pc: *const u64 = ptr::with_exposed_provenance(*base.sub(1) as usize);
        let called = if base.addr() == task.slots().as_ptr().add(HEADER).addr() {
            program.function_signature(task.entry())
        } else {
            program.call_signature(std::slice::from_raw_parts(pc.sub(words), words))
        };
        let called = called.unwrap_unchecked();
        let (from, to) = (base.add(first.index()), base.sub(HEADER));
        ptr::copy(from, to, HEADER);
        ptr::copy(from.add(HEADER), to.add(called.result_slot(HEADER)), called.results.len() - HEADER);
        (pc, to.sub(window))
    }
}
