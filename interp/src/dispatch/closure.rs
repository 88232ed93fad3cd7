//! `closure`: each function compiled to chains of closures.
//!
//! Preparing a function makes a closure of each instruction, from the last to the first. It holds the decoded operands and
//! the closure of the instruction after it, which it calls when control falls through; so straight code runs as a chain of
//! calls, each in tail position, without a look at the code. Where control goes elsewhere the chain ends, and the loop
//! that started it looks up the closure to go on with.
//!
//! This is what many embedded languages do to be fast without generating code. Contrast with `call`, which decodes at each
//! execution but needs no preparation, and is faster all the same on most programs (`docs/benchmarks.md`): what decoding
//! saves, going back to the loop at each jump takes back. Not known: how much linking jumps to their closures would win.

use crate::execute::{Execute, Machine};
use crate::spot::Halt;
use regatta_ir::{FuncId, Instr, Opcode, ops};
use regatta_runtime::exec::internal;
use regatta_runtime::form::Forms;
use regatta_runtime::stack::{CallWord, HEADER};
use regatta_runtime::{Context, Entry, Executor, Exit, Fuel, PrepareError, Program, Task};
use std::fmt;

/// Closures in a chain at most: as deep goes the native stack where calls in tail position are not made jumps.
const MAX_CHAIN: usize = 64;

/// The engine.
#[derive(Debug, Default)]
pub struct Closure;

impl Executor for Closure {
    fn name(&self) -> &'static str {
        "closure"
    }

    fn summary(&self) -> &'static str {
        "each instruction a closure that calls the next one: closure compilation"
    }

    fn prepare(&self, program: &Program, func: FuncId) -> Result<(), PrepareError> {
        if let Some(entry) = program.entry(func)
            && let Some(form) = Compiled::of(entry)
        {
            program.forms().set(func, form);
        }
        Ok(())
    }

    fn code_bytes(&self, program: &Program, func: FuncId) -> Option<usize> {
        program.forms::<Compiled>().get(func).map(Compiled::bytes)
    }

    fn resume(&self, cx: &mut Context<'_>, task: &mut Task, fuel: &mut Fuel) -> Exit {
        let forms = cx.program.forms();
        // SAFETY: the machine is where its task is.
        Machine::until_exit(cx, task, fuel, |machine| unsafe { run(machine, &forms) })
    }
}

/// Executes the instruction at the machine's spot and those after it, and moves the spot on; or says why not, with the spot
/// at the instruction that does not happen.
type Step = dyn Fn(&mut Machine<'_>) -> Option<Halt> + Send + Sync;

/// The step after another one, which belongs to the same function: they come and go together.
#[derive(Clone, Copy)]
struct Next(*const Step);

// SAFETY: it is a reference to what threads may share, but for the lifetime.
unsafe impl Send for Next {}
// SAFETY: as above.
unsafe impl Sync for Next {}

impl Next {
    #[inline(always)]
    fn step(&self) -> &Step {
        // SAFETY: [R-FORM] steps lie in boxes of their function's form, which all of them live as long as.
        unsafe { &*self.0 }
    }
}

/// A function as closures.
struct Compiled {
    /// The address of its code.
    start: usize,
    /// By word; none for second words.
    steps: Box<[Option<Box<Step>>]>,
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} words", self.steps.len())
    }
}

impl Compiled {
    /// Compiles a function, if it has been proved.
    fn of(entry: &Entry) -> Option<Compiled> {
        let code = entry.code()?;
        let starts: Vec<usize> = (0..code.len()).filter(|&pc| entry.is_start(pc as u32)).collect();
        let mut steps: Vec<Option<Box<Step>>> = code.iter().map(|_| None).collect();
        let mut chain = 0;
        for pc in starts.into_iter().rev() {
            let instr = Instr::decode(&code[pc..]).expect("[V-OP] the code decodes");
            let next = steps.get(pc + instr.words()).and_then(Option::as_deref).map(|step| Next(&raw const *step));
            let next = next.filter(|_| !instr.op.info().ends() && chain < MAX_CHAIN);
            chain = if next.is_some() { chain + 1 } else { 1 };
            let words = Words { at: &raw const code[pc], first: code[pc], second: code.get(pc + 1).copied() };
            steps[pc] = Some(MAKERS[instr.op as usize](words, next));
        }
        Some(Compiled { start: code.as_ptr().addr(), steps: steps.into() })
    }

    /// What it takes up: the closures, and the table of them.
    fn bytes(&self) -> usize {
        size_of_val(&*self.steps) + self.steps.iter().flatten().map(|step| size_of_val(&**step)).sum::<usize>()
    }

    /// The closure of the instruction at this address, if the function has it.
    #[inline]
    fn step(&self, pc: *const u64) -> Option<&Step> {
        self.steps.get(pc.addr().wrapping_sub(self.start) / 8)?.as_deref()
    }
}

/// An instruction in the code.
struct Words {
    at: *const u64,
    first: u64,
    second: Option<u64>,
}

/// Makes the closure of an instruction, and of what comes after it.
type Maker = fn(Words, Option<Next>) -> Box<Step>;

macro_rules! makers {
    ($($(#[$meta:meta])* [$kind:ident] $snake:ident = $C:ident $(($meaning:ident))? { $($ops:tt)* } $([$($fx:ident),*])?;)*) => {
        static MAKERS: [Maker; Opcode::COUNT] = [$(|words, next| {
            let op = ops::$C::decode(words.first, || words.second.expect("the instruction decoded"));
            make(op, ops::$C::WORDS, words, next)
        }),*];
    };
}

regatta_ir::for_each_op!(makers);

fn make<Op: Execute + Send + Sync + 'static>(op: Op, len: usize, words: Words, next: Option<Next>) -> Box<Step> {
    let (at, word) = (words.at.expose_provenance(), words.first);
    let Some(next) = next else {
        return Box::new(move |machine| {
            // SAFETY: whoever calls the closure says that the machine is at its instruction.
            unsafe { machine.execute(std::ptr::with_exposed_provenance(at), word, op) }.err().map(Halt::Stop)
        });
    };
    Box::new(move |machine| {
        // SAFETY: as above.
        match unsafe { machine.execute(std::ptr::with_exposed_provenance(at), word, op) } {
            Ok(pc) if pc.addr() == at + 8 * len => next.step()(machine),
            Ok(_) => None,
            Err(stop) => Some(Halt::Stop(stop)),
        }
    })
}

/// Runs until an instruction does not happen.
///
/// # Safety
/// The machine's spot must be where its task is.
unsafe fn run(machine: &mut Machine<'_>, forms: &Forms<Compiled>) -> Halt {
    let mut here: Option<&Compiled> = None;
    loop {
        let pc = machine.at.pc;
        if let Some(step) = here.and_then(|form| form.step(pc)) {
            if let Some(halt) = step(machine) {
                return halt;
            }
            continue;
        }
        // SAFETY: [V-OP] `pc` is at an instruction or an internal word.
        here = match unsafe { *pc } as u16 {
            internal::HALT => return Halt::Returned, // there is no frame any more
            internal::UNPROVED => return Halt::Unprepared,
            // SAFETY: [R-FRAME] a function that runs has a header.
            _ => forms.get(unsafe { CallWord(*machine.at.base.sub(HEADER)) }.func()),
        };
        if here.is_none() {
            return Halt::Unprepared;
        }
    }
}
