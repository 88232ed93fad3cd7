//! Numbers as values: two integers, or floats and integers. All else is left to the meaning.

use super::pair::*;
use super::{Heat, first_source, guard, value::outcome};
use crate::dispatch::asm::emitter::{Condition, Emitter, Form, form, reg::*, tag};
use dynasmrt::{DynasmApi, DynasmLabelApi, dynasm};

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Number {
    /// Operand `b` is an immediate.
    immediate: bool,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Arithmetic(Operation),
    Quotient {
        reversed: bool,
    },
    Remainder,
    Compare(Order),
    Equal {
        negated: bool,
    },
    Step(i8, Order),
    /// On integers only.
    Bits(Form),
    Shift(u8),
    Negate,
    Sqrt,
}

impl Number {
    pub(super) fn of(meaning: &str) -> Option<Number> {
        let (name, immediate) = match meaning.strip_suffix("_imm") {
            Some(name) => (name, true),
            None => (meaning, false),
        };
        let what = match name {
            "num_add" => What::Arithmetic(ADD),
            "num_sub" => What::Arithmetic(SUB),
            "num_rsub" => What::Arithmetic(RSUB),
            "num_mul" => What::Arithmetic(MUL),
            "num_div" => What::Quotient { reversed: false },
            "num_rdiv" => What::Quotient { reversed: true },
            "num_rem" => What::Remainder,
            "num_neg" => What::Negate,
            "num_sqrt" => What::Sqrt,
            "num_and" => What::Bits(form::AND),
            "num_or" => What::Bits(form::OR),
            "num_xor" => What::Bits(form::XOR),
            "int_add" => What::Bits(form::ADD),
            "int_sub" => What::Bits(form::SUB),
            "int_mul" => What::Bits(form::IMUL),
            "int_and" => What::Bits(form::AND),
            "int_or" => What::Bits(form::OR),
            "int_xor" => What::Bits(form::XOR),
            "num_shl" => What::Shift(4),
            "num_ushr" => What::Shift(5),
            "num_shr" => What::Shift(7),
            "val_lt" | "val_is_lt" => What::Compare(LT),
            "val_le" | "val_is_le" => What::Compare(LE),
            "val_is_gt" => What::Compare(GT),
            "val_is_ge" => What::Compare(GE),
            "val_is_not_lt" => What::Compare(LT.not()),
            "val_is_not_le" => What::Compare(LE.not()),
            "val_is_not_gt" => What::Compare(GT.not()),
            "val_is_not_ge" => What::Compare(GE.not()),
            "val_eq" | "val_is_eq" => What::Equal { negated: false },
            "val_ne" | "val_is_ne" => What::Equal { negated: true },
            "num_inc_lt" => What::Step(1, LT),
            "num_inc_le" => What::Step(1, LE),
            "num_dec_gt" => What::Step(-1, GT),
            "num_dec_ge" => What::Step(-1, GE),
            _ => return None,
        };
        Some(Number { immediate, what })
    }

    pub(super) fn emit(self, e: &mut Emitter<'_>) {
        match self.what {
            What::Arithmetic(operation) => self.operands(e).operate(e, operation, Dest::Operand),
            What::Quotient { reversed } => self.quotient(e, reversed),
            What::Remainder => self.remainder(e),
            What::Compare(order) => self.compare(e, order),
            What::Equal { negated } => self.equal(e, negated),
            What::Step(by, order) => self.step(e, by, order),
            What::Bits(form) => self.bits(e, form),
            What::Shift(how) => self.shift(e, how),
            What::Negate => negate(e),
            What::Sqrt => sqrt(e),
        }
    }

    /// Both operands: `a` by way of `r8`; `b` by way of `rsi`, or an immediate in `rsi`.
    fn operands(self, e: &mut Emitter<'_>) -> Pair {
        let first = first_source(e);
        let a = e.slot(first, R8);
        let b = if self.immediate {
            e.load(false, RSI, first + 1);
            None
        } else {
            Some(e.slot(first + 1, RSI))
        };
        Pair { a, b }
    }

    /// An integer where it is one; a divisor that is not positive may make a negative zero.
    fn quotient(self, e: &mut Emitter<'_>, reversed: bool) {
        let slow = e.slow();
        let pair = self.operands(e);
        let floats = e.later(move |e| pair.floats(e, slow, 0x5E, reversed, Dest::Operand));
        let inexact = e.later(move |e| {
            dynasm!(e.asm; .arch x64
                ; xorps xmm0, xmm0; cvtsi2sd xmm0, edi
                ; xorps xmm1, xmm1; cvtsi2sd xmm1, ecx
                ; divsd xmm0, xmm1
            );
            float_result(e, Dest::Operand);
        });
        pair.both_integers(e, floats, floats);
        let (a, b) = if reversed { (RCX, RAX) } else { (RAX, RCX) };
        e.rm(form::LOAD, a, pair.a);
        pair.load_b(e, b);
        dynasm!(e.asm; .arch x64
            ; test ecx, ecx; jle =>slow
            ; mov edi, eax
            ; cdq; idiv ecx
            ; test edx, edx; jnz =>inexact
        );
        integer_result(e, Dest::Operand);
    }

    fn remainder(self, e: &mut Emitter<'_>) {
        let slow = e.slow();
        let pair = self.operands(e);
        pair.both_integers(e, slow, slow);
        e.rm(form::LOAD, RAX, pair.a);
        pair.load_b(e, RCX);
        dynasm!(e.asm; .arch x64; test ecx, ecx; jle =>slow; cdq; idiv ecx; mov eax, edx);
        integer_result(e, Dest::Operand);
    }

    fn compare(self, e: &mut Emitter<'_>, order: Order) {
        let slow = guard(e);
        let pair = self.operands(e);
        let as_floats = e.later(move |e| pair.compare_floats(e, slow, order));
        pair.both_integers(e, as_floats, slow);
        e.rm(form::LOAD, RAX, pair.a);
        pair.with_b(e, form::CMP, RAX);
        outcome(e, order.integers, Heat::Hot);
    }

    fn equal(self, e: &mut Emitter<'_>, negated: bool) {
        let slow = guard(e);
        let pair = self.operands(e);
        let as_floats = e.later(move |e| pair.equal_floats(e, slow, negated));
        pair.both_integers(e, as_floats, slow);
        e.rm(form::LOAD, RAX, pair.a);
        pair.with_b(e, form::CMP, RAX);
        outcome(e, if negated { Condition::NOT_EQUAL } else { Condition::EQUAL }, Heat::Hot);
    }

    /// The limit is read before the counter is written, which may be the same register.
    fn step(self, e: &mut Emitter<'_>, by: i8, order: Order) {
        let slow = guard(e);
        let pair = self.operands(e);
        let as_floats = e.later(move |e| pair.step_floats(e, slow, by, order));
        pair.both_integers(e, as_floats, slow);
        e.rm(form::LOAD, RAX, pair.a);
        pair.load_b(e, RSI);
        e.rr(Form::one(0x83), 0, RAX);
        e.asm.push_i8(by);
        e.jump_if(Condition::OVERFLOW, slow);
        e.tag_integer(RAX);
        e.rm(form::STORE.wide(true), RAX, pair.a);
        e.rr(form::CMP, RAX, RSI);
        e.branch(order.integers);
    }

    fn bits(self, e: &mut Emitter<'_>, form: Form) {
        let slow = e.slow();
        let pair = self.operands(e);
        pair.both_integers(e, slow, slow);
        e.rm(form::LOAD, RAX, pair.a);
        pair.with_b(e, form, RAX);
        integer_result(e, Dest::Operand);
    }

    fn shift(self, e: &mut Emitter<'_>, how: u8) {
        let slow = e.slow();
        let pair = self.operands(e);
        pair.both_integers(e, slow, slow);
        e.rm(form::LOAD, RAX, pair.a);
        pair.load_b(e, RCX);
        e.rr(Form::one(0xD3), how, RAX);
        if how == 5 {
            // An unsigned number that is no integer of ours.
            dynasm!(e.asm; .arch x64; test eax, eax; js =>slow);
        }
        integer_result(e, Dest::Operand);
    }
}

fn negate(e: &mut Emitter<'_>) {
    let slow = e.slow();
    let a = e.slot(1, R8);
    let float = e.later(move |e| {
        e.compare(a.tag(), tag::FIRST_TAGGED);
        e.jump_if(Condition::ABOVE_EQUAL, slow);
        e.rm(form::LOAD.wide(true), RAX, a);
        dynasm!(e.asm; .arch x64; btc rax, 63);
        e.store(0, RAX, RDX);
        e.done();
    });
    e.compare(a.tag(), tag::I32);
    e.jump_if(Condition::NOT_EQUAL, float);
    e.rm(form::LOAD, RAX, a);
    dynasm!(e.asm; .arch x64; test eax, eax; jz =>slow; neg eax; jo =>slow);
    integer_result(e, Dest::Operand);
}

fn sqrt(e: &mut Emitter<'_>) {
    let slow = e.slow();
    let a = e.slot(1, R8);
    e.compare(a.tag(), tag::FIRST_TAGGED);
    e.jump_if(Condition::ABOVE_EQUAL, slow);
    e.rm(Form::two(0x51).prefixed(0xF2), 0, a);
    let slot = e.slot(0, RDX);
    e.rm(form::STORE_F, 0, slot);
    e.next();
}
