//! `match`: one `match` in a loop over verified words.
//!
//! The loop reads the word at `pc`, jumps on its op number, and each arm reads its operands from the word, calls the
//! op's meaning and moves `pc` on. All arms but those of control ops are derived from the table. State lives
//! in four locals: `pc`, `base` (registers of the current frame), `left` (fuel) and `end` (of the stack that exists).
//!
//! It trusts the verifier: no register, target, type or arity is checked again. Rare events (growing the stack, natives,
//! leaving) are cold functions that take and give these locals by value, because a local whose address escapes lives in
//! memory for the whole loop.
//!
//! Contrast with `reference`, which checks every promise. Left alone, LLVM compiles the `match` to one shared indirect
//! jump, to which every arm jumps back; the flags in `.cargo/config.toml` let it copy that jump to the end of each arm,
//! for 0.88 of the time (`docs/decisions/`). Not known: how either form does on other processors.

use crate::regs::Unchecked;
use regatta_heap::Value;
use regatta_ir::operand::{Operand, Registers, Window};
use regatta_ir::{FuncId, NativeId, Opcode, Reg, ops};
use regatta_runtime::exec::internal;
use regatta_runtime::stack::{CallWord, HEADER};
use regatta_runtime::{Context, Entry, Executor, Exit, Fuel, PrepareError, Program, Stop, Task, Trap};
use regatta_semantics::{Flow, Perform};
use regatta_verifier::Environment;
use std::ptr;
use std::sync::atomic::Ordering;

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
        let Some(entry) = task.current().and_then(|func| cx.program.entry(func)) else {
            return Exit::Returned;
        };
        assert_eq!(task.program(), cx.program.id(), "the task belongs to another program");
        cx.process.catch_up(cx.program); // [R-GLOBAL]
        // SAFETY: [R-STACK] the task's frames were made by `Task::new` and engines for this program, so its stack, base
        // and pc describe a state that verified code can be in.
        unsafe { run(cx, task, fuel, entry) }
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

/// Where the loop is, as a bundle for the cold paths.
#[derive(Clone, Copy)]
struct Spot {
    pc: *const u64,
    base: *mut u64,
    left: i64,
}

/// Runs until the task leaves; `entry` is the function of its current frame.
///
/// # Safety
/// See [`MatchLoop::resume`].
#[allow(unused_variables, reason = "not every control op reads registers or its word")]
unsafe fn run<'a>(cx: &mut Context<'a>, task: &mut Task, fuel: &mut Fuel, entry: &'a Entry) -> Exit {
    let table = cx.program.table();
    let mut left = fuel.left();
    // SAFETY: the task is not done, so `base` is inside its stack and its function is in the program.
    let (mut base, mut end, mut pc) = unsafe {
        let parts = task.parts();
        let range = parts.stack.slots_mut().as_mut_ptr_range();
        (range.start.add(*parts.base), range.end, entry.code_ptr().add(*parts.pc as usize))
    };

    /// Leaves with `pc` at the current instruction.
    macro_rules! leave {
        ($exit:expr) => {
            return leave(cx, task, fuel, Spot { pc, base, left }, $exit)
        };
    }
    /// Takes units of fuel before the current instruction runs.
    macro_rules! charge {
        ($units:expr) => {{
            let after = left - $units;
            if after < 0 {
                leave!(Exit::OutOfFuel);
            }
            left = after;
        }};
    }
    /// The value of what may trap.
    macro_rules! value {
        ($outcome:expr) => {
            match $outcome {
                Ok(value) => value,
                Err(trap) => leave!(Exit::Trapped(trap)),
            }
        };
    }
    /// Enters `entry` through the window of `word`, with `then` the instruction after the call.
    macro_rules! enter {
        ($entry:expr, $word:expr, $window:expr, $then:expr) => {{
            let entry: &Entry = $entry;
            let mut callee = base.add($window.index() + HEADER);
            if callee.wrapping_add(entry.frame_slots()) > end {
                let spot = Spot { pc, base, left };
                match grow(task, spot, $window.index() + HEADER + entry.frame_slots()) {
                    Some((new_base, new_end)) => (base, end) = (new_base, new_end),
                    None => leave!(Exit::Trapped(Trap::StackOverflow)),
                }
                callee = base.add($window.index() + HEADER);
            }
            let then: *const u64 = $then;
            *callee.sub(2) = CallWord::redirect($word, entry.id).0;
            *callee.sub(1) = then.expose_provenance() as u64;
            base = callee;
            pc = entry.code_ptr();
        }};
    }
    /// Goes back to the caller.
    macro_rules! go_back {
        () => {{
            let word = CallWord(*base.sub(2));
            pc = ptr::with_exposed_provenance(*base.sub(1) as usize);
            base = base.sub(HEADER + word.window());
        }};
    }
    /// Enters `entry` in place of the current frame, with the arguments in `window`.
    macro_rules! tail {
        ($entry:expr, $window:expr) => {{
            let entry: &Entry = $entry;
            if base.wrapping_add(entry.frame_slots()) > end {
                let spot = Spot { pc, base, left };
                match grow(task, spot, entry.frame_slots()) {
                    Some((new_base, new_end)) => (base, end) = (new_base, new_end),
                    None => leave!(Exit::Trapped(Trap::StackOverflow)),
                }
            }
            ptr::copy(base.add($window.index() + HEADER), base, entry.params());
            *base.sub(2) = CallWord::redirect(*base.sub(2), entry.id).0;
            pc = entry.code_ptr();
        }};
    }

    /// The arm of one op.
    macro_rules! arm {
        (control $C:ident $word:ident) => {{
            let op = ops::$C::decode($word, || *pc.add(1));
            let regs = Unchecked::at(base);
            control!($C op regs $word)
        }};
        ($kind:ident $C:ident $word:ident) => {{
            let op = ops::$C::decode($word, || *pc.add(1));
            if ops::$C::LATCH {
                charge!(1);
            }
            let performed = op.perform(&mut Unchecked::at(base), cx).map_err(|stop| match stop {
                Stop::Trap(trap) => trap,
                Stop::Collect | Stop::Throw => unreachable!("not yet"),
            });
            match value!(performed) {
                Flow::Next => pc = pc.add(ops::$C::WORDS),
                Flow::Forward(words) => pc = pc.add(ops::$C::WORDS + words),
                Flow::Back(words) => pc = pc.add(ops::$C::WORDS).sub(words),
            }
        }};
    }
    /// The arm of a control op: the only ones written by hand.
    macro_rules! control {
        (Br $op:ident $regs:ident $word:ident) => {
            pc = pc.add(1 + $op.to.read(&$regs))
        };
        (Loop $op:ident $regs:ident $word:ident) => {{
            charge!(1);
            pc = pc.add(1).sub($op.to.read(&$regs));
        }};
        (Switch $op:ident $regs:ident $word:ident) => {{
            let number = ($op.index.read(&$regs) as u32).min($op.count.read(&$regs)) as usize;
            let br = pc.add(1 + number);
            // [V-SWITCH] the words after a `switch` are `br` instructions.
            pc = br.add(1 + ops::Br::decode(*br, || unreachable!("`br` is one word")).to.read(&$regs));
        }};
        (Call $op:ident $regs:ident $word:ident) => {{
            charge!(1);
            let entry = &*(*table.add($op.func.read(&$regs).table_place())).load(Ordering::Acquire);
            enter!(entry, $word, $op.window.read(&$regs), pc.add(1));
        }};
        (CallIndirect $op:ident $regs:ident $word:ident) => {{
            charge!(1);
            let entry = value!(cx.resolve($op.callee.read(&$regs), $op.sig.read(&$regs)));
            enter!(entry, $word, $op.window.read(&$regs), pc.add(1));
        }};
        (CallVirtual $op:ident $regs:ident $word:ident) => {{
            charge!(1);
            let receiver = Value::from_bits($regs.get(receiver($op.window)));
            let entry = value!(cx.virtual_method(receiver, $op.slot.read(&$regs), $op.sig.read(&$regs)));
            enter!(entry, $word, $op.window.read(&$regs), pc.add(1));
        }};
        (CallNative $op:ident $regs:ident $word:ident) => {{
            charge!(1);
            if !call_native(cx, base, $op) {
                leave!(Exit::Trapped(Trap::NativeFailed));
            }
            pc = pc.add(1);
        }};
        (TailCall $op:ident $regs:ident $word:ident) => {{
            charge!(1);
            let entry = &*(*table.add($op.func.read(&$regs).table_place())).load(Ordering::Acquire);
            tail!(entry, $op.window.read(&$regs));
        }};
        (TailCallIndirect $op:ident $regs:ident $word:ident) => {{
            charge!(1);
            let entry = value!(cx.resolve($op.callee.read(&$regs), $op.sig.read(&$regs)));
            tail!(entry, $op.window.read(&$regs));
        }};
        (Ret $op:ident $regs:ident $word:ident) => {
            go_back!()
        };
        (RetValue $op:ident $regs:ident $word:ident) => {{
            let value = $op.src.read(&$regs);
            let result = base.sub(2);
            go_back!();
            *result = value;
        }};
        (RetValues $op:ident $regs:ident $word:ident) => {{
            (pc, base) = give_results(cx.program, task, base, $op.first.read(&$regs));
        }};
        (Fuel $op:ident $regs:ident $word:ident) => {{
            charge!(i64::from($op.units.read(&$regs)));
            pc = pc.add(1);
        }};
        (Trap $op:ident $regs:ident $word:ident) => {
            leave!(Exit::Trapped(Trap::Explicit($op.code.read(&$regs))))
        };
    }
    /// The whole loop.
    macro_rules! engine {
        ($($(#[$meta:meta])* [$kind:ident] $snake:ident = $Camel:ident $(($meaning:ident))? { $($ops:tt)* } $([$($fx:ident),*])?;)*) => {
            loop {
                let word = *pc;
                match word as u16 {
                    $(number::$Camel => arm!($kind $Camel word),)*
                    internal::HALT => leave!(Exit::Returned),
                    internal::UNPROVED => leave!(Exit::Unprepared(CallWord(*base.sub(2)).func())),
                    // [V-OP] every word the loop meets has a known op number.
                    _ => std::hint::unreachable_unchecked(),
                }
            }
        };
    }

    // SAFETY: `pc` walks verified code: [V-OP] it decodes, [V-TARGET] [V-END] jumps and falls stay inside, [V-REG] registers
    // are in the frame, [V-CALL] windows fit and callees exist, [V-REF] what is named exists; [R-FRAME] each frame has its
    // slots below `end`; [R-CODE] code stays where it is; [R-TABLE] entries live as long as the program.
    unsafe { regatta_ir::for_each_op!(engine) }
}

/// The register of argument 0.
#[inline(always)]
fn receiver(window: Window) -> Reg {
    Reg(window.0 + HEADER as u16)
}

/// Writes the locals back and leaves.
///
/// # Safety
/// `spot` must be the state of `task`.
#[cold]
#[inline(never)]
unsafe fn leave(cx: &Context<'_>, task: &mut Task, fuel: &mut Fuel, spot: Spot, exit: Exit) -> Exit {
    fuel.set_left(spot.left);
    // SAFETY: [R-STACK] what is written below is the state of the loop, which runs verified code.
    let parts = unsafe { task.parts() };
    let start = parts.stack.slots().as_ptr();
    *parts.base = (spot.base.addr() - start.addr()) / 8;
    *parts.pc = 0;
    if *parts.base != 0 && !matches!(exit, Exit::Unprepared(_)) {
        // SAFETY: [R-FRAME] a frame has a header before its registers.
        let func = unsafe { CallWord(*spot.base.sub(2)) }.func();
        let code = cx.program.entry(func).map_or(ptr::null(), Entry::code_ptr);
        *parts.pc = ((spot.pc.addr() - code.addr()) / 8) as u32;
    }
    exit
}

/// Makes room for `slots` slots from `base` on; gives the new base and end, or `None` at the stack's limit.
#[cold]
#[inline(never)]
fn grow(task: &mut Task, spot: Spot, slots: usize) -> Option<(*mut u64, *mut u64)> {
    // SAFETY: [R-STACK] growing keeps every frame as it is.
    let stack = unsafe { task.parts() }.stack;
    let at = (spot.base.addr() - stack.slots().as_ptr().addr()) / 8;
    if !stack.grow_to(at + slots) {
        return None;
    }
    let range = stack.slots_mut().as_mut_ptr_range();
    // SAFETY: `at` was inside the old stack, and the new one is not smaller.
    Some((unsafe { range.start.add(at) }, range.end))
}

/// Calls the host through a window of the frame at `base`; `false` when the host function failed.
///
/// # Safety
/// `base` and `op` must be those of running verified code.
#[inline(never)]
unsafe fn call_native(cx: &mut Context<'_>, base: *mut u64, op: ops::CallNative) -> bool {
    // SAFETY: [V-REF] the native exists; its signature does too.
    let (native, signature) = unsafe {
        let native = cx.program.native(NativeId(op.native.0)).unwrap_unchecked();
        (native, cx.program.type_of(native.sig).unwrap_unchecked())
    };
    let slots = signature.window_slots();
    // SAFETY: [V-CALL] the window, with header, arguments and results, lies inside the frame; [R-FRAME] the frame exists.
    let window = unsafe { std::slice::from_raw_parts_mut(base.add(op.window.0 as usize), slots) };
    match native.function.call(cx.process, window) {
        Ok(()) => {
            cx.process.catch_up(cx.program);
            true
        }
        Err(error) => {
            cx.process.failure = Some(error.0);
            false
        }
    }
}

/// Moves the two or more results from register `first` on to where the caller wants them, and gives the pc and base to go
/// on with.
///
/// # Safety
/// `base` and `first` must be those of `task`, which runs verified code.
#[inline(never)]
unsafe fn give_results(program: &Program, task: &Task, base: *mut u64, first: Reg) -> (*const u64, *mut u64) {
    // SAFETY: [R-FRAME] the frame has a header, and the instruction before the return address is the call that made it;
    // [V-RET] the results lie inside the frame; [V-CALL] the caller's window, or for the first frame `Task::new`, has
    // room for them where the signature of the call wants them.
    unsafe {
        let window = CallWord(*base.sub(2)).window();
        let pc: *const u64 = ptr::with_exposed_provenance(*base.sub(1) as usize);
        let is_first = base.addr() == task.slots().as_ptr().add(HEADER).addr();
        let called =
            if is_first { program.function_signature(task.entry()) } else { program.call_signature(*pc.sub(1)) };
        let called = called.unwrap_unchecked();
        let (from, to) = (base.add(first.index()), base.sub(HEADER));
        ptr::copy(from, to, HEADER);
        ptr::copy(from.add(HEADER), to.add(called.result_slot(HEADER)), called.results.len() - HEADER);
        (pc, to.sub(window))
    }
}
