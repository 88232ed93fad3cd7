//! Loads and stores of linear memory, alone and as operands of something else.
//!
//! What is out of bounds goes to the meaning, before anything has changed, and so does a NaN that is to be stored.

use super::Heat;
use super::value::outcome;
use crate::dispatch::asm::emitter::{Condition, Emitter, Form, Mem, Mode, form, reg::*};
use crate::dispatch::asm::state::at;
use dynasmrt::{DynasmApi, DynasmLabelApi, dynasm};
use regatta_ir::Type;
use regatta_ir::operand::{Class, Role};

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Access {
    /// Bytes.
    width: u8,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Load(Form),
    Store(Form),
    /// Stores a float, if it is no NaN.
    StoreFloat,
    /// Loads; then the address grows.
    LoadStep,
    /// `a ? m`, on floats.
    Binary(u8),
    /// `x + a * m`.
    MulAdd,
    /// `m = m ? a * b`.
    MulUpdate(u8),
    Swap,
    IsZero(Condition),
}

/// Machine instructions on doubles.
const MUL: u8 = 0x59;
const ADD: u8 = 0x58;
const SUB: u8 = 0x5C;

fn on_doubles(opcode: u8) -> Form {
    Form::two(opcode).prefixed(0xF2)
}

impl Access {
    pub(super) fn of(meaning: &str) -> Option<Access> {
        let (ty, name) = meaning.split_at_checked(4)?;
        let name = name.strip_suffix("_at").unwrap_or(name);
        let wide = matches!(ty, "i64_" | "f64_");
        let whole = if wide { 8 } else { 4 };
        let (width, what) = match (ty, name) {
            ("i32_" | "i64_" | "f32_" | "f64_", "load") => (whole, What::Load(form::LOAD.wide(wide))),
            ("i32_" | "i64_", "load8_u") => (1, What::Load(form::LOAD_U8)),
            ("i32_" | "i64_", "load8_s") => (1, What::Load(form::LOAD_S8.wide(wide))),
            ("i32_" | "i64_", "load16_u") => (2, What::Load(form::LOAD_U16)),
            ("i32_" | "i64_", "load16_s") => (2, What::Load(form::LOAD_S16.wide(wide))),
            ("i64_", "load32_u") => (4, What::Load(form::LOAD)),
            ("i64_", "load32_s") => (4, What::Load(form::LOAD_S32)),
            ("i32_" | "i64_", "store") => (whole, What::Store(form::STORE.wide(wide))),
            ("i32_" | "i64_", "store8") => (1, What::Store(form::STORE8)),
            ("i32_" | "i64_", "store16") => (2, What::Store(form::STORE16)),
            ("i64_", "store32") => (4, What::Store(form::STORE)),
            ("f32_" | "f64_", "store") => (whole, What::StoreFloat),
            ("f64_", "load_step") => (8, What::LoadStep),
            ("f64_", "sub_load") => (8, What::Binary(SUB)),
            ("f64_", "mul_load") => (8, What::Binary(MUL)),
            ("f64_", "mul_add_load") => (8, What::MulAdd),
            ("f64_", "mul_add_store") => (8, What::MulUpdate(ADD)),
            ("f64_", "mul_sub_store") => (8, What::MulUpdate(SUB)),
            ("i32_", "swap") => (4, What::Swap),
            ("load", "8_is_zero") => (1, What::IsZero(Condition::EQUAL)),
            ("load", "8_is_nonzero") => (1, What::IsZero(Condition::NOT_EQUAL)),
            _ => return None,
        };
        Some(Access { width, what })
    }

    pub(super) fn emit(self, e: &mut Emitter<'_>) {
        match self.what {
            What::Load(form) if self.is_double(e) => {
                let place = self.place(e, 1);
                debug_assert_eq!(form, form::LOAD.wide(true));
                e.rm(form::LOAD_F, 0, place);
                e.store_double(0, RDX);
            }
            What::Load(form) => {
                let place = self.place(e, 1);
                e.rm(form, RAX, place);
                e.store(0, RAX, RDX);
            }
            What::Store(form) => {
                let place = self.place(e, 1);
                e.load(true, RDX, 0);
                e.rm(form, RDX, place);
            }
            What::StoreFloat => self.store_float(e),
            What::LoadStep => {
                let place = self.address(e, RAX, 0);
                e.rm(form::LOAD.wide(true), RSI, place);
                e.load(false, RAX, 1);
                e.with(form::ADD, false, RAX, 2, RCX);
                e.store(1, RAX, RDX);
                dynasm!(e.asm; .arch x64; movq xmm0, rsi);
                e.store_double(0, RDX);
            }
            What::Binary(opcode) => {
                let place = self.place(e, 2);
                e.with_double(form::LOAD_F, 0, 1, RDX);
                e.rm(on_doubles(opcode), 0, place);
                e.store_double(0, RDX);
            }
            What::MulAdd => {
                let place = self.place(e, 2);
                e.rm(form::LOAD_F, 0, place);
                e.with_double(on_doubles(MUL), 0, 1, RDX);
                e.with_double(on_doubles(ADD), 0, 0, RDX);
                e.store_double(0, RDX);
            }
            What::MulUpdate(opcode) => {
                let place = self.place(e, 2);
                e.with_double(form::LOAD_F, 1, 0, RDX);
                e.with_double(on_doubles(MUL), 1, 1, RDX);
                e.rm(form::LOAD_F, 0, place);
                e.rr(on_doubles(opcode), 0, 1);
                if_number(e, true);
                e.rm(form::STORE_F, 0, place);
            }
            What::Swap => self.swap(e),
            What::IsZero(condition) => {
                let place = self.place(e, 0);
                e.rm(Form::one(0x80), 7, place);
                e.asm.push(0);
                return outcome(e, condition, Heat::Hot);
            }
        }
        e.next();
    }

    /// Is operand 0 a register of type `f64` that is written?
    fn is_double(self, e: &Emitter<'_>) -> bool {
        e.here.info.operands[0].role == Role::Dst(Class::Of(Type::F64))
    }

    fn store_float(self, e: &mut Emitter<'_>) {
        let double = self.width == 8;
        if double {
            e.with_double(form::LOAD_F, 0, 0, RAX);
        } else {
            e.with(form::LOAD_F.prefixed(0xF3), false, 0, 0, RAX);
        }
        if_number(e, double);
        let place = self.place(e, 1);
        e.rm(if double { form::STORE_F } else { form::STORE_F32 }, 0, place);
    }

    /// Both places are checked before anything is written.
    fn swap(self, e: &mut Emitter<'_>) {
        e.load(false, RSI, 2);
        e.load(false, RAX, 0);
        e.rm(form::LEA, RAX, Mem::indexed(RAX, RSI, 2, 0));
        let place = self.address_in(e, RAX, 0);
        e.rm(form::LEA, RDI, place);
        let other = self.place(e, 0);
        e.rm(form::LOAD, RDX, Mem::at(RDI, 0));
        e.rm(form::LOAD, RSI, other);
        e.rm(form::STORE, RDX, other);
        e.rm(form::STORE, RSI, Mem::at(RDI, 0));
    }

    /// Where the bytes are that operand `n` and the one after it name, which exist: in terms of `rax` and `rcx`.
    fn place(self, e: &mut Emitter<'_>, n: usize) -> Mem {
        if e.here.info.operands[n + 1].role != Role::Offset {
            e.load(false, RAX, n);
            e.load(false, RCX, n + 1);
            e.rm(form::LEA, RAX, Mem::indexed(RAX, RCX, self.width.trailing_zeros() as u8, 0));
            return self.address_in(e, RAX, 0);
        }
        e.load(false, RAX, n);
        if e.mode == Mode::Template {
            let offset = e.field(n + 1) as i32;
            return self.address_in(e, RAX, offset);
        }
        e.number(RCX, n + 1);
        e.rr(form::ADD.wide(true), RAX, RCX);
        self.address_in(e, RAX, 0)
    }

    /// The same for operand 1 alone.
    fn address(self, e: &mut Emitter<'_>, reg: u8, offset: i32) -> Mem {
        e.load(false, reg, 1);
        self.address_in(e, reg, offset)
    }

    /// The same for an address in a machine register.
    fn address_in(self, e: &mut Emitter<'_>, reg: u8, offset: i32) -> Mem {
        let slow = e.slow();
        e.rm(form::LEA, RCX, Mem::at(reg, offset + i32::from(self.width)));
        e.rm(form::CMP.wide(true), RCX, Mem::at(R14, at::MEMORY_BYTES));
        dynasm!(e.asm; .arch x64; ja =>slow);
        e.rm(form::LOAD.wide(true), RCX, Mem::at(R14, at::MEMORY));
        Mem::indexed(reg, RCX, 0, offset)
    }
}

/// Goes on if the float in `xmm0` is a number.
fn if_number(e: &mut Emitter<'_>, double: bool) {
    let slow = e.slow();
    e.rr(Form::two(0x2E).prefixed(if double { 0x66 } else { 0 }), 0, 0);
    dynasm!(e.asm; .arch x64; jp =>slow);
}
