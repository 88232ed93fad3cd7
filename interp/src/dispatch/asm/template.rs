//! `template`: the bodies of a function's instructions, laid end to end.
//!
//! Preparing a function is one pass over its code: each body is written with the operands it has, jumps lead to labels, and
//! what remains is straight machine code without dispatch. All registers stay in their slots, so the task is whole before
//! every instruction: the engine can leave anywhere, and is entered by the offset of the word, or where that has none, after
//! an instruction or two by their meanings.
//!
//! A call between functions is the machine's own. When the engine leaves, what is on the machine's stack is forgotten, and
//! when a frame returns that was entered from outside, the loop here goes on in its caller's code: the frames themselves
//! say where. The machine's stack takes one word for each frame; when it has taken [`NATIVE_STACK_BYTES`], the engine
//! leaves in the same way, and goes on at once.
//!
//! Contrast with `threaded`, which is the same bodies behind a dispatch. Floats are kept in machine registers, as copies of
//! their slots (`emitter/kept.rs`). Not known: what keeping integers there too would win without a real compiler.

use super::code::CodeMemory;
use super::compile::Compiled;
use super::emitter::{Emitter, Mode};
use super::slow::SLOW;
use super::state::{AGAIN, RETURNED, State, UNPREPARED, halt};
use crate::spot::{Halt, Spot, see_to};
use crate::symbols::{self, Frame, Symbol};
use dynasmrt::DynasmApi;
use regatta_ir::FuncId;
use regatta_runtime::exec::internal;
use regatta_runtime::form::Forms;
use regatta_runtime::stack::{CallWord, HEADER};
use regatta_runtime::{Context, Executor, Exit, Fuel, PrepareError, Program, Task};
use std::ptr;
use std::sync::OnceLock;

/// Bytes of the machine's stack that frames may take at a time.
pub const NATIVE_STACK_BYTES: usize = 256 << 10;

/// The engine.
#[derive(Debug, Default)]
pub struct Template;

impl Executor for Template {
    fn name(&self) -> &'static str {
        "template"
    }

    fn summary(&self) -> &'static str {
        "machine code, each instruction from a template: compiled at once"
    }

    fn prepare(&self, program: &Program, func: FuncId) -> Result<(), PrepareError> {
        let Some(entry) = program.entry(func) else { return Ok(()) };
        match Compiled::of(program, entry) {
            Ok(Some(form)) => program.forms().set(func, form),
            Ok(None) => {}
            Err(error) => {
                return Err(PrepareError {
                    engine: self.name(),
                    func,
                    reason: format!("no memory for its code: {error}"),
                });
            }
        }
        Ok(())
    }

    fn code_bytes(&self, program: &Program, func: FuncId) -> Option<usize> {
        program.forms::<Compiled>().get(func).map(Compiled::bytes)
    }

    fn resume(&self, cx: &mut Context<'_>, task: &mut Task, fuel: &mut Fuel) -> Exit {
        let Some(at) = Spot::of(cx, task, fuel) else {
            return Exit::Returned;
        };
        let forms = cx.program.forms::<Compiled>();
        let mut state = State::new(cx, task, at);
        let doors = Doors::get();
        (state.call_meaning, state.leave) = (doors.call_meaning, doors.leave);
        loop {
            // SAFETY: the state is that of the task.
            let halt = unsafe { run(&mut state, &forms, doors) };
            // SAFETY: the spot is that of the task, at the instruction that does not happen.
            match unsafe { see_to(state.cx, state.task, fuel, state.at, halt) } {
                Ok(spot) => state.at = spot,
                Err(exit) => return exit,
            }
        }
    }
}

/// Runs until an instruction does not happen.
///
/// # Safety
/// The state must be that of its task.
unsafe fn run(state: &mut State<'_, '_>, forms: &Forms<Compiled>, doors: &Doors) -> Halt {
    loop {
        // SAFETY: [R-CODE] `pc` is at an instruction or an internal word.
        if unsafe { *state.at.pc } as u16 == internal::HALT {
            return Halt::Returned; // there is no frame any more
        }
        // SAFETY: [R-FRAME] a function that runs has a header.
        let (word, back) = unsafe { (CallWord(*state.at.base.sub(HEADER)), *state.at.base.sub(1)) };
        let Some(form) = forms.get(word.func()) else { return Halt::Unprepared };
        let Some(begin) = form.address_of(state.at.pc) else {
            // SAFETY: [V-OP] the spot is at an instruction, and this is its meaning.
            match unsafe { by_its_meaning(state) } {
                0 => continue,
                number => return halt(number).expect("meanings leave by stops"),
            }
        };
        // The stack of frames grows at least twice as fast as the machine's.
        state.limit_reach(2 * NATIVE_STACK_BYTES / 8);
        let here = 0u64;
        state.native_limit = (ptr::from_ref(&here).addr() - NATIVE_STACK_BYTES) as u64;
        // SAFETY: [R-NATIVE] the code of the function is entered at the instruction where the task stands.
        let number = unsafe { (doors.enter)(state, forms.places().cast(), begin) };
        match number {
            RETURNED => {
                // SAFETY: [R-FRAME] the frame that was entered is the current one, and its header said this.
                unsafe {
                    state.at.base = state.at.base.sub(HEADER + word.window());
                    state.at.pc = ptr::with_exposed_provenance(back as usize);
                }
            }
            AGAIN => {}
            UNPREPARED => return Halt::Unprepared,
            number => return halt(number).expect("there are no other numbers"),
        }
    }
}

/// Executes one instruction.
///
/// # Safety
/// The state must be that of its task, which stands at an instruction.
unsafe fn by_its_meaning(state: &mut State<'_, '_>) -> u64 {
    // SAFETY: [V-OP] the word at the spot has the number of an op.
    unsafe { SLOW.get_unchecked(usize::from(*state.at.pc as u16))(state) }
}

/// Begins at an address; gives the number it left with.
type Enter = unsafe extern "sysv64" fn(&mut State<'_, '_>, *const u8, *const u8) -> u64;

/// The routines around compiled functions, the same for all.
struct Doors {
    enter: Enter,
    call_meaning: *const u8,
    leave: *const u8,
    // What the addresses lead to.
    _code: CodeMemory,
}

// SAFETY: [R-NATIVE] what the addresses lead to lives as long, and never changes.
unsafe impl Send for Doors {}
// SAFETY: as above.
unsafe impl Sync for Doors {}

impl Doors {
    fn get() -> &'static Doors {
        static DOORS: OnceLock<Doors> = OnceLock::new();
        DOORS.get_or_init(|| {
            let mut emitter = Emitter::new(Mode::Template);
            let offsets = [emitter.doors(), emitter.asm.offset().0];
            emitter.meaning_caller();
            let mut code = CodeMemory::default();
            let start = code.add(&emitter.finish()).expect("the host has memory for machine code");
            symbols::announce(|| {
                let (start, end) = (start.addr(), start.addr() + code.bytes());
                let meaning = start + offsets[1];
                let piece = |name: &str, start, end, frame| Symbol {
                    name: format!("regatta::template::{name}"),
                    start,
                    bytes: end - start,
                    frame,
                };
                vec![piece("(enter)", start, meaning, Frame::Door), piece("(meaning)", meaning, end, Frame::Kept)]
            });
            let [leave, call_meaning] = offsets.map(|offset| start.wrapping_add(offset));
            // SAFETY: [R-NATIVE] the door comes first, and follows the calling convention.
            let enter = unsafe { std::mem::transmute::<*const u8, Enter>(start) };
            Doors { enter, call_meaning, leave, _code: code }
        })
    }
}
