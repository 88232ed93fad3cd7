//! The emitter: writes the machine code of one instruction at a time, in one of two modes.
//!
//! Bodies (`bodies/`) say what an instruction does in terms of its operands: load operand 1, add operand 2, store to operand
//! 0, go on. What an operand *is* depends on the mode:
//!
//! | | `Threaded`: one handler per op | `Template`: code of one function |
//! |---|---|---|
//! | a register of the frame | its number is read from the instruction, `[r12 + 8 * number]` | `[r12 + constant]` |
//! | an immediate | is read from the instruction | is a constant |
//! | to go on | reads the next word, jumps through the table | falls through |
//! | to branch | moves the pc, jumps through the table | jumps to a label |
//!
//! What a body does not do it leaves by a jump to [`Emitter::slow`], before anything has changed; the code there follows
//! the hot code, at the end.

mod control;
mod doors;
mod encode;
mod kept;

pub(super) use encode::{Condition, Form, Mem, form, reg};

use super::bodies::Body;
use dynasmrt::x64::X64Relocation;
use dynasmrt::{DynamicLabel, DynasmApi, DynasmLabelApi, VecAssembler, dynasm};
use kept::Kept;
use reg::*;
use regatta_heap::Value;
use regatta_ir::codec::OpInfo;
use regatta_ir::operand::{Class, Role};
use regatta_ir::ops::Effect;
use regatta_ir::{FuncId, Function, Opcode, Type};
use regatta_runtime::Program;

/// Whose code is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// One handler for each op.
    Threaded,
    /// All instructions of one function.
    Template,
}

/// The instruction being written.
#[derive(Clone, Copy)]
pub(super) struct Here {
    pub(super) info: &'static OpInfo,
    /// Its words; unknown to a handler.
    pub(super) words: [u64; 2],
    /// Its place in the function's code; unknown to a handler.
    pub(super) word: usize,
    /// Its address; unknown to a handler.
    pub(super) address: u64,
    /// Where the rest of it is done,
    slow: Option<DynamicLabel>,
    /// also if it has paid for itself.
    paid: Option<DynamicLabel>,
    /// Where it goes on; unknown to a handler.
    pub(super) next: Option<DynamicLabel>,
    /// What machine registers hold, after what has been written of it.
    pub(super) kept: Kept,
}

/// Code that is written after the hot code.
type Later = Box<dyn FnOnce(&mut Emitter<'_>)>;

/// See the module documentation.
pub(super) struct Emitter<'p> {
    pub(super) asm: VecAssembler<X64Relocation>,
    pub(super) mode: Mode,
    pub(super) here: Here,
    /// By word of the function: where its instructions begin.
    pub(super) labels: Vec<DynamicLabel>,
    /// Instructions with code off the hot path.
    cold: Vec<Here>,
    later: Vec<(Here, Later)>,
    /// Of a function: whose code it is,
    program: Option<&'p Program>,
    pub(super) func: FuncId,
    /// where it begins,
    pub(super) start: DynamicLabel,
    /// where in memory the offsets of its words will be,
    pub(super) offsets: u64,
    /// the types of its registers,
    types: &'p [Type],
    /// what is kept around its loops, by header,
    around: Vec<(usize, Kept)>,
    /// and its ways out.
    pub(super) again: DynamicLabel,
    pub(super) unprepared: DynamicLabel,
}

/// Which bits of a slot's upper half say what a value is.
pub(super) mod tag {
    use regatta_heap::value;

    pub(in super::super) const I32: u32 = (value::I32 >> 32) as u32;
    pub(in super::super) const OBJECT: u32 = (value::OBJECT >> 48) as u32;
    pub(in super::super) const FIRST_TAGGED: u32 = (value::FIRST_TAGGED >> 32) as u32;
}

impl<'p> Emitter<'p> {
    pub(super) fn new(mode: Mode) -> Emitter<'p> {
        let here = Here {
            info: Opcode::ALL[0].info(),
            words: [0; 2],
            word: 0,
            address: 0,
            slow: None,
            paid: None,
            next: None,
            kept: Kept::default(),
        };
        let mut asm = VecAssembler::new(0);
        let [start, again, unprepared] = [(); 3].map(|()| asm.new_dynamic_label());
        let (labels, cold, later) = (Vec::new(), Vec::new(), Vec::new());
        let (program, func, offsets, types, around) = (None, FuncId(0), 0, &[][..], Vec::new());
        Emitter {
            asm,
            mode,
            here,
            labels,
            cold,
            later,
            program,
            func,
            start,
            offsets,
            types,
            around,
            again,
            unprepared,
        }
    }

    /// An emitter for a function, whose offsets lie at `offsets`.
    pub(super) fn for_function(program: &'p Program, func: FuncId, body: &'p Function, offsets: u64) -> Emitter<'p> {
        let mut emitter = Emitter::new(Mode::Template);
        emitter.labels = body.code.iter().map(|_| emitter.asm.new_dynamic_label()).collect();
        (emitter.program, emitter.func, emitter.offsets) = (Some(program), func, offsets);
        emitter.types = &body.registers;
        let start = emitter.start;
        dynasm!(emitter.asm; .arch x64; =>start);
        emitter
    }

    /// Slots of the frame of a function that this one calls.
    pub(super) fn frame_slots(&self, func: FuncId) -> usize {
        let entry = self.program.and_then(|program| program.entry(func));
        entry.expect("[V-REF] the function exists").frame_slots()
    }

    /// Begins an instruction.
    pub(super) fn begin(&mut self, op: Opcode, words: [u64; 2], word: usize, address: u64) {
        let info = op.info();
        let next = self.labels.get(word + usize::from(info.words)).copied();
        self.here = Here { info, words, word, address, slow: None, paid: None, next, kept: self.here.kept };
    }

    /// Is nothing kept in machine registers, so that somebody may come from outside?
    pub(super) fn is_enterable(&self) -> bool {
        self.here.kept.is_empty()
    }

    /// Writes the hot code of the instruction, and remembers what belongs behind it.
    pub(super) fn body(&mut self, body: Option<Body>) {
        match body {
            Some(body) => body.emit(self),
            None => {
                self.leave_it_to_the_meaning();
                self.forget_all();
            }
        }
        if self.here.info.ends() || self.here.info.effects.contains(&Effect::Calls) {
            self.forget_all();
        }
        if self.here.slow.is_some() || self.here.paid.is_some() {
            self.cold.push(self.here);
        }
    }

    /// Writes all code off the hot paths; gives the whole, which does not depend on where it will lie.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.cold_code();
        self.asm.finalize().expect("all labels are there")
    }

    fn cold_code(&mut self) {
        while let Some((here, later)) = self.later.pop() {
            self.here = here;
            later(self);
        }
        for here in std::mem::take(&mut self.cold) {
            self.here = here;
            if let Some(paid) = here.paid {
                dynasm!(self.asm; .arch x64; =>paid; add r15, 1);
            }
            if let Some(slow) = here.slow {
                dynasm!(self.asm; .arch x64; =>slow);
            }
            self.leave_it_to_the_meaning();
            if self.mode == Mode::Template && !self.here.info.ends() {
                self.load_kept();
                let next = self.here.next.expect("[V-END] there is a next instruction");
                dynasm!(self.asm; .arch x64; jmp =>next);
            }
        }
    }

    /// Where the meaning takes over, as long as nothing has changed.
    pub(super) fn slow(&mut self) -> DynamicLabel {
        let asm = &mut self.asm;
        *self.here.slow.get_or_insert_with(|| asm.new_dynamic_label())
    }

    /// The same once the unit of fuel has been taken.
    pub(super) fn paid(&mut self) -> DynamicLabel {
        let asm = &mut self.asm;
        *self.here.paid.get_or_insert_with(|| asm.new_dynamic_label())
    }

    /// Takes the unit of fuel.
    pub(super) fn charge(&mut self) {
        let paid = self.paid();
        dynasm!(self.asm; .arch x64; sub r15, 1; js =>paid);
    }

    /// Writes `code` later, off the hot path; gives the label that leads to it.
    pub(super) fn later(&mut self, code: impl FnOnce(&mut Emitter<'_>) + 'static) -> DynamicLabel {
        let label = self.asm.new_dynamic_label();
        let code = move |emitter: &mut Emitter<'_>| {
            dynasm!(emitter.asm; .arch x64; =>label);
            code(emitter);
        };
        self.later.push((self.here, Box::new(code)));
        label
    }
}

/// Operands.
impl Emitter<'_> {
    /// The field of operand `n`, in template code.
    pub(super) fn field(&self, n: usize) -> u64 {
        let operand = &self.here.info.operands[n];
        let (word, at) = (self.here.words[usize::from(operand.at / 64)], operand.at % 64);
        let mask = if operand.bits == 64 { u64::MAX } else { (1 << operand.bits) - 1 };
        word >> at & mask
    }

    /// Where in the instruction operand `n` is.
    fn place(&self, n: usize) -> Mem {
        Mem::at(R13, i32::from(self.here.info.operands[n].at) / 8)
    }

    /// The slot of register operand `n`; a handler keeps its number in `scratch` as long as the slot is used.
    pub(super) fn slot(&mut self, n: usize, scratch: u8) -> Mem {
        match self.mode {
            Mode::Threaded => {
                self.rm(form::LOAD_U16, scratch, self.place(n));
                Mem::indexed(R12, scratch, 3, 0)
            }
            Mode::Template => Mem::at(R12, 8 * self.field(n) as i32),
        }
    }

    /// Is operand `n` an immediate?
    pub(super) fn is_immediate(&self, n: usize) -> bool {
        matches!(self.here.info.operands[n].role, Role::Imm(_))
    }

    /// The immediate that operand `n` is, sign-extended, in template code.
    pub(super) fn constant(&self, n: usize) -> i64 {
        let bits = self.here.info.operands[n].bits;
        (self.field(n) << (64 - bits)) as i64 >> (64 - bits)
    }

    /// Loads operand `n`, register or immediate, into a machine register.
    pub(super) fn load(&mut self, wide: bool, to: u8, n: usize) {
        if !self.is_immediate(n) {
            let slot = self.slot(n, to);
            return self.rm(form::LOAD.wide(wide), to, slot);
        }
        match self.mode {
            Mode::Template => self.set(wide, to, self.constant(n)),
            Mode::Threaded => {
                let form = match (self.here.info.operands[n].bits, wide) {
                    (16, _) => form::LOAD_S16.wide(wide),
                    (32, true) => form::LOAD_S32,
                    _ => form::LOAD.wide(wide),
                };
                self.rm(form, to, self.place(n));
            }
        }
    }

    /// `to = value`.
    pub(super) fn set(&mut self, wide: bool, to: u8, value: i64) {
        match (wide, value) {
            (_, 0) => dynasm!(self.asm; .arch x64; xor Rd(to), Rd(to)),
            (false, _) => dynasm!(self.asm; .arch x64; mov Rd(to), value as i32),
            (true, _) if u32::try_from(value).is_ok() => dynasm!(self.asm; .arch x64; mov Rd(to), value as u32 as i32),
            (true, _) if i32::try_from(value).is_ok() => dynasm!(self.asm; .arch x64; mov Rq(to), value as i32),
            (true, _) => dynasm!(self.asm; .arch x64; mov Rq(to), QWORD value),
        }
    }

    /// Applies `form` to a machine register and operand `n`, register or immediate; destroys `scratch`.
    pub(super) fn with(&mut self, form: Form, wide: bool, to: u8, n: usize, scratch: u8) {
        if !self.is_immediate(n) {
            let slot = self.slot(n, scratch);
            return self.rm(form.wide(wide), to, slot);
        }
        self.load(wide, scratch, n);
        self.rr(form.wide(wide), to, scratch);
    }

    /// Stores a machine register to the slot of operand `n`; destroys `scratch`.
    pub(super) fn store(&mut self, n: usize, from: u8, scratch: u8) {
        self.forget(n);
        let slot = self.slot(n, scratch);
        self.rm(form::STORE.wide(true), from, slot);
    }

    /// Loads the field of operand `n`, zero-extended, whatever it means.
    pub(super) fn number(&mut self, to: u8, n: usize) {
        match (self.mode, self.here.info.operands[n].bits) {
            (Mode::Template, _) => self.set(true, to, self.field(n) as i64),
            (Mode::Threaded, 16) => self.rm(form::LOAD_U16, to, self.place(n)),
            (Mode::Threaded, 32) => self.rm(form::LOAD, to, self.place(n)),
            (Mode::Threaded, _) => self.rm(form::LOAD.wide(true), to, self.place(n)),
        }
    }
}

/// Values.
impl Emitter<'_> {
    /// Makes a value of the 32-bit integer in a machine register, whose upper half is clear.
    pub(super) fn tag_integer(&mut self, reg: u8) {
        let tag = if self.mode == Mode::Threaded { RBP } else { R13 };
        self.rr(form::OR.wide(true), reg, tag);
    }

    /// Makes a value of the 1 or 0 in a machine register; destroys `rcx`.
    pub(super) fn tag_bool(&mut self, reg: u8) {
        self.set(true, RCX, Value::FALSE.bits() as i64);
        self.rr(form::OR.wide(true), reg, RCX);
    }

    /// `rax` is 1 if the condition holds, else 0.
    pub(super) fn set_if(&mut self, condition: Condition) {
        self.rr(Form::two(0x90 | condition.0), 0, RAX);
        self.rr(form::LOAD_U8, RAX, RAX);
    }

    /// Is operand 0 a register for values that is written?
    pub(super) fn gives_value(&self) -> bool {
        self.here.info.operands[0].role == Role::Dst(Class::Of(Type::Val))
    }

    /// Is this the code of a function?
    pub(super) fn is_template(&self) -> bool {
        self.mode == Mode::Template
    }
}
