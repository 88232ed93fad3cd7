//! `reference`: the judge. Safe Rust, one instruction at a time, and every promise of the verifier checked again.
//!
//! Each step takes the instruction apart by the table, checks each operand by its role, and only then performs it. The
//! engine also knows which slots hold nothing yet (the verifier promises that nobody reads those), a fact no other engine
//! keeps. A promise found broken is a bug of ours, not of the program: it panics with the promise's tag.
//!
//! Asked to, it also counts what it ran ([`Tally`]): then a test can say which instructions its programs never reached.
//!
//! It shares meanings with the fast engines but none of their dispatch, and is judged by plainness alone: optimisations
//! belong elsewhere. What it can't know: slots of frames that were there when it took over a task from another engine
//! count as written.

#![forbid(unsafe_code)]

use regatta_heap::Value;

use regatta_ir::operand::Operand;
use regatta_ir::ops::Kind;
use regatta_ir::{FuncId, Function, Instr, NativeId, Opcode, Reg, SigId, Signature, SiteId, TextId, Type, codec, ops};
use regatta_runtime::stack::{CallWord, HEADER};
use regatta_runtime::{Callee, Context, Entry, Executor, Exit, Fuel, Onward, PrepareError, Program, Stop, Task, Trap};
use regatta_semantics::*;
use std::sync::Arc;

/// The engine.
#[derive(Debug, Default)]
pub struct Reference {
    tally: Option<Arc<Tally>>,
}

impl Reference {
    /// One that counts what it runs.
    pub fn counting(tally: Arc<Tally>) -> Reference {
        Reference { tally: Some(tally) }
    }
}

impl Executor for Reference {
    fn name(&self) -> &'static str {
        "reference"
    }

    fn summary(&self) -> &'static str {
        "safe Rust that checks every promise again: the judge"
    }

    fn prepare(&self, _: &Program, _: FuncId) -> Result<(), PrepareError> {
        Ok(())
    }

    fn resume(&self, cx: &mut Context<'_>, task: &mut Task, fuel: &mut Fuel) -> Exit {
        cx.process.catch_up(cx.program); // [R-GLOBAL]
        let mut judge = Judge { unwritten: vec![], cx, task, fuel, tally: self.tally.as_deref() };
        judge.meet_first_frame();
        judge.run()
    }
}

/// Panics with the promise when it does not hold.
macro_rules! promise {
    ($tag:literal, $holds:expr, $($what:tt)+) => {
        if !$holds {
            panic!("broken promise [{}]: {}", $tag, format_args!($($what)+))
        }
    };
}

/// The value of a promise that some thing exists.
macro_rules! promised {
    ($tag:literal, $option:expr, $($what:tt)+) => {
        match $option {
            Some(value) => value,
            None => panic!("broken promise [{}]: {}", $tag, format_args!($($what)+)),
        }
    };
}

mod checks;
mod known;
mod tally;

use known::Checked;
pub use tally::Tally;

/// A run of one task.
struct Judge<'a, 'b> {
    cx: &'a mut Context<'b>,
    task: &'a mut Task,
    fuel: &'a mut Fuel,
    /// By stack slot: does it hold nothing yet? Slots beyond the end count as written.
    unwritten: Vec<bool>,
    tally: Option<&'a Tally>,
}

impl<'b> Judge<'_, 'b> {
    fn program(&self) -> &'b Program {
        self.cx.program
    }

    fn run(&mut self) -> Exit {
        while let Some(func) = self.task.current() {
            let entry =
                promised!("V-REF", self.program().entry(func), "a frame runs function {func}, which does not exist");
            let Some(body) = entry.body() else {
                return Exit::Unprepared(func);
            };
            let (fuel, pc) = (*self.fuel, self.task.pc() as usize);
            let step = self.step(entry, body);
            if let Some(tally) = self.tally {
                tally.note(Opcode::of_word(body.code[pc]), step.is_ok());
            }
            let settled = step.or_else(|stop| self.settle(stop, fuel));
            if let Err(exit) = settled {
                return exit;
            }
        }
        Exit::Returned
    }

    /// Sees to an instruction that has stopped; before it there was this much fuel.
    fn settle(&mut self, stop: Stop, fuel: Fuel) -> Result<(), Exit> {
        match self.cx.settle(self.task, stop)? {
            Onward::Again => *self.fuel = fuel,
            Onward::Handler { from, exception } => self.know_exception(from, exception),
        }
        Ok(())
    }

    /// Runs one instruction.
    fn step(&mut self, entry: &'b Entry, body: &'b Function) -> Result<(), Stop> {
        let pc = self.task.pc() as usize;
        promise!("V-END", pc < body.code.len(), "word {pc} is past the end of the code");
        promise!("V-TARGET", entry.is_start(pc as u32), "word {pc} is not the start of an instruction");
        let instr = promised!("V-OP", Instr::decode(&body.code[pc..]), "word {pc} does not decode");
        let (first, second) = codec::unused_bits(instr.op);
        promise!("V-OP", body.code[pc] & first == 0, "unused bits of word {pc} are set");
        promise!(
            "V-OP",
            instr.words() == 1 || body.code[pc + 1] & second == 0,
            "unused bits of word {} are set",
            pc + 1
        );
        let end = self.task.base() + entry.frame_slots();
        promise!("R-FRAME", end <= self.task.slots().len(), "the frame ends at slot {end}, past the stack");
        self.check_operands(body, &instr);
        match instr.op.info().kind {
            Kind::control => self.control(entry, body, &instr),
            Kind::magic => self.invoke(body, &instr),
            Kind::give | Kind::guard => self.give(entry, body, &instr),
            _ => self.perform(body, &instr),
        }
    }

    /// Performs an instruction that stays in its frame.
    fn perform(&mut self, body: &Function, instr: &Instr) -> Result<(), Stop> {
        let pc = self.task.pc() as usize;
        let base = self.task.base();
        let (word, second) = (body.code[pc], body.code.get(pc + 1).copied());
        let Judge { cx, task, fuel, unwritten, .. } = self;
        let program = cx.program;
        let mut regs = Checked { registers: task.registers(program), base, unwritten };

        macro_rules! perform {
            ($($(#[$meta:meta])* [$kind:ident] $snake:ident = $C:ident $(($meaning:ident))? { $($ops:tt)* } $([$($fx:ident),*])?;)*) => {
                match instr.op {
                    $(Opcode::$C => one!($kind $C),)*
                }
            };
        }
        macro_rules! one {
            (control $C:ident) => {
                unreachable!("control ops are not performed")
            };
            (magic $C:ident) => {
                unreachable!("what may call a method is not performed")
            };
            (give $C:ident) => {
                unreachable!("what returns is not performed")
            };
            (guard $C:ident) => {
                unreachable!("what returns is not performed")
            };
            ($kind:ident $C:ident) => {{
                if ops::$C::LATCH && !fuel.take(1) {
                    return Err(Stop::OUT_OF_FUEL);
                }
                ops::$C::decode(word, || second.expect("the instruction decoded")).perform::<Whole>(&mut regs, cx)
            }};
        }
        let performed: Result<Flow, Stop> = regatta_ir::for_each_op!(perform);
        let flow = performed?;

        let next = pc + instr.words();
        let to = match flow {
            Flow::Next => next,
            Flow::Forward(words) => next + words,
            Flow::Back(words) => promised!("V-TARGET", next.checked_sub(words), "a branch leads before the code"),
        };
        self.go_to(body, to);
        Ok(())
    }

    /// Goes on at word `to`.
    fn go_to(&mut self, body: &Function, to: usize) {
        promise!("V-END", to < body.code.len(), "word {to} is past the end of the code");
        self.task.jump(self.cx.program, to as u32);
    }

    fn control(&mut self, entry: &'b Entry, body: &'b Function, instr: &Instr) -> Result<(), Stop> {
        let pc = self.task.pc() as usize;
        let word = body.code[pc];
        let second = || body.code[pc + 1];
        match instr.op {
            Opcode::Br => self.go_to(body, pc + 1 + ops::Br::decode(word, second).to.0 as usize),
            Opcode::Loop => {
                self.charge(1)?;
                let to = (pc + 1).checked_sub(ops::Loop::decode(word, second).to.0 as usize);
                self.go_to(body, promised!("V-TARGET", to, "a loop leads before the code"));
            }
            Opcode::Switch => self.switch(body, ops::Switch::decode(word, second)),
            Opcode::Call => {
                self.charge(1)?;
                let op = ops::Call::decode(word, second);
                let callee = self.function(body, op.window.0, FuncId(op.func.0));
                self.call(body, callee, word)?;
            }
            Opcode::CallMov => {
                self.charge(1)?;
                let op = ops::CallMov::decode(word, second);
                let callee = self.function_with(body, op.window.0, FuncId(op.func.0), self.slot(op.a.0));
                self.call(body, callee, word)?;
            }
            Opcode::CallI32AddImm => {
                self.charge(1)?;
                let op = ops::CallI32AddImm::decode(word, second);
                let sum = regatta_semantics::i32_add::<Whole>(self.slot(op.a.0) as i32, op.b.to_bits() as i16 as i32);
                let callee = self.function_with(body, op.window.0, FuncId(op.func.0), u64::from(sum as u32));
                self.call(body, callee, word)?;
            }
            Opcode::CallNumAddImm => {
                self.charge(1)?;
                let op = ops::CallNumAddImm::decode(word, second);
                let (a, b) = (Value::from_bits(self.slot(op.a.0)), op.b.to_bits() as i16 as i32);
                let sum = regatta_semantics::num_add_imm::<Whole>(self.cx, a, b)?;
                let callee = self.function_with(body, op.window.0, FuncId(op.func.0), sum.bits());
                self.call(body, callee, word)?;
            }
            Opcode::CallIndirect => {
                self.charge(1)?;
                let op = ops::CallIndirect::decode(word, second);
                let callee = self.resolve(body, op.window.0, op.callee.0, op.sig.0)?;
                self.call(body, callee, word)?;
            }
            Opcode::CallValue => {
                self.charge(1)?;
                let op = ops::CallValue::decode(word, second);
                let callee = self.value(body, op.window.0, op.callee.0, op.sig.0)?;
                self.call(body, callee, word)?;
            }
            Opcode::CallVirtual => {
                self.charge(1)?;
                let op = ops::CallVirtual::decode(word, second);
                let (receiver, sig) = self.receiver(body, op.window.0, op.sig.0);
                let callee = self.cx.virtual_method(receiver, usize::from(op.slot.0), sig)?;
                self.call(body, callee, word)?;
            }
            Opcode::CallMethod => {
                self.charge(1)?;
                let op = ops::CallMethod::decode(word, second);
                let (receiver, sig) = self.receiver(body, op.window.0, op.sig.0);
                let callee = self.cx.method(receiver, TextId(op.name.0), sig, SiteId(op.site.0))?;
                let callee = self.bind(op.window.0, callee);
                self.call(body, callee, word)?;
            }
            Opcode::CallNative => {
                self.charge(1)?;
                self.call_native(body, ops::CallNative::decode(word, second))?;
            }
            Opcode::TailCall => {
                self.charge(1)?;
                let op = ops::TailCall::decode(word, second);
                let callee = self.function(body, op.window.0, FuncId(op.func.0));
                self.tail_call(entry, callee, Reg(op.window.0))?;
            }
            Opcode::TailCallIndirect => {
                self.charge(1)?;
                let op = ops::TailCallIndirect::decode(word, second);
                let callee = self.resolve(body, op.window.0, op.callee.0, op.sig.0)?;
                self.tail_call(entry, callee, Reg(op.window.0))?;
            }
            Opcode::TailCallValue => {
                self.charge(1)?;
                let op = ops::TailCallValue::decode(word, second);
                let callee = self.value(body, op.window.0, op.callee.0, op.sig.0)?;
                self.tail_call(entry, callee, Reg(op.window.0))?;
            }
            Opcode::Ret => self.go_back(entry, body, 0, 0),
            Opcode::RetValue => self.go_back(entry, body, ops::RetValue::decode(word, second).src.0.0, 1),
            Opcode::RetValues => {
                let results = self.signature(entry.id).results.len();
                self.go_back(entry, body, ops::RetValues::decode(word, second).first.0, results);
            }
            Opcode::Fuel => {
                self.charge(ops::Fuel::decode(word, second).units.0)?;
                self.go_to(body, pc + 1);
            }
            Opcode::Trap => return Err(Trap::Explicit(ops::Trap::decode(word, second).code.0).into()),
            Opcode::Throw => {
                self.cx.process.thrown = Value::from_bits(self.slot(ops::Throw::decode(word, second).value.0));
                return Err(Stop::THROW);
            }
            other => unreachable!("{other:?} is not a control op"),
        }
        Ok(())
    }

    fn charge(&mut self, units: u32) -> Result<(), Stop> {
        if self.fuel.take(units) { Ok(()) } else { Err(Stop::OUT_OF_FUEL) }
    }

    fn switch(&mut self, body: &Function, op: ops::Switch) {
        let index = self.slot(op.index.0) as u32;
        let at = self.task.pc() as usize + 1 + index.min(op.count.0) as usize;
        let table = body.code.get(at).copied().and_then(Opcode::of_word);
        promise!("V-SWITCH", table == Some(Opcode::Br), "word {at}, in the table of a switch, is not a `br`");
        self.go_to(body, at);
    }

    /// A function that code names, for the arguments in the window.
    fn function(&self, body: &Function, window: u16, func: FuncId) -> &'b Entry {
        self.check_arguments(body, window.into(), self.signature(func));
        promised!("V-REF", self.program().entry(func), "the callee does not exist")
    }

    /// The same, with the first argument put into the window.
    fn function_with(&mut self, body: &Function, window: u16, func: FuncId, argument: u64) -> &'b Entry {
        let first = usize::from(window) + HEADER;
        let register = self.task.registers(self.cx.program).get_mut(first);
        *promised!("V-CALL", register, "the window has no room for an argument") = argument;
        self.remember(self.task.base() + first..self.task.base() + first + 1);
        self.function(body, window, func)
    }

    /// The function whose id is in `callee`, for the arguments of `sig` in the window.
    fn resolve(&mut self, body: &Function, window: u16, callee: Reg, sig: u16) -> Result<&'b Entry, Stop> {
        let sig = self.check_arguments_of(body, window, sig);
        Ok(self.cx.resolve(self.slot(callee) as i32, sig)?)
    }

    /// Argument 0 of a call of a method.
    fn receiver(&self, body: &Function, window: u16, sig: u16) -> (Value, SigId) {
        let sig = self.check_arguments_of(body, window, sig);
        let first = self.program().type_of(sig).and_then(|sig| sig.params.first());
        promise!("V-CALL", first == Some(&Type::Val), "the signature of a call of a method takes no val first");
        (Value::from_bits(self.slot(Reg(window + HEADER as u16))), sig)
    }

    /// An instruction that may call a method of an object.
    fn invoke(&mut self, body: &Function, instr: &Instr) -> Result<(), Stop> {
        self.charge(1)?;
        let pc = self.task.pc() as usize;
        let (word, second) = (body.code[pc], body.code.get(pc + 1).copied());
        let Judge { cx, task, unwritten, .. } = self;
        let base = task.base();
        let regs = Checked { registers: task.registers(cx.program), base, unwritten };

        macro_rules! invoke {
            ($($(#[$meta:meta])* [$kind:ident] $snake:ident = $C:ident $(($meaning:ident))? { $($ops:tt)* } $([$($fx:ident),*])?;)*) => {
                match instr.op {
                    $(Opcode::$C => one!($kind $C),)*
                }
            };
        }
        macro_rules! one {
            (magic $C:ident) => {{
                let op = ops::$C::decode(word, || second.expect("the instruction decoded"));
                (op.window(), op.invoke::<Whole>(&regs, cx))
            }};
            ($kind:ident $C:ident) => {
                unreachable!("no method is called")
            };
        }
        let (window, outcome): (Reg, Result<Magic<'b>, Stop>) = regatta_ir::for_each_op!(invoke);
        self.finish_magic(body, window.0, outcome?)?;
        Ok(())
    }

    /// An instruction that may return one result. Its first operand has the type of that, so the register there holds it for
    /// the way back.
    fn give(&mut self, entry: &'b Entry, body: &'b Function, instr: &Instr) -> Result<(), Stop> {
        let pc = self.task.pc() as usize;
        let (word, second) = (body.code[pc], body.code.get(pc + 1).copied());
        let Judge { cx, task, unwritten, .. } = self;
        let base = task.base();
        let regs = Checked { registers: task.registers(cx.program), base, unwritten };

        macro_rules! give {
            ($($(#[$meta:meta])* [$kind:ident] $snake:ident = $C:ident $(($meaning:ident))? { $($ops:tt)* } $([$($fx:ident),*])?;)*) => {
                match instr.op {
                    $(Opcode::$C => one!($kind $C),)*
                }
            };
        }
        macro_rules! one {
            (give $C:ident) => {
                ops::$C::decode(word, || second.expect("the instruction decoded")).give::<Whole>(&regs, cx)
            };
            (guard $C:ident) => {
                ops::$C::decode(word, || second.expect("the instruction decoded")).give::<Whole>(&regs, cx)
            };
            ($kind:ident $C:ident) => {
                unreachable!("nothing is returned")
            };
        }
        let given: Result<Option<u64>, Stop> = regatta_ir::for_each_op!(give);
        match given? {
            Some(slot) => {
                let first = Reg(instr.args[0] as u16);
                self.task.registers(self.cx.program)[first.index()] = slot;
                self.go_back(entry, body, first.0, 1);
            }
            None => self.go_to(body, pc + instr.words()),
        }
        Ok(())
    }

    /// Takes the value that such an instruction came to, or enters the method.
    fn finish_magic(&mut self, body: &Function, window: u16, outcome: Magic<'b>) -> Result<(), Stop> {
        let pc = self.task.pc() as usize;
        let registers = self.task.registers(self.cx.program);
        let result = registers.get_mut(usize::from(window));
        let result = promised!("V-CALL", result, "the window begins at r{window}, past the registers");
        match outcome {
            Magic::Value(value) => {
                *result = value.bits();
                let start = self.task.base() + usize::from(window);
                let end = self.task.base() + body.registers.len();
                self.know_results(start, end, &Signature::new([], [Type::Val]));
                let words = promised!("V-OP", Instr::decode(&body.code[pc..]), "word {pc} does not decode").words();
                self.go_to(body, pc + words);
            }
            Magic::Call(call) => {
                self.call(body, call.entry, body.code[pc])?;
                let base = self.task.base();
                self.remember(base..base + call.entry.params());
                let registers = self.task.registers(self.cx.program);
                registers.iter_mut().zip(call.arguments()).for_each(|(slot, value)| *slot = value.bits());
            }
        }
        Ok(())
    }

    /// The function that the value in `callee` stands for. The window has the arguments of `sig`, and then all it takes.
    fn value(&mut self, body: &Function, window: u16, callee: Reg, sig: u16) -> Result<&'b Entry, Stop> {
        let sig = self.check_arguments_of(body, window, sig);
        let callee = self.cx.callee(Value::from_bits(self.slot(callee)), sig)?;
        Ok(self.bind(window, callee))
    }

    /// Adds to the arguments in the window what a called value brings along.
    fn bind(&mut self, window: u16, callee: Callee<'b>) -> &'b Entry {
        let (first, params) = (usize::from(window) + HEADER, callee.entry.params());
        let room = self.task.registers(self.cx.program).get_mut(first..first + params);
        callee.bind(promised!("V-CALL", room, "the window has no room for the {params} parameters of the callee"));
        let start = self.task.base() + first;
        self.remember(start..start + params);
        callee.entry
    }

    /// Enters `callee` through the window of the call instruction at the pc, whose first word is `word`.
    fn call(&mut self, body: &Function, callee: &Entry, word: u64) -> Result<(), Stop> {
        let written = self.program().call_signature(&body.code[self.task.pc() as usize..]);
        let (written, gives) = (promised!("V-REF", written, "the call has no signature"), self.signature(callee.id));
        promise!("V-CALL", written.results == gives.results, "the callee is {gives}, the call wants {written}");
        self.check_results(body, CallWord(word).window(), written);
        self.task.call(self.cx.program, callee, word)?;
        let base = self.task.base();
        self.forget(base + callee.params()..base + callee.frame_slots());
        Ok(())
    }

    /// Enters `callee` in place of the current frame.
    fn tail_call(&mut self, entry: &Entry, callee: &Entry, window: Reg) -> Result<(), Stop> {
        let (ours, theirs) = (self.signature(entry.id), self.signature(callee.id));
        promise!("V-RET", ours.results == theirs.results, "a tail call gives {theirs}, the function {ours}");
        self.task.tail_call(self.cx.program, callee, window)?;
        let base = self.task.base();
        self.remember(base..base + callee.params());
        self.forget(base + callee.params()..base + callee.frame_slots());
        Ok(())
    }

    fn call_native(&mut self, body: &Function, op: ops::CallNative) -> Result<(), Stop> {
        let native = promised!("V-REF", self.program().native(NativeId(op.native.0)), "the native does not exist");
        let signature = promised!("V-REF", self.program().type_of(native.sig), "the native has no signature");
        let window = usize::from(op.window.0);
        self.check_arguments(body, window, signature);
        self.check_results(body, window, signature);
        let start = self.task.base() + window;
        native.function.call(self.cx, self.task, start)?;
        self.cx.process.catch_up(self.cx.program);
        self.know_results(start, self.task.base() + body.registers.len(), signature);
        self.go_to(body, self.task.pc() as usize + ops::CallNative::WORDS);
        Ok(())
    }

    /// Returns the `count` registers from `first` on.
    fn go_back(&mut self, entry: &Entry, body: &Function, first: u16, count: usize) {
        let types = &self.signature(entry.id).results;
        promise!("V-RET", types.len() == count, "{count} results are returned where the signature has {}", types.len());
        for (n, &ty) in types.iter().enumerate() {
            self.check_read(body, Reg(first + n as u16), ty);
        }
        let window = self.task.base() - HEADER;
        let called = self.task.go_back(self.cx.program, Reg(first));
        if let Some(caller) = self.task.current() {
            let caller = promised!("V-REF", self.program().entry(caller), "the caller does not exist");
            self.know_results(window, self.task.base() + caller.frame_slots(), called);
        }
    }

    fn signature(&self, func: FuncId) -> &'b Signature {
        promised!("V-REF", self.program().function_signature(func), "function {func} has no signature")
    }

    fn slot(&self, r: Reg) -> u64 {
        self.task.slots()[self.task.base() + r.index()]
    }
}
