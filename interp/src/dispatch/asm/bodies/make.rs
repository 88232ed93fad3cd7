//! New objects: room is taken from the young space if there is enough, and else asked for by the meaning.

use super::object::WORD;
use crate::dispatch::asm::emitter::{Condition, Emitter, Mem, Mode, form, reg::*};
use crate::dispatch::asm::state::at;
use dynasmrt::{DynamicLabel, DynasmApi, DynasmLabelApi, dynasm};
use regatta_heap::{Header, Heap, Kind, value};

#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Make {
    /// An instance of a class, with all fields.
    Instance,
    Cell,
    Closure,
    /// A text of the program, which is there already.
    Text,
}

impl Make {
    pub(super) fn of(meaning: &str) -> Option<Make> {
        Some(match meaning {
            "object_make" => Make::Instance,
            "cell_new" => Make::Cell,
            "closure_new" => Make::Closure,
            "str_const" => Make::Text,
            _ => return None,
        })
    }

    pub(super) fn emit(self, e: &mut Emitter<'_>) {
        let slow = e.slow();
        match self {
            Make::Instance => instance(e, slow),
            Make::Cell => {
                e.set(false, RSI, 1);
                allocate(e, slow);
                e.set(true, RCX, Header::plain(Kind::Cell, 1).0 as i64);
                e.rm(form::STORE.wide(true), RCX, Mem::at(RAX, 0));
                e.load(true, RCX, 1);
                e.rm(form::STORE.wide(true), RCX, Mem::at(RAX, WORD));
            }
            Make::Closure => closure(e, slow),
            Make::Text => {
                e.number(RCX, 1);
                e.rm(form::LOAD.wide(true), RAX, Mem::at(R14, at::TEXTS));
                e.rm(form::LOAD.wide(true), RAX, Mem::indexed(RAX, RCX, 3, 0));
            }
        }
        e.set(true, RCX, value::OBJECT as i64);
        e.rr(form::OR.wide(true), RAX, RCX);
        e.store(0, RAX, RDX);
        e.next();
    }
}

/// Takes room for an object of `rsi` words of payload, to `rax`; destroys `rcx`, `rdx`.
fn allocate(e: &mut Emitter<'_>, slow: DynamicLabel) {
    e.rm(form::LOAD.wide(true), RCX, Mem::at(R14, at::HEAP));
    e.rm(form::LOAD.wide(true), RAX, Mem::at(RCX, Heap::TOP_OFFSET as i32));
    e.rm(form::LEA, RDX, Mem::indexed(RAX, RSI, 3, WORD));
    e.rm(form::CMP.wide(true), RDX, Mem::at(RCX, Heap::END_OFFSET as i32));
    e.jump_if(Condition::ABOVE, slow);
    e.rm(form::STORE.wide(true), RDX, Mem::at(RCX, Heap::TOP_OFFSET as i32));
}

/// The class says how the header looks; one of which there are no instances says a header that no object has.
fn instance(e: &mut Emitter<'_>, slow: DynamicLabel) {
    e.number(RSI, 2);
    e.number(RCX, 3);
    e.rm(form::LOAD.wide(true), RDI, Mem::at(R14, at::HEADS));
    e.rm(form::LOAD.wide(true), RDI, Mem::indexed(RDI, RCX, 3, 0));
    dynasm!(e.asm; .arch x64
        ; test dil, Header::FORWARDED as i8
        ; jnz =>slow
        ; mov ecx, edi
        ; shr ecx, 16
        ; cmp ecx, esi
        ; jne =>slow
    );
    allocate(e, slow);
    e.rm(form::STORE.wide(true), RDI, Mem::at(RAX, 0));
    copy_run(e, WORD);
}

fn closure(e: &mut Emitter<'_>, slow: DynamicLabel) {
    e.number(RSI, 2);
    // A header can tell so many words, and far fewer are usual.
    dynasm!(e.asm; .arch x64; cmp esi, 64; ja =>slow; add esi, 1);
    allocate(e, slow);
    e.set(true, RCX, Header::plain(Kind::Closure, 0).0 as i64);
    dynasm!(e.asm; .arch x64; mov edx, esi; shl edx, 16; or rcx, rdx);
    e.rm(form::STORE.wide(true), RCX, Mem::at(RAX, 0));
    e.number(RDX, 3);
    e.set(true, RCX, value::FUNCTION as i64);
    e.rr(form::OR.wide(true), RDX, RCX);
    e.rm(form::STORE.wide(true), RDX, Mem::at(RAX, WORD));
    dynasm!(e.asm; .arch x64; sub esi, 1);
    copy_run(e, WORD + 8);
}

/// Copies the run of registers to the object in `rax`, from `offset` on; its length is in `esi`.
fn copy_run(e: &mut Emitter<'_>, offset: i32) {
    if e.mode == Mode::Template {
        let (first, count) = (e.field(1) as i32, e.field(2) as i32);
        for n in 0..count.min(8) {
            e.rm(form::LOAD.wide(true), RCX, Mem::at(R12, 8 * (first + n)));
            e.rm(form::STORE.wide(true), RCX, Mem::at(RAX, offset + 8 * n));
        }
        if count <= 8 {
            return;
        }
    }
    let (turn, done) = (e.asm.new_dynamic_label(), e.asm.new_dynamic_label());
    e.number(RDX, 1);
    e.rm(form::LEA, RDX, Mem::indexed(R12, RDX, 3, 0));
    dynasm!(e.asm; .arch x64; sub esi, 1; js =>done; =>turn);
    e.rm(form::LOAD.wide(true), RCX, Mem::indexed(RDX, RSI, 3, 0));
    e.rm(form::STORE.wide(true), RCX, Mem::indexed(RAX, RSI, 3, offset));
    dynasm!(e.asm; .arch x64; sub esi, 1; jns =>turn; =>done);
}
