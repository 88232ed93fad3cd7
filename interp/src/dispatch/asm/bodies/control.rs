//! Jumps, calls and returns.
//!
//! Both modes keep frames as every engine does ([`regatta_runtime::stack`]): the caller writes call word and return address,
//! so the task is whole whenever somebody looks. A template function is also called by the machine's own `call`, and
//! returns by its `ret`: one word of the machine's stack for each frame, and the processor predicts where it goes.

use super::call::{Find, enter};
use crate::dispatch::asm::emitter::{Condition, Emitter, Form, Mem, Mode, form, reg::*, tag};
use crate::dispatch::asm::state::at;
use dynasmrt::{DynasmApi, DynasmLabelApi, dynasm};
use regatta_ir::ops::Kind;
use regatta_ir::{FuncId, Opcode};
use regatta_runtime::stack::{CallWord, HEADER};

/// Bytes of a frame's header.
pub(super) const HEADER_BYTES: i32 = 8 * HEADER as i32;

#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Control {
    Br,
    Loop,
    Switch,
    Call(Argument),
    Ret,
    RetValue,
    Find(Find),
}

/// What a direct call brings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum Argument {
    None,
    Register,
    Sum,
    NumberSum,
}

impl Control {
    pub(super) fn of(op: Opcode) -> Option<Control> {
        Some(match op {
            Opcode::Br => Control::Br,
            Opcode::Loop => Control::Loop,
            Opcode::Switch => Control::Switch,
            Opcode::Call => Control::Call(Argument::None),
            Opcode::CallMov => Control::Call(Argument::Register),
            Opcode::CallI32AddImm => Control::Call(Argument::Sum),
            Opcode::CallNumAddImm => Control::Call(Argument::NumberSum),
            Opcode::Ret => Control::Ret,
            Opcode::RetValue => Control::RetValue,
            _ => return Find::of(op).map(Control::Find),
        })
    }

    pub(super) fn emit(self, e: &mut Emitter<'_>) {
        match self {
            Control::Br => e.take(),
            Control::Loop => {
                e.charge();
                e.take();
            }
            Control::Switch => switch(e),
            Control::Call(argument) if e.mode == Mode::Threaded => threaded_call(e, argument),
            Control::Call(argument) => template_call(e, argument),
            Control::Find(find) => find.emit(e),
            Control::Ret => ret(e),
            Control::RetValue => {
                e.load(true, RAX, 0);
                give_back(e);
            }
        }
    }
}

/// The words that follow are `br` instructions; template code jumps to the code of one of them.
fn switch(e: &mut Emitter<'_>) {
    e.load(false, RAX, 0);
    e.number(RCX, 1);
    dynasm!(e.asm; .arch x64; cmp eax, ecx; cmova eax, ecx);
    match e.mode {
        Mode::Threaded => {
            e.rm(form::LEA, R13, Mem::indexed(R13, RAX, 3, 8));
            // The `br` at once: its distance is its upper half.
            e.rm(form::LOAD, RCX, Mem::at(R13, 4));
            e.rm(form::LEA, R13, Mem::indexed(R13, RCX, 3, 8));
            e.dispatch();
        }
        Mode::Template => {
            e.set(true, RCX, (e.offsets + 4 * (e.here.word as u64 + 1)) as i64);
            e.rm(form::LOAD, RAX, Mem::indexed(RCX, RAX, 2, 0));
            let start = e.start;
            dynasm!(e.asm; .arch x64; lea rcx, [=>start]; add rax, rcx; jmp rax);
        }
    }
}

/// Takes the fuel of a direct call, and puts what it brings into `r8`; nothing has changed then but the fuel.
fn bring(e: &mut Emitter<'_>, argument: Argument) {
    let paid = e.paid();
    e.charge();
    match argument {
        Argument::None => {}
        Argument::Register => e.load(true, R8, 1),
        Argument::Sum => {
            e.load(false, R8, 1);
            e.with(form::ADD, false, R8, 2, R9);
        }
        Argument::NumberSum => {
            let a = e.slot(1, R8);
            e.compare(a.tag(), tag::I32);
            e.jump_if(Condition::NOT_EQUAL, paid);
            e.rm(form::LOAD, R8, a);
            e.with(form::ADD, false, R8, 2, R9);
            e.jump_if(Condition::OVERFLOW, paid);
            e.tag_integer(R8);
        }
    }
}

fn threaded_call(e: &mut Emitter<'_>, argument: Argument) {
    bring(e, argument);
    let paid = e.paid();
    e.number(RAX, e.here.info.operands.len() - 1);
    dynasm!(e.asm; .arch x64; rol eax, 1);
    e.rm(form::LOAD.wide(true), RDX, Mem::at(R14, at::TABLE));
    e.rm(form::LOAD.wide(true), RDX, Mem::indexed(RDX, RAX, 3, 0));
    enter(e, paid, argument);
}

/// Leaves pc and base where the caller goes on; the caller's window is in `rcx`.
fn go_back(e: &mut Emitter<'_>) {
    e.rm(form::LOAD_U16, RCX, Mem::at(R12, 2 - HEADER_BYTES));
    e.rm(form::LOAD.wide(true), R13, Mem::at(R12, -8));
    dynasm!(e.asm; .arch x64; lea rdx, [rcx * 8 + HEADER_BYTES]; sub r12, rdx);
}

/// Returns the value in `rax`, off the hot path too.
pub(super) fn give_back(e: &mut Emitter<'_>) {
    if e.mode == Mode::Template {
        e.rm(form::STORE.wide(true), RAX, Mem::at(R12, -HEADER_BYTES));
        return dynasm!(e.asm; .arch x64; ret);
    }
    go_back(e);
    // The first result lies where the call word was.
    e.rm(form::STORE.wide(true), RAX, Mem::indexed(R12, RCX, 3, 0));
    e.dispatch();
}

fn ret(e: &mut Emitter<'_>) {
    if e.mode == Mode::Template {
        return dynasm!(e.asm; .arch x64; ret);
    }
    go_back(e);
    e.dispatch();
}

/// Who is called is known: so is its frame. What it returns to lies in its header, in case somebody else looks.
fn template_call(e: &mut Emitter<'_>, argument: Argument) {
    let (window, func) = (e.field(0) as i32, FuncId(e.field(e.here.info.operands.len() - 1) as u32));
    let frame = 8 * window + HEADER_BYTES;
    bring(e, argument);
    let paid = e.paid();
    let end = frame + 8 * e.frame_slots(func) as i32;
    e.rm(form::LEA, RAX, Mem::at(R12, end));
    e.rm(form::CMP.wide(true), RAX, Mem::at(R14, at::STACK_END));
    e.jump_if(Condition::ABOVE, paid);
    let to_itself = func == e.func;
    if !to_itself {
        e.rm(form::LOAD.wide(true), RAX, Mem::at(RBX, 8 * func.table_place() as i32));
        dynasm!(e.asm; .arch x64; test rax, rax; jz =>paid);
    }
    let back = e.here.address + 8 * u64::from(e.here.info.words);
    e.set(true, RCX, CallWord::redirect(e.here.words[0], func).0 as i64);
    e.rm(form::STORE.wide(true), RCX, Mem::at(R12, 8 * window));
    e.set(true, RCX, back as i64);
    e.rm(form::STORE.wide(true), RCX, Mem::at(R12, 8 * window + 8));
    if argument != Argument::None {
        e.rm(form::STORE.wide(true), R8, Mem::at(R12, frame));
    }
    dynasm!(e.asm; .arch x64; add r12, frame);
    if to_itself {
        let start = e.start;
        dynasm!(e.asm; .arch x64; call =>start);
    } else {
        dynasm!(e.asm; .arch x64; call QWORD [rax]);
    }
    dynasm!(e.asm; .arch x64; sub r12, frame);
}

/// Of template code: what comes after the meaning of an instruction has been called, which moved the spot.
impl Emitter<'_> {
    pub(in super::super) fn after_the_meaning(&mut self) {
        let next = self.here.address + 8 * u64::from(self.here.info.words);
        match self.here.info.kind {
            _ if self.may_branch() => {
                self.compare_pc(next);
                self.branch_by_the_meaning(Condition::NOT_EQUAL);
            }
            Kind::magic => {
                let no_call = self.asm.new_dynamic_label();
                self.compare_pc(next);
                self.jump_if(Condition::EQUAL, no_call);
                self.enter();
                dynasm!(self.asm; .arch x64; =>no_call);
            }
            Kind::give => dynasm!(self.asm; .arch x64; ret),
            Kind::guard => {
                let stays = self.asm.new_dynamic_label();
                self.compare_pc(next);
                self.jump_if(Condition::EQUAL, stays);
                dynasm!(self.asm; .arch x64; ret; =>stays);
            }
            Kind::control => match self.here.info.op {
                Opcode::Call | Opcode::CallIndirect | Opcode::CallValue | Opcode::CallVirtual | Opcode::CallMethod => {
                    self.enter();
                }
                Opcode::CallMov | Opcode::CallI32AddImm | Opcode::CallNumAddImm => self.enter(),
                Opcode::TailCall | Opcode::TailCallIndirect | Opcode::TailCallValue => {
                    self.find();
                    dynasm!(self.asm; .arch x64; jmp QWORD [rax]);
                }
                Opcode::CallNative => self.rm(form::LOAD.wide(true), R12, Mem::at(R14, at::BASE)),
                Opcode::RetValues => dynasm!(self.asm; .arch x64; ret),
                Opcode::Fuel => {}
                // They never happen, or have a body that does all.
                Opcode::Trap | Opcode::Throw | Opcode::Loop => dynasm!(self.asm; .arch x64; ud2),
                op => unreachable!("{op:?} is not left to its meaning"),
            },
            _ => {}
        }
    }

    fn compare_pc(&mut self, with: u64) {
        self.set(true, RCX, with as i64);
        self.rm(form::CMP.wide(true), RCX, Mem::at(R14, at::PC));
    }

    /// Runs the function whose frame the meaning has made; the frame of the caller is the current one again then.
    fn enter(&mut self) {
        let frame = 8 * self.field(0) as i32 + HEADER_BYTES;
        self.find();
        dynasm!(self.asm; .arch x64; call QWORD [rax]; sub r12, frame);
    }

    /// The form of the function whose frame the meaning has made; leaves if there is none, or no room on the machine's
    /// stack.
    fn find(&mut self) {
        let (again, unprepared) = (self.again, self.unprepared);
        self.rm(form::LOAD.wide(true), R12, Mem::at(R14, at::BASE));
        dynasm!(self.asm; .arch x64; cmp rsp, [r14 + at::NATIVE_LIMIT]; jb =>again);
        self.rm(form::LOAD, RAX, Mem::at(R12, 4 - HEADER_BYTES));
        self.rr(Form::one(0xD1), 0, RAX); // `rol eax, 1`: the place in the table
        self.rm(form::LOAD.wide(true), RAX, Mem::indexed(RBX, RAX, 3, 0));
        dynasm!(self.asm; .arch x64; test rax, rax; jz =>unprepared);
    }
}
