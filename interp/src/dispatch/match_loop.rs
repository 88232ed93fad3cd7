//! `match`: one `match` in a loop over verified words.
//!
//! The loop reads the word at `pc`, jumps on its op number, and each arm reads its operands from the word, calls the
//! op's meaning and moves `pc` on. All arms but those of control ops are derived from the table. State lives
//! in four locals: `pc`, `base` (registers of the current frame), `left` (fuel) and `end` (of the stack that exists).
//!
//! It trusts the verifier: no register, target, type or arity is checked again. Rare events (growing the stack, natives,
//! stops, leaving) are cold functions that take and give these locals by value, because a local whose address escapes lives
//! in memory for the whole loop. An instruction that stops (it traps, throws, or wants the heap collected) breaks out of the
//! loop to the one place that settles it, and the loop begins again where that says.
//!
//! Contrast with `reference`, which checks every promise. Left alone, LLVM compiles the `match` to one shared indirect
//! jump, to which every arm jumps back; the flags in `.cargo/config.toml` let it copy that jump to the end of each arm,
//! for 0.88 of the time (`docs/decisions/`). Not known: how either form does on other processors.

use crate::regs::Unchecked;
use regatta_heap::Value;
use regatta_ir::operand::Operand;
use regatta_ir::{FuncId, NativeId, Opcode, Reg, SigId, SiteId, TextId, ops};
use regatta_runtime::exec::internal;
use regatta_runtime::magic::MagicCall;
use regatta_runtime::object::Closure;
use regatta_runtime::stack::{CallWord, HEADER};
use regatta_runtime::{Context, Entry, Executor, Exit, Fuel, Onward, PrepareError, Program, Stop, Task, Trap};
use regatta_semantics::{Flow, Invoke, Magic, Perform};
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

    loop {
        let stop: Stop = 'run: {
            /// Breaks out of the loop at the current instruction, which has done nothing.
            macro_rules! stop {
                ($stop:expr) => {
                    break 'run $stop
                };
            }
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
            /// The value of what may stop.
            macro_rules! value {
                ($outcome:expr) => {
                    match $outcome {
                        Ok(value) => value,
                        Err(stop) => stop!(stop.into()),
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
                            None => stop!(Stop::Trap(Trap::StackOverflow)),
                        }
                        callee = base.add($window.index() + HEADER);
                    }
                    let then: *const u64 = $then;
                    CallWord::write(callee.sub(2), $word, entry.id);
                    *callee.sub(1) = then.expose_provenance() as u64;
                    base = callee;
                    pc = entry.code_ptr();
                }};
            }
            /// Goes back to the caller.
            macro_rules! go_back {
                () => {{
                    let window = CallWord::window_at(base.sub(2));
                    pc = ptr::with_exposed_provenance(*base.sub(1) as usize);
                    base = base.sub(HEADER + window);
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
                            None => stop!(Stop::Trap(Trap::StackOverflow)),
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
                (magic $C:ident $word:ident) => {{
                    let op = ops::$C::decode($word, || *pc.add(1));
                    charge!(1);
                    match value!(op.invoke(&Unchecked::at(base), cx)) {
                        Magic::Value(value) => {
                            *base.add(op.window().index()) = value.bits();
                            pc = pc.add(ops::$C::WORDS);
                        }
                        Magic::Call(call) => {
                            enter!(call.entry, $word, op.window(), pc.add(ops::$C::WORDS));
                            fill(base, &call);
                        }
                    }
                }};
                ($kind:ident $C:ident $word:ident) => {{
                    let op = ops::$C::decode($word, || *pc.add(1));
                    if ops::$C::LATCH {
                        charge!(1);
                    }
                    let performed: Result<Flow, Stop> = op.perform(&mut Unchecked::at(base), cx);
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
                (CallNative $op:ident $regs:ident $word:ident) => {{
                    charge!(1);
                    (base, end) = value!(call_native(cx, task, Spot { pc, base, left }, $op));
                    pc = pc.add(ops::CallNative::WORDS);
                }};
                (CallValue $op:ident $regs:ident $word:ident) => {{
                    charge!(1);
                    let (value, sig, window) = ($op.callee.read(&$regs), $op.sig.read(&$regs), $op.window.read(&$regs));
                    let entry = value!(callee(cx, base.add(window.index() + HEADER), Value::from_bits(value), sig));
                    enter!(entry, $word, window, pc.add(ops::CallValue::WORDS));
                }};
                (CallVirtual $op:ident $regs:ident $word:ident) => {{
                    charge!(1);
                    let window = $op.window.read(&$regs);
                    let receiver = Value::from_bits(*base.add(window.index() + HEADER));
                    let entry = value!(cx.virtual_method(receiver, $op.slot.read(&$regs), $op.sig.read(&$regs)));
                    enter!(entry, $word, window, pc.add(ops::CallVirtual::WORDS));
                }};
                (CallMethod $op:ident $regs:ident $word:ident) => {{
                    charge!(1);
                    let window = $op.window.read(&$regs);
                    let args = base.add(window.index() + HEADER);
                    let entry =
                        match cx.known_method(Value::from_bits(*args), $op.sig.read(&$regs), $op.site.read(&$regs)) {
                            Some(entry) => entry,
                            None => value!(method(cx, args, $op)),
                        };
                    enter!(entry, $word, window, pc.add(ops::CallMethod::WORDS));
                }};
                (TailCallValue $op:ident $regs:ident $word:ident) => {{
                    charge!(1);
                    let (value, sig, window) = ($op.callee.read(&$regs), $op.sig.read(&$regs), $op.window.read(&$regs));
                    let entry = value!(callee(cx, base.add(window.index() + HEADER), Value::from_bits(value), sig));
                    tail!(entry, window);
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
                    stop!(Stop::Trap(Trap::Explicit($op.code.read(&$regs))))
                };
                (Throw $op:ident $regs:ident $word:ident) => {{
                    cx.process.thrown = Value::from_bits($op.value.read(&$regs));
                    stop!(Stop::Throw)
                }};
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
        };
        // SAFETY: this is the state of the loop, whose instruction at `pc` has stopped.
        match unsafe { settle(cx, task, fuel, Spot { pc, base, left }, stop) } {
            Ok(spot) => Spot { pc, base, left } = spot,
            Err(exit) => return exit,
        }
    }
}

/// Writes the locals back and leaves.
///
/// # Safety
/// `spot` must be the state of `task`.
#[cold]
#[inline(never)]
unsafe fn leave(cx: &Context<'_>, task: &mut Task, fuel: &mut Fuel, spot: Spot, exit: Exit) -> Exit {
    fuel.set_left(spot.left);
    // SAFETY: as the caller promises.
    unsafe { store(cx, task, spot) };
    exit
}

/// Writes where the loop is to the task.
///
/// # Safety
/// `spot` must be the state of `task`.
#[inline]
unsafe fn store(cx: &Context<'_>, task: &mut Task, spot: Spot) {
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
/// `spot` must be the state of `task`.
#[cold]
#[inline(never)]
unsafe fn settle(cx: &mut Context<'_>, task: &mut Task, fuel: &mut Fuel, spot: Spot, stop: Stop) -> Result<Spot, Exit> {
    // SAFETY: as the caller promises; the instruction is one of a verified function.
    let cost = unsafe {
        store(cx, task, spot);
        i64::from(Opcode::of_word(*spot.pc).is_some_and(|op| op.info().takes_a_unit()))
    };
    let onward = cx.settle(task, stop).inspect_err(|_| fuel.set_left(spot.left))?;
    let left = if onward == Onward::Again { spot.left + cost } else { spot.left };
    let code = task.current().and_then(|func| cx.program.entry(func)).map(Entry::code_ptr);
    // SAFETY: [R-STACK] the task stands at an instruction of one of its frames, so there is code and `base` is inside.
    unsafe {
        let parts = task.parts();
        let base = parts.stack.slots_mut().as_mut_ptr().add(*parts.base);
        Ok(Spot { pc: code.unwrap_unchecked().add(*parts.pc as usize), base, left })
    }
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

/// What a call of `value` through signature `sig` enters. What the value adds to the arguments, which begin at `args`, is
/// there then.
///
/// # Safety
/// The arguments must be those of verified code that runs.
#[inline(always)]
unsafe fn callee<'a>(cx: &Context<'a>, args: *mut u64, value: Value, sig: SigId) -> Result<&'a Entry, Stop> {
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
    unsafe { bound_callee(cx, args, value, sig) }
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
unsafe fn method<'a>(cx: &Context<'a>, args: *mut u64, op: ops::CallMethod) -> Result<&'a Entry, Stop> {
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
unsafe fn fill(base: *mut u64, call: &MagicCall<'_>) {
    for (n, argument) in call.arguments().iter().enumerate() {
        // SAFETY: [R-FRAME] the frame has a slot for each parameter.
        unsafe { *base.add(n) = argument.bits() };
    }
}

/// Calls the host through a window of the frame at `spot`. Gives the base and end of the stack to go on with, because the
/// host has looked at the stack meanwhile.
///
/// # Safety
/// `spot` and `op` must be those of `task`, which runs verified code.
#[inline(never)]
unsafe fn call_native(
    cx: &mut Context<'_>,
    task: &mut Task,
    spot: Spot,
    op: ops::CallNative,
) -> Result<(*mut u64, *mut u64), Stop> {
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
    Ok((unsafe { range.start.add(*parts.base) }, range.end))
}

/// Moves the two or more results from register `first` on to where the caller wants them, and gives the pc and base to go
/// on with.
///
/// # Safety
/// `base` and `first` must be those of `task`, which runs verified code.
#[inline(never)]
unsafe fn give_results(program: &Program, task: &Task, base: *mut u64, first: Reg) -> (*const u64, *mut u64) {
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
