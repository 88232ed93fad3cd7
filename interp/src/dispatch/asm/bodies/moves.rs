//! Moves, constants and globals.

use crate::dispatch::asm::emitter::{Emitter, Mem, Mode, form, reg::*};
use crate::dispatch::asm::state::at;
use regatta_heap::Value;
use regatta_heap::value::{ATOM, FUNCTION};
use regatta_ir::Opcode;

#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Move {
    /// Operand 1, as it is.
    Copy,
    /// A number in the instruction, with this tag.
    Tagged(u64),
    Select,
    GlobalGet,
    GlobalSet,
    /// A 32-bit integer becomes a value.
    FromI32,
}

impl Move {
    pub(super) fn of(meaning: &str) -> Option<Move> {
        Some(match meaning {
            "mov" | "i32_const" | "i64_const" | "f32_const" | "f64_const" => Move::Copy,
            "func_const" => Move::Tagged(0),
            "atom_const" => Move::Tagged(ATOM),
            "func_val" => Move::Tagged(FUNCTION),
            "special_const" => Move::Tagged(Value::UNDEFINED.bits()),
            "select" => Move::Select,
            "global_get" => Move::GlobalGet,
            "global_set" => Move::GlobalSet,
            "val_from_i32" => Move::FromI32,
            _ => return None,
        })
    }

    pub(super) fn emit(self, e: &mut Emitter<'_>) {
        match self {
            Move::Copy if e.here.info.op == Opcode::Mov && e.is_double(0) => {
                e.with_double(form::LOAD_F, 0, 1, RAX);
                e.store_double(0, RDX);
            }
            Move::Copy => {
                let wide = !matches!(e.here.info.meaning, Some("i32_const" | "f32_const"));
                e.load(wide, RAX, 1);
                e.store(0, RAX, RDX);
            }
            Move::Tagged(tag) => {
                match e.mode {
                    Mode::Template => e.set(true, RAX, (e.field(1) | tag) as i64),
                    Mode::Threaded => {
                        e.number(RAX, 1);
                        e.set(true, RCX, tag as i64);
                        e.rr(form::OR.wide(true), RAX, RCX);
                    }
                }
                e.store(0, RAX, RDX);
            }
            Move::Select => {
                e.load(true, RAX, 0);
                let condition = e.slot(2, RCX);
                e.compare(condition, 0);
                e.with(form::CMOVNZ, true, RAX, 1, RCX);
                e.store(0, RAX, RDX);
            }
            Move::GlobalGet => {
                e.number(RAX, 1);
                e.rm(form::LOAD.wide(true), RCX, Mem::at(R14, at::GLOBALS));
                e.rm(form::LOAD.wide(true), RAX, Mem::indexed(RCX, RAX, 3, 0));
                e.store(0, RAX, RDX);
            }
            Move::GlobalSet => {
                e.load(true, RDX, 0);
                e.number(RAX, 1);
                e.rm(form::LOAD.wide(true), RCX, Mem::at(R14, at::GLOBALS));
                e.rm(form::STORE.wide(true), RDX, Mem::indexed(RCX, RAX, 3, 0));
            }
            Move::FromI32 => {
                e.load(false, RAX, 1);
                e.tag_integer(RAX);
                e.store(0, RAX, RDX);
            }
        }
        e.next();
    }
}
