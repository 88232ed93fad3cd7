//! A task: a stack of frames that can stop and go on.

use crate::exec::internal::HALT_CODE;
use crate::program::Program;
use crate::scalar::Scalar;
use crate::stack::{CallWord, HEADER, Stack};
use crate::trap::Trap;
use regatta_ir::FuncId;

/// One line of execution. Between runs, `base`, `pc` and the stack are all there is to it: plain data, the same for
/// every engine.
#[derive(Debug)]
pub struct Task {
    /// The frames.
    pub stack: Stack,
    /// Where the registers of the current frame begin in the stack; 0 after the first function returned.
    pub base: usize,
    /// The word of the current function that runs next.
    pub pc: u32,
    entry: FuncId,
}

/// One frame, as a trace shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frame {
    /// The function.
    pub func: FuncId,
    /// The word that runs next here.
    pub pc: u32,
    /// Where its registers begin.
    pub base: usize,
}

/// Why a task could not be made.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CallError {
    /// No such function.
    #[error("the program has no function {0}")]
    NoFunction(FuncId),
    /// Other arguments than the signature says.
    #[error("function {func} takes {wanted}, given were {given}")]
    Arguments {
        /// The function.
        func: FuncId,
        /// The parameter types, as text.
        wanted: String,
        /// The argument types, as text.
        given: String,
    },
    /// The very first frame is larger than the stack may be.
    #[error("{0}")]
    Trap(Trap),
}

impl Task {
    /// A task that will call `func`.
    pub fn new(program: &Program, func: FuncId, args: &[Scalar], stack_slots: usize) -> Result<Task, CallError> {
        let entry = program.entry(func).ok_or(CallError::NoFunction(func))?;
        let params = &program.function_signature(func).ok_or(CallError::NoFunction(func))?.params;
        if !params.iter().copied().eq(args.iter().map(|arg| arg.ty())) {
            let list = |types: Vec<_>| {
                format!("({})", types.iter().map(|t: &regatta_ir::Type| t.name()).collect::<Vec<_>>().join(", "))
            };
            let given = list(args.iter().map(|arg| arg.ty()).collect());
            return Err(CallError::Arguments { func, wanted: list(params.to_vec()), given });
        }
        let mut stack = Stack::new(stack_slots);
        if !stack.grow_to(HEADER + entry.frame_slots()) {
            return Err(CallError::Trap(Trap::StackOverflow));
        }
        let slots = stack.slots_mut();
        slots[0] = CallWord::root(func).0;
        slots[1] = HALT_CODE.as_ptr().expose_provenance() as u64;
        for (slot, arg) in slots[HEADER..].iter_mut().zip(args) {
            *slot = arg.to_slot();
        }
        Ok(Task { stack, base: HEADER, pc: 0, entry: func })
    }

    /// The function this task was made to call.
    pub fn entry(&self) -> FuncId {
        self.entry
    }

    /// Has the first function returned?
    pub fn is_done(&self) -> bool {
        self.base == 0
    }

    /// The results, once the task is done.
    pub fn results(&self, program: &Program) -> Option<Vec<Scalar>> {
        let types = &program.function_signature(self.entry)?.results;
        if !self.is_done() {
            return None;
        }
        types.iter().zip(self.stack.slots()).map(|(&ty, &slot)| Scalar::from_slot(ty, slot)).collect()
    }

    /// The function of the current frame.
    pub fn current(&self) -> FuncId {
        CallWord(self.stack.slots()[self.base - HEADER]).func()
    }

    /// The frames, innermost first.
    pub fn frames<'a>(&'a self, program: &'a Program) -> impl Iterator<Item = Frame> + 'a {
        let mut next = (!self.is_done()).then(|| Frame { func: self.current(), pc: self.pc, base: self.base });
        std::iter::from_fn(move || {
            let frame = next?;
            next = self.caller(program, frame);
            Some(frame)
        })
    }

    /// The frame that called `frame`; `None` for the outermost.
    pub fn caller(&self, program: &Program, frame: Frame) -> Option<Frame> {
        let slots = self.stack.slots();
        let word = CallWord(slots[frame.base - HEADER]);
        if frame.base == HEADER {
            return None;
        }
        let base = frame.base - HEADER - word.window();
        let func = CallWord(slots[base - HEADER]).func();
        let pc = program.entry(func)?.word_at(slots[frame.base - 1])?;
        Some(Frame { func, pc, base })
    }
}
