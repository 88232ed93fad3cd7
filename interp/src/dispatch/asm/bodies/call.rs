//! Calls of what is found first: closures, methods in vtables, methods that a site knows. Once it is known who is called, by
//! the address of its entry in `rdx`, all go on in the same way.

use super::control::{Argument, HEADER_BYTES};
use super::object::{LAYOUT, SITE_SHIFT, WORD, address, is_kind};
use crate::dispatch::asm::emitter::{Condition, Emitter, Form, Mem, Mode, form, reg::*};
use crate::dispatch::asm::state::at;
use dynasmrt::{DynamicLabel, DynasmApi, DynasmLabelApi, dynasm};
use regatta_heap::{Kind, value};
use regatta_ir::Opcode;
use regatta_runtime::Entry;
use regatta_runtime::class::ClassInfo;
use regatta_runtime::entry::MAX_PROGRAM_FUNCTIONS;
use regatta_runtime::site::How;

#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Find {
    Value,
    Virtual,
    Method,
}

impl Find {
    pub(super) fn of(op: Opcode) -> Option<Find> {
        Some(match op {
            Opcode::CallValue => Find::Value,
            Opcode::CallVirtual => Find::Virtual,
            Opcode::CallMethod => Find::Method,
            _ => return None,
        })
    }

    pub(super) fn emit(self, e: &mut Emitter<'_>) {
        let paid = e.paid();
        e.charge();
        match self {
            Find::Value => called_value(e, paid),
            Find::Virtual => {
                receiver(e, paid);
                is_kind(e, RAX, Kind::Instance, paid);
                e.number(RSI, 1);
                in_vtable(e, paid);
                has_signature(e, Entry::SIG_OFFSET, 2, paid);
            }
            Find::Method => known_method(e, paid),
        }
        enter(e, paid, Argument::None);
    }
}

/// The address of the receiver, argument 0, to `rax`; destroys `rcx`.
fn receiver(e: &mut Emitter<'_>, slow: DynamicLabel) {
    let slot = argument(e, 0);
    e.rm(form::LOAD.wide(true), RAX, slot);
    address(e, RAX, slow);
}

/// An argument, in terms of `rcx`.
fn argument(e: &mut Emitter<'_>, n: i32) -> Mem {
    match e.mode {
        Mode::Template => Mem::at(R12, 8 * e.field(0) as i32 + HEADER_BYTES + 8 * n),
        Mode::Threaded => {
            e.number(RCX, 0);
            Mem::indexed(R12, RCX, 3, HEADER_BYTES + 8 * n)
        }
    }
}

/// The entry in slot `rsi` of the vtable of the instance in `rax`.
fn in_vtable(e: &mut Emitter<'_>, slow: DynamicLabel) {
    e.rm(form::LOAD, RAX, Mem::at(RAX, LAYOUT));
    e.rm(form::LOAD.wide(true), RCX, Mem::at(R14, at::CLASSES));
    e.rm(form::LOAD.wide(true), RAX, Mem::indexed(RCX, RAX, 3, 0));
    e.rm(form::CMP, RSI, Mem::at(RAX, ClassInfo::SLOT_COUNT_OFFSET as i32));
    e.jump_if(Condition::ABOVE_EQUAL, slow);
    e.rm(form::LOAD.wide(true), RAX, Mem::at(RAX, ClassInfo::SLOTS_OFFSET as i32));
    e.rm(form::LOAD.wide(true), RDX, Mem::indexed(RAX, RSI, 3, 0));
    dynasm!(e.asm; .arch x64; test rdx, rdx; jz =>slow);
}

/// Goes on if the entry's signature at `offset` is the one that operand `n` says.
fn has_signature(e: &mut Emitter<'_>, offset: usize, n: usize, slow: DynamicLabel) {
    e.number(RCX, n);
    e.rm(form::CMP, RCX, Mem::at(RDX, offset as i32));
    e.jump_if(Condition::NOT_EQUAL, slow);
}

/// Methods are never what a site knows first: that is a property of the object's own.
fn known_method(e: &mut Emitter<'_>, slow: DynamicLabel) {
    receiver(e, slow);
    e.number(RSI, 3);
    e.rr(Form::one(0xC1).wide(true), 4, RSI);
    e.asm.push(SITE_SHIFT);
    e.rm(form::ADD.wide(true), RSI, Mem::at(R14, at::SITES));
    e.rm(form::LOAD, RCX, Mem::at(RAX, LAYOUT));
    let found = e.asm.new_dynamic_label();
    for n in 1..4 {
        e.rm(form::LOAD.wide(true), RDX, Mem::at(RSI, 8 * n));
        e.rm(form::CMP, RCX, Mem::at(RSI, 8 * n + 4));
        dynasm!(e.asm; .arch x64; je =>found);
    }
    dynasm!(e.asm; .arch x64
        ; jmp =>slow
        ; =>found
        ; mov ecx, edx
        ; and ecx, 7
        ; cmp ecx, How::Method as i32
        ; jne =>slow
        ; mov esi, edx
        ; shr esi, 16
    );
    in_vtable(e, slow);
    has_signature(e, Entry::SIG_OFFSET, 1, slow);
}

/// A closure adds itself to the arguments.
fn called_value(e: &mut Emitter<'_>, slow: DynamicLabel) {
    e.load(true, RAX, 1);
    let function = e.later(move |e| {
        dynasm!(e.asm; .arch x64; mov rcx, rax; shr rcx, 48; cmp ecx, (value::FUNCTION >> 48) as i32; jne =>slow);
        entry(e, slow);
        has_signature(e, Entry::SIG_OFFSET, 2, slow);
        enter(e, slow, Argument::None);
        if e.mode == Mode::Template {
            e.done();
        }
    });
    dynasm!(e.asm; .arch x64; mov rdi, rax);
    let no_object = function_of(e, function);
    address(e, RAX, no_object);
    is_kind(e, RAX, Kind::Closure, slow);
    e.rm(form::LOAD, RAX, Mem::at(RAX, WORD));
    entry(e, slow);
    has_signature(e, Entry::CLOSURE_SIG_OFFSET, 2, slow);
    e.rm(form::LOAD, RSI, Mem::at(RDX, Entry::PARAMS_OFFSET as i32));
    let last = argument(e, -1);
    e.rm(form::LEA, RAX, last);
    e.rm(form::STORE.wide(true), RDI, Mem::indexed(RAX, RSI, 3, 0));
}

/// What is no object may be a function; its bits have to be whole there.
fn function_of(e: &mut Emitter<'_>, function: DynamicLabel) -> DynamicLabel {
    e.later(move |e| dynasm!(e.asm; .arch x64; mov rax, rdi; jmp =>function))
}

/// The entry of the function whose id is in `eax`.
fn entry(e: &mut Emitter<'_>, slow: DynamicLabel) {
    dynasm!(e.asm; .arch x64
        ; rol eax, 1
        ; cmp eax, 2 * MAX_PROGRAM_FUNCTIONS as i32
        ; jae =>slow
        ; mov rdx, [r14 + at::TABLE]
        ; mov rdx, [rdx + rax * 8]
        ; test rdx, rdx
        ; jz =>slow
    );
}

/// Enters the function whose entry is in `rdx` through the window of the instruction. What the call brings is in `r8`;
/// template code comes here for calls that bring nothing.
pub(super) fn enter(e: &mut Emitter<'_>, paid: DynamicLabel, argument: Argument) {
    match e.mode {
        Mode::Threaded => {
            e.number(RCX, 0);
            e.rm(form::LEA, RDI, Mem::indexed(R12, RCX, 3, HEADER_BYTES));
            e.rm(form::LOAD, RSI, Mem::at(RDX, Entry::FRAME_OFFSET as i32));
            e.rm(form::LEA, RSI, Mem::indexed(RDI, RSI, 3, 0));
            e.rm(form::CMP.wide(true), RSI, Mem::at(R14, at::STACK_END));
            e.jump_if(Condition::ABOVE, paid);
            // The halves of the call word: the instruction's own, and who is called.
            e.rm(form::LOAD, RAX, Mem::at(R13, 0));
            e.rm(form::STORE, RAX, Mem::at(RDI, -HEADER_BYTES));
            e.rm(form::LOAD, RAX, Mem::at(RDX, Entry::ID_OFFSET as i32));
            e.rm(form::STORE, RAX, Mem::at(RDI, 4 - HEADER_BYTES));
            let bytes = 8 * i32::from(e.here.info.words);
            dynasm!(e.asm; .arch x64; add r13, bytes);
            e.rm(form::STORE.wide(true), R13, Mem::at(RDI, -8));
            if argument != Argument::None {
                e.rm(form::STORE.wide(true), R8, Mem::at(RDI, 0));
            }
            dynasm!(e.asm; .arch x64; mov r12, rdi);
            e.rm(form::LOAD.wide(true), R13, Mem::at(RDX, Entry::CODE_OFFSET as i32));
            e.dispatch();
        }
        Mode::Template => {
            let window = 8 * e.field(0) as i32;
            let frame = window + HEADER_BYTES;
            e.rm(form::LOAD, RSI, Mem::at(RDX, Entry::FRAME_OFFSET as i32));
            e.rm(form::LEA, RSI, Mem::indexed(R12, RSI, 3, frame));
            e.rm(form::CMP.wide(true), RSI, Mem::at(R14, at::STACK_END));
            e.jump_if(Condition::ABOVE, paid);
            e.rm(form::LOAD, RCX, Mem::at(RDX, Entry::ID_OFFSET as i32));
            dynasm!(e.asm; .arch x64
                ; mov eax, ecx
                ; rol eax, 1
                ; mov rax, [rbx + rax * 8]
                ; test rax, rax
                ; jz =>paid
            );
            let (word, back) = (e.here.words[0], e.here.address + 8 * u64::from(e.here.info.words));
            e.set(false, RSI, i64::from(word as u32 as i32));
            e.rm(form::STORE, RSI, Mem::at(R12, window));
            e.rm(form::STORE, RCX, Mem::at(R12, window + 4));
            e.set(true, RSI, back as i64);
            e.rm(form::STORE.wide(true), RSI, Mem::at(R12, window + 8));
            dynasm!(e.asm; .arch x64; add r12, frame; call QWORD [rax]; sub r12, frame);
        }
    }
}
