//! A task: a stack of frames that can stop and go on.
//!
//! Engines move between frames here, by [`Task::call`], [`Task::tail_call`] and [`Task::go_back`], which check what they
//! are asked; or by [`Task::parts`], which leaves it all to the engine and is unsafe for that.

use crate::dynamic::NotGiven;
use crate::entry::Entry;
use crate::exec::internal::HALT_CODE;
use crate::program::Program;
use crate::scalar::Scalar;
use crate::stack::{CallWord, HEADER, Stack};
use crate::trap::Trap;
use regatta_heap::Value;
use regatta_ir::{FuncId, Reg, Signature, Type};
use regatta_verifier::{EnvId, Environment};

/// One line of execution. Between runs, `base`, `pc` and the stack are all there is to it: plain data, the same for
/// every engine.
#[derive(Debug)]
pub struct Task {
    stack: Stack,
    base: usize,
    pc: u32,
    entry: FuncId,
    program: EnvId,
}

/// The raw state of a task.
#[derive(Debug)]
pub struct Parts<'a> {
    /// The frames.
    pub stack: &'a mut Stack,
    /// Where the registers of the current frame begin in the stack; 0 after the first function returned.
    pub base: &'a mut usize,
    /// The word of the current function that runs next.
    pub pc: &'a mut u32,
}

/// One frame, as a trace shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frame {
    /// The function.
    pub func: FuncId,
    /// The word of the instruction it stands at: for a caller, that of its call.
    pub pc: u32,
    /// The word that runs next here: for a caller, the one after its call.
    pub next: u32,
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
    /// An argument that can't be given to the program.
    #[error("{0}")]
    NotGiven(NotGiven),
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
            let given: Vec<Type> = args.iter().map(|arg| arg.ty()).collect();
            let (wanted, given) = (list(params), list(&given));
            return Err(CallError::Arguments { func, wanted, given });
        }
        let mut stack = Stack::new(stack_slots);
        let signature = program.type_of(entry.sig).ok_or(CallError::NoFunction(func))?;
        if !stack.grow_to(signature.window_slots().max(HEADER + entry.frame_slots())) {
            return Err(CallError::Trap(Trap::StackOverflow));
        }
        let slots = stack.slots_mut();
        slots[0] = CallWord::root(func).0;
        slots[1] = HALT_CODE.as_ptr().expose_provenance() as u64;
        for (slot, arg) in slots[HEADER..].iter_mut().zip(args) {
            *slot = arg.to_slot(program).map_err(CallError::NotGiven)?;
        }
        Ok(Task { stack, base: HEADER, pc: 0, entry: func, program: program.id() })
    }

    /// The program this task runs.
    pub fn program(&self) -> EnvId {
        self.program
    }

    /// The slots of the stack, for looking.
    pub fn slots(&self) -> &[u64] {
        self.stack.slots()
    }

    /// The address where the stack that exists now ends.
    #[inline(always)]
    pub fn stack_end(&self) -> usize {
        self.stack.end()
    }

    /// The slots of the stack, for the collector and for natives.
    pub(crate) fn slots_mut(&mut self) -> &mut [u64] {
        self.stack.slots_mut()
    }

    /// Where the registers of the current frame begin in the stack; 0 after the first function returned.
    pub fn base(&self) -> usize {
        self.base
    }

    /// The word of the current function that runs next.
    pub fn pc(&self) -> u32 {
        self.pc
    }

    /// The function this task was made to call.
    pub fn entry(&self) -> FuncId {
        self.entry
    }

    /// Has the first function returned?
    pub fn is_done(&self) -> bool {
        self.base == 0
    }

    /// The results, once the task is done, as long as its process has run nothing else since [R-VALUE].
    pub fn results(&self, program: &Program) -> Option<Vec<Scalar>> {
        let signature = program.function_signature(self.entry)?;
        if !self.is_done() {
            return None;
        }
        let slot = |n| self.stack.slots()[signature.result_slot(n)];
        Some(signature.results.iter().enumerate().map(|(n, &ty)| Scalar::from_slot(program, ty, slot(n))).collect())
    }

    /// The results that are dynamic values, once the task is done. They are good until something is collected.
    pub fn values(&self, program: &Program) -> Vec<Value> {
        let Some(signature) = program.function_signature(self.entry).filter(|_| self.is_done()) else {
            return vec![];
        };
        let values = signature.results.iter().enumerate().filter(|(_, ty)| **ty == Type::Val);
        values.map(|(n, _)| Value::from_bits(self.stack.slots()[signature.result_slot(n)])).collect()
    }

    /// The function of the current frame; `None` once the task is done.
    pub fn current(&self) -> Option<FuncId> {
        let word = self.base.checked_sub(HEADER)?;
        Some(CallWord(self.stack.slots()[word]).func())
    }

    /// The frames, innermost first.
    pub fn frames<'a>(&'a self, program: &'a Program) -> impl Iterator<Item = Frame> + 'a {
        let mut next = self.current().map(|func| Frame { func, pc: self.pc, next: self.pc, base: self.base });
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
        let next = program.entry(func)?.word_at(slots[frame.base - 1])?;
        let pc = next.checked_sub(word.words() as u32)?;
        Some(Frame { func, pc, next, base })
    }
}

/// What engines do.
impl Task {
    /// The registers of the current frame.
    pub fn registers(&mut self, program: &Program) -> &mut [u64] {
        let slots = self.frame_entry(program).frame_slots();
        &mut self.stack.slots_mut()[self.base..self.base + slots]
    }

    /// Goes on at word `pc` of the current function, which must be the start of an instruction.
    pub fn jump(&mut self, program: &Program, pc: u32) {
        assert!(self.frame_entry(program).is_start(pc), "word {pc} is not the start of an instruction");
        self.pc = pc;
    }

    /// Enters `callee` through the call instruction at the current pc, whose first word is `word`, with the arguments in its window.
    pub fn call(&mut self, program: &Program, callee: &Entry, word: u64) -> Result<(), Trap> {
        let caller = self.frame_entry(program);
        let window = CallWord(word).window();
        assert!(window + HEADER + callee.params() <= caller.frame_slots(), "the window reaches past the registers");
        let back = caller.address_of(self.pc + CallWord(word).words() as u32).expect("a function that runs is proved");
        let base = self.base + window + HEADER;
        if !self.stack.grow_to(base + callee.frame_slots()) {
            return Err(Trap::StackOverflow);
        }
        let slots = self.stack.slots_mut();
        slots[base - 2] = CallWord::redirect(word, callee.id).0;
        slots[base - 1] = back;
        (self.base, self.pc) = (base, 0);
        Ok(())
    }

    /// Enters `callee` in place of the current function, with the arguments in the window of ours.
    pub fn tail_call(&mut self, program: &Program, callee: &Entry, window: Reg) -> Result<(), Trap> {
        let caller = self.frame_entry(program);
        let first = window.index() + HEADER;
        assert!(first + callee.params() <= caller.frame_slots(), "the window reaches past the registers");
        let base = self.base;
        if !self.stack.grow_to(base + callee.frame_slots()) {
            return Err(Trap::StackOverflow);
        }
        let slots = self.stack.slots_mut();
        slots.copy_within(base + first..base + first + callee.params(), base);
        slots[base - 2] = CallWord::redirect(slots[base - 2], callee.id).0;
        self.pc = 0;
        Ok(())
    }

    /// Returns the results, in the registers from `first` on, to the caller, or ends the task. Gives the signature of the
    /// call that ends.
    pub fn go_back<'a>(&mut self, program: &'a Program, first: Reg) -> &'a Signature {
        let slots = self.frame_entry(program).frame_slots();
        let caller = self.frames(program).nth(1);
        let called = self.called(program, caller).expect("[R-STACK] frames are made by calls");
        let count = called.results.len();
        assert!(first.index() + count <= slots, "the results reach past the registers");
        let (from, to) = (self.base + first.index(), self.base - HEADER);
        let slots = self.stack.slots_mut();
        slots.copy_within(from..from + count.min(HEADER), to);
        if count > HEADER {
            slots.copy_within(from + HEADER..from + count, to + called.result_slot(HEADER));
        }
        (self.base, self.pc) = caller.map_or((0, 0), |caller| (caller.base, caller.next));
        called
    }

    /// Goes on at word `pc` of `frame`, one of ours, with `slot` in `register` there. The frames it called are gone.
    pub fn unwind(&mut self, program: &Program, frame: Frame, pc: u32, register: Reg, slot: u64) {
        assert!((HEADER..=self.base).contains(&frame.base), "the frame is not one of the task's");
        self.base = frame.base;
        self.jump(program, pc);
        self.registers(program)[register.index()] = slot;
    }

    /// The signature that the call of the current frame, made from `caller`, was written against.
    pub fn called<'a>(&self, program: &'a Program, caller: Option<Frame>) -> Option<&'a Signature> {
        match caller {
            Some(caller) => program.call_signature(&program.entry(caller.func)?.code()?[caller.pc as usize..]),
            None => program.function_signature(self.entry),
        }
    }

    /// The raw state, for engines that move between frames on their own.
    ///
    /// # Safety
    /// [R-STACK] When the engine leaves, the frames, `base` and `pc` must again describe a state that verified code of this
    /// task's program can be in.
    pub unsafe fn parts(&mut self) -> Parts<'_> {
        Parts { stack: &mut self.stack, base: &mut self.base, pc: &mut self.pc }
    }

    fn frame_entry<'a>(&self, program: &'a Program) -> &'a Entry {
        assert_eq!(self.program, program.id(), "the task belongs to another program");
        self.current().and_then(|func| program.entry(func)).expect("the task is not done")
    }
}

fn list(types: &[Type]) -> String {
    format!("({})", types.iter().map(|ty| ty.name()).collect::<Vec<_>>().join(", "))
}
