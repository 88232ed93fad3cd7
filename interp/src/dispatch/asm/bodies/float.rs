//! Floats, 32 and 64 bits wide.
//!
//! `ucomis` answers as if for unsigned integers, and says "below" and "equal" when an operand is NaN; so `a < b` is asked
//! as `b > a`, which then is false. What is asked about bits or signs of NaN goes to the meaning.

use super::{Heat, is_latch};
use crate::dispatch::asm::emitter::{Condition, Emitter, Form, form, reg::*};
use dynasmrt::{DynasmApi, DynasmLabelApi, dynasm};
use std::arch::is_x86_feature_detected;

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Float {
    double: bool,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Binary(u8),
    Sqrt,
    MulAdd,
    MulSub,
    MulPlus,
    /// By an integer in the instruction, which comes first.
    ReverseDiv,
    /// The sign bit is cleared, or turned.
    Abs,
    Neg,
    Round(u8),
    /// `b ? a`, after which the condition says what `a ? b` is.
    Swapped(Condition),
    Equal {
        negated: bool,
    },
    /// From an integer: is it wide, is it to be read as unsigned?
    FromInt {
        wide: bool,
        unsigned: bool,
    },
    /// To an integer; what does not fit goes to the meaning.
    ToInt {
        wide: bool,
        double: bool,
    },
    FromOther,
}

impl Float {
    pub(super) fn of(meaning: &str) -> Option<Float> {
        let (double, name) = match meaning.split_at_checked(4)? {
            ("f32_", name) => (false, name),
            ("f64_", name) => (true, name),
            ("i32_", name) => return to_int(false, name),
            ("i64_", name) => return to_int(true, name),
            _ => return None,
        };
        let round = |how| is_x86_feature_detected!("sse4.1").then_some(What::Round(how));
        let what = match name {
            "add" => What::Binary(0x58),
            "mul" => What::Binary(0x59),
            "sub" => What::Binary(0x5C),
            "div" => What::Binary(0x5E),
            "sqrt" => What::Sqrt,
            "mul_add" => What::MulAdd,
            "mul_sub" => What::MulSub,
            "mul_plus" => What::MulPlus,
            "rdiv" => What::ReverseDiv,
            "abs" => What::Abs,
            "neg" => What::Neg,
            "nearest" => round(8)?,
            "floor" => round(9)?,
            "ceil" => round(10)?,
            "trunc" => round(11)?,
            "lt" => What::Swapped(Condition::ABOVE),
            "le" => What::Swapped(Condition::ABOVE_EQUAL),
            "nlt" => What::Swapped(Condition::BELOW_EQUAL),
            "nle" => What::Swapped(Condition::BELOW),
            "eq" => What::Equal { negated: false },
            "ne" => What::Equal { negated: true },
            "convert_i32_s" => What::FromInt { wide: false, unsigned: false },
            "convert_i32_u" => What::FromInt { wide: false, unsigned: true },
            "convert_i64_s" => What::FromInt { wide: true, unsigned: false },
            "demote_f64" | "promote_f32" => What::FromOther,
            _ => return None,
        };
        Some(Float { double, what })
    }

    pub(super) fn emit(self, e: &mut Emitter<'_>) {
        let prefix = if self.double { 0xF2 } else { 0xF3 };
        let load = form::LOAD_F.prefixed(prefix);
        let op = |opcode| Form::two(opcode).prefixed(prefix);
        let double = self.double;
        if is_latch(e) {
            e.charge();
        }
        match self.what {
            What::Binary(opcode) => {
                with(e, double, load, 0, 1, RAX);
                e.with(op(opcode), false, 0, 2, RCX);
            }
            What::Sqrt => with(e, double, op(0x51), 0, 1, RAX),
            What::MulAdd => {
                with(e, double, load, 0, 1, RAX);
                with(e, double, op(0x59), 0, 2, RCX);
                with(e, double, op(0x58), 0, 0, RDX);
            }
            What::MulSub => {
                with(e, double, load, 1, 1, RAX);
                with(e, double, op(0x59), 1, 2, RCX);
                with(e, double, load, 0, 0, RDX);
                e.rr(op(0x5C), 0, 1);
            }
            What::MulPlus => {
                with(e, double, load, 0, 1, RAX);
                with(e, double, op(0x59), 0, 2, RCX);
                with(e, double, op(0x58), 0, 3, RDX);
            }
            What::ReverseDiv => {
                e.load(false, RAX, 2);
                dynasm!(e.asm; .arch x64; xorps xmm0, xmm0);
                e.rr(form::FROM_INT.prefixed(prefix), 0, RAX);
                with(e, double, op(0x5E), 0, 1, RCX);
            }
            What::Abs | What::Neg => return self.change_sign(e),
            What::Round(how) => {
                let form = Form::three(if self.double { 0x0B } else { 0x0A }).prefixed(0x66);
                let slot = e.slot(1, RAX);
                e.rm(form, 0, slot);
                e.asm.push(how);
            }
            What::Swapped(condition) => return self.compare(e, condition),
            What::Equal { negated } => return self.equal(e, negated),
            What::FromInt { wide, unsigned } => {
                e.load(wide, RAX, 1);
                // The upper half of the register would be waited for.
                dynasm!(e.asm; .arch x64; xorps xmm0, xmm0);
                e.rr(form::FROM_INT.prefixed(prefix).wide(wide || unsigned), 0, RAX);
            }
            What::ToInt { wide, double } => return to_integer(e, wide, double),
            What::FromOther => {
                let other = if self.double { 0xF3 } else { 0xF2 };
                e.with(Form::two(0x5A).prefixed(other), false, 0, 1, RAX);
            }
        }
        store(e, self.double);
        e.next();
    }

    fn change_sign(self, e: &mut Emitter<'_>) {
        e.load(self.double, RAX, 1);
        let bit = if self.double { 63 } else { 31 };
        // `btr` clears a bit, `btc` turns it.
        let how = if matches!(self.what, What::Abs) { 6 } else { 7 };
        e.rr(Form::two(0xBA).wide(self.double), how, RAX);
        e.asm.push(bit);
        e.store(0, RAX, RDX);
        e.next();
    }

    fn compare(self, e: &mut Emitter<'_>, condition: Condition) {
        let a = super::first_source(e);
        let prefix = if self.double { 0xF2 } else { 0xF3 };
        with(e, self.double, form::LOAD_F.prefixed(prefix), 0, a + 1, RAX);
        let ucomis = Form::two(0x2E).prefixed(if self.double { 0x66 } else { 0 });
        with(e, self.double, ucomis, 0, a, RCX);
        super::value::outcome(e, condition, Heat::Hot);
    }

    /// `cmpeqs` makes a mask, since `ucomis` calls NaN equal.
    fn equal(self, e: &mut Emitter<'_>, negated: bool) {
        let a = super::first_source(e);
        let prefix = if self.double { 0xF2 } else { 0xF3 };
        with(e, self.double, form::LOAD_F.prefixed(prefix), 0, a, RAX);
        let slot = e.slot(a + 1, RCX);
        e.rm(Form::two(0xC2).prefixed(prefix), 0, slot);
        e.asm.push(0);
        dynasm!(e.asm; .arch x64; movd eax, xmm0; test eax, eax);
        let condition = if negated { Condition::EQUAL } else { Condition::NOT_EQUAL };
        super::value::outcome(e, condition, Heat::Hot);
    }
}

/// Applies `form` to a machine register and operand `n`.
fn with(e: &mut Emitter<'_>, double: bool, form: Form, xmm: u8, n: usize, scratch: u8) {
    if double {
        e.with_double(form, xmm, n, scratch);
    } else {
        e.with(form, false, xmm, n, scratch);
    }
}

/// Stores `xmm0` to operand 0: a 32-bit float with a clear upper half.
fn store(e: &mut Emitter<'_>, double: bool) {
    if double {
        e.store_double(0, RDX);
    } else {
        dynasm!(e.asm; .arch x64; movd eax, xmm0);
        e.store(0, RAX, RDX);
    }
}

fn to_int(wide: bool, name: &str) -> Option<Float> {
    let double = match name {
        "trunc_f32_s" | "trunc_sat_f32_s" => false,
        "trunc_f64_s" | "trunc_sat_f64_s" => true,
        _ => return None,
    };
    Some(Float { double, what: What::ToInt { wide, double } })
}

/// The machine gives the least integer where there is none; that may also be right, and the meaning knows.
fn to_integer(e: &mut Emitter<'_>, wide: bool, double: bool) {
    let slow = e.slow();
    let form = Form::two(0x2C).prefixed(if double { 0xF2 } else { 0xF3 });
    e.with(form, wide, RAX, 1, RAX);
    e.rr(Form::one(0x83).wide(wide), 7, RAX);
    e.asm.push_i8(1);
    dynasm!(e.asm; .arch x64; jo =>slow);
    e.store(0, RAX, RDX);
    e.next();
}
