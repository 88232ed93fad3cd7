//! Integers, 32 and 64 bits wide.

use super::value::outcome;
use super::{Heat, first_source, is_latch};
use crate::dispatch::asm::emitter::{Condition, Emitter, Form, Mode, form, reg::*};
use dynasmrt::{DynasmApi, DynasmLabelApi, dynasm};
use std::arch::is_x86_feature_detected;

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Int {
    wide: bool,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    /// `a ? b`, one machine instruction.
    Binary(Form),
    /// `b - a`.
    ReverseSub,
    /// By the number in the machine instruction.
    Shift(u8),
    Divide {
        signed: bool,
        remainder: bool,
    },
    Compare(Condition),
    /// Are any of the bits set?
    Test(Condition),
    /// A counter changes and is compared.
    Step(Change, Condition),
    /// A counter changes, and two others are compared.
    Count(Condition),
    /// `a ? b + c`.
    Plus(Form),
    /// One machine instruction on `a`.
    Unary(Form),
}

#[derive(Clone, Copy, Debug)]
enum Change {
    By(i8),
    ByOperand,
}

fn condition(name: &str) -> Option<Condition> {
    Some(match name {
        "eq" => Condition::EQUAL,
        "ne" => Condition::NOT_EQUAL,
        "lt_s" | "lt" => Condition::LESS,
        "lt_u" => Condition::BELOW,
        "le_s" | "le" => Condition::LESS_EQUAL,
        "le_u" => Condition::BELOW_EQUAL,
        "gt_s" | "gt" => Condition::GREATER,
        "gt_u" => Condition::ABOVE,
        "ge_s" | "ge" => Condition::GREATER_EQUAL,
        "ge_u" => Condition::ABOVE_EQUAL,
        _ => return None,
    })
}

/// A form of a machine instruction that not every processor has.
fn if_there(is_there: bool, opcode: u8) -> Option<What> {
    is_there.then_some(What::Unary(Form::two(opcode).prefixed(0xF3)))
}

impl Int {
    pub(super) fn of(meaning: &str) -> Option<Int> {
        let (wide, name) = match meaning.split_at_checked(4)? {
            ("i32_", name) => (false, name),
            ("i64_", name) => (true, name),
            _ => return None,
        };
        let what = match name {
            "add" => What::Binary(form::ADD),
            "sub" => What::Binary(form::SUB),
            "mul" => What::Binary(form::IMUL),
            "and" => What::Binary(form::AND),
            "or" => What::Binary(form::OR),
            "xor" => What::Binary(form::XOR),
            "rsub" => What::ReverseSub,
            "rotl" => What::Shift(0),
            "rotr" => What::Shift(1),
            "shl" => What::Shift(4),
            "shr_u" => What::Shift(5),
            "shr_s" => What::Shift(7),
            "div_s" => What::Divide { signed: true, remainder: false },
            "div_u" => What::Divide { signed: false, remainder: false },
            "rem_s" => What::Divide { signed: true, remainder: true },
            "rem_u" => What::Divide { signed: false, remainder: true },
            "add_plus" => What::Plus(form::ADD),
            "mul_plus" => What::Plus(form::IMUL),
            "any" => What::Test(Condition::NOT_EQUAL),
            "none" => What::Test(Condition::EQUAL),
            "extend8_s" => What::Unary(form::LOAD_S8),
            "extend16_s" => What::Unary(form::LOAD_S16),
            "extend32_s" | "extend_i32_s" => What::Unary(form::LOAD_S32),
            // A load of 32 bits clears the others.
            "extend_i32_u" | "wrap_i64" => return Some(Int { wide: false, what: What::Unary(form::LOAD) }),
            "popcnt" => if_there(is_x86_feature_detected!("popcnt"), 0xB8)?,
            "clz" => if_there(is_x86_feature_detected!("lzcnt"), 0xBD)?,
            "ctz" => if_there(is_x86_feature_detected!("bmi1"), 0xBC)?,
            _ => match name.split_once('_') {
                Some(("count", compared)) => What::Count(condition(compared)?),
                Some(("inc", compared)) => What::Step(Change::By(1), condition(compared)?),
                Some(("dec", compared)) => What::Step(Change::By(-1), condition(compared)?),
                Some(("add", compared)) => What::Step(Change::ByOperand, condition(compared)?),
                _ => What::Compare(condition(name)?),
            },
        };
        Some(Int { wide, what })
    }

    pub(super) fn emit(self, e: &mut Emitter<'_>) {
        let (wide, a) = (self.wide, first_source(e));
        if is_latch(e) {
            e.charge();
        }
        match self.what {
            What::Binary(form) => {
                e.load(wide, RAX, a);
                e.with(form, wide, RAX, a + 1, RCX);
            }
            What::ReverseSub => {
                e.load(wide, RAX, a + 1);
                e.with(form::SUB, wide, RAX, a, RCX);
            }
            What::Shift(how) => shift(e, wide, how, a),
            What::Divide { signed, remainder } => divide(e, wide, signed, remainder, a),
            What::Unary(form) => {
                let slot = e.slot(a, RAX);
                e.rm(form.wide(wide), RAX, slot);
            }
            What::Compare(condition) => {
                e.load(wide, RAX, a);
                e.with(form::CMP, wide, RAX, a + 1, RCX);
                return outcome(e, condition, Heat::Hot);
            }
            What::Test(condition) => {
                e.load(wide, RAX, a);
                e.with(form::AND, wide, RAX, a + 1, RCX);
                return outcome(e, condition, Heat::Hot);
            }
            What::Step(change, condition) => return step(e, wide, change, condition),
            What::Count(condition) => {
                e.load(wide, RSI, 1);
                e.load(wide, RAX, 0);
                e.rr(Form::one(0x83).wide(wide), 0, RAX);
                e.asm.push_i8(1);
                e.store(0, RAX, RDX);
                e.with(form::CMP, wide, RSI, 2, RCX);
                return e.branch(condition);
            }
            What::Plus(form) => {
                e.load(wide, RAX, a);
                e.with(form, wide, RAX, a + 1, RCX);
                e.with(form::ADD, wide, RAX, a + 2, RCX);
            }
        }
        e.store(0, RAX, RDX);
        e.next();
    }
}

fn shift(e: &mut Emitter<'_>, wide: bool, how: u8, a: usize) {
    e.load(wide, RAX, a);
    if e.mode == Mode::Template && e.is_immediate(a + 1) {
        let by = e.constant(a + 1) as u8 & if wide { 63 } else { 31 };
        e.rr(Form::one(0xC1).wide(wide), how, RAX);
        e.asm.push(by);
    } else {
        e.load(wide, RCX, a + 1);
        e.rr(Form::one(0xD3).wide(wide), how, RAX);
    }
}

/// Leaves to the meaning what traps, and division by -1, which may.
fn divide(e: &mut Emitter<'_>, wide: bool, signed: bool, remainder: bool, a: usize) {
    e.load(wide, RCX, a + 1);
    let known = (e.mode == Mode::Template && e.is_immediate(a + 1)).then(|| e.constant(a + 1));
    if !known.is_some_and(|by| by != 0 && by != -1) {
        let slow = e.slow();
        e.rr(Form::one(0x85).wide(wide), RCX, RCX);
        dynasm!(e.asm; .arch x64; jz =>slow);
        if signed {
            e.rr(Form::one(0x83).wide(wide), 7, RCX);
            e.asm.push_i8(-1);
            dynasm!(e.asm; .arch x64; je =>slow);
        }
    }
    e.load(wide, RAX, a);
    match (signed, wide) {
        (true, true) => dynasm!(e.asm; .arch x64; cqo; idiv rcx),
        (true, false) => dynasm!(e.asm; .arch x64; cdq; idiv ecx),
        (false, true) => dynasm!(e.asm; .arch x64; xor edx, edx; div rcx),
        (false, false) => dynasm!(e.asm; .arch x64; xor edx, edx; div ecx),
    }
    if remainder {
        e.rr(form::LOAD.wide(wide), RAX, RDX);
    }
}

/// The limit is read before the counter is written, which may be the same register.
fn step(e: &mut Emitter<'_>, wide: bool, change: Change, condition: Condition) {
    let limit = if matches!(change, Change::ByOperand) { 2 } else { 1 };
    e.load(wide, RAX, 0);
    match change {
        Change::By(by) => {
            e.load(wide, RSI, limit);
            e.rr(Form::one(0x83).wide(wide), 0, RAX);
            e.asm.push_i8(by);
        }
        Change::ByOperand => {
            e.with(form::ADD, wide, RAX, 1, RCX);
            e.load(wide, RSI, limit);
        }
    }
    e.store(0, RAX, RDX);
    e.rr(form::CMP.wide(wide), RAX, RSI);
    e.branch(condition);
}
