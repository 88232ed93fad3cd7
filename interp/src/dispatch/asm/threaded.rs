//! `threaded`: handlers in machine code of our own, one for each op, each of which jumps to the next one.
//!
//! The handlers are written once, when the first engine of this kind is made. What a task needs is in machine registers all
//! the time, also while a meaning is called; every handler ends in a jump of its own through the table of handlers, so a
//! processor that predicts jumps by where they are learns what usually follows each op. Slow paths lie behind all hot ones.
//!
//! A second table leads every op to a hook, which shows the instruction to somebody and goes on to its handler. Whoever
//! wants to watch runs with that one (`watched`); others pay nothing for it.
//!
//! Contrast with `match`, where a compiler decides what is in registers and where jumps are, and with `template`, which lays
//! the same bodies end to end. Not known: what cells with the handlers' addresses in them would win; why nobody here has
//! them is told in `docs/decisions/0010-quick-and-whole.md`.

use super::bodies::Body;
use super::code::CodeMemory;
use super::emitter::{Emitter, Mode};
use super::state::{INTERRUPTED, State, Watch, halt};
use crate::execute::Machine;
use crate::spot::{Halt, Spot, see_to};
use crate::symbols::{self, Frame, Symbol};
use dynasmrt::DynasmApi;
use regatta_ir::{FuncId, Opcode};
use regatta_runtime::{Context, Executor, Exit, Fuel, PrepareError, Program, Task};
use std::ops::ControlFlow;
use std::sync::OnceLock;

/// The engine.
#[derive(Debug, Default)]
pub struct Threaded;

impl Executor for Threaded {
    fn name(&self) -> &'static str {
        "threaded"
    }

    fn summary(&self) -> &'static str {
        "handlers in machine code, made at start: each jumps to the next"
    }

    fn prepare(&self, _: &Program, _: FuncId) -> Result<(), PrepareError> {
        Ok(()) // canonical words run as they are
    }

    fn resume(&self, cx: &mut Context<'_>, task: &mut Task, fuel: &mut Fuel) -> Exit {
        let Some(at) = Spot::of(cx, task, fuel) else {
            return Exit::Returned;
        };
        let handlers = Handlers::get();
        let mut state = State::new(cx, task, at);
        loop {
            // SAFETY: [R-NATIVE] the state is that of the task, and the table has a handler for each op.
            let number = unsafe { (handlers.enter)(&mut state, handlers.table.as_ptr()) };
            let halt = halt(number).expect("handlers leave for no reasons of their own");
            // SAFETY: the spot is that of the task, at the instruction that does not happen.
            match unsafe { see_to(state.cx, state.task, fuel, state.at, halt) } {
                Ok(spot) => state.at = spot,
                Err(exit) => return exit,
            }
            state.refresh();
        }
    }
}

/// Begins at the state's spot; gives the number it left with.
type Enter = unsafe extern "sysv64" fn(&mut State<'_, '_>, *const usize) -> u64;

/// Somebody who looks at an instruction before it happens, and may say that it does not.
pub(crate) type Watcher<'w> = dyn FnMut(&mut Context<'_>, &mut Task, Spot) -> ControlFlow<()> + 'w;

/// Runs as the engine does until an instruction does not happen, shown to `watcher` one by one.
///
/// # Safety
/// The machine's spot must be where its task is.
pub(crate) unsafe fn watched(machine: &mut Machine<'_>, mut watcher: &mut Watcher<'_>) -> Halt {
    unsafe extern "sysv64" fn look(state: &mut State<'_, '_>) -> u64 {
        // SAFETY: [R-NATIVE] the hook is entered only with the state of `watched`, which has put the watcher there.
        let watcher = unsafe { &mut *state.watcher.cast::<&mut Watcher<'_>>() };
        if watcher(state.cx, state.task, state.at).is_break() { INTERRUPTED } else { 0 }
    }
    let handlers = Handlers::get();
    let mut state = State::new(&mut machine.cx, machine.task, machine.at);
    (state.watch, state.handlers) = (Some(look as Watch), handlers.table.as_ptr());
    state.watcher = (&raw mut watcher).cast();
    // SAFETY: [R-NATIVE] the state is that of the task, and the table leads each op to the hook, which leads on.
    let number = unsafe { (handlers.enter)(&mut state, handlers.hooked.as_ptr()) };
    machine.at = state.at;
    halt(number).expect("handlers leave for no reasons of their own")
}

struct Handlers {
    enter: Enter,
    /// Addresses by op number; the internal ones come last.
    table: Vec<usize>,
    /// The same with the hook in place of all ops' handlers.
    hooked: Vec<usize>,
    // What the addresses lead to.
    _code: CodeMemory,
}

impl Handlers {
    /// The handlers of this process.
    fn get() -> &'static Handlers {
        static HANDLERS: OnceLock<Handlers> = OnceLock::new();
        HANDLERS.get_or_init(Handlers::new)
    }

    fn new() -> Handlers {
        let mut emitter = Emitter::new(Mode::Threaded);
        emitter.doors();
        let mut offsets = Vec::with_capacity(Opcode::COUNT + 2);
        for &op in Opcode::ALL {
            emitter.begin(op, [0; 2], 0, 0);
            offsets.push(emitter.asm.offset().0);
            emitter.body(Body::get(op));
        }
        offsets.extend(emitter.internal_handlers());
        let hook = emitter.hook();
        let slow = emitter.asm.offset().0;
        let mut code = CodeMemory::default();
        let start = code.add(&emitter.finish()).expect("the host has memory for machine code");
        symbols::announce(|| named(start.addr(), &offsets, slow, code.bytes()));
        let table: Vec<usize> = offsets.into_iter().map(|offset| start.addr() + offset).collect();
        let hooks = std::iter::repeat_n(start.addr() + hook, Opcode::COUNT);
        let hooked = hooks.chain(table[Opcode::COUNT..].iter().copied()).collect();
        // SAFETY: [R-NATIVE] the doors come first, and follow the calling convention.
        let enter = unsafe { std::mem::transmute::<*const u8, Enter>(start) };
        Handlers { enter, table, hooked, _code: code }
    }
}

/// The doors, a piece for each handler, and the slow paths behind all of them.
fn named(start: usize, offsets: &[usize], slow: usize, bytes: usize) -> Vec<Symbol> {
    let internal = ["(halt)", "(unproved)"].into_iter();
    let names = Opcode::ALL.iter().map(|op| op.info().mnemonic).chain(internal);
    let mut pieces: Vec<(usize, &str)> = offsets.iter().copied().zip(names).collect();
    pieces.insert(0, (0, "(enter)"));
    pieces.push((slow, "(slow paths)"));
    let ends = pieces.iter().skip(1).map(|(offset, _)| *offset).chain([bytes]);
    let piece = |((offset, name), end): (&(usize, &str), usize)| Symbol {
        name: format!("regatta::threaded::{name}"),
        start: start + offset,
        bytes: end - offset,
        frame: Frame::Door,
    };
    pieces.iter().zip(ends).map(piece).collect()
}
